"""Suspects (rules N4 to N7): the expected verdicts after one probe of an address that cannot exist.

Pages with hardly a word prove nothing (docs/adr/0009).
"""

from __future__ import annotations

from tests.labelled_web.case import (
    ALIVE,
    BARRIER,
    FOR_NOW_TO_SECTION,
    PATH,
    SOFT_404,
    TITLE,
    TO_SECTION,
    Case,
    Class,
    Label,
    unverifiable,
)
from tests.labelled_web.chrome import page
from tests.labelled_web.sites_western import ENGLISH
from tests.web import pages
from tests.web.rules import Answer, Ending, redirect

_FOLDER = "/news/2020/*"
_SHELLS = unverifiable("empty-shell")


def _suspect(
    name: str,
    label: Label,
    answer: Answer,
    probe: Answer | None,
    *,
    pages: dict[str, Answer] | None = None,
    title: str = TITLE,
) -> Case:
    """A link and the answer of every other name in its folder; None for 404."""
    rules = {PATH: answer, **(pages or {})}
    if probe is not None:
        rules[_FOLDER] = probe
    return Case(Class.SUSPECTS, f"suspect-{name}", label, rules, title=title)


_SECTION = Answer(body=page(ENGLISH, f"News | {ENGLISH.name}", "News", "All news of the harbour."))
_NEWS = {"/news/": _SECTION, "/news/2020/": _SECTION, "/archive/": _SECTION}
_SHELL = Answer(
    body="<!doctype html><html><head><title>Harbour App</title></head><body><div id=root></div>"
    '<script src="/static/js/main.8f1c.js"></script></body></html>'
)
_WELCOME = (
    "All that happens at the water, every morning at six: ships that came and went, what the fishermen "
    "landed, what the council decided, and what the wind will do. Written by people who live here, and "
    "read by everyone who has ever stood on the quay and wondered."
)
_SORRY = (
    "We have looked in every drawer of the harbour office, under the nets and behind the lighthouse, and "
    "could not find what you came for. It may have been moved, renamed or thrown overboard a long time "
    "ago. Our search may help, and so may the harbour master, who remembers everything."
)
_OTHER = Answer(body=page(ENGLISH, f"Welcome to {ENGLISH.name}", "Welcome", _WELCOME))
_APOLOGY = Answer(body=page(ENGLISH, f"Page not found | {ENGLISH.name}", ENGLISH.name, _SORRY))
_BARE_APOLOGY = Answer(body=page(ENGLISH, f"Page not found | {ENGLISH.name}", ENGLISH.name))
_DATED = Answer(
    body=page(
        ENGLISH,
        f"Welcome to {ENGLISH.name}",
        "Welcome",
        _WELCOME,
        head='<meta property="article:published_time" content="2020-06-10T08:00:00Z">',
    )
)
_REWRITTEN = Answer(
    body=page(
        ENGLISH,
        f"Crowds are back above the waves | {ENGLISH.name}",
        "Crowds are back above the waves",
        "On Monday the gates were opened, and by noon three thousand people had walked out to the end. "
        "The repairs had taken all winter and cost twice what was planned, but nobody spoke of that now. "
        "Children ran ahead, and the oldest visitor was ninety-four.",
    )
)


def _home(name: str) -> Answer:
    """The home page, with its own canonical address, as the answer for every page."""
    link = f'<link rel="canonical" href="https://suspect-{name}.example/">'
    return Answer(body=page(ENGLISH, ENGLISH.name, "Today in the harbour", _WELCOME, head=link))


CASES = (
    _suspect("section-302", SOFT_404, redirect("/news/", 302), redirect("/news/", 302), pages=_NEWS),
    _suspect("section-301", SOFT_404, redirect("/news/", 301), redirect("/news/", 301), pages=_NEWS),
    _suspect("folder", SOFT_404, redirect("/news/2020/"), redirect("/news/2020/"), pages=_NEWS),
    _suspect("welcome", BARRIER, _OTHER, _OTHER),
    _suspect("title-alone-long", SOFT_404, _APOLOGY, _APOLOGY),
    _suspect("title-alone-bare", _SHELLS, _BARE_APOLOGY, _BARE_APOLOGY),
    _suspect("canonical", SOFT_404, _home("canonical"), _home("canonical")),
    *(
        Case(
            Class.SUSPECTS, f"cluster-{number}", BARRIER,
            {
                f"//cluster.example/news/2020/story-{number}": redirect("/whats-on", 302),
                "//cluster.example/news/2020/*": redirect("/whats-on", 302),
                "//cluster.example/whats-on": _SECTION,
            },
            raw=f"https://cluster.example/news/2020/story-{number}"
        )
        for number in range(3)
    ),
    # a true 404 for the probe clears the suspect
    _suspect("section-cleared", TO_SECTION, redirect("/news/"), None, pages=_NEWS),
    _suspect("section-302-cleared", FOR_NOW_TO_SECTION, redirect("/news/", 302), None, pages=_NEWS),
    _suspect("rewritten-cleared", ALIVE, _REWRITTEN, None),
    _suspect("canonical-cleared", ALIVE, _home("canonical-cleared"), None),
    _suspect("gone-probe", ALIVE, _REWRITTEN, Answer(status=410)),
    # an inconclusive probe proves nothing
    _suspect("walled-probe", ALIVE, _REWRITTEN, Answer(status=403)),
    _suspect("limited-probe", ALIVE, _REWRITTEN, Answer(status=429)),
    _suspect("failing-probe", ALIVE, _REWRITTEN, Answer(status=500)),
    _suspect("resetting-probe", ALIVE, _REWRITTEN, Answer(ending=Ending.RESET_BEFORE)),
    _suspect("other-probe", ALIVE, _REWRITTEN, _OTHER),
    _suspect("probe-to-home", ALIVE, _REWRITTEN, redirect("/", 302), pages={"/": _OTHER}),
    # an app whose pages are all one script: there is no text to compare
    _suspect("app-shell", _SHELLS, _SHELL, _SHELL),
    _suspect("app-shell-cleared", ALIVE, _SHELL, None),
    _suspect("dated", ALIVE, _DATED, _OTHER),
    _suspect("dated-alike", ALIVE, _DATED, _DATED),
    # a page whose title fits is no suspect, whatever the folder answers
    _suspect("folder-of-everything", ALIVE, Answer(body=pages.page(TITLE)), _OTHER),
)  # fmt: skip
