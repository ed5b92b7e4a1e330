"""What is told until an editor has seen it, and what is told once (rules F7, F10, I20), over four days."""

from __future__ import annotations

import csv
from dataclasses import dataclass

import pytest

from tests.end_to_end.collection import Collection, Image, Report, article, run_command
from tests.web import pages
from tests.web.rules import Answer, redirect
from tests.web.running import Completed
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-seen")

EDITED, RETITLED, PAID, CLOSED, WATCHED = (
    f"https://{name}.example/2020/a-story-of-note"
    for name in ("edited", "retitled", "paid", "closed", "watched")
)
PHOTO = "https://photo.example/pictures/harbour.png"
TITLE, OTHER = "A title", "The harbour opens a year late"
NOT_FREE = (
    '<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle",'
    '"headline":"A title","isAccessibleForFree":false}</script>'
)


def story(day: int, *, title: str = TITLE, edition: int = 1, head: str = "") -> Answer:
    """A page as it was changed on a day of March."""
    date = f"2026-03-{day:02}T08:00:00Z"
    head += f'<meta property="article:modified_time" content="{date}">'
    words = f"The words of edition number {'x' * edition} of the story about the harbour. " * 40
    return Answer(body=pages.page(title, head=head, body=f"<article><p>{words}</p></article>"))


def picture(width: int) -> Answer:
    return Answer(image=(width, 630), etag=f'"of-{width}"')


FIRST = {
    EDITED: story(1),
    RETITLED: story(1),
    PAID: story(1),
    CLOSED: story(1),
    WATCHED: story(1),
    PHOTO: picture(1200),
}
SECOND = FIRST | {
    EDITED: story(2, edition=2),
    RETITLED: story(2, edition=2, title=OTHER),
    PAID: story(1, head=NOT_FREE),
    CLOSED: redirect("/login?next=/2020/a-story-of-note"),
    "https://closed.example/login*": Answer(body=pages.page("Log in", body="<form></form>")),
    PHOTO: picture(1201),
}
LAST = SECOND | {
    EDITED: story(4, edition=3),
    RETITLED: story(4, edition=3, title=OTHER),
}
DECISIONS = {
    (EDITED, "updated"): "seen",
    (RETITLED, "drifted"): "accept",
    (PAID, "now-paywall"): "seen",
    (CLOSED, "now-login"): "seen",
}


@dataclass(frozen=True)
class Day:
    report: Report
    rows: tuple[dict[str, str], ...]

    def told(self, *kinds: str) -> set[tuple[str, str]]:
        return {
            (row["url"], reason)
            for row in self.rows
            if row["kind"] in kinds
            for reason in (row["reason"], *row["also"].split())
        }


@dataclass(frozen=True)
class Outcome:
    days: dict[str, Day]
    dry: Completed
    applied: Completed
    refused: Completed


@pytest.fixture(scope="module")
def outcome(module_web: LoopbackWeb, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    made = Collection(tmp_path_factory.mktemp("collection"))
    for url in (EDITED, RETITLED, PAID, CLOSED):
        made.add(
            f"{url.split('/')[2]}.md", article(TITLE, web=url, published="2026-03-01T08:00:00Z")
        )
    made.add(
        "photo.md",
        article(TITLE, web=WATCHED, images=[Image(PHOTO)], published="2026-03-01T08:00:00Z"),
    )
    days: dict[str, Day] = {}
    path = tmp_path_factory.mktemp("decisions") / "decided.csv"

    def audit(name: str, day: int, rules: dict[str, Answer], *arguments: str) -> None:
        module_web.set_rules(rules)
        ended = made.audit(module_web, *arguments, LINKHEALTH_CLOCK=f"2026-03-{day:02}T12:00:00Z")
        assert (ended.code, ended.stderr) == (0, "")
        with (made.root / ".linkhealth/reports/report.csv").open(encoding="utf-8-sig") as stream:
            days[name] = Day(made.report(), tuple(csv.DictReader(stream)))

    def apply(*arguments: str) -> Completed:
        where = ("--content", str(made.root))
        clock = {"LINKHEALTH_CLOCK": "2026-03-02T18:00:00Z"}
        return run_command(module_web, "apply", str(path), *where, *arguments, env=clock)

    audit("first", 1, FIRST)
    audit("second", 2, SECOND, "--due", "all")
    audit("second again", 2, SECOND)
    rows = [dict(row) for row in days["second again"].rows]
    for row in rows:
        row["decision"] = DECISIONS.get((row["url"], row["reason"]), "")
    assert sum(bool(row["decision"]) for row in rows) == len(DECISIONS)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    dry, applied = apply(), apply("--write")
    path.write_text("decision,url\nseen,https://nowhere.example/\n", encoding="utf-8")
    refused = apply("--write")
    audit("third", 3, SECOND, "--due", "all")
    audit("fourth", 4, LAST, "--due", "all")
    return Outcome(days, dry, applied, refused)


def test_what_changed_is_told(outcome: Outcome) -> None:
    assert outcome.days["first"].told("metadata") == set()
    assert outcome.days["second"].told("metadata") == set(DECISIONS)
    walled = {
        path: entry["freshness"]["walled"]
        for path, entry in outcome.days["second"].report.articles.items()
    }
    assert walled == {
        "edited.example.md": None,
        "retitled.example.md": None,
        "paid.example.md": "paywall",
        "closed.example.md": "login",
        "photo.md": None,
    }


def test_it_is_told_until_it_was_seen(outcome: Outcome) -> None:
    assert outcome.days["second again"].told("metadata") == set(DECISIONS)
    assert outcome.days["third"].told("metadata") == set()
    assert {
        entry["freshness"]["state"] for entry in outcome.days["third"].report.articles.values()
    } == {"current"}


def test_the_next_change_is_told_again(outcome: Outcome) -> None:
    assert outcome.days["fourth"].told("metadata") == {(EDITED, "updated"), (RETITLED, "updated")}


def test_another_picture_is_told_once(outcome: Outcome) -> None:
    told = {name: day.told("image") for name, day in outcome.days.items()}
    replaced = (PHOTO, "image-replaced")
    assert [name for name, found in told.items() if replaced in found] == ["second"]


def test_a_decision_says_what_it_did(outcome: Outcome) -> None:
    assert outcome.dry.code == outcome.applied.code == 0
    assert "3 decisions on links would be noted" in outcome.dry.stdout
    assert "3 decisions on links noted" in outcome.applied.stdout
    assert outcome.refused.code == 2
    assert "no article is known to hold the link" in outcome.refused.stderr
