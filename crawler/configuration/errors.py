"""The error for every mistake in a configuration, and the explanation of an unknown name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from crawler.rules.credentials import url_without_credentials

LONGEST_QUOTE = 80
_FEW = 3
MOST_TOLD = 20
"""Mistakes that are told at once; whoever mends these sees the next."""


class ConfigurationError(Exception):
    """A configuration that cannot be used; `place` is a file with line, a variable or a flag.

    The text names the place, what is wrong there and what to do. It may quote outside text, cut to
    80 characters and escaped so that it can be printed.
    """

    def __init__(self, place: str, message: str) -> None:
        super().__init__(f"{place}: {message}")
        self.place = place
        self.message = message

    @property
    def lines(self) -> tuple[str, ...]:
        """What to tell, one line for each mistake."""
        return (str(self),)


class SeveralMistakesError(ConfigurationError):
    """Several mistakes at once, in the order in which they are told; `place` and `message` are those of the first.

    `errors` are the first `MOST_TOLD` of them, `more` is how many there are beside these.
    """

    def __init__(self, errors: tuple[ConfigurationError, ...], more: int = 0) -> None:
        super().__init__(errors[0].place, errors[0].message)
        self.errors = errors
        self.more = more

    @property
    def lines(self) -> tuple[str, ...]:
        """See `ConfigurationError`; the last line may say how many more there are."""
        told = tuple(map(str, self.errors))
        return (*told, f"and {self.more:,} more") if self.more else told

    def __str__(self) -> str:
        return "\n".join(self.lines)


def quoted(text: str) -> str:
    """Outside text for a message: one line, printable ASCII only, at most 80 characters long, no credentials."""
    text = url_without_credentials(text) if "@" in text else text
    cut = text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"
    return ascii(cut).replace("\\u2026", "…")


def quoted_few(texts: Sequence[str]) -> str:
    """The first three texts, quoted, and how many more there are."""
    more = len(texts) - _FEW
    return ", ".join(map(quoted, texts[:_FEW])) + (f" and {more:,} more" if more > 0 else "")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown name: the nearest known one, or all of them."""
    names = sorted(known)
    near = get_close_matches(name[:LONGEST_QUOTE], names, n=1)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"known are: {', '.join(names)}" if names else "none is known here"
