"""What `linkhealth ignore` takes and refuses; tests/end_to_end/test_ignore.py follows it over days."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.commands.ignore import Command
from crawler.model.verdict import VerdictKind
from crawler.operations.exclusions import apply_exclusions
from crawler.operations.intake import take_in
from crawler.session import Session
from crawler.state import State, open_state
from tests.end_to_end.collection import Collection, article
from tests.state.samples import DAY, link, visit

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LOST, FINE, STAR, NEW = (
    f"https://site.example/{name}" for name in ("lost-story", "fine-story", "*", "not-visited")
)
INVALID = "ftp://old.example/x"

Ignore = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection that has been crawled once, at noon; to be copied."""
    made = Collection(tmp_path_factory.mktemp("crawled"))
    for number, url in enumerate((LOST, FINE, STAR, NEW, INVALID)):
        made.add(f"{number}.md", article(web=url))
    take_everything_in(made.root)
    with open_state(made.root, None) as state:
        run = state.start_run(NOW).id
        visit(state, run, LOST, VerdictKind.BROKEN, "http-404", at=NOW, status=404)
        visit(state, run, FINE, VerdictKind.ALIVE, "http-200", at=NOW)
    return made.root


@pytest.fixture
def collection(crawled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That collection, for one test; it is still noon."""
    monkeypatch.setenv("LINKHEALTH_CLOCK", NOW.isoformat())
    return shutil.copytree(crawled, tmp_path, dirs_exist_ok=True)


def take_everything_in(root: Path, now: datetime = NOW) -> None:
    environ = {"LINKHEALTH_CLOCK": now.isoformat()}
    with Session.open({"content": str(root)}, environ) as session:
        for _ in take_in(session):
            pass
        apply_exclusions(session)


@pytest.fixture
def ignore(collection: Path, capsys: pytest.CaptureFixture[str]) -> Ignore:
    def run(*arguments: str) -> tuple[int, str, str]:
        command = Command()
        command.settings = Settings()
        parser = argparse.ArgumentParser(conflict_handler="resolve")
        command.add_options(parser)
        options, rest = parser.parse_known_args([*arguments, "--content", str(collection)])
        command.run(rest, options)
        return command.exitcode, *capsys.readouterr()

    return run


def opinion(state: State, url: str) -> tuple[str, str]:
    verdict = link(state, url).verdict
    return verdict.kind.value, verdict.reason


UNTIL = ("--until", "2026-04-01")
BECAUSE = ("--reason", "moving house")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((), "a URL is wanted"),
        ((FINE, *BECAUSE), "is alive (http-200): only of a broken or dead link"),
        ((NEW, *BECAUSE), "is unchecked (not-visited): only of a broken or dead link"),
        ((INVALID, *BECAUSE, *UNTIL), "is invalid (unknown-scheme), and never visited"),
        ((FINE,), "--reason: say why"),
        ((FINE, "--reason", " "), "--reason: say why"),
        ((FINE, "--reason", "x" * 501), "at most 500 characters"),
        ((FINE, *UNTIL), "--reason: say why"),
        ((FINE, *BECAUSE, "--until", "2026-03-01"), "not in the future; today is 2026-03-01"),
        ((FINE, *BECAUSE, "--until", "next week"), "'next week' is not a date like 2026-12-31"),
        ((FINE, *BECAUSE, "--until", "2026-02-30"), "'2026-02-30' is not a date like"),
        ((FINE, *BECAUSE, "--until", "20260401"), "'20260401' is not a date like"),
        ((FINE, *BECAUSE, "--undo"), "one of --list, --undo and --reason"),
        (("--list", "--undo"), "one of --list, --undo and --reason"),
        ((FINE, "--undo"), "nothing has been decided about it"),
        (("https://site.example/fine-stroy", *BECAUSE), FINE),
        (("https://*.example/a-story", *BECAUSE), "no known link matches"),
        (("https://site.example/fin[a-e]*", *BECAUSE), "no known link matches"),
        (
            ("https://site.example/f*", *BECAUSE),
            "is alive (http-200): only of a broken or dead link",
        ),
        (("https://site.example/f*", "--undo"), "nothing has been decided about it"),
        (("https://[*", *BECAUSE), "no known link matches"),
        ((FINE, "elsewhere", *BECAUSE), "--content names the PATH"),
    ],
)
def test_what_cannot_be_ignored_is_said(
    ignore: Ignore, collection: Path, arguments: tuple[str, ...], complaint: str
) -> None:
    code, out, err = ignore(*arguments)
    assert (code, out) == (3, "")
    assert complaint in err
    with open_state(collection, None) as state:
        assert state.decisions() == []


@pytest.mark.parametrize("url", [LOST, FINE, STAR, NEW])
def test_any_link_can_be_left_out_until_a_date(ignore: Ignore, collection: Path, url: str) -> None:
    code, out, _ = ignore(url, *BECAUSE, *UNTIL)
    assert code == 0
    assert (
        out == f"{url}\nexcluded from now on, and not visited until 2026-04-01 (editor-ignored)\n"
    )
    with open_state(collection, None) as state:
        assert opinion(state, url) == ("excluded", "editor-ignored")
        found = link(state, url)
        assert found.due_at is not None
        assert found.due_at >= datetime(2026, 4, 1, tzinfo=UTC)


def test_a_second_decision_replaces_the_first(ignore: Ignore, collection: Path) -> None:
    assert ignore(LOST, *BECAUSE, *UNTIL)[0] == 0
    assert ignore(LOST, "--reason", "it works")[0] == 0
    with open_state(collection, None) as state:
        assert opinion(state, LOST) == ("excluded", "editor-not-broken")
        (decision,) = state.decisions()
        assert (decision.note, decision.until) == ("it works", None)


def test_taken_back_everything_is_as_before(ignore: Ignore, collection: Path) -> None:
    with open_state(collection, None) as state:
        before = link(state, LOST).verdict.kind, link(state, LOST).verdict.since
    assert ignore(LOST, *BECAUSE)[0] == 0
    code, out, _ = ignore("site.example/lost-story", "--undo")
    assert (code, out) == (0, f"{LOST}\nit is broken (http-404) again\n")
    with open_state(collection, None) as state:
        after = link(state, LOST)
        assert (after.verdict.kind, after.verdict.since) == before
        assert state.decisions() == []
        (run,) = state.runs(1)
        assert state.summary(run.id).newly_broken == 1


def test_a_date_that_has_passed_ends_with_the_next_run(ignore: Ignore, collection: Path) -> None:
    assert ignore(LOST, *BECAUSE, *UNTIL)[0] == 0
    for day, expected in ((30, ("excluded", "editor-ignored")), (31, ("broken", "http-404"))):
        take_everything_in(collection, NOW + day * DAY)
        with open_state(collection, None) as state:
            assert opinion(state, LOST) == expected


def test_a_link_that_comes_back_is_still_excluded(ignore: Ignore, collection: Path) -> None:
    """A decision outlives its link, which is pruned where no article holds it any more."""
    assert ignore(NEW, *BECAUSE, *UNTIL)[0] == 0
    file = collection / "3.md"
    text = file.read_bytes()
    file.unlink()
    take_everything_in(collection)
    with open_state(collection, None) as state:
        state.prune(NOW, 400 * DAY)
        assert state.link_by_url(NEW) is None
    assert "no link" not in ignore("--list")[1].splitlines()[0]
    assert ignore("--list")[1].splitlines()[1].startswith("no link  2026-04-01  2026-03-01")
    file.write_bytes(text)
    take_everything_in(collection)
    with open_state(collection, None) as state:
        assert opinion(state, NEW) == ("excluded", "editor-ignored")
    file.unlink()
    take_everything_in(collection)
    with open_state(collection, None) as state:
        state.prune(NOW + 400 * DAY, 400 * DAY)
    assert ignore(NEW, "--undo") == (0, f"{NEW}\ntaken back\n", "")


def test_the_list_is_safe_for_a_terminal(ignore: Ignore) -> None:
    assert ignore("--list") == (0, "nothing has been decided yet\n", "")
    assert ignore(LOST, "--reason", "\x1b[31m" + "long words " * 9)[0] == 0
    head, row = ignore("--list")[1].splitlines()
    assert head.split() == ["STATE", "UNTIL", "SAID", "REASON", "URL"]
    shown = r"\x1b[31mlong words long words long words lo…"
    assert row == f"holds  evidence changes  2026-03-01  {shown}  {LOST}"


def test_a_glob_means_every_known_link_that_matches(ignore: Ignore, collection: Path) -> None:
    code, out, err = ignore("https://site.example/*-story", *BECAUSE, *UNTIL)
    assert (code, err) == (0, "")
    assert out.endswith("2 of 2 matching links excluded\n")
    with open_state(collection, None) as state:
        assert opinion(state, LOST) == opinion(state, FINE) == ("excluded", "editor-ignored")
        assert opinion(state, NEW) == ("unchecked", "not-visited")
    code, out, _ = ignore("*site.example/*", "--undo")
    assert code == 0
    with open_state(collection, None) as state:
        assert opinion(state, LOST) == ("broken", "http-404")
        assert state.decisions() == []


def test_links_of_a_glob_that_cannot_be_excluded_are_reported(
    ignore: Ignore, collection: Path
) -> None:
    code, out, err = ignore("https://site.example/*-story", *BECAUSE)
    assert code == 0
    assert "is alive (http-200): only of a broken or dead link" in err
    assert out.endswith("1 of 2 matching links excluded\n")


def test_a_star_of_a_known_link_is_no_glob(ignore: Ignore, collection: Path) -> None:
    ignore(STAR, *BECAUSE, *UNTIL)
    with open_state(collection, None) as state:
        assert [one.url for one in state.decisions()] == [STAR]
