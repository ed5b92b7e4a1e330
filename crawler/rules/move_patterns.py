"""Patterns of a host's moves (rule Q8), and its AMP pages (rule Q9): what one decision settles for many URLs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from crawler.model.host_overview import AmpFields, HostLink, MovePattern
from crawler.model.verdict import VerdictKind

LEAST_MOVES: Final = 5
"""Fewer that moved alike are no pattern."""
LEAST_AMP: Final = 3
"""With fewer articles a host has not given up its AMP pages."""

_ENDINGS: Final = ("/index.html", ".html", ".htm", ".php", ".aspx", "/")
"""What sites add to or take from the end of their addresses when they move, longest first."""

_Shape = tuple[str, str, str, str]


def move_patterns(links: Iterable[HostLink]) -> tuple[MovePattern, ...]:
    """The patterns of a host's moves, the most frequent first.

    An old and a new address are compared from their ends, name by name: what they share there is the part that stays,
    what is left in front of it is the pair of prefixes, which always holds the whole origin. The end of the path itself may
    change too, in one of the ways of `_ENDINGS`.
    """
    known = tuple(links)
    found: defaultdict[_Shape, list[tuple[str, str]]] = defaultdict(list)
    for one in known:
        if one.new_address is not None and (shape := shape_of(one.url, one.new_address)):
            found[shape].append((one.url, one.new_address))
    patterns = [
        MovePattern(*shape, tuple(sorted(moves)))
        for shape, moves in found.items()
        if len(moves) >= LEAST_MOVES
    ]
    patterns.sort(key=lambda one: (-one.count, one.old, one.new, one.old_ending, one.new_ending))
    return tuple(_with_others(one, known) for one in patterns)


def shape_of(old: str, new: str) -> _Shape | None:
    """Both prefixes and both endings of a move; None where nothing of the path stays, or nothing changes."""
    (origin, path), (new_origin, new_path) = _split(old), _split(new)
    path, query = _query(path)
    new_path, new_query = _query(new_path)
    if query != new_query:
        return None
    ending, new_ending = _ending(path), _ending(new_path)
    if ending == new_ending:
        ending = new_ending = ""
    names = path[: len(path) - len(ending)].split("/")
    new_names = new_path[: len(new_path) - len(new_ending)].split("/")
    same = 0
    while same < min(len(names), len(new_names)) and names[-1 - same] == new_names[-1 - same]:
        same += 1
    if not any(names[len(names) - same :]):
        # Not one name is the same: a home page, or a new address for each.
        return None
    before = "".join(f"{name}/" for name in names[: len(names) - same])
    new_before = "".join(f"{name}/" for name in new_names[: len(new_names) - same])
    shape = (f"{origin}/{before}", f"{new_origin}/{new_before}", ending, new_ending)
    return shape if (shape[0], ending) != (shape[1], new_ending) else None


def led_by(pattern: MovePattern, url: str) -> str | None:
    """Where a pattern leads a URL; None for one that does not begin and end like those that it is about."""
    address, query = _query(url)
    inner = len(address) - len(pattern.old_ending)
    if not (address.startswith(pattern.old) and address.endswith(pattern.old_ending)):
        return None
    kept = address[len(pattern.old) : inner]
    is_bare = pattern.new_ending and not pattern.old_ending and _ending(address)
    if not kept.strip("/") or is_bare:
        return None
    return f"{pattern.new}{kept}{pattern.new_ending}{query}"


def has_given_up_amp(amp: AmpFields) -> bool:
    """Whether a host has given up its AMP pages (rule Q9): enough articles are to drop theirs, and none is one still."""
    return len(amp.to_drop) >= LEAST_AMP and amp.fine == 0


def _with_others(pattern: MovePattern, links: Sequence[HostLink]) -> MovePattern:
    """The pattern with the other URLs that begin and end like the old ones."""
    shown = {old for old, _ in pattern.moves}
    elsewhere = staying = 0
    gone: list[tuple[str, str]] = []
    for one in links:
        led = led_by(pattern, one.url) if one.url not in shown else None
        if led is None:
            continue
        if one.new_address is not None:
            elsewhere += 1
        elif one.verdict.is_gone:
            gone.append((one.url, led))
        elif one.verdict is VerdictKind.ALIVE:
            staying += 1
    return replace(pattern, elsewhere=elsewhere, staying=staying, gone=tuple(sorted(gone)))


def _split(url: str) -> tuple[str, str]:
    """The origin and the path of a URL, without the slash between them."""
    start = url.find("/", url.find("://") + 3)
    return (url, "") if start < 0 else (url[:start], url[start + 1 :])


def _query(path: str) -> tuple[str, str]:
    """A path, and its query and fragment with the sign before them."""
    ends = [at for sign in "?#" if (at := path.find(sign)) >= 0]
    return (path[: min(ends)], path[min(ends) :]) if ends else (path, "")


def _ending(path: str) -> str:
    """How a path ends, empty where nothing would be left of it."""
    return next((one for one in _ENDINGS if path.endswith(one) and path != one), "")
