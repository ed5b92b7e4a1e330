"""Files and folders below a root, opened without following links: no pipes, no devices, nothing outside of it."""

from crawler.files.folder import Folder, LinkedPathError, Place
from crawler.files.reading import (
    NotARegularFileError,
    TooLargeError,
    inside,
    opened,
    read_at_most,
    read_plain,
)

__all__ = [
    "Folder",
    "LinkedPathError",
    "NotARegularFileError",
    "Place",
    "TooLargeError",
    "inside",
    "opened",
    "read_at_most",
    "read_plain",
]
