"""Options of `.linkhealth.yml` at work: each changes what a run does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.collection import Collection, article, run_command, scrapy_crawl
from tests.web import pages
from tests.web.process import PROJECT
from tests.web.rules import Answer, robots
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-configuration")

NOW = "2026-03-01T12:00:00Z"
STORY, BUSY = "https://site.example/blog/story", "https://site.example/blog/busy"


def collection_with(root: Path, options: str) -> Collection:
    collection = Collection(root)
    collection.add("story.md", article("Story", web="/story", amp="/busy"))
    collection.add("drafts/left-out.md", article(web="/left-out"))
    collection.add(".linkhealth.yml", options)
    return collection


def test_each_option_has_its_effect(module_web: LoopbackWeb, tmp_path: Path) -> None:
    options = (
        "site_url: https://site.example/blog\nexclude: [drafts]\nretries: 0\nrespect_robots: no\n"
        "user_agent: Desk/1 (+https://desk.example)\nstale_after_days: 30\n"
    )
    collection = collection_with(tmp_path / "content", options)
    module_web.set_rules(
        {
            "/robots.txt": robots("User-agent: *\nDisallow: /"),
            "//site.example/blog/story": Answer(body=pages.page("Story")),
            "//site.example/blog/busy": Answer(status=502),
        }
    )
    ended = collection.audit(module_web, "--fail-on", "never", LINKHEALTH_CLOCK=NOW)
    assert (ended.code, ended.stderr) == (0, "")
    requests = module_web.requests(robots=True)
    assert sorted(request.url for request in requests) == [BUSY, STORY]
    assert {request.headers["user-agent"] for request in requests} == {
        "Desk/1 (+https://desk.example)"
    }
    (path,) = collection.report().articles
    assert path == "story.md"
    assert collection.report().articles[path]["freshness"]["state"] == "stale"


def test_articles_are_stale_by_the_limit_of_their_folder(
    module_web: LoopbackWeb, tmp_path: Path
) -> None:
    """Rule F8; a limit that is changed holds from the next run on, without a visit."""
    collection = Collection(tmp_path / "content")
    pages_of = {
        f"_{name}/a.md": f"https://{name}.example/a" for name in ("news", "reviews", "people")
    }
    for path, url in pages_of.items():
        collection.add(path, article("Story", web=url))
    module_web.set_rules(
        {url.removeprefix("https:"): Answer(body=pages.page("Story")) for url in pages_of.values()}
    )
    states = []
    for limits in ("{_news: 30, _reviews: 36500}", "{_news: never, _people: 30}"):
        collection.add(".linkhealth.yml", f"stale_after: {limits}\n")
        ended = collection.audit(module_web, "--fail-on", "never", LINKHEALTH_CLOCK=NOW)
        assert ended.code == 0, ended.stderr
        found = collection.report().articles
        states.append([found[path]["freshness"]["state"] for path in pages_of])
        for path in pages_of:
            block = f"freshness: {{state: {found[path]['freshness']['state']}}}".encode()
            assert block in collection.contents()[path]
    assert states == [["stale", "current", "current"], ["current", "current", "stale"]]


@pytest.mark.parametrize(
    "name", ["allow_private", "connect_to", "ca_file", "database_url", "clock"]
)
def test_a_collection_cannot_open_the_private_network(
    name: str, module_web: LoopbackWeb, tmp_path: Path
) -> None:
    collection = collection_with(tmp_path / "content", f"{name}: yes\n")
    module_web.forget()
    ended = collection.audit(module_web)
    assert ended.code == 3
    assert f".linkhealth.yml:1: {name}" in ended.stderr
    assert f"LINKHEALTH_{name.upper()}" in ended.stderr
    assert module_web.requests(robots=True) == []


OURS = "linkhealth: "
WRONG = "host_dealy: 1\nhosts:\n  a.example: {dealy: 5}\nretries: many\n"


@pytest.mark.parametrize("command", ["audit", "crawl", "report"])
def test_all_mistakes_are_told_at_once(
    command: str, module_web: LoopbackWeb, tmp_path: Path
) -> None:
    """A line for each, and nothing is visited."""
    collection = collection_with(tmp_path / "content", WRONG)
    module_web.forget()
    environ = {"LINKHEALTH_IN_FLIHGT": "4", "LINKHEALTH_IN_FLIGHT": "none"}
    if command == "crawl":
        asked = scrapy_crawl("articles", collection.root, "-a", "limit=x")
        ended = module_web.run(asked, cwd=PROJECT, env=module_web.environment(**environ))
    else:
        more = ("-a", "limit=x") if command == "audit" else ()
        ended = run_command(module_web, command, str(collection.root), *more, env=environ)
    assert ended.code == 3
    # `crawl` writes Scrapy's own log there too.
    lines = ended.stderr.splitlines()
    told = [line.removeprefix(OURS) for line in lines if line.startswith(OURS)]
    assert told == [
        ".linkhealth.yml:1: unknown option 'host_dealy'; did you mean 'host_delay'?",
        ".linkhealth.yml:3: unknown option 'dealy' of a host; did you mean 'delay'?",
        ".linkhealth.yml:4: retries: 'many' is not a whole number from 0 to 10",
        "LINKHEALTH_IN_FLIHGT: no such variable; did you mean LINKHEALTH_IN_FLIGHT?",
        "LINKHEALTH_IN_FLIGHT: 'none' is not a whole number from 1 to 256",
        *(["-a limit: 'x' is not a number of links"] if command != "report" else []),
    ]
    assert module_web.requests(robots=True) == []


def test_a_slow_answer_is_waited_for_as_long_as_the_file_says(
    module_web: LoopbackWeb, tmp_path: Path
) -> None:
    """And a setting on the command line goes before."""
    collection = Collection(tmp_path / "content")
    url = "https://slow.example/story"
    collection.add("a.md", article("Story", web=url))
    collection.add(".linkhealth.yml", "response_timeout: 5\nretries: 0\n")
    module_web.set_rules({url: Answer(body=pages.page("Story"), delay=7)})
    ended = collection.audit(module_web, "--fail-on", "never")
    assert ended.code == 0, ended.stderr
    entry = collection.report().url(url)
    assert (entry["verdict"], entry["reason"]) == ("unverifiable", "response-timeout")
    collection.audit(
        module_web, *("--due", "all", "--fail-on", "never", "-s", "DOWNLOAD_TIMEOUT=20")
    )
    assert collection.report().url(url)["verdict"] == "alive"


def test_the_file_says_which_reports_are_written(module_web: LoopbackWeb, tmp_path: Path) -> None:
    """`--format` goes before, a variable before the file, and a flag before that."""
    collection = Collection(tmp_path / "content")
    collection.add("a.md", article("Story", web=STORY))
    collection.add(".linkhealth.yml", "report_formats: [md, json]\n")
    module_web.set_rules({STORY: Answer(body=pages.page("Story"))})
    reports = collection.root / ".linkhealth" / "reports"

    def written(*arguments: str, **environ: str) -> set[str]:
        for path in reports.glob("report.*"):
            path.unlink()
        root = str(collection.root)
        ended = run_command(module_web, "audit", root, *arguments, env=environ)
        assert ended.code == 0, ended.stderr
        return {path.name for path in reports.glob("report.*")}

    assert written() == {"report.md", "report.json"}
    assert written("--format", "csv") == {"report.csv"}
    assert written(LINKHEALTH_REPORT_FORMATS="html") == {"report.html"}
    flag = ("-a", "report_formats=sarif")
    assert written(*flag, LINKHEALTH_REPORT_FORMATS="html") == {"report.sarif"}


@pytest.mark.parametrize(
    ("options", "verdict", "told"),
    [("", "dead", "Any success"), ("policy: {strikes_definite: 4}\n", "broken", "dead needs 4")],
)
def test_a_policy_asks_for_more_failures(
    module_web: LoopbackWeb, tmp_path: Path, options: str, verdict: str, told: str
) -> None:
    collection = Collection(tmp_path / "content")
    url = "https://gone.example/story"
    collection.add("a.md", article("Story", web=url))
    collection.add(".linkhealth.yml", options)
    module_web.set_rules({url: Answer(status=410)})
    for day in ("01", "10"):
        ended = collection.audit(
            module_web,
            *("--due", "all", "--fail-on", "never"),
            LINKHEALTH_CLOCK=f"2026-01-{day}T12:00:00Z",
        )
        assert ended.code == 0, ended.stderr
    assert collection.report().url(url)["verdict"] == verdict
    assert told in run_command(module_web, "explain", url, str(collection.root)).stdout


def test_no_rule_of_a_host_opens_the_private_network(
    module_web: LoopbackWeb, tmp_path: Path
) -> None:
    collection = Collection(tmp_path / "content")
    url = f"http://127.0.0.1:{module_web.http_port}/story"
    collection.add("a.md", article("Story", web=url))
    rule = "{delay: 0, ignore_robots: mine, headers: {X-A: b}, accept_statuses: [403]}"
    collection.add(".linkhealth.yml", f"hosts: {{127.0.0.1: {rule}, '*': {rule}}}\n")
    module_web.clean()
    ended = collection.audit(module_web, "--fail-on", "never")
    assert ended.code == 0, ended.stderr
    entry = collection.report().url(url)
    assert (entry["verdict"], entry["reason"]) == ("unverifiable", "address-blocked")
    assert module_web.requests(robots=True) == []
