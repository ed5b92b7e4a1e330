"""Extraction: bytes in, facts out. Nothing here opens a file, a socket or a clock."""
