"""Which findings make an audit's exit code 2 (docs/commands.md, "What a run changed")."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from crawler.configuration import ConfigurationError
from crawler.configuration.errors import did_you_mean, quoted
from crawler.model.article import Problem, ProblemCode
from crawler.model.report import Summary
from crawler.model.verdict import VerdictKind


class FailOn(StrEnum):
    """The values of `--fail-on`."""

    PROBLEMS = "problems"
    """Any link that is broken, dead or invalid, and any problem of a file: what can be seen without the network too."""
    BROKEN = "broken"
    """Any link that is broken or dead, however long it has been."""
    DEAD = "dead"
    """Any link that is dead."""
    NEW_BROKEN = "new-broken"
    """A link that this run saw become broken or dead."""
    NEW_DEAD = "new-dead"
    """A link that this run saw become dead: one that was confirmed."""
    NEVER = "never"

    def is_met(self, summary: Summary, problems: Iterable[Problem] = ()) -> bool:
        """Whether the findings of a run, with the problems of its files, are over this threshold."""
        match self:
            case FailOn.PROBLEMS:
                is_wrong = any(one.code is not ProblemCode.IGNORE_EXPIRED for one in problems)
                counts = summary.by_verdict
                return is_wrong or any(
                    counts.get(kind, 0) for kind in VerdictKind if kind.is_written_back
                )
            case FailOn.BROKEN:
                return any(summary.by_verdict.get(kind, 0) for kind in VerdictKind if kind.is_gone)
            case FailOn.DEAD:
                return summary.by_verdict.get(VerdictKind.DEAD, 0) > 0
            case FailOn.NEW_BROKEN:
                return summary.newly_broken > 0 or summary.newly_dead > 0
            case FailOn.NEW_DEAD:
                return summary.newly_dead > 0
            case FailOn.NEVER:
                return False


def read_fail_on(text: str) -> FailOn:
    """The value of `--fail-on`.

    Raises ConfigurationError for an unknown one.
    """
    try:
        return FailOn(text)
    except ValueError:
        hint = did_you_mean(text, map(str, FailOn))
        raise ConfigurationError("--fail-on", f"unknown value {quoted(text)}; {hint}") from None
