"""The mistakes of a configuration, collected so that all of them are told at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from crawler.configuration.errors import (
    MOST_TOLD,
    ConfigurationError,
    SeveralMistakesError,
    did_you_mean,
    quoted,
)

_MOST_KEPT = 200
"""More are counted only: a file of 64 KB can hold sixteen thousand, and each is looked up among the known names."""
_PLACE = re.compile(r"(.*):([0-9]+)\Z", re.DOTALL)


class _UnknownNameError(ConfigurationError):
    """A name that nobody knows; `hint` names one or all of the known ones."""

    def __init__(self, place: str, what: str, hint: str) -> None:
        super().__init__(place, f"{what}; {hint}")
        self.what = what
        self.hint = hint


class Mistakes:
    """One per reading. What is wrong is noted, and the reading goes on; `end` raises it all."""

    def __init__(self) -> None:
        self._found: list[ConfigurationError] = []
        self._uncounted = 0

    def note(self, place: str, message: str) -> None:
        """Note one mistake."""
        self._keep(ConfigurationError(place, message))

    def unknown(self, place: str, what: str, name: str, known: Iterable[str]) -> None:
        """Note a name that is not among the `known` ones. `what` says so; in it `{}` is the name."""
        if len(self._found) >= _MOST_KEPT:
            self._uncounted += 1
            return
        self._keep(_UnknownNameError(place, what.format(quoted(name)), did_you_mean(name, known)))

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note what the block raises."""
        try:
            yield
        except SeveralMistakesError as several:
            for error in several.errors:
                self._keep(error)
            self._uncounted += several.more
        except ConfigurationError as error:
            self._keep(error)

    def end(self) -> None:
        """Raises ConfigurationError for what was noted, in the order of files and lines; nothing where all is well."""
        found = _in_order(self._found)
        more = len(found) + self._uncounted - MOST_TOLD
        if len(found) == 1:
            raise found[0]
        if found:
            raise SeveralMistakesError(tuple(_without_repeats(found[:MOST_TOLD])), max(0, more))

    def _keep(self, error: ConfigurationError) -> None:
        if len(self._found) >= _MOST_KEPT:
            self._uncounted += 1
        else:
            self._found.append(error)


def _in_order(errors: Sequence[ConfigurationError]) -> list[ConfigurationError]:
    """The sources as they came up, the lines of each as they stand in it."""
    sources = dict.fromkeys(_source(error)[0] for error in errors)
    rank = {name: number for number, name in enumerate(sources)}

    def key(error: ConfigurationError) -> tuple[int, int]:
        name, line = _source(error)
        return rank[name], line

    return sorted(errors, key=key)


def _without_repeats(errors: Iterable[ConfigurationError]) -> Iterator[ConfigurationError]:
    """The same errors; a long list of known names is told once."""
    told = set()
    for error in errors:
        if isinstance(error, _UnknownNameError) and error.hint in told:
            yield ConfigurationError(error.place, error.what)
            continue
        if isinstance(error, _UnknownNameError) and not error.hint.endswith("?"):
            told.add(error.hint)
        yield error


def _source(error: ConfigurationError) -> tuple[str, int]:
    """The file that a place names and its line; a flag or a variable has none."""
    found = _PLACE.fullmatch(error.place)
    return (found[1], int(found[2])) if found else (error.place, 0)
