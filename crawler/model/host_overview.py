"""What is known of one host: how its URLs stand, how that went on over runs, and what one decision would settle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crawler.model.host_certificate import HostCertificate
from crawler.model.verdict import VerdictKind, WarningCode


@dataclass(frozen=True, slots=True)
class HostLink:
    """One URL of a host. `new_address` is where it has moved for good; `is_own` whether articles hold it as their own."""

    url: str
    verdict: VerdictKind
    reason: str
    new_address: str | None = None
    warnings: tuple[WarningCode, ...] = ()
    is_own: bool = True


@dataclass(frozen=True, slots=True)
class MovePattern:
    """URLs that moved alike: `old` + a part + `old_ending` became `new` + the same part + `new_ending` (rule Q8).

    `moves` are the pairs that show it. Of the other URLs that begin and end like the old ones, `elsewhere` moved to
    another place, `staying` are where they were, and `gone` may have moved the same way: old address and the one that
    the pattern gives.
    """

    old: str
    new: str
    old_ending: str
    new_ending: str
    moves: tuple[tuple[str, str], ...]
    elsewhere: int = 0
    staying: int = 0
    gone: tuple[tuple[str, str], ...] = ()

    @property
    def count(self) -> int:
        """The number of moves that show it."""
        return len(self.moves)


@dataclass(frozen=True, slots=True)
class AmpFields:
    """Articles whose `ampWebUrl` is at a host: those that are to drop it, and those whose AMP page is one (rule Q9).

    `to_drop` are the addresses.
    """

    to_drop: tuple[str, ...] = ()
    fine: int = 0
    articles: int = 0


@dataclass(frozen=True, slots=True)
class HostOverview:
    """One host. `publishers` are the names that the articles of its pages give, the most frequent first.

    `reasons` counts the URLs that could not be verified by their reasons. `gone_by_run` are the number of a run, and
    how many URLs were broken or dead after it, oldest first. `workload` is the sum of the priorities of its URLs.
    `configured` is what the configuration says of the host, in clauses.
    `certificate` is the one that it showed last, None for none that could be verified; `ends_soon` as of rule C6.
    """

    host: str
    urls: int
    by_verdict: Mapping[VerdictKind, int]
    publishers: tuple[str, ...] = ()
    reasons: Mapping[str, int] = field(default_factory=dict)
    certificates: Mapping[WarningCode, int] = field(default_factory=dict)
    gone_by_run: tuple[tuple[int, int], ...] = ()
    patterns: tuple[MovePattern, ...] = ()
    moves: tuple[tuple[str, str], ...] = ()
    amp: AmpFields = AmpFields()
    workload: int = 0
    configured: tuple[str, ...] = ()
    certificate: HostCertificate | None = None
    ends_soon: bool = False

    @property
    def gone(self) -> int:
        """URLs that are broken or dead."""
        return sum(number for kind, number in self.by_verdict.items() if kind.is_gone)

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to tell of it."""
        told = (VerdictKind.MOVED, VerdictKind.UNVERIFIABLE)
        return not (
            self.gone
            or any(self.by_verdict.get(kind) for kind in told)
            or self.certificates
            or self.ends_soon
            or self.amp.to_drop
        )
