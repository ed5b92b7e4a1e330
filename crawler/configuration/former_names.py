"""Options under the names that they had before: read all the same, with a word about it.

Names are exchanged before anything is read, so that nothing else knows the old ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from crawler.configuration.file import Section, place
from crawler.configuration.mistakes import Mistakes
from crawler.configuration.options import OPTIONS, VARIABLES

FORMER: Final[Mapping[str, str]] = {"workers": "in_flight"}
"""The names of today by the former ones."""

Tell = Callable[[str], None]


def today_in_file(section: Section, mistakes: Mistakes, tell: Tell) -> Section:
    """A mapping of options with the names of today. Under both names an option is a mistake."""
    entries, lines = dict(section.entries), dict(section.lines)
    for former, name in FORMER.items():
        if former not in entries:
            continue
        line = lines.pop(former)
        value = entries.pop(former)
        if name in entries:
            mistakes.note(
                place(line), f"{former} is {name}, which is there too; take one of them out"
            )
            continue
        entries[name], lines[name] = value, line
        tell(f"{place(line)}: {former} is called {name} now; change it there")
    return Section(section.line, entries, lines)


def today_in_environment(environ: Mapping[str, str], tell: Tell) -> Mapping[str, str]:
    """The variables with the names of today; one of today counts before one of before."""
    changed = dict(environ)
    for former, name in FORMER.items():
        old, new = f"{VARIABLES}{former.upper()}", OPTIONS[name].variable
        if (text := changed.pop(old, "")) and not changed.get(new):
            changed[new] = text
            tell(f"{old} is called {new} now; change it where it is set")
    return changed


def today_in_flags(flags: Mapping[str, str], tell: Tell) -> dict[str, str]:
    """The flags with the names of today."""
    changed = dict(flags)
    for former, name in FORMER.items():
        if former in changed:
            text = changed.pop(former)
            changed.setdefault(name, text)
            tell(f"-a {former} is called -a {name} now")
    return changed
