"""A run changes the block of a file, and nothing else in it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from tests.end_to_end.collection import SECURED, Collection, Image, Report, article, run_command
from tests.web import pages
from tests.web.origin import Request
from tests.web.rules import Answer
from tests.web.running import Completed
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-files")

DAY_0, DAY_1, DAY_4 = "2026-03-01T12:00:00Z", "2026-03-02T12:00:00Z", "2026-03-05T12:00:00Z"
BOM = b"\xef\xbb\xbf"

HEALTHY = article("A fine story", web="https://site.example/fine")
BROKEN = article(
    "A lost story",
    web="https://site.example/lost",
    amp="https://site.example/lost/amp",
    images=[Image("https://pictures.example/40x30.png", (400, 400))],
    related=["https://site.example/lost", "https://site.example/also-lost"],
)
DRIFTED = article("An old title", web="https://site.example/renamed")
RELATED = article(
    "Only others", web="https://site.example/others", related=["https://no.example/x"]
)
WITHOUT_SECURED = HEALTHY.replace(f'secured: "{SECURED}"\n', "")
FILES: dict[str, bytes] = {
    "healthy.md": HEALTHY.encode(),
    "broken.md": BROKEN.encode(),
    "crlf.md": BROKEN.replace("\n", "\r\n").encode(),
    "bom.md": BOM + BROKEN.encode(),
    "no-newline.md": BROKEN.removesuffix("\n").encode(),
    "drifted.md": DRIFTED.encode(),
    "related.md": RELATED.encode(),
    "without-secured.md": WITHOUT_SECURED.encode(),
    "body.html": BROKEN.encode() + "A body — with text.\n---\nsecured: no key\n".encode(),
    "plain.md": b"# No front matter\n",
    "_data/other.yml": b"linkHealth: not ours\n",
}

DEAD_LINKS = """\
  deadLinks:
    - {at: webUrl, verdict: broken, reason: http-404, since: '2026-03-01', url: 'https://site.example/lost'}
    - {at: ampWebUrl, verdict: broken, reason: http-410, since: '2026-03-01', url: 'https://site.example/lost/amp'}
"""
BLOCK_BROKEN = f"""\
linkHealth:
  schema: 1
  since: '2026-03-01'
{DEAD_LINKS}\
  freshness: {{state: unverified}}
  imageSizes:
    - {{at: images/0, reason: size-mismatch, declared: 400x400, actual: 40x30, url: 'https://pictures.example/40x30.png'}}
    - {{at: images/0, reason: aspect-mismatch, declared: 400x400, actual: 40x30, url: 'https://pictures.example/40x30.png'}}
    - {{at: images/0, reason: image-too-small, actual: 40x30, url: 'https://pictures.example/40x30.png'}}
"""
BLOCK_HEALTHY = """\
linkHealth:
  schema: 1
  since: '2026-03-01'
  deadLinks: []
  freshness: {state: current}
  imageSizes: []
"""
BLOCK_DRIFTED = BLOCK_HEALTHY.replace("{state: current}", "{state: drifted, drift: [title]}")
BLOCK_RELATED_BROKEN = """\
  related:
    - {at: related/0/webUrl, verdict: broken, reason: http-404, since: '2026-03-01', url: 'https://site.example/lost'}
    - {at: related/1/webUrl, verdict: broken, reason: http-404, since: '2026-03-01', url: 'https://site.example/also-lost'}
"""


def with_block(data: bytes, block: str) -> bytes:
    """The file with this block before `secured`, in its own line ends."""
    ending = b"\r\n" if b"\r\n" in data else b"\n"
    key = ending + b"secured:"
    head, found, tail = data.partition(key)
    assert found
    return head + ending + block.encode().replace(b"\n", ending).rstrip(b"\r\n") + found + tail


EXPECTED: dict[str, bytes] = FILES | {
    "healthy.md": with_block(FILES["healthy.md"], BLOCK_HEALTHY),
    "drifted.md": with_block(FILES["drifted.md"], BLOCK_DRIFTED),
    "related.md": with_block(FILES["related.md"], BLOCK_HEALTHY),
    "without-secured.md": FILES["without-secured.md"].replace(
        b"\n---\n", b"\n" + BLOCK_HEALTHY.encode() + b"---\n"
    ),
    **{
        name: with_block(FILES[name], BLOCK_BROKEN)
        for name in ("broken.md", "crlf.md", "bom.md", "no-newline.md", "body.html")
    },
}

RULES = {
    "//site.example/fine": Answer(body=pages.page("A fine story")),
    "//site.example/others": Answer(body=pages.page("Only others")),
    "//site.example/renamed": Answer(body=pages.page("A new title")),
    "//site.example/lost": Answer(status=404),
    "//site.example/lost/amp": Answer(status=410),
    "//site.example/also-lost": Answer(status=404),
    "//no.example/x": Answer(status=404),
}


@dataclass(frozen=True)
class Step:
    """The files and the report after one command."""

    completed: Completed
    files: dict[str, tuple[bytes, int]]
    requests: list[Request]
    report: Report

    @property
    def contents(self) -> dict[str, bytes]:
        return {name: data for name, (data, _) in self.files.items()}


@pytest.fixture(scope="module")
def steps(module_web: LoopbackWeb, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Step]:
    """A collection's life: command after command."""
    collection = Collection(tmp_path_factory.mktemp("collection"))
    for name, data in FILES.items():
        collection.add(name, data)
    found: dict[str, Step] = {}

    def step(name: str, command: str, *arguments: str, **env: str) -> None:
        module_web.forget()
        completed = run_command(module_web, command, str(collection.root), *arguments, env=env)
        found[name] = Step(
            completed, collection.files(), module_web.requests(robots=True), collection.report()
        )

    module_web.set_rules(RULES)
    never = ("--fail-on", "never")
    step("no", "audit", *never, "-a", "write_back=no", LINKHEALTH_CLOCK=DAY_0)
    step("problems", "audit", *never, "-a", "write_back=problems", LINKHEALTH_CLOCK=DAY_0)
    step("own", "audit", *never, LINKHEALTH_CLOCK=DAY_0)
    step("all", "audit", *never, "-a", "write_back=all", LINKHEALTH_CLOCK=DAY_0)
    step("sidecar", "audit", *never, "-a", "write_back=sidecar", LINKHEALTH_CLOCK=DAY_0)
    step("own again", "audit", *never, LINKHEALTH_CLOCK=DAY_0)
    drifted = collection.root / "drifted.md"
    drifted.write_bytes(drifted.read_bytes().replace(b'"An old title"', b'"A new title"'))
    step("edited", "audit", *never, LINKHEALTH_CLOCK=DAY_1)
    step("quiet", "audit", *never, LINKHEALTH_CLOCK=DAY_1)
    module_web.set_rules({**RULES, "//site.example/lost/amp": Answer()})
    step("changed", "audit", *never, LINKHEALTH_CLOCK=DAY_4)
    step("stripped", "strip")
    return found


def test_every_command_ends_well(steps: dict[str, Step]) -> None:
    assert {name: step.completed.code for name, step in steps.items()} == dict.fromkeys(steps, 0)
    assert {step.completed.stderr for step in steps.values()} == {""}


def test_write_back_no_leaves_every_file_alone(steps: dict[str, Step]) -> None:
    assert steps["no"].contents == FILES
    asked = [request.url for request in steps["no"].requests]
    assert sorted(asked) == sorted(
        [
            *(f"https:{url}" for url in RULES),
            "https://pictures.example/40x30.png",
            *(f"https://{host}.example/robots.txt" for host in ("site", "no", "pictures")),
        ]
    )
    assert steps["no"].report.document["run"]["requests"] == len(asked)


def test_write_back_problems_leaves_healthy_articles_alone(steps: dict[str, Step]) -> None:
    healthy = ("healthy.md", "related.md", "without-secured.md")
    assert steps["problems"].contents == EXPECTED | {name: FILES[name] for name in healthy}
    assert steps["problems"].requests == []


@pytest.mark.parametrize("name", sorted(FILES))
def test_the_block_of_each_file(name: str, steps: dict[str, Step]) -> None:
    assert steps["own"].contents[name] == EXPECTED[name]


def test_write_back_all_lists_related_findings_too(steps: dict[str, Step]) -> None:
    related = BLOCK_HEALTHY + (
        "  related:\n    - {at: related/0/webUrl, verdict: broken, reason: http-404, "
        "since: '2026-03-01', url: 'https://no.example/x'}\n"
    )
    assert steps["all"].contents == EXPECTED | {
        "related.md": with_block(FILES["related.md"], related),
        **{
            name: with_block(FILES[name], BLOCK_BROKEN + BLOCK_RELATED_BROKEN)
            for name in ("broken.md", "crlf.md", "bom.md", "no-newline.md", "body.html")
        },
    }


def test_write_back_sidecar_puts_the_findings_beside_the_files(steps: dict[str, Step]) -> None:
    contents = dict(steps["sidecar"].contents)
    told: dict[str, Any] = {}
    for name in [name for name in contents if name.startswith("_data/link-health/")]:
        told |= json.loads(contents.pop(name))
    assert contents == FILES
    lost = {"verdict": "broken", "reason": "http-404", "since": "2026-03-01"}
    picture = told.pop("https://pictures.example/40x30.png")
    assert (picture["verdict"], picture["image"]) == ("alive", {"width": 40, "height": 30})
    assert told == {
        "linkHealth": {"schema": 1},
        "https://site.example/lost": lost,
        "https://site.example/lost/amp": lost | {"reason": "http-410"},
        "https://site.example/also-lost": lost,
        "https://no.example/x": lost,
    }


def test_write_back_own_takes_related_findings_and_the_sidecar_out_again(
    steps: dict[str, Step],
) -> None:
    assert steps["own again"].contents == EXPECTED


def test_an_editors_title_counts_without_a_visit(steps: dict[str, Step]) -> None:
    edited = FILES["drifted.md"].replace(b"An old title", b"A new title")
    healthy = BLOCK_HEALTHY.replace("2026-03-01", "2026-03-02")
    assert steps["edited"].requests == []
    assert steps["edited"].contents == EXPECTED | {"drifted.md": with_block(edited, healthy)}
    assert steps["edited"].report.articles["drifted.md"]["freshness"]["state"] == "current"


def test_a_run_with_nothing_due_asks_nothing_and_touches_nothing(steps: dict[str, Step]) -> None:
    assert steps["quiet"].requests == []
    assert steps["quiet"].files == steps["edited"].files
    assert steps["quiet"].report.document["run"]["requests"] == 0


def test_a_changed_verdict_changes_only_the_files_that_hold_it(steps: dict[str, Step]) -> None:
    before, after = steps["quiet"].files, steps["changed"].files
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"broken.md", "crlf.md", "bom.md", "no-newline.md", "body.html"}
    asked = {request.target for request in steps["changed"].requests}
    # A link with a strike is visited again after three days; a link that works is not.
    assert asked == {"/robots.txt", "/lost", "/lost/amp", "/also-lost", "/x"}
    block = after["broken.md"][0].decode().partition("linkHealth:")[2]
    assert "  since: '2026-03-05'\n" in block
    assert "ampWebUrl" not in block.partition("secured:")[0]
    assert "since: '2026-03-01', url: 'https://site.example/lost'}" in block
    assert steps["changed"].report.summary["recovered"] == 1
    assert steps["changed"].report.summary["newly_broken"] == 0


def test_strip_restores_every_byte(steps: dict[str, Step]) -> None:
    edited = FILES["drifted.md"].replace(b"An old title", b"A new title")
    assert steps["stripped"].contents == FILES | {"drifted.md": edited}
    assert "9 files restored" in steps["stripped"].completed.stdout


def test_lines_count_the_block_as_it_stands(steps: dict[str, Step]) -> None:
    for name in ("broken.md", "crlf.md", "bom.md", "body.html"):
        lines = steps["own"].contents[name].decode("utf-8-sig").split("\n")
        for link in steps["own again"].report.articles[name]["dead_links"]:
            assert link["url"] in lines[link["line"] - 1]


def test_reports_agree_whatever_is_written_back(steps: dict[str, Step]) -> None:
    def without_news(step: Step) -> dict[str, object]:
        kept = {key: step.report.document[key] for key in ("articles", "problems")}
        urls = [{**entry, "change": None} for entry in step.report.document["urls"]]
        return {**kept, "urls": urls, "counts": step.report.summary["by_verdict"]}

    assert without_news(steps["problems"]) == without_news(steps["no"])
    assert without_news(steps["own again"]) == without_news(steps["own"])
