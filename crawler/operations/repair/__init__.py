"""Carrying out what an editor decided: from rows of a report to changes in files (docs/repair.md)."""
