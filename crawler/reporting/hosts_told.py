"""Hosts, for a terminal and as JSON: the output of `linkhealth hosts`."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

from crawler.model.host_certificate import HostCertificate
from crawler.model.host_overview import HostOverview, MovePattern
from crawler.model.verdict import VerdictKind
from crawler.reporting.console import counted, printable
from crawler.reporting.words.written_dates import date_in_words, iso_time
from crawler.rules.credentials import without_credentials
from crawler.rules.move_patterns import has_given_up_amp

SCHEMA_VERSION: Final = 1
MOST_HOSTS: Final = 20
"""Hosts that are told on a terminal; `--json` has all."""
_MOST_SHOWN: Final = 5
"""Examples, reasons and patterns of each host."""
_TOLD: Final = (
    (VerdictKind.DEAD, "dead"),
    (VerdictKind.BROKEN, "broken"),
    (VerdictKind.MOVED, "moved"),
    (VerdictKind.UNVERIFIABLE, "not sure"),
)
_LEAST_WALLED: Final = 5
_TOO_MANY: Final = "http-429"
_TURNED_AWAY: Final = {f"http-{status}": status for status in (401, 402, 403, 405, 406, 451, 999)}
"""Answers to automatic visitors that a person may know to mean "it is there"; not 429 and 503, which pass."""


def host_lines(found: Sequence[HostOverview], content: str, *, is_one: bool) -> Iterator[str]:
    """A block of lines for each host with something to tell, the most work first. `content` is the PATH of commands."""
    told = found if is_one else [one for one in found if not one.is_quiet]
    for one in islice(told, None if is_one else MOST_HOSTS):
        yield from _block(one, content)
        yield ""
    if not is_one and len(told) > MOST_HOSTS:
        yield f"… and {len(told) - MOST_HOSTS:,} more: --json lists all, --host NAME tells of one"
    elif not told:
        yield f"Nothing to tell of {counted(len(found), 'host')}."


def host_document(found: Iterable[HostOverview]) -> Iterator[str]:
    """All hosts as one JSON document, in pieces: one host a line."""
    yield f'{{"schema": {SCHEMA_VERSION}, "hosts": ['
    separator = "\n"
    for one in found:
        yield separator + without_credentials(json.dumps(_entry(one)))
        separator = ",\n"
    yield "\n]}\n"


def _block(one: HostOverview, content: str) -> Iterator[str]:
    names = (
        f" ({', '.join(printable(name, 60) for name in one.publishers)})" if one.publishers else ""
    )
    yield f"{printable(one.host)}{names}: {counted(one.urls, 'URL')}, {_shares(one)}"
    if len({gone for _, gone in one.gone_by_run}) > 1:
        trend = " ".join(f"{gone:,}" for _, gone in one.gone_by_run)
        first, last = one.gone_by_run[0][0], one.gone_by_run[-1][0]
        yield f"  gone after the runs {first} to {last}: {trend}"
    if one.reasons:
        yield f"  not sure: {_counts(one.reasons.items())}"
    if one.certificates:
        yield f"  {_counts((code.value, number) for code, number in one.certificates.items())}"
    if one.certificate is not None:
        yield f"  certificate {_end(one.certificate, is_soon=one.ends_soon)}"
    for pattern in one.patterns[:_MOST_SHOWN]:
        yield from _pattern(pattern)
    if one.amp.articles and (one.amp.to_drop or one.amp.fine):
        yield f"  AMP: {_amp(one)}"
    if one.configured:
        said = "; ".join(printable(clause, 300) for clause in one.configured)
        yield f"  by .linkhealth.yml: {said}"
    yield from _decisions(one, content)


def _end(certificate: HostCertificate, *, is_soon: bool) -> str:
    late = "; it should have been replaced by then" if is_soon else ""
    ends, seen = (
        date_in_words(moment) for moment in (certificate.validity.ends_at, certificate.seen_at)
    )
    return f"ends on {ends}, as seen on {seen}{late}"


def _shares(one: HostOverview) -> str:
    parts = (
        f"{number:,} {name} ({number / one.urls:.0%})"
        for kind, name in _TOLD
        if (number := one.by_verdict.get(kind, 0))
    )
    return ", ".join(parts) or "nothing wrong"


def _counts(pairs: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{number:,} {printable(name)}" for name, number in islice(pairs, _MOST_SHOWN))


def _pattern(pattern: MovePattern) -> Iterator[str]:
    old, new = (
        printable(f"{prefix}…{ending}", 300)
        for prefix, ending in (
            (pattern.old, pattern.old_ending),
            (pattern.new, pattern.new_ending),
        )
    )
    yield f"  {counted(pattern.count, 'link')} moved from {old} to {new}"
    others = (
        (pattern.elsewhere, "moved elsewhere"),
        (pattern.staying, "still there"),
        (len(pattern.gone), "gone: perhaps they moved so too"),
    )
    told = "; ".join(f"{number:,} {words}" for number, words in others if number)
    if told:
        yield f"    of the others of this form: {told}"


def _amp(one: HostOverview) -> str:
    given_up = "given up; " if has_given_up_amp(one.amp) else ""
    return (
        f"{given_up}of {counted(one.amp.articles, 'article')} {len(one.amp.to_drop):,} to drop it, "
        f"{one.amp.fine:,} with an AMP page still"
    )


def _decisions(one: HostOverview, content: str) -> Iterator[str]:
    """What would carry out one decision about the host, as commands or lines of the configuration."""
    path, name = shlex.quote(printable(content)), shlex.quote(printable(one.host))
    if one.moves or one.amp.to_drop:
        yield f"  decide  linkhealth hosts {path} --host {name} --decide decided.csv"
        yield f"          linkhealth apply decided.csv --content {path}   # shows it; --write does it"
    unsure = one.by_verdict.get(VerdictKind.UNVERIFIABLE, 0)
    if unsure >= _LEAST_WALLED and unsure * 2 > one.urls:
        for option in _options(one):
            glob = json.dumps(printable(one.host))
            yield f"  or, in .linkhealth.yml:  hosts: {{{glob}: {{{option}}}}}"
    if one.urls > 1 and one.gone == one.urls:
        pattern = shlex.quote(f"*://{printable(one.host)}/*")
        yield f"  decide  linkhealth ignore {pattern} {path} --until DATE --reason TEXT"


def _options(one: HostOverview) -> Iterator[str]:
    """What could be said of a host that walls most visits."""
    if one.reasons.get(_TOO_MANY):
        yield "delay: 10"
        return
    most = max(one.reasons, key=one.reasons.__getitem__, default="")
    if (status := _TURNED_AWAY.get(most)) is not None:
        yield f"accept_statuses: [{status}]"
    yield "skip: yes"


def _entry(one: HostOverview) -> dict[str, Any]:
    return {
        "host": one.host,
        "publishers": list(one.publishers),
        "priority": one.workload,
        "urls": one.urls,
        "by_verdict": {kind.value: one.by_verdict.get(kind, 0) for kind in VerdictKind},
        "unverifiable": dict(one.reasons),
        "certificates": {code.value: number for code, number in one.certificates.items()},
        "certificate": _certificate_entry(one),
        "gone_by_run": [{"run": run, "gone": gone} for run, gone in one.gone_by_run],
        "patterns": [_pattern_entry(pattern) for pattern in one.patterns],
        "moves": len(one.moves),
        "amp": {
            "articles": one.amp.articles,
            "fine": one.amp.fine,
            "to_drop": list(one.amp.to_drop),
            "given_up": has_given_up_amp(one.amp),
        },
        "configured": list(one.configured),
    }


def _certificate_entry(one: HostOverview) -> dict[str, Any] | None:
    if one.certificate is None:
        return None
    return {
        "ends_at": iso_time(one.certificate.validity.ends_at),
        "seen_at": iso_time(one.certificate.seen_at),
        "ends_soon": one.ends_soon,
    }


def _pattern_entry(pattern: MovePattern) -> dict[str, Any]:
    return {
        "old": pattern.old,
        "new": pattern.new,
        "old_ending": pattern.old_ending,
        "new_ending": pattern.new_ending,
        "count": pattern.count,
        "elsewhere": pattern.elsewhere,
        "staying": pattern.staying,
        "gone": [{"url": url, "perhaps": led} for url, led in pattern.gone],
    }
