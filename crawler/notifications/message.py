"""News in words: as plain text, as the HTML of an e-mail, and as a document for programs.

Sentences are those of the reports. A text from outside stands in one line, and mentions nobody. That it is no markup either is
seen to where a message is sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from crawler.model.alarm import Alarm
from crawler.model.change import Change
from crawler.model.report import ChangedLink
from crawler.notifications.news import News, OwnersNews
from crawler.reporting.changes_told import HEADINGS
from crawler.reporting.digest import HELD_HEADING, held_told, owners_told
from crawler.reporting.summary_document import held_row
from crawler.reporting.words.alarm_words import (
    ALARMS_HEADING,
    alarm_line,
    alarm_row,
)
from crawler.reporting.words.counting import counted
from crawler.reporting.words.escaping import printable, web_href
from crawler.reporting.words.wording import explain
from crawler.reporting.words.written_dates import iso_time, time_in_words
from crawler.rules.credentials import without_credentials

if TYPE_CHECKING:
    from jinja2 import Template

TEXT_LIMIT: Final = 200
"""Characters of one outside text that are shown."""
MOST_GROUPS: Final = 20
"""Groups of owners that a message names."""
_ROWS: Final = (100, 50, 20, 10, 5, 2, 1, 0)
"""How many links of each kind are tried, until a message is as short as it has to be."""
_PLAIN_NAME: Final = re.compile(r"[^\W_][\w. -]{0,60}")
"""A name that no program reads as markup: it may stand in a title."""
_MENTION: Final = re.compile(r"@(?=(?:all|channel|everyone|here|online|room)\b)", re.IGNORECASE)
"""What chat programs take for "tell everybody". `%40` is the same in an address."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message about news, in the forms in which it is sent."""

    channel: str
    news: News

    @property
    def title(self) -> str:
        """`linkhealth: 3 newly broken, 1 recovered in news`: a line in which nothing can be markup."""
        name = self.news.content
        where = f" in {name}" if _PLAIN_NAME.fullmatch(name) else ""
        return f"linkhealth: {counts_told(self.news)}{where}"

    def text(self, most: int, *, between: str = "\n") -> str:
        """The message as plain text of at most so many bytes, as far as the words without links allow that."""
        for rows in _ROWS:
            text = between.join(_lines(self.news.shortened(rows)))
            if len(text.encode()) <= most:
                break
        return text

    def html(self, most: int) -> str:
        """The same as a whole page of HTML without anything to load, for an e-mail."""
        for rows in _ROWS:
            made = _template().render(
                message=self,
                news=self.news.shortened(rows),
                most_groups=MOST_GROUPS,
                held_heading=HELD_HEADING,
                alarms_heading=ALARMS_HEADING,
            )
            if len(made.encode()) <= most:
                break
        return made

    def document(self) -> dict[str, Any]:
        """The same for a program (docs/notifications.md, "A file")."""
        news = self.news
        return {
            "schema": 1,
            "channel": self.channel,
            "content": news.content,
            "at": iso_time(news.at),
            "from": news.after,
            "to": news.until,
            "title": self.title,
            "counts": {change.value: amount for change, amount in news.totals.items()},
            "owners": [_group_document(group) for group in news.groups],
            "held": [held_row(one) for one in news.held],
            "all_held": news.all_held,
            "alarms": [alarm_row(one) for one in news.alarms],
        }


def counts_told(news: News) -> str:
    """`1 alarm, 3 newly broken, 1 recovered`; of what is held back, how many groups there are."""
    told = [f"{amount:,} {HEADINGS[change]}" for change, amount in news.totals.items() if amount]
    if news.all_held:
        told.append(f"{counted(news.all_held, 'group')} held back")
    if news.alarms:
        told.insert(0, counted(len(news.alarms), "alarm"))
    return ", ".join(told) or "nothing new"


def outside(text: str) -> str:
    """A text from outside in one line that mentions nobody."""
    return _MENTION.sub("%40", printable(text, TEXT_LIMIT))


def heading(group: OwnersNews, change: Change) -> str:
    """`Newly broken: 2 links`."""
    return f"{HEADINGS[change].capitalize()}: {counted(group.totals[change], 'link')}"


def owners_heading(group: OwnersNews) -> str:
    """Whose the links are; empty for nobody's."""
    return owners_told(group.owners, outside)


def place_told(one: ChangedLink) -> str:
    """Where a link stands: `In a.md, line 3, and in 2 more places.`"""
    if one.first is None:
        return "Only in related articles."
    more = f", and in {counted(one.places - 1, 'more place')}" if one.places > 1 else ""
    line = f", line {one.first.line}" if one.first.line else ""
    return f"In {outside(one.first.path)}{line}{more}."


def reason_told(one: ChangedLink) -> str:
    """Why it is broken or dead; of one that has recovered, why it was."""
    if one.change is Change.RECOVERED:
        return (
            f"it was {one.transition.before.kind.value} ({outside(one.transition.before.reason)})."
        )
    reason = one.transition.after.reason
    return f"{outside(reason)}: {explain(reason).meaning}"


def more_told(group: OwnersNews, change: Change) -> str:
    """How many links are not named; empty where all are."""
    left = group.totals[change] - len(group.links[change])
    return f"… and {left:,} more" if left else ""


def span_told(news: News) -> str:
    """Which runs the news are of."""
    if news.until - news.after == 1:
        return f"What run {news.until} changed ({time_in_words(news.at)})."
    return f"What runs {news.after + 1} to {news.until} changed ({time_in_words(news.at)})."


def advice(news: News) -> str:
    """The command that shows the rest."""
    return f"All of it: linkhealth diff --from {news.after} --to {news.until}. Why: linkhealth explain URL."


def _lines(news: News) -> Iterator[str]:
    yield f"Links of {outside(news.content)}: {counts_told(news)}. {span_told(news)}"
    if news.alarms:
        yield f"{ALARMS_HEADING}: {len(news.alarms)}"
        yield from (f"- {alarm_in_words(one)}" for one in news.alarms)
    for group in news.groups[:MOST_GROUPS]:
        if whose := owners_heading(group):
            yield whose
        for change, links in group.links.items():
            if group.totals[change]:
                yield heading(group, change)
                yield from (
                    f"- {outside(one.url)} - {reason_told(one)} {place_told(one)}" for one in links
                )
                if more := more_told(group, change):
                    yield more
    if len(news.groups) > MOST_GROUPS:
        left = counted(len(news.groups) - MOST_GROUPS, "other group")
        yield f"… and links of {left} of owners"
    if news.all_held:
        yield f"{HELD_HEADING}: {counted(news.all_held, 'group')}"
        yield from (f"- {held_told(held, outside_sentence)}" for held in news.held)
        if news.more_held:
            yield f"… and {news.more_held:,} more"
    yield advice(news)


def outside_sentence(text: str) -> str:
    """A sentence of ours with outside texts in it, which are printable already."""
    return _MENTION.sub("%40", text)


def alarm_in_words(one: Alarm) -> str:
    """What is wrong with a run, and what to do."""
    return outside_sentence(f"{alarm_line(one)}.")


def _group_document(group: OwnersNews) -> dict[str, Any]:
    return {
        "owners": list(group.owners),
        "counts": {change.value: amount for change, amount in group.totals.items()},
        "links": [_link_document(one) for links in group.links.values() for one in links],
    }


def _link_document(one: ChangedLink) -> Mapping[str, Any]:
    before, after = one.transition.before, one.transition.after
    return {
        "url": without_credentials(one.url),
        "change": one.change.value,
        "before": {"verdict": before.kind.value, "reason": before.reason},
        "after": {"verdict": after.kind.value, "reason": after.reason},
        "path": one.first.path if one.first else None,
        "line": one.first.line if one.first else None,
        "places": one.places,
    }


@cache
def _template() -> Template:
    # Jinja loads where an e-mail is to be sent.
    from markupsafe import Markup

    from crawler.reporting.formats.page_templates import templates

    def link(url: str) -> Markup:
        target = web_href(url)
        if target is None:
            return Markup("<bdi>{}</bdi>").format(outside(url))
        return Markup('<a href="{}" style="color:#0b57d0">{}</a>').format(target, outside(url))

    environment = templates(
        outside=outside,
        link=link,
        heading=heading,
        owners_heading=owners_heading,
        place_told=place_told,
        reason_told=reason_told,
        more_told=more_told,
        span_told=span_told,
        advice=advice,
        counts_told=counts_told,
        counted=counted,
        alarm_in_words=alarm_in_words,
        held_told=lambda held: held_told(held, outside_sentence),
    )
    return environment.get_template("notification.html.j2")
