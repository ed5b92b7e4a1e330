"""Links over days (rules S1 to S8): the expected verdicts after several visits, one audit a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from tests.labelled_web.case import ALIVE, PATH, TITLE, DayCase, Label, unverifiable
from tests.web import pages
from tests.web.rules import Answer, Ending, redirect

DAYS = (0, 4, 8, 15, 30)
"""The days of the audits, counted from the first; every link is visited on each."""

START = date(2026, 3, 1)

_WELL = Answer(body=pages.page(TITLE))
_404, _410, _403, _500 = (Answer(status=status) for status in (404, 410, 403, 500))
_RESETS = Answer(ending=Ending.RESET_BEFORE, keep_alive=False)
_SOFT = Answer(body="<html><title>Page not found</title><h1>Page not found</h1></html>")
_CHALLENGE = Answer(status=404, headers=(("cf-mitigated", "challenge"),))

_BROKEN = Label("broken", "http-404")
_DEAD = Label("dead", "http-404")
_DEAD_410 = Label("dead", "http-410")
_RESET = unverifiable("connection-reset")

CASES = (
    DayCase("steady", {0: _WELL}, dict.fromkeys(DAYS, ALIVE)),
    *(DayCase(f"healthy-{number}", {0: _WELL}, {30: ALIVE}) for number in range(16)),
    DayCase(
        "lost", {0: _404}, {0: _BROKEN, 4: _BROKEN, 8: _DEAD, 15: _DEAD},
        strikes={0: 1, 4: 2, 8: 3},
    ),
    DayCase("gone", {0: _410}, {0: Label("broken", "http-410"), 4: Label("broken", "http-410"), 8: _DEAD_410}),
    DayCase("soft", {0: _SOFT}, {0: Label("broken", "soft-404"), 8: Label("dead", "soft-404")}),
    DayCase("lost-later", {0: _WELL, 8: _404}, {0: ALIVE, 4: ALIVE, 8: _BROKEN, 15: _BROKEN, 30: _DEAD}),
    DayCase("back-in-time", {0: _404, 4: _WELL}, {0: _BROKEN, 4: ALIVE, 30: ALIVE}, strikes={4: 0}),
    DayCase("back-from-the-dead", {0: _404, 15: _WELL}, {8: _DEAD, 15: ALIVE, 30: ALIVE}, strikes={15: 0}),
    DayCase(
        "on-and-off", {0: _404, 4: _WELL, 8: _404, 15: _WELL, 30: _404},
        {8: _BROKEN, 15: ALIVE, 30: _BROKEN}, strikes={30: 1},
    ),
    DayCase(
        "410-then-404", {0: _410, 4: _404}, {4: _BROKEN, 8: _DEAD}, strikes={8: 3},
    ),
    DayCase("walled-later", {0: _WELL, 4: _403}, {0: ALIVE, 4: unverifiable(403), 30: unverifiable(403)}),
    DayCase("lost-then-walled", {0: _404, 4: _403}, {0: _BROKEN, 4: _BROKEN, 30: _BROKEN}, strikes={30: 1}),
    DayCase("dead-then-walled", {0: _404, 15: _403}, {8: _DEAD, 15: _DEAD, 30: _DEAD}),
    DayCase("walled-always", {0: _403}, dict.fromkeys(DAYS, unverifiable(403)), strikes={30: 0}),
    DayCase("challenged-with-404", {0: _CHALLENGE}, dict.fromkeys(DAYS, unverifiable("bot-wall"))),
    # a failure that may pass needs more visits than five (docs/adr/0010)
    DayCase("resets", {0: _RESETS}, dict.fromkeys(DAYS, _RESET)),
    DayCase("resets-once", {0: _WELL, 4: _RESETS, 8: _WELL}, {0: ALIVE, 4: _RESET, 8: ALIVE, 30: ALIVE}),
    DayCase(
        "resets-twice", {0: _RESETS, 8: _WELL, 15: _RESETS}, {4: _RESET, 8: ALIVE, 15: _RESET, 30: _RESET},
        strikes={30: 2},
    ),
    DayCase("failing-for-a-week", {0: _WELL, 4: _500, 15: _WELL}, {4: unverifiable(500), 8: unverifiable(500),
                                                                   15: ALIVE}),
    DayCase("failing-for-a-month", {0: _500}, dict.fromkeys(DAYS, unverifiable(500)), strikes={30: 0}),
    DayCase("failing-then-lost", {0: _500, 8: _404}, {4: unverifiable(500), 8: _BROKEN, 15: _BROKEN}),
    DayCase("failing-then-well", {0: _500, 30: _WELL}, {15: unverifiable(500), 30: ALIVE}),
    DayCase("lost-then-failing", {0: _404, 4: _500}, {0: _BROKEN, 4: _BROKEN, 8: _BROKEN}, strikes={8: 1}),
    DayCase("limited-always", {0: Answer(status=429)}, dict.fromkeys(DAYS, unverifiable(429)), strikes={30: 0}),
    DayCase("moved", {0: _WELL, 8: redirect("/articles/its-place")},
            {0: ALIVE, 8: Label("moved", "moved-permanently", suggestion="/articles/its-place")}),
    DayCase("home-later", {0: _WELL, 4: redirect("/")},
            {4: Label("broken", "soft-404-home"), 30: Label("dead", "soft-404-home")}),
)  # fmt: skip


def clock(day: int) -> str:
    """The time of a day's audit, as LINKHEALTH_CLOCK takes it."""
    return f"{START + timedelta(days=day)}T12:00:00Z"


def answers_on(cases: Iterable[DayCase], day: int) -> dict[str, Answer]:
    """The origin's rules on that day."""
    rules: dict[str, Answer] = {"*": Answer(status=404)}
    for case in cases:
        host = f"//{case.name}.example"
        latest = max(known for known in case.answers if known <= day)
        rules[f"{host}{PATH}"] = case.answers[latest]
        rules[f"{host}/robots.txt"] = Answer(status=404, keep_alive=False)
        rules[f"{host}/articles/its-place"] = rules[f"{host}/"] = _WELL
    return rules
