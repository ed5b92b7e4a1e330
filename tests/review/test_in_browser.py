"""The review in a real browser: from a decision in the page to a changed file, and what two people see of each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.commands.after_a_crawl import FOUND, LOST, NEW, OLD
from tests.reporting.sample_page import chromium
from tests.review.asking import row
from tests.review.conftest import Served
from tests.review.test_deciding import BROKEN, changed_by_a_run

pytestmark = [pytest.mark.browser, pytest.mark.server]

Opened = Callable[[], Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    with chromium() as started:
        expect.set_options(timeout=60_000)
        yield started


@pytest.fixture
def opened(browser: Browser, served: Served) -> Iterator[Opened]:
    """Open the page as another person each time; whatever the page complains of fails the test."""
    said: list[str] = []
    contexts = []

    def open_page() -> Page:
        context = browser.new_context()
        contexts.append(context)
        context.set_default_timeout(60_000)
        page = context.new_page()
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on(
            "console",
            lambda told: said.append(told.text) if told.type in ("error", "warning") else None,
        )
        page.goto(served.server.gate.address)
        page.wait_for_selector("html[data-ready]")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert said == []


def search(page: Page, words: str) -> None:
    """Show the rows that have these words, and mark the first."""
    page.keyboard.press("/")
    page.fill("#search", words)
    page.keyboard.press("Enter")
    page.keyboard.press("End")


def decide_to_replace(page: Page, url: str, new: str) -> None:
    search(page, url)
    page.keyboard.press("r")
    page.get_by_label("New address").fill(new)
    page.get_by_role("button", name="Decide", exact=True).click()


def decisions(page: Page) -> None:
    page.get_by_role("button", name="Decisions").first.click()
    page.wait_for_selector("#decisions")


def test_from_a_decision_to_a_changed_file(opened: Opened, served: Served) -> None:
    page = opened()
    decide_to_replace(page, LOST, FOUND)
    expect(page.locator("#said")).to_contain_text("Replace: 1 decision")
    (kept,) = served.page().open()
    assert kept["row"] == {"url": LOST, "decision": "replace", "new_value": FOUND}
    assert kept["seen"] == BROKEN | {"suggestion": None}
    decisions(page)
    page.click("#show-diff")
    expect(page.locator("#diff")).to_contain_text(f'+webUrl: "{FOUND}"')
    assert LOST in served.text("lost.md")
    page.click("#write")
    expect(page.locator("#diff")).to_contain_text("1 file changed, 1 decision carried out")
    assert f'\nwebUrl: "{FOUND}"\n' in served.text("lost.md")
    assert served.page().open() == []


def test_what_was_written_is_not_to_be_decided_again(opened: Opened, served: Served) -> None:
    """The page shows the report as it was made: its rows say that they are done, to everybody."""
    page, other = opened(), opened()
    decide_to_replace(page, LOST, FOUND)
    expect(page.locator("#said")).to_contain_text("Replace: 1 decision")
    decisions(page)
    page.click("#show-diff")
    expect(page.locator("#diff")).to_contain_text("1 file would change.")
    page.click("#write")
    expect(page.locator("#said")).to_contain_text("1 file changed, 1 decision carried out")
    expect(page.locator("#decisions h2")).to_have_text("Decisions (0)")
    page.keyboard.press("Escape")
    for one in (page, other):
        one.fill("#search", f"is:written {LOST}")
        expect(one.locator("#rows")).to_contain_text("Written: Replace")
        one.fill("#search", f"is:undecided {LOST}")
        expect(one.locator("#rows")).to_contain_text("Nothing matches")


def test_what_a_page_says_of_an_article_is_accepted(opened: Opened, served: Served) -> None:
    """A decision on a place, in the page and with the columns of a report's row."""
    page = opened()
    page.select_option("#filter", "fresh")
    page.click('[data-view="each"]')
    search(page, "path:dated.md")
    page.keyboard.press("a")
    expect(page.locator("#said")).to_contain_text("Accept: ")
    (decided,) = served.page().open()
    assert (decided["row"]["path"], decided["seen"]["verdict"]) == ("dated.md", "alive")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    decisions(page)
    expect(page.locator("#decisions")).to_contain_text("Decisions (1)")
    page.click("#write")
    expect(page.locator("#diff")).to_contain_text("1 file changed")
    assert f'"{decided["row"]["suggestion"]}"' in served.text("dated.md")


def test_what_is_held_back_is_accepted_in_the_page(opened: Opened, served: Served) -> None:
    served.hold(LOST, "lost.md")
    page, other = opened(), opened()
    told = "1 URL of site.example (http-404) in 1 article"
    page.get_by_role("button", name=f"Accept: {told}").click()
    expect(page.locator("#said")).to_contain_text("Accept: 1 decision")
    expect(other.locator("#held .mark")).to_have_text("Accept")
    decisions(page)
    page.click("#show-diff")
    expect(page.locator("#diff")).to_contain_text("0 files would change; 1 URL would be accepted")
    page.click("#write")
    expect(page.locator("#diff")).to_contain_text("1 URL accepted of what was held back")
    for one in (page, other):
        expect(one.locator("#held .mark")).to_have_text("Accepted")
    assert served.server.review.session.state.held() == []
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert page.locator("#held").count() == 0


def test_an_undo_takes_the_decision_back(opened: Opened, served: Served) -> None:
    page = opened()
    decide_to_replace(page, LOST, FOUND)
    expect(page.locator("#said")).to_contain_text("1 decision")
    page.keyboard.press("u")
    expect(page.locator("#said")).to_contain_text("Undone")
    assert served.page().open() == []


def test_decisions_outlive_the_page(opened: Opened, served: Served) -> None:
    page = opened()
    decide_to_replace(page, LOST, FOUND)
    expect(page.locator("#said")).to_contain_text("1 decision")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    decisions(page)
    expect(page.locator("#decisions")).to_contain_text(LOST)


def test_two_people_see_each_others_decisions(opened: Opened, served: Served) -> None:
    one, two = opened(), opened()
    decide_to_replace(one, LOST, FOUND)
    expect(one.locator("#said")).to_contain_text("1 decision")
    expect(two.get_by_role("button", name="Decisions").first).to_contain_text("1")
    decisions(two)
    expect(two.locator("#decisions")).to_contain_text(FOUND)


def test_who_comes_late_is_shown_what_the_other_decided(opened: Opened, served: Served) -> None:
    """The second page has not heard of the first decision: the server holds its question back."""
    page = opened()
    page.route("**/api/changes*", lambda _: None)
    page.reload()
    page.wait_for_selector("html[data-ready]")
    served.page("page-of-person-two").decide(
        row(LOST, "not-broken", seen=BROKEN, note="it is there")
    )
    decide_to_replace(page, LOST, FOUND)
    expect(page.locator("#said")).to_contain_text("somebody else decided: Not broken")
    (kept,) = served.page().open()
    assert kept["row"]["decision"] == "not-broken"
    decide_to_replace(page, LOST, FOUND)
    expect(page.locator("#said")).to_contain_text("Replace: 1 decision")
    (kept,) = served.page().open()
    assert kept["row"]["decision"] == "replace"


def test_a_link_that_a_run_changed_is_shown_again(opened: Opened, served: Served) -> None:
    page = opened()
    decide_to_replace(page, LOST, FOUND)
    expect(page.locator("#said")).to_contain_text("1 decision")
    changed_by_a_run(served, LOST)
    # Another decision wakes the page, which hears of the change with it.
    served.page("page-of-person-two").decide(
        row(
            OLD,
            "keep",
            seen={"verdict": "moved", "reason": "redirect-permanent", "suggestion": NEW},
        )
    )
    expect(page.locator("#said")).to_contain_text("changed since")
    decisions(page)
    expect(page.locator("#decisions")).to_contain_text("now dead (http-410)")
    page.get_by_role("button", name="Decide so all the same").click()
    expect(page.locator("#decisions")).not_to_contain_text("has changed since")
    assert {one["row"]["url"]: one["seen"] for one in served.page().open()}[LOST] == {
        "verdict": "dead",
        "reason": "http-410",
        "suggestion": None,
    }


def test_a_foreign_page_in_the_same_browser_reads_and_writes_nothing(
    browser: Browser, served: Served
) -> None:
    """It knows the address, and tries a fetch, a form and a frame."""
    address = served.server.gate.address
    context = browser.new_context()
    page = context.new_page()
    page.route(
        "http://evil.example/",
        lambda route: route.fulfill(body="<p>evil", content_type="text/html"),
    )
    page.goto("http://evil.example/")
    found = page.evaluate(
        """async (base) => {
          const said = [];
          const tries = [
            () => fetch(base + "api/decisions"),
            () => fetch(base + "api/decisions", { mode: "no-cors" }),
            () => fetch(base + "api/write", { method: "POST", body: "{}" }),
            () => fetch(base + "api/write", { method: "POST", mode: "no-cors", body: "{}" }),
            () => fetch(base + "api/write", { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" }),
          ];
          for (const one of tries) said.push(await one().then((got) => got.type + got.status, () => "blocked"));
          const frame = document.createElement("iframe");
          frame.src = base;
          document.body.append(frame);
          await new Promise((go) => { frame.onload = go; setTimeout(go, 5000); });
          let inside = "hidden";
          try { inside = frame.contentDocument ? frame.contentDocument.body.textContent : "hidden"; } catch { /* another origin */ }
          return [...said, inside];
        }""",
        address,
    )
    context.close()
    assert set(found) <= {"blocked", "opaque0", "hidden", ""}
    assert served.page().open() == []
