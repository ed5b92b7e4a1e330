"""Rule M20: the same bytes are read once, and whatever else the facts depend on counts too."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.extractors.html.bounds import MAX_BODY
from crawler.extractors.html.document import Document, UnreadPage, parsed
from crawler.extractors.signs.page_mark import title_in
from crawler.fetching.answer import Answer, BodyEnd
from crawler.fetching.observing import Reading, answered, fingerprint
from crawler.fetching.visit import LinkVisit
from crawler.model.link import DueLink
from crawler.model.observation import Hop, PageFacts
from crawler.model.page_depth import Depth, PageMark
from crawler.state.json_columns import page_from_json, page_to_json
from tests.fetching.test_observing import NOW
from tests.web import page

URL = "https://a.example/2026/a-story"
LINK = DueLink(1, URL, "a.example", wants_image=False)
BODY = page("A story", head='<meta name="author" content="Jane Doe">').encode()
OTHER = PageFacts(title="What was kept")
GOLDEN = Path(__file__).parents[1] / "extractors" / "golden"


def answer(
    body: bytes = BODY,
    *,
    status: int = 200,
    kind: str = "text/html",
    refresh: str | None = None,
    end: BodyEnd = BodyEnd.WHOLE,
) -> Answer:
    fields = {b"content-type": kind.encode()}
    if refresh is not None:
        fields[b"refresh"] = refresh.encode()
    return Answer(status, fields, body, end)


def read(
    given: Answer, link: DueLink = LINK, kept: PageFacts | None = None, at: str | None = None
) -> Reading:
    """The reading of a visit that ended `at` another address; `kept` are the facts that the state has."""
    visit = LinkVisit.of(link)
    visit.url = at or visit.url
    return answered(visit, given, now=NOW, run=1, kept=lambda _id, _mark: kept)


def again(first: Reading, link: DueLink = LINK) -> DueLink:
    """The link as it is due after a visit."""
    assert first.seen.page_mark is not None
    return replace(link, page_mark=first.seen.page_mark)


def test_the_same_answer_is_not_read_again() -> None:
    first = read(answer())
    second = read(answer(), again(first), OTHER)
    assert second.seen == replace(first.seen, page=OTHER)
    assert isinstance(first.document, Document)
    assert isinstance(second.document, UnreadPage)


def test_who_needs_the_page_gets_it() -> None:
    second = read(answer(), again(read(answer())), OTHER)
    document = parsed(second.document)
    assert document is not None
    assert document.headings == ("A story",)
    assert parsed(None) is None
    assert parsed(UnreadPage(b"<p " + b"a=1 " * 2_000 + b">", URL, None)) is None


@pytest.mark.parametrize(
    "second",
    [
        answer(BODY + b" "),
        answer(BODY.replace(b"Jane", b"June")),
        answer(kind="text/html; charset=latin-1"),
        answer(kind="application/xhtml+xml"),
        answer(refresh="600"),
        answer(status=203),
        answer(status=206),
        answer(end=BodyEnd.BROKEN_OFF),
        answer(end=BodyEnd.BROKEN_OFF, kind="text/html "),
    ],
    ids=["byte", "word", "charset", "type", "refresh", "203", "206", "cut", "cut-too"],
)
def test_any_other_answer_is_read(second: Answer) -> None:
    found = read(second, again(read(answer())), OTHER)
    assert found.seen.page is not None
    assert found.seen.page.title == "A story"


def test_white_space_around_a_field_makes_no_other_answer() -> None:
    found = read(answer(kind=" text/html "), again(read(answer())), OTHER)
    assert found.seen.page == OTHER


def test_another_end_of_the_redirects_is_read() -> None:
    moved = read(answer(), again(read(answer())), OTHER, at="https://a.example/elsewhere")
    assert moved.seen.page is not None
    assert moved.seen.page.title == "A story"


def test_another_address_with_the_same_page_is_read() -> None:
    elsewhere = replace(again(read(answer())), url="https://a.example/2026/another")
    found = read(answer(), elsewhere, OTHER)
    assert found.seen.page is not None
    assert found.seen.page.title == "A story"


@pytest.mark.parametrize("parts", [("https://a.example/x#a",), ("https://a.example/x#b",)])
def test_parts_that_were_not_looked_for_are(parts: Sequence[str]) -> None:
    first = read(answer(), replace(LINK, parts=("https://a.example/x#c",)))
    found = read(answer(), replace(again(first), parts=tuple(parts)), OTHER)
    assert found.seen.page is not None
    assert found.seen.page.anchors is not None


def test_facts_that_are_gone_are_read_again() -> None:
    found = read(answer(), again(read(answer())), None)
    assert found.seen.page is not None
    assert found.seen.page.title == "A story"


@pytest.mark.parametrize(
    ("kept", "wanted", "is_reused"),
    [
        (Depth.WHOLE, Depth.WHOLE, True),
        (Depth.WHOLE, Depth.RELATED, True),
        (Depth.RELATED, Depth.RELATED, True),
        (Depth.RELATED, Depth.WHOLE, False),
    ],
)
def test_what_was_read_for_others_is_not_enough_for_an_article(
    kept: Depth, wanted: Depth, is_reused: bool
) -> None:
    first = read(answer(), replace(LINK, depth=kept))
    found = read(answer(), replace(again(first), depth=wanted), OTHER)
    assert (found.seen.page == OTHER) is is_reused
    assert found.seen.page_mark is not None
    # What an article needed stays, as long as the page does not change.
    assert found.seen.page_mark.depth is (kept if is_reused else wanted)


@pytest.mark.parametrize(
    "given",
    [
        answer(page("Page not found", body="<h1>Page not found</h1>").encode()),
        answer(b"<title>Just a moment...</title><script>window._cf_chl_opt={}</script>"),
        answer(b'<meta http-equiv="refresh" content="0; url=/new">'),
        answer(BODY, refresh="3; url=/new"),
        answer(BODY + b" " * MAX_BODY),
        answer(status=201),
        answer(end=BodyEnd.BROKEN_OFF),
    ],
    ids=["not-found", "wall", "stub", "leads-on", "too-large", "created", "cut"],
)
def test_what_may_be_no_page_is_read_each_time(given: Answer) -> None:
    seen = read(given).seen
    assert seen.page_mark is None or seen.page_mark.digest is None
    second = read(given, replace(LINK, page_mark=PageMark(Depth.WHOLE, "0" * 32)), OTHER).seen
    assert second == seen


@pytest.mark.parametrize("given", [answer(b"", status=304), answer(b""), answer(status=404)])
def test_what_has_no_page_costs_no_hash(given: Answer) -> None:
    reading = read(given, replace(LINK, page_mark=PageMark(Depth.WHOLE, "0" * 32)), OTHER)
    assert (reading.seen.page, reading.seen.page_mark, reading.document) == (None, None, None)


def test_visits_that_keep_nothing_have_no_digest() -> None:
    """An image's address that answers with a page keeps no page either."""
    seen = read(answer(), replace(LINK, wants_image=True)).seen
    assert seen.page_mark is None


@pytest.mark.parametrize(
    "folder", sorted(one for one in GOLDEN.iterdir() if one.is_dir()), ids=lambda one: one.name
)
def test_kept_facts_are_those_that_would_be_read(folder: Path) -> None:
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    url = meta["url"] or URL
    link = DueLink(1, url, "a.example", wants_image=False)
    given = answer((folder / "page.html").read_bytes(), kind=meta["content_type"] or "text/html")
    first = read(given, link)
    stored = page_from_json(page_to_json(first.seen.page))
    second = read(given, replace(link, page_mark=first.seen.page_mark), stored)
    assert second.seen == first.seen
    assert second.leads_to == first.leads_to
    assert fingerprint(second.seen, given) == fingerprint(first.seen, given)
    if first.seen.page_mark is not None and first.seen.page_mark.digest is not None:
        assert isinstance(second.document, UnreadPage)


STATUS = replace(LINK, depth=Depth.STATUS)


def test_a_page_that_nobody_needs_is_not_read() -> None:
    """Rule M21."""
    given = answer()
    reading = read(given, STATUS)
    assert reading.document is None
    assert (reading.seen.page, reading.seen.sign, reading.seen.is_unread) == (None, None, True)
    assert fingerprint(reading.seen, given) == fingerprint(read(given).seen, given)


@pytest.mark.parametrize(
    "given",
    [
        answer(status=404),
        answer(status=203),
        answer(end=BodyEnd.BROKEN_OFF),
        Answer(200, {b"content-type": b"text/html", b"cf-mitigated": b"challenge"}, BODY),
        Answer(200, {b"content-type": b"application/pdf"}, b"%PDF-1.7"),
        Answer(200, {b"content-type": b"text/html"}),
    ],
)
def test_any_other_answer_is_read_as_before(given: Answer) -> None:
    unread, known = read(given, STATUS), read(given, replace(LINK, depth=Depth.RELATED))
    assert unread.seen == known.seen
    assert not unread.seen.is_unread


def test_the_end_of_a_redirect_and_a_second_look_are_read() -> None:
    elsewhere = LinkVisit.of(STATUS)
    elsewhere.hops.append(Hop(URL, 302))
    for visit in (elsewhere, LinkVisit.second(STATUS, 0.0)):
        seen = answered(visit, answer(), now=NOW, run=1).seen
        assert seen.page is not None
        assert seen.page_mark is not None
        assert seen.page_mark.depth is Depth.WHOLE


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (b"<TITLE lang=en>A  story &amp;\n more</title>", "A story & more"),
        (b"<title></title>", ""),
        (b"<titles>No</titles>", ""),
        (b"<title " + b"a" * 300 + b">Long</title>", ""),
        (b"<title>\xff\xc3\xa9</title>", "\ufffd\xe9"),
        (b" " * 20_000 + b"<title>Late</title>", ""),
        (b"<title>" * 5_000, ""),
        (b"", ""),
    ],
)
def test_a_title_that_is_not_parsed(body: bytes, title: str) -> None:
    assert title_in(body) == title


def test_what_serves_whom() -> None:
    serves = {(one, other): PageMark(one).serves(other) for one in Depth for other in Depth}
    assert [pair for pair, enough in serves.items() if not enough] == [
        (Depth.STATUS, Depth.RELATED),
        (Depth.STATUS, Depth.WHOLE),
        (Depth.RELATED, Depth.WHOLE),
    ]
