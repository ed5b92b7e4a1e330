"""`linkhealth diff`: its arguments, and what it prints."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.commands.diff import Command
from crawler.model.exit_code import ExitCode
from crawler.model.verdict import VerdictKind
from crawler.state import open_state
from tests.commands.test_ignore import NOW, take_everything_in
from tests.end_to_end.collection import Collection, article
from tests.state.samples import DAY, visit

LOST, BACK, GONE = (f"https://{name}.example/story" for name in ("lost", "back", "gone"))

Diff = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three runs: one link is lost in the second, confirmed in the third; one comes back; one is always gone."""
    made = Collection(tmp_path_factory.mktemp("collection"))
    for url in (LOST, BACK, GONE):
        made.add(f"{url.split('/')[2]}.md", article(web=url))
    take_everything_in(made.root)
    alive, broken, dead = VerdictKind.ALIVE, VerdictKind.BROKEN, VerdictKind.DEAD
    days = (
        {LOST: alive, BACK: broken, GONE: dead},
        {LOST: broken, BACK: broken},
        {LOST: dead, BACK: alive},
    )
    with open_state(made.root, None) as state:
        for number, day in enumerate(days):
            run = state.start_run(NOW + number * DAY).id
            for url, kind in day.items():
                visit(state, run, url, kind, f"because-{kind}", at=NOW + number * DAY)
    return made.root


@pytest.fixture
def diff(collection: Path, capsys: pytest.CaptureFixture[str]) -> Diff:
    def run(*arguments: str, path: str = "") -> tuple[int, str, str]:
        command = Command()
        command.settings = Settings()
        parser = argparse.ArgumentParser(conflict_handler="resolve")
        command.add_options(parser)
        options, rest = parser.parse_known_args([*arguments, str(collection / path)])
        command.run(rest, options)
        return command.exitcode, *capsys.readouterr()

    return run


def test_the_last_run_against_the_one_before(diff: Diff) -> None:
    code, out, err = diff()
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "newly dead: 1",
        f"  lost.example.md:4  {LOST}  broken (because-broken) -> dead (because-dead)",
        "",
        "recovered: 1",
        f"  back.example.md:4  {BACK}  broken (because-broken) -> alive (because-alive)",
        "",
        "0 newly broken, 1 newly dead, 1 recovered, 0 broken or dead for another reason.",
    ]


@pytest.mark.parametrize(
    ("arguments", "changed"),
    [
        (("--to", "1"), {BACK: "new-broken", GONE: "confirmed-dead"}),
        (("--to", "2"), {LOST: "new-broken"}),
        (("--from", "1"), {LOST: "confirmed-dead", BACK: "recovered"}),
        (("--from", "0"), {LOST: "confirmed-dead", GONE: "confirmed-dead"}),
        (("--from", "1", "--to", "2"), {LOST: "new-broken"}),
    ],
)
def test_any_two_runs_as_json(
    diff: Diff, arguments: tuple[str, ...], changed: dict[str, str]
) -> None:
    code, out, err = diff(*arguments, "--json")
    assert (code, err) == (0, "")
    assert {entry["url"]: entry["change"] for entry in json.loads(out)["urls"]} == changed


def test_one_file_has_its_links_alone(diff: Diff) -> None:
    _, out, _ = diff("--json", path="back.example.md")
    assert [entry["url"] for entry in json.loads(out)["urls"]] == [BACK]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--to", "4"), "--to: '4' is no run: they are 1 to 3"),
        (("--from=-1",), "--from: '-1' is no run"),
        (("--from", "x"), "--from: 'x' is no run"),
        (("--from", "\u0661"), "is no run"),
        (("--from", "9" * 40), "is no run"),
        (("--from", "3"), "run 3 is not before run 3"),
        (("--from", "2", "--to", "1"), "run 2 is not before run 1"),
    ],
)
def test_what_is_refused(diff: Diff, arguments: tuple[str, ...], complaint: str) -> None:
    code, out, err = diff(*arguments)
    assert (code, out) == (ExitCode.CONFIGURATION, "")
    assert complaint in err


def test_before_the_first_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = Collection(tmp_path)
    made.add("a.md", article(web=LOST))
    command = Command()
    command.settings = Settings()
    options = argparse.Namespace(after=None, until=None, json=False)
    command.run([str(tmp_path)], options)
    assert command.exitcode == ExitCode.CONFIGURATION
    assert "no run has been made yet" in capsys.readouterr().err
