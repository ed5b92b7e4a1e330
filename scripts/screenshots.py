"""Make the pictures of the documentation: report.html of the demonstration in Debian's Chromium (`make screenshots`).

python scripts/screenshots.py [--report FILE] takes them of a report that is there already.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from tests.reporting.sample_page import chromium  # noqa: E402 - after the path

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PICTURES = PROJECT / "docs" / "pictures"
_WIDE = {"width": 1280, "height": 800}
_NARROW = {"width": 400, "height": 800}


def main() -> None:
    """Take all of them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--report", type=Path, help="a report.html that is there already")
    options = parser.parse_args()
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        report = options.report or demonstrated(Path(folder) / "linkhealth-demo")
        take(browser, report.resolve())


def demonstrated(folder: Path) -> Path:
    """The report of the demonstration, which is run for it."""
    command = [sys.executable, "-m", "crawler", "demo", "--keep", str(folder)]
    subprocess.run(command, check=True, cwd=PROJECT, stdout=subprocess.DEVNULL)
    return folder / ".linkhealth" / "reports" / "report.html"


def take(browser: Browser, report: Path) -> None:
    """Take the pictures, each of a page that was just opened."""
    looks: list[tuple[str, dict[str, Any]]] = [
        ("light", {"viewport": _WIDE, "color_scheme": "light"}),
        ("dark", {"viewport": _WIDE, "color_scheme": "dark"}),
        ("narrow", {"viewport": _NARROW, "color_scheme": "light"}),
        ("drawer", {"viewport": _WIDE, "color_scheme": "light"}),
        ("group", {"viewport": _WIDE, "color_scheme": "light"}),
    ]
    for name, look in looks:
        context = browser.new_context(**look)
        page = context.new_page()
        page.goto(report.as_uri())
        page.wait_for_selector("html[data-whole]", state="attached")
        _BEFORE.get(name, lambda _: None)(page)
        page.screenshot(path=PICTURES / f"{name}.png")
        context.close()


def _drawer(page: Page) -> None:
    page.click('[data-view="each"]')
    page.focus("#list")
    page.keyboard.press("o")
    page.wait_for_selector("#drawer[open]")


def _group(page: Page) -> None:
    group = page.locator("#rows > .group").first
    group.click()
    group.locator("input").check()
    page.locator("#chosen").get_by_role("button", name="By pattern").click()
    box = page.locator("dialog[open]")
    start = box.get_by_label("Old beginning").input_value()
    box.get_by_label("New beginning").fill(start.replace("://", "://archive."))


_BEFORE = {"drawer": _drawer, "group": _group}

if __name__ == "__main__":
    main()
