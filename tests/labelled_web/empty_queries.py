"""Addresses with an empty query, which is kept and sent: `/list?` is not `/list` (rule U1)."""

from __future__ import annotations

from tests.end_to_end.collection import article
from tests.labelled_web.case import (
    ALIVE,
    BROKEN_404,
    PATH,
    TEMPORARY,
    TITLE,
    TRIVIAL,
    Answers,
    Case,
    Class,
    Label,
    Seen,
    moved,
)
from tests.web import pages
from tests.web.rules import Answer, redirect

_GONE = Answer(status=404)
_PAGE = Answer(body=pages.page(TITLE))
_EMPTY = f"{PATH}?"


def _case(
    name: str,
    label: Label,
    answers: Answers,
    path: str = _EMPTY,
    *,
    identity: str = "",
    **seen: str,
) -> Case:
    name = f"empty-query-{name}"
    return Case(
        Class.EMPTY_QUERIES,
        name,
        label,
        answers,
        path,
        identity=f"https://{name}.example{identity}" if identity else None,
        seen=Seen(**seen),  # type: ignore[arg-type]
    )


def _amp(name: str, label: Label, *, related: bool = False) -> Case:
    """An AMP address, of the article or of a related one."""
    host = f"empty-query-{name}.example"
    address = f"https://{host}/amp/the-pier-opens-again?"
    text = article(TITLE, amp=address)
    if related:
        extra = f"related:\n  - title: {TITLE}\n    ampWebUrl: {address}"
        text = article(TITLE, web=f"https://{host}{PATH}", extra=extra)
    return Case(
        Class.EMPTY_QUERIES,
        f"empty-query-{name}",
        label,
        {PATH: Answer(), address: Answer(body=pages.page(TITLE)) if label == ALIVE else _GONE},
        raw=address,
        file_text=text,
        seen=Seen(requests=1),
    )


CASES = (
    _case("alone-alive", ALIVE, {_EMPTY: Answer(), PATH: _GONE}, end=_EMPTY),
    _case("alone-gone", BROKEN_404, {_EMPTY: _GONE, PATH: Answer()}),
    _case("short", ALIVE, {"/list?": Answer(), "/list": _GONE}, "/list?"),
    _case("short-gone", BROKEN_404, {"/list?": _GONE, "/list": Answer()}, "/list?"),
    _case("root", ALIVE, {"/?": Answer(), "/": _GONE}, "/?"),
    _case("root-gone", BROKEN_404, {"/?": _GONE, "/": Answer()}, "/?"),
    _case("no-path", ALIVE, {"/?": Answer(), "/": _GONE}, "?", identity="/?"),
    _case("both", ALIVE, {_EMPTY: Answer(), PATH: Answer()}),
    _case("not-asked", BROKEN_404, {PATH: _GONE, _EMPTY: Answer()}, PATH),
    _case("fragment", ALIVE, {_EMPTY: Answer(), PATH: _GONE}, f"{_EMPTY}#top", identity=_EMPTY),
    _case("fragment-mark", ALIVE, {PATH: Answer(), _EMPTY: _GONE}, f"{PATH}#?", identity=PATH),
    _case("name-without-value", ALIVE, {f"{PATH}?a=": Answer(), _EMPTY: _GONE, PATH: _GONE}, f"{PATH}?a="),
    _case("name-alone", ALIVE, {f"{PATH}?a": Answer(), f"{PATH}?a=": _GONE}, f"{PATH}?a"),
    _case("two-marks", ALIVE, {f"{PATH}??": Answer(), _EMPTY: _GONE, PATH: _GONE}, f"{PATH}??"),
    _case("encoded-mark", ALIVE, {f"{PATH}%3F": Answer(), _EMPTY: _GONE, PATH: _GONE}, f"{PATH}%3F"),
    _case("semicolon", ALIVE, {f"{PATH};": Answer(), PATH: _GONE}, f"{PATH};"),
    _case("white-space", Label("alive", "http-200", ("url-white-space",)), {_EMPTY: Answer(), PATH: _GONE},
          f"{_EMPTY} ", identity=_EMPTY),
    # ------------------------------------------------------------------------- in a Location
    _case("led-to", moved("/a/pier-of-note?"), {PATH: redirect("/a/pier-of-note?"), "/a/pier-of-note?": _PAGE}, PATH,
          end="/a/pier-of-note?"),
    _case("led-to-gone", BROKEN_404, {PATH: redirect("/a/pier?"), "/a/pier?": _GONE, "/a/pier": Answer()}, PATH),
    _case("led-away", moved("/a/pier-of-note"), {PATH: redirect("/a/pier-of-note"), "/a/pier-of-note": _PAGE}, PATH),
    _case("led-to-mark-alone", TEMPORARY, {f"{PATH}?a=1": redirect("?", 302), _EMPTY: Answer(), PATH: _GONE},
          f"{PATH}?a=1", end=_EMPTY),
    _case("added", TRIVIAL, {PATH: redirect(_EMPTY), _EMPTY: Answer()}, PATH, end=_EMPTY),
    _case("taken-off", TRIVIAL, {_EMPTY: redirect(PATH), PATH: Answer()}, end=PATH),
    _case("taken-off-today", TEMPORARY, {_EMPTY: redirect(PATH, 302), PATH: Answer()}, end=PATH),
    _case("to-and-fro", Label("unverifiable", "redirect-loop"), {_EMPTY: redirect(PATH), PATH: redirect(_EMPTY)}),
    _case("to-itself", Label("unverifiable", "redirect-loop"), {_EMPTY: redirect("?")}),
    # ------------------------------------------------------------------------- robots.txt, AMP
    _case("forbidden", Label("unverifiable", "robots-denied"),
          {"/robots.txt": Answer(body="User-agent: *\nDisallow: /*?\n", content_type="text/plain")}),
    _case("allowed", ALIVE,
          {"/robots.txt": Answer(body="User-agent: *\nDisallow: /*?\n", content_type="text/plain")}, PATH),
    _amp("amp", ALIVE),
    _amp("amp-gone", BROKEN_404),
    _amp("related-amp", ALIVE, related=True),
)  # fmt: skip
