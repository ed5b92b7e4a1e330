"""What the guard on mass change holds back, in plain words: the same in every report (rule O14)."""

from __future__ import annotations

import shlex

from crawler.model.held import Accepted, Held
from crawler.reporting.words.counting import counted
from crawler.reporting.words.escaping import printable


def held_in_words(held: Held) -> str:
    """The group in one line: `412 URLs of x.example (http-404) in 300 articles`."""
    return f"{_what(held)} in {counted(held.articles, 'article')}"


def held_history(held: Held) -> str:
    """Whether something has happened, or the first run found the links so."""
    if held.first_run:
        return "None of them was ever seen to work: they were so from the first run on."
    return "They worked before, or some of them did."


def held_priority(held: Held) -> str | None:
    """Why the group comes first (rule Q10); None where its priority was not asked for."""
    if not held.priority:
        return None
    links = (
        "that of its link" if held.links == 1 else f"the sum of those of its {held.links:,} links"
    )
    return f"It comes first: its priority is {links}, or one more than that of any other row where that is higher."


def accept_command(held: Held) -> str:
    """The command that accepts the group."""
    return _command(held)


def accepted_in_words(accepted: Accepted) -> str:
    """What was accepted, in one line: `412 URLs of x.example (http-404), 12 of them not in the files yet`."""
    waiting = f", {accepted.waiting:,} of them not in the files yet" if accepted.waiting else ""
    return f"{_what(accepted)}{waiting}"


def undo_command(accepted: Accepted) -> str:
    """The command that takes the acceptance back."""
    return f"{_command(accepted)} --undo"


def _what(group: Held | Accepted) -> str:
    where = printable(group.host) or "the collection itself"
    return f"{counted(group.links, 'URL')} of {where} ({printable(group.cause)})"


def _command(group: Held | Accepted) -> str:
    host = f"--host {shlex.quote(printable(group.host))} " if group.host else ""
    return f"linkhealth accept {host}--cause {shlex.quote(printable(group.cause))}"
