"""From the page to changed files: what an editor decides in report.html in a browser, `apply` carries out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.collection import Collection, Image, article, run_command
from tests.reporting.sample_page import chromium
from tests.web.pages import page as web_page
from tests.web.rules import Answer, redirect
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.browser

MOVED, MOVED_TO = "https://moved.example/old/a-story", "https://moved.example/new/a-story"
GONE = [f"https://gone.example/old/a-story-lost-{number}" for number in range(3)]
FLAKY = "https://flaky.example/a-story-ill"
PICTURE = "https://pictures.example/one.png"
OLD_TITLE, NEW_TITLE = "What it was called before", "What the page is called by now"
DRIFTED = "https://drifted.example/a-story-renamed"
RULES: dict[str, Answer] = {
    MOVED: redirect(MOVED_TO, 301),
    MOVED_TO: Answer(body=web_page("A title")),
    **{url: Answer(status=404) for url in GONE},
    FLAKY: Answer(status=410),
    PICTURE: Answer(image=(1200, 675)),
    DRIFTED: Answer(body=web_page(NEW_TITLE)),
}


@pytest.mark.parametrize("name", ["yaml", "csv"])
def test_from_the_page_to_changed_files(web: LoopbackWeb, tmp_path: Path, name: str) -> None:
    folder = Collection(tmp_path / "site")
    folder.add("moved.md", article("A title", web=MOVED))
    for number, url in enumerate(GONE):
        folder.add(f"gone-{number}.md", article("A title", web=url))
    folder.add("flaky.md", article("A title", web=FLAKY))
    folder.add("drifted.md", article(OLD_TITLE, web=DRIFTED))
    folder.add("picture.md", article("A title", images=[Image(PICTURE, (1400, 787))]))
    web.set_rules(RULES)
    audited = folder.audit(web, "--fail-on", "never", "-a", "write_back=no")
    assert audited.code == 0, audited.stderr
    decided = tmp_path / f"decisions.{name}"
    decide(folder.root / ".linkhealth" / "reports" / "report.html", decided, name)
    done = run_command(web, "apply", str(decided), "--content", str(folder.root), "--write")
    assert (done.code, done.stderr) == (0, ""), done.stdout
    texts = {path.name: path.read_text(encoding="utf-8") for path in folder.root.glob("*.md")}
    assert MOVED_TO in texts["moved.md"]
    for number in range(3):
        assert f"https://kept.example/a-story-lost-{number}" in texts[f"gone-{number}.md"]
    assert FLAKY in texts["flaky.md"]
    assert NEW_TITLE in texts["drifted.md"]
    assert "width: 1200" in texts["picture.md"]
    listed = run_command(web, "ignore", "--list", str(folder.root))
    assert "their server is moving" in listed.stdout
    assert "2999-01-31" in listed.stdout


def decide(report: Path, decided: Path, name: str) -> None:
    """What an editor does in the page, with keys and dialogs."""
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(report.as_uri())
        page.wait_for_selector("html[data-whole]", state="attached")
        for shown in ("moved", "images"):
            page.select_option("#filter", shown)
            page.focus("#list")
            page.keyboard.press("a")
        page.select_option("#filter", "fresh")
        page.locator("#rows > .row", has_text=NEW_TITLE).locator("input").check()
        page.keyboard.press("a")
        page.locator("#chosen").get_by_role("button", name="Select none").click()
        page.select_option("#filter", "attention")
        page.locator("#rows > .row", has_text="gone.example").locator("input").check()
        page.keyboard.press("r")
        box = page.locator("dialog[open]")
        box.get_by_label("Old beginning").fill("https://gone.example/old/")
        box.get_by_label("New beginning").fill("https://kept.example/")
        box.get_by_role("button", name="Decide on all").click()
        page.locator("#chosen").get_by_role("button", name="Select none").click()
        page.locator("#rows > .row", has_text="flaky.example").locator("input").check()
        page.keyboard.press("i")
        box = page.locator("dialog[open]")
        box.get_by_label("Why").fill("their server is moving")
        box.get_by_label("Until").fill("2999-01-31")
        box.get_by_role("button", name="Decide").click()
        page.click("#made")
        with page.expect_download() as wait:
            page.click(f"#export-{name}")
        wait.value.save_as(decided)
