"""Suspects (RULES 1.4): what one probe of a sibling that cannot exist must make of them."""

from __future__ import annotations

from tests.labelled_web.case import (
    ALIVE,
    PATH,
    SOFT_404,
    TEMPORARY,
    TITLE,
    Case,
    Class,
    Label,
    moved,
)
from tests.labelled_web.chrome import page
from tests.labelled_web.sites_western import ENGLISH
from tests.web import pages
from tests.web.rules import Answer, Ending, redirect

_FOLDER = "/news/2020/*"
_SIBLINGS = "siblings"


def _suspect(
    name: str,
    label: Label,
    answer: Answer,
    sibling: Answer | None,
    *,
    pages: dict[str, Answer] | None = None,
    title: str = TITLE,
    pending: bool = True,
) -> Case:
    """A link and what every other name of its folder answers; None for 404."""
    rules = {PATH: answer, **(pages or {})}
    if sibling is not None:
        rules[_FOLDER] = sibling
    return Case(
        Class.SUSPECTS,
        f"suspect-{name}",
        label,
        rules,
        title=title,
        pending=_SIBLINGS if pending else None,
    )


_SECTION = Answer(body=page(ENGLISH, f"News | {ENGLISH.name}", "News", "All news of the harbour."))
_NEWS = {"/news/": _SECTION, "/news/2020/": _SECTION, "/archive/": _SECTION}
_SHELL = Answer(
    body="<!doctype html><html><head><title>Harbour App</title></head><body><div id=root></div>"
    '<script src="/static/js/main.8f1c.js"></script></body></html>'
)
_OTHER = Answer(
    body=page(ENGLISH, f"Welcome to {ENGLISH.name}", "Welcome", "News from the harbour.")
)
_APOLOGY = Answer(
    body=page(ENGLISH, f"Page not found | {ENGLISH.name}", ENGLISH.name, "We could not find it.")
)
_NOTHING_FOUND = Answer(
    body=page(ENGLISH, "Nothing found for News 2020 The Pier Opens Again", "Page not found")
)
_REWRITTEN = Answer(
    body=page(
        ENGLISH,
        f"Crowds return to the pier | {ENGLISH.name}",
        "Crowds return to the pier",
        "Monday.",
    )
)


def _with_home_as_canonical(text: str) -> Answer:
    home = "https://suspect-canonical.example/"
    return Answer(body=pages.page(TITLE, canonical=home, body=f"<p>{text}</p>" * 9))


CASES = (
    _suspect("section-302", SOFT_404, redirect("/news/", 302), redirect("/news/", 302), pages=_NEWS),
    _suspect("section-301", SOFT_404, redirect("/news/", 301), redirect("/news/", 301), pages=_NEWS),
    _suspect("folder", SOFT_404, redirect("/news/2020/"), redirect("/news/2020/"), pages=_NEWS),
    _suspect("welcome", SOFT_404, _OTHER, _OTHER),
    # the title is a search page's: neither title and h1 nor a short page says so (RULES 1.3)
    _suspect("nothing-found-for", SOFT_404, _NOTHING_FOUND, _NOTHING_FOUND),
    _suspect("title-alone-long", SOFT_404, _APOLOGY, _APOLOGY),
    _suspect("canonical", SOFT_404, _with_home_as_canonical("all"), _with_home_as_canonical("all")),
    *(
        Case(
            Class.SUSPECTS, f"cluster-{number}", SOFT_404,
            {
                f"//cluster.example/news/2020/story-{number}": redirect("/whats-on", 302),
                "//cluster.example/news/2020/*": redirect("/whats-on", 302),
                "//cluster.example/whats-on": _SECTION,
            },
            raw=f"https://cluster.example/news/2020/story-{number}", pending=_SIBLINGS,
        )
        for number in range(3)
    ),
    # a true 404 for the sibling clears the suspect
    _suspect("section-cleared", moved("/news/"), redirect("/news/"), None, pages=_NEWS, pending=False),
    _suspect("section-302-cleared", TEMPORARY, redirect("/news/", 302), None, pages=_NEWS, pending=False),
    _suspect("rewritten-cleared", ALIVE, _REWRITTEN, None, pending=False),
    _suspect("canonical-cleared", ALIVE, _with_home_as_canonical("all"), None, pending=False),
    _suspect("gone-sibling", ALIVE, _REWRITTEN, Answer(status=410), pending=False),
    # a sibling that says nothing proves nothing
    _suspect("walled-sibling", ALIVE, _REWRITTEN, Answer(status=403), pending=False),
    _suspect("limited-sibling", ALIVE, _REWRITTEN, Answer(status=429), pending=False),
    _suspect("failing-sibling", ALIVE, _REWRITTEN, Answer(status=500), pending=False),
    _suspect("resetting-sibling", ALIVE, _REWRITTEN, Answer(ending=Ending.RESET_BEFORE), pending=False),
    _suspect("other-sibling", ALIVE, _REWRITTEN, _OTHER, pending=False),
    _suspect("sibling-to-home", ALIVE, _REWRITTEN, redirect("/", 302), pages={"/": _OTHER}, pending=False),
    # an app whose pages are all one script: no text, so nothing that could be alike
    _suspect("app-shell", ALIVE, _SHELL, _SHELL, pending=False),
    # a title that fits is no suspect, whatever the folder does
    _suspect("folder-of-everything", ALIVE, Answer(body=pages.page(TITLE)), _OTHER, pending=False),
)  # fmt: skip
