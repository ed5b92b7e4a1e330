"""The formats of a report, each in a module of its own."""
