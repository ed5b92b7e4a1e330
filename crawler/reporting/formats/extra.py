"""An extra of this project: a library that only some people need."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any


class MissingExtraError(Exception):
    """The library of an extra is not installed; the text says how to install it, or to do without it."""


@dataclass(frozen=True, slots=True)
class Extra:
    """`name` is the extra's name for pip, `library` the module that it installs.

    `users` is what needs the library, `instead` what to do without it; both are parts of the error's text.
    """

    name: str
    library: str
    users: str
    instead: str

    def load(self) -> Any:
        """The library. Raises MissingExtraError."""
        try:
            return import_module(self.library)
        except ImportError:
            raise MissingExtraError(
                f"{self.users} need {self.library}: pip install 'linkhealth[{self.name}]'; "
                f"{self.instead}"
            ) from None


WORKBOOKS = Extra("xlsx", "openpyxl", users="workbooks", instead="CSV works without it")
"""Reading workbooks that editors filled in."""
WORKBOOK_WRITER = Extra("xlsx", "xlsxwriter", users="workbooks", instead="CSV works without it")
"""Writing `report.xlsx` (docs/adr/0032)."""
