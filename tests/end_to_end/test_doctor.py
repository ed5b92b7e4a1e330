"""`linkhealth doctor` on collections, hosts and name servers that are well, and that are not."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crawler.crawl.network_check_up import _of_names
from crawler.model.condition import Fitness
from tests.end_to_end.collection import Collection, article, run_command
from tests.web.namespace import EVERYTHING, NamespaceWeb
from tests.web.rules import Answer, robots
from tests.web.running import Completed
from tests.web.web import LoopbackWeb, Web

pytestmark = pytest.mark.xdist_group("end-to-end-doctor")

NOON = "2026-03-01T12:00:00Z"
FINE, SHUT, ILL = "fine.example", "shut.example", "ill.example"


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    made = Collection(tmp_path / "content")
    for number in range(3):
        made.add(f"fine-{number}.md", article(web=f"https://{FINE}/{number}"))
    for number in range(2):
        made.add(f"shut-{number}.md", article(web=f"https://{SHUT}/{number}"))
    made.add("ill.md", article(web=f"https://{ILL}/x"))
    made.add(".linkhealth.yml", "contact_url: https://editors.example/\n")
    return made


def doctor(web: Web, collection: Collection, *arguments: str, **env: str) -> Completed:
    given = {"LINKHEALTH_HOST_DELAY": "1", "LINKHEALTH_CLOCK": NOON, **env}
    return run_command(web, "doctor", str(collection.root), *arguments, env=given)


def told(ended: Completed, part: str) -> list[tuple[str, str]]:
    document: dict[str, Any] = json.loads(ended.stdout)
    return [(one["fitness"], one["text"]) for one in document["conditions"] if one["part"] == part]


RULES = {
    f"https://{FINE}/robots.txt": robots("User-agent: *\nDisallow: /private/\n"),
    f"https://{SHUT}/robots.txt": robots("User-agent: *\nDisallow: /1\n"),
    f"https://{ILL}/robots.txt": Answer(status=503),
}


def test_hosts_are_asked_for_robots_txt_alone_and_nothing_is_changed(
    web: LoopbackWeb, collection: Collection
) -> None:
    web.set_rules(RULES)
    before = collection.files()
    ended = doctor(web, collection, "--json")
    assert ended.code == 0, ended.stderr
    assert sorted(request.url for request in web.requests(robots=True)) == sorted(RULES)
    assert told(ended, "robots.txt") == [
        ("ok", f"{FINE}: allows all 3 URLs looked at"),
        ("warn", f"{SHUT}: forbids 1 of 2 URLs looked at, such as https://{SHUT}/1"),
        ("warn", f"{ILL}: 503"),
    ]
    assert ("ok", "6 articles with 6 references to 6 URLs") in told(ended, "articles")
    assert told(ended, "run") == [
        ("ok", f"6 of 6 URLs due on 3 hosts; at best 3 s: {FINE} has 3, 1 s apart")
    ]
    assert collection.files() == before
    assert not (collection.root / ".linkhealth").exists()


def test_offline_asks_for_nothing(web: LoopbackWeb, collection: Collection) -> None:
    web.set_rules(RULES)
    ended = doctor(web, collection, "--offline")
    assert ended.code == 0, ended.stderr
    assert web.requests(robots=True) == []
    lines = ended.stdout.splitlines()
    assert lines[-1].endswith(" ok, 1 warn, 0 fail")
    assert any(
        line.startswith("warn  clock          2026-03-01 12:00 UTC, because") for line in lines
    )
    assert any(line.startswith("                     -> unset it") for line in lines)
    assert "\x1b" not in ended.stdout


def test_after_an_audit_the_plan_is_what_is_due_by_its_state(
    web: LoopbackWeb, collection: Collection
) -> None:
    collection.audit(web, LINKHEALTH_CLOCK=NOON)
    state = (collection.root / ".linkhealth" / "state.sqlite3").read_bytes()
    ended = doctor(web, collection, "--json")
    assert ended.code == 0, ended.stderr
    (plan,) = told(ended, "run")
    assert "of 6 URLs" in plan[1]
    assert not plan[1].startswith("6 of")
    assert ("ok", "last run: 2026-03-01, 0 days ago, finished") in told(ended, "state")
    assert (collection.root / ".linkhealth" / "state.sqlite3").read_bytes() == state


def test_what_cannot_be_read_fails(web: LoopbackWeb, tmp_path: Path) -> None:
    broken = Collection(tmp_path / "broken")
    broken.add("a.md", "---\ntitle: [\x1b]2;x\n---\n")
    ended = doctor(web, broken, "--offline")
    assert ended.code == 1
    assert "fail  articles       no article could be read" in ended.stdout
    assert "\x1b" not in ended.stdout
    without = Collection(tmp_path / "without")
    without.add("a.md", "---\ntitle: x\n---\n")
    ended = doctor(web, without)
    assert ended.code == 1
    assert "no article has a link" in ended.stdout
    assert "`linkhealth init PATH` shows what their fields hold" in ended.stdout
    assert "reads:" not in ended.stdout
    wrong = Collection(tmp_path / "wrong")
    wrong.add("a.md", article(web=f"https://{FINE}/"))
    wrong.add(".linkhealth.yml", "exclud: x\nretries: many\n")
    ended = doctor(web, wrong, "--offline")
    assert ended.code == 3
    assert "did you mean 'exclude'?" in ended.stdout
    assert ended.stdout.endswith("\n0 ok, 0 warn, 2 fail\n")
    assert run_command(web, "doctor", str(tmp_path / "none")).code == 3


def test_what_is_found_out_of_the_fields_is_told(web: LoopbackWeb, tmp_path: Path) -> None:
    other = Collection(tmp_path / "other")
    for number in range(3):
        other.add(f"a{number}.md", f"---\nlink: https://{FINE}/{number}\n---\n")
    other.add("text.md", f"---\ntitle: x\n---\n[x](https://{FINE}/text)\n")
    other.add("none.md", "---\ntitle: y\n---\n")
    ended = doctor(web, other, "--offline", "--json")
    assert ended.code == 0, ended.stderr
    lines = told(ended, "articles")
    assert lines == [
        ("ok", "5 articles with 4 references to 4 URLs"),
        ("ok", "reads: link (3 files), links of the text (1)"),
        ("warn", "1 of 5 articles have no link"),
    ]
    (plan,) = told(ended, "run")
    assert plan[1].startswith("4 of 4 URLs due on 1 host;")
    assert not (other.root / ".linkhealth").exists()
    other.add(".linkhealth.yml", "fields: {link: via}\nbody: no\n")
    ended = doctor(web, other, "--offline", "--json")
    assert ended.code == 1
    assert told(ended, "articles")[-1] == ("fail", "no article has a link in a field that is read")


def test_links_of_the_text_alone_are_enough(web: LoopbackWeb, tmp_path: Path) -> None:
    guide = Collection(tmp_path / "guide")
    guide.add("a.md", f"# A\n\n[x](https://{FINE}/a)\n")
    guide.add("b.md", f"# B\n\n[x](https://{FINE}/a) [y](https://{FINE}/b)\n")
    ended = doctor(web, guide, "--offline", "--json")
    assert ended.code == 0, ended.stdout
    assert told(ended, "articles") == [
        ("ok", "2 articles with 3 references to 2 URLs"),
        ("ok", "reads: links of the text (2 files)"),
    ]
    (plan,) = told(ended, "run")
    assert plan[1].startswith("2 of 2 URLs due")


def test_a_network_without_anything_fails(web: LoopbackWeb, collection: Collection) -> None:
    ended = doctor(web, collection, "--json", LINKHEALTH_CONNECT_TO="::127.0.0.1:1")
    assert ended.code == 1
    (_, one) = told(ended, "network")
    assert one[0] == "fail"
    assert one[1].startswith(f"not reached: {FINE} (")


@pytest.mark.namespace
def test_a_resolver_that_answers_for_everything_is_not_believed(
    namespace_web: NamespaceWeb, collection: Collection
) -> None:
    namespace_web.set_rules(RULES)
    well = doctor(namespace_web, collection, "--json")
    assert ("ok", "names that cannot exist are not found") in told(well, "network")
    namespace_web.set_names(replace(EVERYTHING, made_up=EVERYTHING.default))
    led = doctor(namespace_web, collection, "--json")
    assert led.code == 1
    assert told(led, "network")[0][0] == "fail"
    assert "leads names that cannot exist to" in told(led, "network")[0][1]


@pytest.mark.parametrize(
    ("found", "fitness", "said"),
    [
        ({"example.com": ("192.0.2.1",)}, ["ok"], "are not found"),
        ({}, ["fail"], "no name is found"),
        ({"made-up.com": ("10.0.0.1",), "example.com": ("192.0.2.1",)}, ["fail"], "to 10.0.0.1"),
        ({"a.example": ("192.0.2.1",)}, ["ok"], "are not found"),
    ],
)
def test_names(found: dict[str, tuple[str, ...]], fitness: list[str], said: str) -> None:
    own = [name for name in found if name == "a.example"]
    told = list(_of_names(found, ["made-up.com"], own))
    assert [one.fitness for one in told] == [Fitness(one) for one in fitness]
    assert said in told[0].text


def test_a_name_of_the_collection_that_is_not_found_is_told() -> None:
    _, lost = _of_names({"example.com": ("192.0.2.1",)}, ["made-up.com"], ["a.example"])
    assert (lost.fitness, lost.text) == (Fitness.WARN, "not found: a.example")
