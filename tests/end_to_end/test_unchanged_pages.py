"""Rules M19 and M20 by whole runs: what is not read again changes nothing that anybody sees."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.collection import Collection, article
from tests.web import pages
from tests.web.rules import Answer
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-unchanged-pages")

_TIME = re.compile(r"(?<=\d{4}-\d\d-\d\dT)[\d:.]+(?=Z)")
STORY = "/2020/03/a-story-of-note"
DATED = '<meta property="article:published_time" content="2020-03-04T08:00:00Z">'
TEXT = "<article><p>" + "The pier was opened again by the mayor of the town last week. " * 20
SHOWN = "<p class=byline>By Jane Doe</p><p><time>4 March 2020</time></p><img src=/pier.jpg width=800 height=600>"
TITLE = "A title"
SAME = {
    "dated": Answer(body=pages.page(TITLE, head=DATED, body=TEXT)),
    "guessed": Answer(body=pages.page(TITLE, body=f"{TEXT}{SHOWN}</article>")),
    "foreign": Answer(body=pages.page("Quite another thing", body=TEXT)),
    "moved": Answer(status=301, location=f"https://dated.example{STORY}"),
    "cached": Answer(body=pages.page(TITLE, head=DATED, body=TEXT), etag='"1"'),
    "soft": Answer(body=pages.page("Page not found", body="<h1>Page not found</h1>")),
    "walled": Answer(status=403),
    "gone": Answer(status=404),
    "leads": Answer(body=f'<meta http-equiv="refresh" content="0; url=https://dated.example{STORY}">'),
    "loops": Answer(body='<title>Redirecting</title><script>location.href="/2020/03/other-place"</script>'),
    "part": Answer(body=pages.page(TITLE, body=f"{TEXT}<h2 id=there>x</h2>")),
}  # fmt: skip
CHANGED = {
    "edited": (TEXT, TEXT.replace("opened", "closed")),
    "titled": (TEXT, f"<h2>Now</h2>{TEXT}"),
}


def answers(visit: int) -> dict[str, Answer]:
    changed = {
        name: Answer(body=pages.page(TITLE, head=DATED, body=texts[visit]))
        for name, texts in CHANGED.items()
    }
    return {f"//{name}.example{STORY}": one for name, one in (SAME | changed).items()}


def url(name: str) -> str:
    return f"https://{name}.example{STORY}"


def collection(root: Path) -> Collection:
    made, names = Collection(root), [*SAME, *CHANGED]
    for name in names:
        text = f"[There]({url(name)}#there)\n" if name == "part" else ""
        made.add(f"{name}.md", article(TITLE, web=url(name), published="2020-03-04T08:00:00Z") + text)  # fmt: skip
    made.add("others.md", article("Others", related=[url(name) for name in names]))
    return made


def crawl(made: Collection, web: LoopbackWeb, day: str) -> None:
    """Later in the day at the second time: how many days lie between does not depend on how long the first crawl took."""
    ended = made.audit(web, "-a", "due=all", "--fail-on", "never", LINKHEALTH_CLOCK=f"{day}:00:00Z")
    assert (ended.code, ended.stderr) == (0, "")


def state(made: Collection) -> sqlite3.Connection:
    return sqlite3.connect(made.root / ".linkhealth" / "state.sqlite3")


def rows(made: Collection, statement: str) -> list[tuple[Any, ...]]:
    with state(made) as database:
        return database.execute(statement).fetchall()


def report(made: Collection) -> Mapping[str, Any]:
    text = json.dumps(made.report().document).replace(made.root.as_posix(), "ROOT")
    # The clock goes on while they are crawled one after the other.
    document: dict[str, Any] = json.loads(_TIME.sub("", text))
    return document


@pytest.fixture(scope="module")
def twins(
    module_web: LoopbackWeb, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Collection, Collection]:
    """Two copies of a collection that was crawled once; the second visit read every page again in the second one, as the
    state had forgotten from what its pages were read."""
    folder = tmp_path_factory.mktemp("twins")
    one = collection(folder / "one" / "news")
    module_web.set_rules(answers(0))
    crawl(one, module_web, "2026-03-03T12")
    other = Collection(folder / "other" / "news")
    shutil.copytree(one.root, other.root, dirs_exist_ok=True)
    with state(other) as database:
        database.execute("UPDATE links SET page_mark = NULL")
    module_web.set_rules(answers(1))
    for each in (one, other):
        crawl(each, module_web, "2026-05-20T15")
    return one, other


def test_reports_and_files_are_the_same(twins: tuple[Collection, Collection]) -> None:
    one, other = twins
    assert report(one) == report(other)
    assert one.contents() == other.contents()
    assert one.report().articles["edited.md"]["freshness"]["update"] == "silent-edit"
    assert one.report().articles["dated.md"]["freshness"]["update"] == "unchanged"


# The names of probes are made up anew in each run.
_OBSERVED = "o.status, sign, o.page, o.further, sibling IS NULL, o.failure_detail"


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT url, kind, reason, status, final_url, page, baseline, image, etag, due_at - checked_at FROM links ORDER BY url",
        f"SELECT url, {_OBSERVED} FROM observations AS o JOIN links ON links.id = link_id ORDER BY url, at",
        "SELECT old_kind, old_reason, new_kind, new_reason FROM verdict_changes ORDER BY link_id, at",
    ],
)
def test_the_states_are_the_same(twins: tuple[Collection, Collection], statement: str) -> None:
    one, other = twins
    found = rows(one, statement)
    assert found
    assert found == rows(other, statement)


def test_facts_of_unchanged_pages_are_those_that_were_kept(
    module_web: LoopbackWeb, tmp_path: Path
) -> None:
    """What the state holds is shown: nobody has read the page again."""
    made = collection(tmp_path / "kept")
    module_web.set_rules(answers(0))
    crawl(made, module_web, "2026-03-03T12")
    with state(made) as database:
        database.execute("UPDATE links SET page = replace(page, 'A title', 'What was kept')")
    module_web.set_rules(answers(1))
    crawl(made, module_web, "2026-05-20T15")
    kept = {
        name
        for name in (*SAME, *CHANGED)
        if (page := made.report().url(url(name))["page"]) and page["title"] == "What was kept"
    }
    assert kept == {"dated", "guessed", "cached", "part"} | {"moved", "leads"}


def test_a_related_page_is_read_whole_when_an_article_takes_it(
    module_web: LoopbackWeb, tmp_path: Path
) -> None:
    made = Collection(tmp_path / "taken")
    made.add(
        "others.md", article("Others", web=url("dated"), related=[url("guessed"), url("cached")])
    )
    module_web.set_rules(answers(0))
    crawl(made, module_web, "2026-03-03T12")
    found = made.report().url(url("guessed"))["page"]
    assert (found["title"], found["published"], found["authors"], found["image"]) == (TITLE, None, [], None)  # fmt: skip
    baselines = "SELECT page_mark LIKE 'related:%', baseline IS NULL FROM links"
    baselines += " WHERE url NOT LIKE '%dated%' ORDER BY url"
    assert rows(made, baselines) == [(1, 1), (1, 1)]
    for name in ("guessed", "cached"):
        made.add(f"{name}.md", article(TITLE, web=url(name), published="2020-03-04T08:00:00Z"))
    crawl(made, module_web, "2026-05-20T15")
    found = made.report().url(url("guessed"))["page"]
    assert (found["published"], found["authors"], found["published_guessed"]) == ("2020-03-04", ["Jane Doe"], True)  # fmt: skip
    for name in ("guessed", "cached"):
        freshness = made.report().articles[f"{name}.md"]["freshness"]
        assert (freshness["state"], freshness["update"]) == ("current", "unchanged"), name
    assert rows(made, baselines) == [(0, 0), (0, 0)]
