"""The newest broken links, the biggest groups, what is held back and which hosts ask to wait: lines for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from crawler.model.held import Held
from crawler.model.highlights import AskingHost, CauseGroup, Highlights, NewestLink
from crawler.reporting.words.counting import counted
from crawler.reporting.words.escaping import printable
from crawler.reporting.words.held_words import held_in_words
from crawler.reporting.words.written_dates import date_in_words

MOST_HELD = 5
"""Groups that are held back of which a terminal shows a line each."""
_URL_LIMIT = 4_000


def highlight_lines(highlights: Highlights, held: Sequence[Held]) -> Iterator[str]:
    """The lines, with headings. A line with a URL is as long as that is, so that it can be copied."""
    if highlights.newest:
        yield "The newest broken links:"
        yield from map(_newest, highlights.newest)
    if highlights.groups:
        yield "The biggest groups by cause and host:"
        yield from map(_group, highlights.groups)
        more = highlights.all_groups - len(highlights.groups)
        if more:
            yield f"  and {counted(more, 'more group')}"
    if held:
        yield "Held back as a mass change, and not written into the files:"
        yield from (f"  {held_in_words(one)}" for one in held[:MOST_HELD])
        if len(held) > MOST_HELD:
            yield f"  and {counted(len(held) - MOST_HELD, 'more group')}"


def asking_hints(asking: Sequence[AskingHost], delay: Callable[[str], float]) -> Iterator[str]:
    """A hint for each host that asks to wait; `delay` gives the seconds between two requests to it at present."""
    for one in asking:
        host = printable(one.host)
        said = []
        if one.answered:
            said.append(f"{counted(one.answered, 'URL')} of {host} answered 429")
        if one.waiting:
            since = f" since {date_in_words(one.since)}" if one.since else ""
            of_host = "" if one.answered else f" of {host}"
            said.append(f"{counted(one.waiting, 'URL')}{of_host} unvisited{since}")
        now, longer = delay(one.host), max(10.0, 2 * delay(one.host))
        yield (
            f"wait  {', '.join(said)}: a longer delay may help; in .linkhealth.yml, hosts: {{{host}: {{delay: "
            f"{longer:g}}}}} (now {now:g} s)"
        )


def _newest(one: NewestLink) -> str:
    where = "only in related articles"
    if one.first is not None:
        where = f"{printable(one.first.path)}:{one.first.line}"
    return f"  {where}  {printable(one.url, _URL_LIMIT)}  {printable(one.reason)}"


def _group(group: CauseGroup) -> str:
    host = printable(group.host) or "the collection itself"
    articles = f" in {counted(group.articles, 'article')}" if group.articles else ""
    return f"  {counted(group.links, 'URL')} of {host}{articles}  {printable(group.cause)}"
