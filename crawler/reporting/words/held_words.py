"""What the guard on mass change holds back, in plain words: the same in every report (rule O14)."""

from __future__ import annotations

import shlex

from crawler.model.held import Held
from crawler.reporting.words.counting import counted
from crawler.reporting.words.escaping import printable


def held_in_words(held: Held) -> str:
    """The group in one line: `412 URLs of x.example (http-404) in 300 articles`."""
    where = printable(held.host) or "the collection itself"
    urls, articles = counted(held.links, "URL"), counted(held.articles, "article")
    return f"{urls} of {where} ({printable(held.cause)}) in {articles}"


def held_history(held: Held) -> str:
    """Whether something has happened, or the first run found the links so."""
    if held.first_run:
        return "None of them was ever seen to work: they were so from the first run on."
    return "They worked before, or some of them did."


def accept_command(held: Held) -> str:
    """The command that accepts the group."""
    host = f"--host {shlex.quote(printable(held.host))} " if held.host else ""
    return f"linkhealth accept {host}--cause {shlex.quote(printable(held.cause))}"
