"""What a run could not record by faults of our own: exceptions in our code, a database that fails, a machine that is full.

Such a visit is given back: it says nothing of its link, which stays due. All of them are told in one sentence at the
end, and the run never ends as if all were well (rule B12; docs/commands.md, exit codes).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

logger = logging.getLogger(__name__)

HOPELESS = 50
"""Visits in a row that could not be recorded: further ones would be requests to strangers for nothing."""
GIVEN_UP = "errors"
"""The reason of a run that ended so."""
_LONGEST_ERROR = 300


class OwnMachineError(Exception):
    """A connection that our own machine could not make, again and again: no descriptor, memory or thread was free."""


class Unrecorded:
    """The visits of a run that could not be recorded. `visits` counts them."""

    def __init__(self) -> None:
        self.visits = 0
        self._in_a_row = 0
        self._first: str | None = None
        self._at_end: str | None = None

    def note(self, url: str, error: BaseException) -> None:
        """Count a visit of `url`. Only the first one is logged with its traceback."""
        self.visits += 1
        self._in_a_row += 1
        if self._first is None:
            self._first = said(error)
            logger.error("could not record the visit of %s", ascii(url), exc_info=error)

    @contextmanager
    def at_end(self) -> Iterator[None]:
        """Note where the end of the run fails: what is committed there, or written into the files. Scrapy would log it,
        and end as if all were well."""
        try:
            yield
        except Exception as error:
            if self._at_end is None:
                self._at_end = said(error)
                logger.exception("the end of the run failed")

    def note_unended(self, visits: int) -> None:
        """Count visits that began and came to no end."""
        self.visits += visits
        if visits and self._first is None:
            self._first = "they began and came to no end"

    def went_well(self) -> None:
        """Note that a visit was recorded."""
        self._in_a_row = 0

    @property
    def is_hopeless(self) -> bool:
        """Whether so many visits in a row failed that the run should end."""
        return self._in_a_row >= HOPELESS

    @property
    def sentence(self) -> str | None:
        """What went wrong, in words; None where nothing did."""
        told = []
        if self.visits:
            these = "1 visit" if self.visits == 1 else f"{self.visits:,} visits"
            told.append(
                f"{these} could not be recorded: {self._first}. The next run makes them again."
            )
        if self._at_end is not None:
            told.append(f"The end of the run failed: {self._at_end}.")
        return " ".join(told) or None


def said(error: BaseException) -> str:
    """An error in one line, with the name of its kind."""
    text = " ".join(str(error).split())[:_LONGEST_ERROR].rstrip(".")
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
