"""Repair: editors' decisions, rows of a report, become changes in files (docs/repair.md)."""
