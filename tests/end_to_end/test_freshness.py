"""Rules F1 to F8 by two whole runs, with pages changed between them by the origin."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.end_to_end.collection import Collection, Report, article
from tests.web import pages
from tests.web.rules import Answer, Certificate, Rules
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-freshness")

STORY, TITLE = "/2020/a-story-of-note", "The very title"
PUBLISHED, LATER = "2026-02-01T08:00:00Z", "2026-03-02T08:00:00Z"
OTHER = "Quite another title by now"
WORDS, EDITED = "The words of the story. ", "The words of the story, and a correction. "
GONE = Answer(status=404)
NOT_FOUND = Answer(body=pages.page("Page not found", body="<h1>Page not found</h1>"))


def story(
    words: str = WORDS, *, title: str = TITLE, modified: str | None = None, aside: str = ""
) -> Answer:
    date = f'<meta property="article:modified_time" content="{modified}">' if modified else ""
    body = f"<nav>{aside}</nav><article><p>{words * 40}</p></article><aside>{aside}</aside>"
    return Answer(body=pages.page(title, head=date, body=body))


@dataclass(frozen=True)
class Case:
    """A host's answers in two runs, and the state and the update after the second."""

    name: str
    first: Answer
    second: Answer
    state: str
    update: str | None
    certificate: Certificate = Certificate.VALID

    @property
    def host(self) -> str:
        return f"{self.name}.example"


CASES = [
    Case("same", story(), story(), "current", "unchanged"),
    Case("advert", story(aside="Buy 3"), story(aside="Sell 12 now"), "current", "unchanged"),
    Case("updated", story(modified=PUBLISHED), story(EDITED, modified=LATER), "updated", "updated"),
    Case("touched", story(modified=PUBLISHED), story(modified=LATER), "current", "touched"),
    Case("silent", story(modified=PUBLISHED), story(EDITED, modified=PUBLISHED), "current", "silent-edit"),
    Case("dateless", story(), story(EDITED), "current", "silent-edit"),
    Case("since", story(modified=LATER), story(modified=LATER), "updated", "updated-since-publication"),
    Case("drifted", story(), story(title=OTHER), "drifted", "silent-edit"),
    Case("walled", story(), Answer(status=403), "current", "unchanged"),
    Case("never", Answer(status=403), Answer(status=403), "unverified", None),
    Case("gone", story(), GONE, "unverified", None),
    Case("soft", story(), NOT_FOUND, "unverified", None),
    Case("foreign", story(title=OTHER), story(title=OTHER), "unverified", None, Certificate.SELF_SIGNED),
]  # fmt: skip
BY_NAME = {case.name: case for case in CASES}


@pytest.fixture(scope="module")
def report(module_web: LoopbackWeb, tmp_path_factory: pytest.TempPathFactory) -> Report:
    collection = Collection(tmp_path_factory.mktemp("collection"))
    for case in CASES:
        text = article(TITLE, web=f"https://{case.host}{STORY}", published=PUBLISHED)
        collection.add(f"{case.name}.md", text)
    certificates = {case.host: case.certificate for case in CASES}
    for day, answers in (
        ("2026-03-03", {f"//{case.host}{STORY}": case.first for case in CASES}),
        ("2026-05-20", {f"//{case.host}{STORY}": case.second for case in CASES}),
    ):
        module_web.set_rules(Rules(answers, certificates))
        ended = collection.audit(
            module_web, "-a", "due=all", "--fail-on", "never", LINKHEALTH_CLOCK=f"{day}T12:00:00Z"
        )
        assert (ended.code, ended.stderr) == (0, "")
    return collection.report()


@pytest.mark.parametrize("name", BY_NAME)
def test_each_state_appears_where_it_should_and_nowhere_else(report: Report, name: str) -> None:
    case, found = BY_NAME[name], report.articles[f"{name}.md"]["freshness"]
    assert (found["state"], found["update"]) == (case.state, case.update)
    assert found["drift"] == (["title"] if case.state == "drifted" else [])
