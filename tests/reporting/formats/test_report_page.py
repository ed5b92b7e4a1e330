"""report.html in a real browser: what an editor sees, does, decides and takes home."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from crawler.model.repair import Instruction, Verb
from crawler.operations.repair.decision_file import read_decisions
from tests.reporting.hostile_reports import attacks, hostile_report, rendered
from tests.reporting.sample_page import (
    GONE,
    HURRIED,
    IMAGES,
    LOST,
    TOWN,
    WALLED,
    WATER,
    WELL,
    chromium,
    sample_report,
)
from tests.time_limits import HANG

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page

pytestmark = pytest.mark.browser
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
MOST_NODES = 3_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(rendered(sample_report()), encoding="utf-8")
    return path


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 900})
    made.set_default_timeout(8000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, file: Path) -> Page:
    return looked_at(context, file)


def looked_at(context: BrowserContext, file: Path, hash_: str = "") -> Page:
    """A page that has read all of its data. Whatever it complains of fails the test that looks at `complaints`."""
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.complaints = complaints  # type: ignore[attr-defined]
    page.goto(file.as_uri() + hash_)
    page.wait_for_selector("html[data-whole]", state="attached")
    return page


def rows(page: Page) -> Locator:
    return page.locator("#rows > .row")


def row(page: Page, text: str) -> Locator:
    return page.locator("#rows > .row", has_text=text).first


def total(page: Page) -> str:
    return page.inner_text("#sum")


def said(page: Page, pattern: str) -> None:
    """Wait until a screen reader has heard this."""
    page.wait_for_function(
        "pattern => new RegExp(pattern).test(document.getElementById('said').textContent)",
        arg=pattern,
    )


def choose(page: Page, name: str) -> None:
    page.click(f'[data-view="{name}"]')


def show(page: Page, name: str) -> None:
    page.select_option("#filter", name)


def kept(page: Page) -> dict[str, dict[str, str]]:
    """The decisions that the browser keeps, by URL or place."""
    found: dict[str, dict[str, str]] = page.evaluate(
        "() => JSON.parse(localStorage.getItem('linkhealth:articles:2') || '{}')"
    )
    return found


# ------------------------------------------------------------------------------------------ opening


def test_it_opens_from_disk_and_asks_nobody(context: BrowserContext, file: Path) -> None:
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = looked_at(context, file)
    assert page.complaints == []  # type: ignore[attr-defined]
    assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]
    assert page.locator("*").count() < MOST_NODES


def test_tiles_agree_with_their_lists(page: Page) -> None:
    expected = {
        "new": 3,
        "confirmed": 3,
        "recovered": 1,
        "dead": 3 + LOST,
        "unsure": WALLED + HURRIED,
        "images": IMAGES,
        "fresh": 3 + 10,
    }
    choose(page, "each")
    for name, amount in expected.items():
        tile = page.locator(f'button[data-filter="{name}"]')
        assert tile.locator("b").inner_text() == f"{amount:,}"
        tile.click()
        assert total(page).startswith(f"{amount} ")
        assert tile.get_attribute("aria-pressed") == "true"
    assert page.locator(".tile .trend").count() == 5


# -------------------------------------------------------------------------------------------- views


def test_by_cause_one_row_stands_for_a_host_and_forms_fold_into_their_article(page: Page) -> None:
    assert total(page) == f"{9 + LOST} links in 2 rows"
    gone = row(page, "gone.test")
    assert "This page does not exist" in gone.inner_text() or "does not exist" in gone.inner_text()
    assert "9 links, 3 articles" in gone.inner_text()
    assert "9 own, 6 related" in gone.inner_text()
    lost = row(page, "lost.test")
    assert f"{LOST} links" in lost.inner_text()
    assert lost.get_attribute("aria-expanded") is None
    assert "cdn.test" not in page.inner_text("#rows")
    gone.click()
    assert rows(page).count() == 2 + 3
    assert row(page, GONE[1]).get_attribute("aria-level") == "2"
    assert "with 2 AMP forms" in row(page, GONE[1]).inner_text()
    gone.click()
    assert rows(page).count() == 2


def test_a_host_that_walls_us_or_asks_to_wait_is_never_hundreds(page: Page) -> None:
    show(page, "unsure")
    for view in ("cause", "each"):
        choose(page, view)
        assert rows(page).count() == 2
        assert "asks to be visited less often" in row(page, "hurry.test").inner_text()
        assert "Set a longer delay" in row(page, "hurry.test").inner_text()
    row(page, "hurry.test").click()
    page.click("text=List them one by one")
    assert total(page) == f"{HURRIED} links"
    assert "host%3Ahurry.test" in page.url


@pytest.mark.parametrize(
    ("view", "first", "amount"),
    [("host", "gone.test", 2), ("article", "Story 0 of the old town", 3 + (LOST + 2) // 3)],
)
def test_other_views(page: Page, view: str, first: str, amount: int) -> None:
    choose(page, view)
    assert total(page) == f"{9 + LOST} links in {amount} rows"
    row(page, first).click()
    assert row(page, first).get_attribute("aria-expanded") == "true"
    assert rows(page).count() > 3


def test_in_an_article_every_form_is_a_row(page: Page) -> None:
    choose(page, "article")
    row(page, "Story 0 of the old town").click()
    shown = page.locator("#rows > .level-2")
    assert shown.count() == 3


def test_filter_search_and_sort_are_in_the_address(context: BrowserContext, file: Path) -> None:
    page = looked_at(context, file)
    choose(page, "each")
    show(page, "all")
    page.fill("#search", "host:moved.test")
    page.select_option("#sort", "name")
    assert total(page) == "3 rows"
    assert [text.split("\n")[1] for text in rows(page).all_inner_texts()] == [
        f"https://moved.test/{n}" for n in range(3)
    ]
    again = looked_at(context, file, "#" + page.url.partition("#")[2])
    assert total(again) == "3 rows"
    assert again.input_value("#search") == "host:moved.test"
    again.evaluate("location.hash = 'v=each&f=recovered'")
    again.wait_for_function("document.getElementById('sum').textContent === '1 link'")
    again.evaluate("location.hash = 'v=nonsense&f=constructor&s=toString&q=%E0%A4%A'")
    again.wait_for_function("document.getElementById('sum').textContent.startsWith('0 links')")
    assert again.complaints == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("words", "amount"),
    [
        ("gone.test story", 6),
        ("is:dead", 6 + LOST),
        ("reason:http-404", 9),
        ("path:gone-1.md", 3),
        ("no-such-word", 0),
    ],
)
def test_searches(page: Page, words: str, amount: int) -> None:
    choose(page, "each")
    page.fill("#search", words)
    assert total(page).startswith(f"{amount} link")


def test_the_list_is_virtual(page: Page) -> None:
    choose(page, "each")
    show(page, "all")
    assert int(page.get_attribute("#list", "aria-rowcount") or 0) > WELL
    height = page.evaluate("document.documentElement.scrollHeight")
    for step in range(0, height, height // 12):
        page.evaluate("top => scrollTo(0, top)", step)
        page.evaluate("() => new Promise(requestAnimationFrame)")
        assert page.locator("*").count() < MOST_NODES
        found = page.evaluate(
            "() => Boolean(document.elementFromPoint(640, 600).closest('.row, .overview, header, footer, #bar'))"
        )
        assert found, step


# --------------------------------------------------------------------------- what comes first, whose


def test_the_most_urgent_comes_first_and_the_drawer_says_why(page: Page) -> None:
    assert page.input_value("#sort") == "urgent"
    row(page, "gone.test").click()
    shown = page.locator("#rows > .level-2 .what .strong").all_inner_texts()
    assert shown == [GONE[1], GONE[2], GONE[0]]
    row(page, GONE[1]).click()
    assert "90 = 10 × dead (1) × for 30 days (1.08)" in page.inner_text("#drawer")
    page.keyboard.press("j")
    page.wait_for_function(
        "() => document.getElementById('drawer').innerText.includes('75 = 10 × at 3 places (1.48)')"
    )


def test_a_finding_is_as_urgent_as_its_article_makes_it(page: Page) -> None:
    choose(page, "each")
    show(page, "identity")
    assert [text.split("\n")[1] for text in rows(page).all_inner_texts()] == [
        f"The page calls another address its own. · Story {n} of the old town" for n in (1, 2, 0)
    ]
    rows(page).first.click()
    drawer = page.inner_text("#drawer")
    assert "that of its article, by how bad the finding is" in drawer
    assert TOWN in drawer


def test_a_group_tells_what_is_new_apart_from_what_was_confirmed(page: Page) -> None:
    state = row(page, "gone.test").locator(".state").inner_text()
    assert "3 new" in state
    assert "3 newly dead" in state


def test_each_owner_has_a_row_and_a_search(page: Page) -> None:
    choose(page, "owner")
    names = page.locator("#rows > .level-1 .what .strong").all_inner_texts()
    assert names == [TOWN, WATER, "(nobody)"]
    row(page, WATER).click()
    assert page.locator("#rows > .level-2").count() == 1
    choose(page, "each")
    page.fill("#search", f"owner:{WATER}")
    assert total(page) == "1 link"
    row(page, GONE[0]).click()
    assert f"{TOWN}, {WATER}" in page.inner_text("#drawer")


def test_a_host_says_when_its_certificate_ends(page: Page) -> None:
    """Only one that has not ended since it was seen; what should have been replaced is a row of its own."""
    choose(page, "host")
    show(page, "all")
    page.fill("#search", "host:well.test")
    assert "certificate ends on 1 December 2026" in row(page, "well.test").inner_text()
    page.fill("#search", "host:gone.test")
    assert "certificate" not in row(page, "gone.test").inner_text()
    page.fill("#search", "")
    show(page, "certificate")
    choose(page, "each")
    assert total(page) == "1 row"
    told = row(page, "well.test").inner_text()
    assert "The certificate of the site is about to end" in told
    assert "2026-12-01" in told
    row(page, "well.test").click()
    drawer = page.inner_text("#drawer")
    assert (
        "The certificate ends on 1 December 2026; on 22 November 2026 it was not replaced" in drawer
    )
    assert "What to do: Nothing in the articles" in drawer
    assert page.locator("#drawer [data-verb]").count() == 0, "nothing can be decided of it"
    page.keyboard.press("Escape")
    show(page, "unsure")
    page.fill("#search", "host:wall.test")
    page.focus("#list")
    page.keyboard.press("o")
    assert "20 February 2027" in page.inner_text("#drawer")


def test_what_is_held_back_has_its_command_and_its_list(page: Page) -> None:
    notice = page.locator("#held")
    first, second = notice.locator("li").all()
    assert f"{LOST} URLs of lost.test (dns-nxdomain) in 9 articles" in first.inner_text()
    assert "They worked before" in first.inner_text()
    assert first.locator("code").inner_text() == (
        "linkhealth accept --host lost.test --cause dns-nxdomain"
    )
    assert "None of them was ever seen to work" in second.inner_text()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    first.get_by_role("button", name="Copy the command").click()
    said(page, "Copied the command")
    assert page.evaluate("navigator.clipboard.readText()") == (
        "linkhealth accept --host lost.test --cause dns-nxdomain"
    )
    first.get_by_role("button", name="List them").click()
    assert total(page) == f"{LOST} rows"
    assert page.input_value("#search") == "host:lost.test reason:dns-nxdomain"


def test_what_is_held_back_is_accepted_in_the_page(page: Page, tmp_path: Path) -> None:
    """By group; it is undone, taken back, exported for apply, and imported again."""
    first, second = page.locator("#held li").all()
    accept = f"Accept: {LOST} URLs of lost.test (dns-nxdomain) in 9 articles"
    page.get_by_role("button", name=accept).focus()
    page.keyboard.press("Enter")
    said(page, "Accept: 1 decision")
    assert first.locator(".mark").inner_text() == "Accept"
    assert "Take back" in page.evaluate("document.activeElement.textContent"), "the focus stays"
    assert kept(page) == {
        "h:lost.test|dns-nxdomain": {
            "kind": "held",
            "reason": "dns-nxdomain",
            "url": "lost.test",
            "actual": f"{LOST} URLs of lost.test (dns-nxdomain) in 9 articles",
            "decision": "accept",
        }
    }
    assert page.inner_text("#made") == "Decisions (1)"
    page.keyboard.press("u")
    said(page, "Undone")
    assert kept(page) == {}
    for one in (first, second):
        one.get_by_role("button", name="Accept: ").click()
        said(page, "Accept: 1 decision")
    second.get_by_role("button", name="Take back").click()
    said(page, "Taken back: 1 decision")
    page.click("#made")
    assert f"{LOST} URLs of lost.test" in page.inner_text("#decisions")
    before = kept(page)
    path = downloaded(page, lambda: page.click("#export-csv"), tmp_path)
    (read,) = read_decisions(path)
    assert isinstance(read, Instruction)
    assert (read.verb, read.kind, read.url, read.reason) == (
        Verb.ACCEPT,
        "held",
        "lost.test",
        "dns-nxdomain",
    )
    page.get_by_role("button", name="Take all back").click()
    said(page, "Taken back")
    page.set_input_files("#import", path)
    said(page, "Imported 1 decision from decisions.csv.$")
    assert kept(page) == before


def test_a_group_that_was_another_when_it_was_accepted_is_shown_again(
    page: Page, tmp_path: Path
) -> None:
    file = tmp_path / "decisions.yml"
    file.write_text(
        "- kind: held\n  reason: dns-nxdomain\n  url: lost.test\n  decision: accept\n"
        "  actual: 3 URLs of lost.test (dns-nxdomain) in 2 articles\n",
        encoding="utf-8",
    )
    page.click("#made")
    page.set_input_files("#import", file)
    said(page, "Imported 1 decision")
    page.keyboard.press("Escape")
    first = page.locator("#held li").first
    assert "Accept: 3 URLs of lost.test" in first.locator(".mark").inner_text()
    first.get_by_role("button", name="Accept as it is now").click()
    said(page, "Accept: 1 decision")
    assert kept(page)["h:lost.test|dns-nxdomain"]["actual"].startswith(f"{LOST} URLs")
    assert first.locator(".mark").inner_text() == "Accept"


# --------------------------------------------------------------------------------------------- keys


def test_an_editor_needs_no_mouse(page: Page) -> None:
    page.focus("#list")
    page.keyboard.press("j")
    assert page.get_attribute("#list", "aria-activedescendant") == "row-1"
    page.keyboard.press("k")
    page.keyboard.press("o")
    assert rows(page).count() == 5
    page.keyboard.press("ArrowLeft")
    assert rows(page).count() == 2
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("x")
    said(page, "Selected: 1 row; 1 selected in all")
    assert row(page, GONE[1]).get_attribute("aria-selected") == "true"
    page.keyboard.press("x")
    page.keyboard.press("o")
    page.wait_for_selector("#drawer[open]")
    page.keyboard.press("j")
    page.wait_for_function(
        "url => document.querySelector('#drawer h2').textContent === url", arg=GONE[2]
    )
    page.keyboard.press("Escape")
    page.wait_for_selector("#drawer", state="detached")
    assert page.evaluate("document.activeElement.id") == "list"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("jx")
    assert page.input_value("#search") == "jx"
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.wait_for_selector("#helping[open]")
    page.uncheck("#helping input")
    page.keyboard.press("Escape")
    page.fill("#search", "")
    page.focus("#list")
    page.keyboard.press("j")
    assert page.get_attribute("#list", "aria-activedescendant") == "row-0"
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#list", "aria-activedescendant") == "row-1"


# ---------------------------------------------------------------------------------------- decisions


def test_one_key_accepts_a_whole_group_and_one_takes_it_back(page: Page) -> None:
    show(page, "moved")
    page.focus("#list")
    page.keyboard.press("a")
    said(page, "Accept: 3 decisions. Press u to undo")
    assert "3 of 3 decided" in row(page, "moved.test").inner_text()
    assert {one["decision"] for one in kept(page).values()} == {"accept"}
    page.keyboard.press("u")
    said(page, "Undone: 3 decisions")
    assert kept(page) == {}
    page.keyboard.press("u")
    said(page, "Nothing to undo")


def test_what_has_no_suggestion_cannot_be_accepted(page: Page) -> None:
    page.focus("#list")
    page.keyboard.press("a")
    said(page, "Nothing is suggested there")
    assert kept(page) == {}


def test_ignoring_wants_a_reason_and_a_day(page: Page) -> None:
    row(page, "lost.test").locator("input").check()
    page.keyboard.press("i")
    box = page.locator("dialog[open]")
    box.get_by_role("button", name="Decide").click()
    assert "Say why" in box.inner_text()
    box.get_by_label("Why").fill("their domain is being moved")
    box.get_by_role("button", name="Decide").click()
    assert "first day" in box.inner_text()
    box.get_by_label("Until").fill("2027-01-31")
    box.get_by_role("button", name="Decide").click()
    said(page, f"Ignore until: {LOST} decisions")
    found = kept(page)
    assert len(found) == LOST
    assert found["u:https://lost.test/a/0"] == {
        "url": "https://lost.test/a/0",
        "decision": "ignore",
        "note": "their domain is being moved",
        "until": "2027-01-31",
    }


def test_replacing_by_pattern_shows_every_url_first(page: Page) -> None:
    row(page, "gone.test").click()
    page.focus("#list")
    row(page, "gone.test").locator("input").check()
    page.locator("#chosen").get_by_role("button", name="By pattern").click()
    box = page.locator("dialog[open]")
    box.get_by_label("Old beginning").fill("https://gone.test/old/")
    box.get_by_label("New beginning").fill("javascript:x/")
    assert "would be no address" in box.inner_text()
    box.get_by_label("New beginning").fill("https://new.test/kept/")
    preview = box.locator("textarea").input_value()
    assert preview.count("→") == 6
    assert all(
        url in preview and url.replace("gone.test/old", "new.test/kept") in preview for url in GONE
    )
    box.get_by_role("button", name="Decide on all").click()
    said(page, "Replace by pattern: 6 decisions")
    assert kept(page)[f"u:{GONE[2]}"]["new_value"] == "https://new.test/kept/2"


def test_beginnings_that_addresses_share_are_offered(page: Page) -> None:
    row(page, "gone.test").locator("input").check()
    page.locator("#chosen").get_by_role("button", name="By pattern").click()
    box = page.locator("dialog[open]")
    offered = box.get_by_role("group", name="Beginnings that they share").get_by_role("button")
    assert offered.all_inner_texts()[:2] == [
        "https://gone.test/old/ (6)",
        "https://gone-test.cdn.test/ (3)",
    ]
    offered.nth(1).click()
    assert box.get_by_label("Old beginning").input_value() == "https://gone-test.cdn.test/"
    assert "3 addresses of 9 begin so; type the new beginning" in box.inner_text()
    assert box.locator("textarea").input_value().count("https://gone-test.cdn.test/") == 3


def test_one_after_the_other_in_the_drawer(page: Page) -> None:
    """Enter in a dialog leaves the drawer open, and the next row is the one that came after the one that was decided."""
    choose(page, "each")
    show(page, "moved")
    page.fill("#search", "is:undecided")
    before = page.locator("#rows > .row .what .strong").all_inner_texts()
    rows(page).first.click()
    for n, (url, following) in enumerate(pairwise(before), 1):
        drawer = page.locator("#drawer")
        assert drawer.locator("h2").inner_text() == url
        page.keyboard.press("r")
        box = page.locator("dialog.ask[open]")
        box.get_by_label("New address").press("Enter")
        page.wait_for_function(f"document.getElementById('made').textContent.includes('({n})')")
        assert drawer.is_visible()
        page.keyboard.press("j")
        page.wait_for_function(
            "url => document.querySelector('#drawer h2').textContent === url", arg=following
        )
    page.keyboard.press("j")
    said(page, "There are no more rows")
    assert len(kept(page)) == len(before) - 1


def test_only_what_can_be_decided_is_offered(page: Page) -> None:
    row(page, "lost.test").locator("input").check()
    offered = page.locator("#chosen button:visible").all_inner_texts()
    decisions = ["Replace …", "Not broken …", "Ignore until …", "Keep", "By pattern …"]
    assert offered == [*decisions, "Select none"]


def test_each_decision_in_the_drawer(page: Page) -> None:
    row(page, "gone.test").click()
    row(page, GONE[0]).click()
    drawer = page.locator("#drawer")
    drawer.get_by_role("button", name="Replace …").click()
    box = page.locator("dialog.ask[open]")
    box.get_by_label("New address").fill("https://new.test/0")
    box.get_by_role("button", name="Decide").click()
    said(page, "Replace: 1 decision")
    page.keyboard.press("Escape")
    row(page, GONE[1]).click()
    page.locator("#drawer").get_by_role("button", name="Not broken …").click()
    box = page.locator("dialog.ask[open]")
    box.get_by_label("Why").fill("it works for me")
    box.get_by_label("Why").press("Enter")
    said(page, "Not broken: 1 decision")
    page.keyboard.press("Escape")
    show(page, "amp")
    page.focus("#list")
    page.keyboard.press("d")
    said(page, "Drop: 3 decisions")
    show(page, "decided")
    found = {one["decision"] for one in kept(page).values()}
    assert found == {"replace", "not-broken", "drop"}
    assert total(page).startswith("5 rows")


def test_decisions_are_kept_for_the_run(context: BrowserContext, file: Path) -> None:
    page = looked_at(context, file, "#f=moved")
    page.focus("#list")
    page.keyboard.press("a")
    said(page, "3 decisions")
    page.close()
    again = looked_at(context, file, "#f=moved")
    assert "3 of 3 decided" in row(again, "moved.test").inner_text()


def test_two_tabs_agree(context: BrowserContext, file: Path) -> None:
    one, other = looked_at(context, file, "#f=moved"), looked_at(context, file, "#f=moved")
    one.focus("#list")
    one.keyboard.press("a")
    other.wait_for_function("document.getElementById('made').textContent === 'Decisions (3)'")
    show(other, "images")
    other.focus("#list")
    other.keyboard.press("a")
    one.wait_for_function(
        f"document.getElementById('made').textContent === 'Decisions ({3 + IMAGES})'"
    )
    other.keyboard.press("u")
    one.wait_for_function("document.getElementById('made').textContent === 'Decisions (3)'")
    assert len(kept(one)) == 3


def decide_all_kinds(page: Page) -> None:
    for name in ("moved", "images", "amp", "identity"):
        show(page, name)
        page.focus("#list")
        page.keyboard.press("a")
        said(page, "^Accept: ")
    show(page, "attention")
    row(page, "lost.test").locator("input").check()
    page.keyboard.press("n")
    box = page.locator("dialog[open]")
    box.get_by_label("Why").fill('=1+1 "so", they say\u202e 🙂')
    box.get_by_label("Why").press("Enter")
    said(page, f"Not broken: {LOST}")
    page.locator("#chosen").get_by_role("button", name="Select none").click()


def downloaded(page: Page, click: Callable[[], None], to: Path) -> Path:
    with page.expect_download() as wait:
        click()
    path = to / wait.value.suggested_filename
    wait.value.save_as(path)
    return path


@pytest.mark.parametrize("name", ["export-yaml", "export-csv"])
def test_what_is_exported_is_read_by_apply_and_by_the_page(
    context: BrowserContext, file: Path, tmp_path: Path, name: str
) -> None:
    page = looked_at(context, file)
    decide_all_kinds(page)
    page.click("#made")
    path = downloaded(page, lambda: page.click(f"#{name}"), tmp_path)
    read = list(read_decisions(path))
    wrong = [one for one in read if not isinstance(one, Instruction)]
    assert wrong == []
    made = [one for one in read if isinstance(one, Instruction)]
    before = kept(page)
    assert len(made) == len(before) == 3 + IMAGES + 3 + 3 + LOST
    assert {one.verb for one in made} == {Verb.ACCEPT, Verb.NOT_BROKEN}
    assert {one.note for one in made if one.verb is Verb.NOT_BROKEN} == {
        '=1+1 "so", they say\u202e 🙂'
    }
    assert {(one.path, one.at) for one in made if one.kind == "amp"} == {
        (f"gone-{n}.md", "ampWebUrl") for n in range(3)
    }
    page.get_by_role("button", name="Take all back").click()
    said(page, "Taken back")
    assert kept(page) == {}
    page.set_input_files("#import", path)
    said(page, f"Imported {len(before)} decisions")
    assert kept(page) == before


def test_a_report_that_an_editor_filled_in_is_imported(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(
        ["path", "at", "kind", "reason", "url", "decision", "new_value", "note", "mine"]
    )
    writer.writerow(["", "", "", "", GONE[0], "replace", "https://new.test/", "", "x"])
    writer.writerow(["", "", "", "", "https://strange.test/", "keep", "", "", ""])
    writer.writerow(["", "", "", "", GONE[1], "explode", "", "", ""])
    path.write_bytes(text.getvalue().encode("utf-16"))
    page.click("#made")
    page.set_input_files("#import", path)
    said(page, "Imported 2 decisions .*1 are about nothing in this report.*1 row with an unknown")
    assert kept(page)[f"u:{GONE[0]}"]["new_value"] == "https://new.test/"
    odd = tmp_path / "odd.yml"
    odd.write_text("no: [list\n", encoding="utf-8")
    page.set_input_files("#import", odd)
    said(page, "odd.yml cannot be read")
    assert len(kept(page)) == 2


def test_the_list_that_is_shown_is_saved_as_csv(page: Page, tmp_path: Path) -> None:
    page.fill("#search", "host:gone.test")
    path = downloaded(page, lambda: page.click("#view-csv"), tmp_path)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        table = list(csv.DictReader(stream))
    assert len(table) == 9
    assert {one["verdict"] for one in table} == {"broken", "dead"}
    assert {one["path"] for one in table} == {f"gone-{n}.md" for n in range(3)}


# ------------------------------------------------------------------------------------------- drawer


def test_the_drawer_tells_all_that_is_known(page: Page) -> None:
    row(page, "gone.test").click()
    row(page, GONE[0]).click()
    drawer = page.locator("#drawer")
    text = drawer.inner_text()
    for part in (
        "The server says that this page does not exist.",
        "Because of http-404.",
        "Failing since",
        "22 November 2026, 12:00 UTC",
        "the server answered 404",
        "Story 0 of the old town",
        "gone-0.md:7",
        "And in 2 places of related articles",
        "well-0.md:30",
        "Its other forms",
    ):
        assert part in text
    assert drawer.locator(".chain li").count() == 2
    places = drawer.locator(".places a[href^='https://web.test/']")
    assert places.first.get_attribute("href") == "https://web.test/blob/main/gone-0.md#L7"
    assert drawer.locator("del").all_inner_texts()[0] == "old"
    assert drawer.locator("ins").all_inner_texts()[0] == "new"
    assert page.locator("*").count() < MOST_NODES


def test_shapes_of_an_image_are_drawn_to_scale(page: Page) -> None:
    show(page, "images")
    row(page, "images.test").click()
    assert rows(page).count() > 1
    row(page, "images.test/0.png").click()
    drawer = page.locator("#drawer")
    assert "declared 1400 by 787, actual 700 by 700" in (
        drawer.locator("svg.shapes").get_attribute("aria-label") or ""
    )
    sizes = [
        tuple(float(shape.get_attribute(side) or 0) for side in ("width", "height"))
        for shape in drawer.locator("rect.shape").all()
    ]
    assert sizes[0][0] / sizes[0][1] == pytest.approx(1400 / 787, rel=0.01)
    assert sizes[1][0] == pytest.approx(sizes[0][0] / 2)
    assert "image-card" in drawer.inner_text()
    assert "size-mismatch" in drawer.inner_text()


def test_a_copy_button_copies(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    row(page, "gone.test").click()
    row(page, GONE[0]).click()
    page.locator("#drawer").get_by_role("button", name="Copy the address").click()
    said(page, "Copied the address")


# --------------------------------------------------------------------------- everybody, and on paper


def violations(page: Page) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found: dict[str, Any] = Axe().run(page, options=AXE).response
    return [
        f"{one['id']}: {node['html'][:200]} {node.get('failureSummary', '')[:300]}"
        for one in found["violations"]
        for node in one["nodes"][:3]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1280])
def test_axe_finds_nothing(browser: Browser, file: Path, scheme: Any, width: int) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    context.set_default_timeout(HANG * 1000)
    page = looked_at(context, file)
    assert violations(page) == []
    page.locator("#held").get_by_role("button", name="Accept: ").first.click()
    assert violations(page) == []
    row(page, "gone.test").click()
    row(page, GONE[0]).locator("input").check()
    assert violations(page) == []
    row(page, GONE[0]).click()
    page.wait_for_selector("#drawer[open]")
    assert violations(page) == []
    page.keyboard.press("Escape")
    for name in ("images", "fresh"):
        show(page, name)
        page.focus("#list")
        page.keyboard.press("a")
        row(page, "").click()
        page.keyboard.press("j")
        page.keyboard.press("o")
        assert violations(page) == []
        if page.locator("dialog[open]").count():
            page.keyboard.press("Escape")
    page.click("#made")
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.click("#help")
    assert violations(page) == []
    context.close()


@pytest.mark.parametrize("width", [400, 1280])
def test_nothing_stands_out_of_the_window(browser: Browser, file: Path, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = looked_at(context, file)
    row(page, "gone.test").click()
    row(page, GONE[0]).click()
    page.wait_for_selector("#drawer[open]")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.querySelector('#drawer').scrollWidth <= innerWidth")
    context.close()


def test_paper_has_every_row(page: Page) -> None:
    choose(page, "each")
    show(page, "all")
    amount = int(page.get_attribute("#list", "aria-rowcount") or 0) - 1
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert rows(page).count() == amount
    assert not page.is_visible("#bar")
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert rows(page).count() < 100


def test_without_a_script_it_points_to_the_markdown_report(browser: Browser, file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    assert page.get_by_role("link", name="report.md").is_visible()
    context.close()


# ------------------------------------------------------------------------------------ hostile texts


def look_everywhere(page: Page) -> str:
    """Every text that a page shows, its rows and their drawers too."""
    show(page, "all")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    texts = [page.inner_text("body")]
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    amount = int(page.get_attribute("#list", "aria-rowcount") or 0) - 1
    page.focus("#list")
    page.keyboard.press("Home")
    for _ in range(min(amount, 60)):
        page.keyboard.press("o")
        if page.locator("#drawer[open]").count():
            texts.append(page.inner_text("#drawer"))
            page.keyboard.press("Escape")
        page.keyboard.press("j")
    return "\n".join(texts)


def test_attacks_are_text_in_the_browser(context: BrowserContext, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(rendered(hostile_report(attacks())), encoding="utf-8")
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = looked_at(context, file, "#v=each")
    text = look_everywhere(page)
    assert page.complaints == []  # type: ignore[attr-defined]
    assert page.get_attribute("html", "pwned") is None
    assert set(asked) == {file.as_uri() + "#v=each"} or set(asked) == {file.as_uri()}
    assert "<script>document.documentElement" in text
    assert "\\u202e" in text
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x1b]", text)
    for anchor in page.locator("a[href]").all():
        assert re.match(r"(https?://|#|report\.md)", anchor.get_attribute("href") or "")


@pytest.mark.shared_data
def test_naughty_strings_are_text_in_the_browser(
    context: BrowserContext, tmp_path: Path, shared: Path
) -> None:
    strings = json.loads((shared / "suites" / "blns.json").read_text("utf-8"))
    file = tmp_path / "report.html"
    file.write_text(rendered(hostile_report(strings)), encoding="utf-8")
    page = looked_at(context, file, "#v=each")
    show(page, "all")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert rows(page).count() > len(strings)
    assert page.complaints == []  # type: ignore[attr-defined]
    assert page.locator("#page script, #page iframe, #page img, #page [onload]").count() == 0
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", page.inner_text("#rows"))
