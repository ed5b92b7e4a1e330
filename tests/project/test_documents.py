"""The documents say what the code does: names, codes, options, settings, commands, links."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

import pytest

from crawler import settings
from crawler.configuration import HOST_OPTIONS, HOST_SHAPES, OPTIONS
from crawler.configuration.image_options import THRESHOLDS
from crawler.configuration.notification_options import CHANNEL_ROWS
from crawler.configuration.policy_options import NUMBERS, POLICY_SHAPE
from crawler.configuration.url_exclusions import ENTRY_ROWS
from crawler.model.alarm import AlarmCode
from crawler.model.article import ProblemCode
from crawler.model.check import FreshnessState, ImageCode, UpdateKind
from crawler.model.decision import DecisionCode
from crawler.model.exit_code import ExitCode
from crawler.model.notification import About, Channel, Rhythm
from crawler.model.observation import FailureKind
from crawler.model.repair import RepairKind, Verb
from crawler.model.role import Role
from crawler.model.verdict import VerdictKind, WarningCode
from crawler.reporting import FORMATS
from crawler.reporting.words import wording
from crawler.rules.policy import ImagePolicy
from crawler.rules.urls import InvalidReason
from crawler.session import arguments
from tests.time_limits import HANG

PROJECT = Path(__file__).resolve().parents[2]
REASONS = (
    FailureKind,
    VerdictKind,
    WarningCode,
    InvalidReason,
    FreshnessState,
    UpdateKind,
    ImageCode,
    DecisionCode,
)
PAGES = sorted(
    page.relative_to(PROJECT).as_posix()
    for page in (*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md"), *PROJECT.glob("b*/*.md"))
)


def text(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def rows(name: str, heading: str = "") -> list[list[str]]:
    """The cells of every table row that starts with a code, below a heading, without backticks."""
    part = text(name)
    if heading:
        part = f"\n{part}".split(f"\n{heading}\n")[1].split("\n#")[0]
    # A bar inside a cell is written `\|`.
    lines = (re.split(r"(?<!\\)\|", line) for line in part.splitlines() if line.startswith("| `"))
    return [[cell.strip().strip("`").replace("\\|", "|") for cell in line[1:-1]] for line in lines]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A Python program in the project's folder."""
    environment = os.environ | {"PYTHONPATH": str(PROJECT), "PYTHONWARNINGS": "ignore"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )


@pytest.mark.parametrize("codes", REASONS)
def test_every_reason_is_documented(codes: type[StrEnum]) -> None:
    documented = {row[0] for row in rows("docs/reasons.md")}
    assert set(codes) <= documented
    assert [code for code in codes if not wording.is_known(code)] == []


def test_problems_are_exactly_the_codes() -> None:
    assert sorted(row[0] for row in rows("docs/problems.md")) == sorted(ProblemCode)


@pytest.mark.process
def test_pages_made_from_the_code_are_up_to_date() -> None:
    for script in ("scripts/words.py", "scripts/configuration_schema.py"):
        checked = run(script, "--check")
        assert checked.stderr == ""
        assert checked.returncode == 0


def test_every_option_is_documented_with_default_and_variable() -> None:
    documented = [tuple(row[:3]) for row in rows("docs/configuration.md", "## Options")]
    assert documented == [(o.name, o.default, o.variable) for o in OPTIONS.values()]


def test_every_option_of_a_host_is_documented_with_its_default() -> None:
    documented = [(row[0], row[1]) for row in rows("docs/configuration.md", "## Hosts")]
    defaults = {option.name: option.default for option in HOST_OPTIONS.values()}
    assert documented == [(name, defaults.get(name, "")) for name in HOST_SHAPES]


def test_every_key_of_an_exclusion_is_documented() -> None:
    section = rows("docs/configuration.md", "## Addresses that are left out")
    assert [row[0] for row in section] == list(ENTRY_ROWS)


def test_every_number_of_the_policy_is_documented_with_its_default() -> None:
    documented = [(row[0], row[1]) for row in rows("docs/configuration.md", "## Policy")]
    assert documented == [(name, number.default) for name, number in NUMBERS.items()]
    for (name, *_, highest, _), number in zip(
        rows("docs/configuration.md", "## Policy"), NUMBERS.values(), strict=True
    ):
        number.kind.parse(highest)
        with pytest.raises(ValueError, match=f"to {highest}"):
            number.kind.parse(f"{highest}1")
        assert name in POLICY_SHAPE.rows


def test_every_option_of_a_channel_is_documented_with_its_default() -> None:
    documented = {row[0]: row[1] for row in rows("docs/configuration.md", "## Notifications")}
    assert list(documented) == list(CHANNEL_ROWS)
    usual = Channel("any")
    assert documented["about"].split(",") == list(usual.about)
    assert (documented["digest"], documented["most"]) == (usual.digest, str(usual.most))
    text_of_about = text("docs/configuration.md").split("\n## Notifications\n")[1].split("\n## ")[0]
    assert all(f"`{name}`" in text_of_about or name in documented["about"] for name in About)
    assert all(f"`{name}`" in text_of_about for name in Rhythm)


def test_every_option_of_images_is_documented_with_its_default() -> None:
    policy = ImagePolicy()
    documented = {row[0]: row[1] for row in rows("docs/configuration.md", "## Images")}
    assert list(documented) == list(THRESHOLDS)
    for name, default in documented.items():
        assert THRESHOLDS[name].kind.parse(default) == getattr(policy, THRESHOLDS[name].field)


def test_every_code_of_images_is_documented() -> None:
    assert [row[0] for row in rows("docs/images.md", "## What is found")] == list(ImageCode)


def test_every_format_of_a_report_is_documented() -> None:
    documented = [row[0] for row in rows("docs/reports.md") if row[0].startswith("report.")]
    assert sorted(documented) == sorted(one.file_name for one in FORMATS.values())
    default = text("docs/reports.md").split("These three are written where")[0]
    assert re.findall(r"^\| `(report\.\w+)` \|", default, re.MULTILINE) == [
        FORMATS[name].file_name for name in ("html", "csv", "json")
    ]
    assert {one.name for one in FORMATS.values() if one.is_default} == {"html", "csv", "json"}


def test_every_spider_argument_is_documented() -> None:
    known = {*arguments.SELECTION_OPTIONS, *arguments.CONFIGURATION_OPTIONS}
    documented = rows("docs/commands.md", "## Arguments of `audit` and `crawl`")
    assert {row[0] for row in documented} == known


def test_every_role_is_documented() -> None:
    reference = text("docs/reports.md").split("\n#### `reference`\n")[1].split("\n#")[0]
    (row,) = (line for line in reference.splitlines() if line.startswith("| `role` |"))
    assert re.findall(r"`([a-z-]+)`", row) == ["role", *Role]


def test_every_decision_and_kind_of_repair_is_documented() -> None:
    assert [row[0] for row in rows("docs/repair.md", "## Decisions")] == list(Verb)
    assert [row[0] for row in rows("docs/repair.md", "## Kinds")] == list(RepairKind)


def test_every_scrapy_setting_is_explained() -> None:
    ours = [name for name in vars(settings) if name.isupper()]
    assert [row[0] for row in rows("docs/settings.md")] == ours


def mentioned(pattern: str, names: Iterable[str]) -> set[str]:
    return {found for name in names for found in re.findall(pattern, text(name))}


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    named = mentioned(r"(?:`| {4})make ([a-z]+)\b", PAGES)
    assert {"demo", "test", "check", "bench"} <= targets
    assert named
    assert named <= targets


@pytest.mark.process
def test_every_command_that_is_named_exists() -> None:
    listing = run("-m", "scrapy").stdout
    available = set(re.findall(r"^  ([a-z]+) ", listing, re.MULTILINE))
    shown = ["README.md", "docs/tutorials/scrapy-project.md"]
    named = mentioned(r"(?:`| {4})(?:linkhealth|scrapy) ([a-z]+)\b", shown)
    named |= mentioned(r"`(?:linkhealth|scrapy) ([a-z]+)\b", ["docs/commands.md"])
    assert {"crawl", "list", "audit"} <= named
    assert named <= available


@pytest.mark.process
def test_the_options_are_those_of_the_help() -> None:
    """The page is made from the parser; here the help itself says what it has."""
    for command in ("apply", "inspect"):
        told = run("-m", "crawler", command, "--help").stdout.split("Global Options")[0]
        documented = {row[0].split()[0] for row in rows("docs/options.md", f"## {command}")}
        assert documented | {"--help"} == set(
            re.findall(r"^  (?:-h, )?(--[a-z-]+)", told, re.MULTILINE)
        )


def test_every_command_of_ours_is_documented() -> None:
    modules = (PROJECT / "crawler/commands").glob("*.py")
    ours = {one.stem for one in modules if "\nclass Command(" in one.read_text("utf-8")}
    documented = {row[0].split()[1] for row in rows("docs/commands.md") if row[0].count(" ")}
    assert {"audit", "inspect"} <= ours <= documented


@pytest.mark.process
def test_every_spider_that_is_named_exists() -> None:
    spiders = set(run("-m", "scrapy", "list").stdout.split())
    assert spiders == {"amp", "articles", "images", "pages"}
    assert mentioned(r"scrapy crawl ([a-z]+)\b", PAGES) <= spiders


@pytest.mark.parametrize("name", PAGES)
def test_every_link_to_a_file_leads_somewhere(name: str) -> None:
    folder = (PROJECT / name).parent
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text(name))
    assert [link for link in links if not (folder / link).exists()] == []


def test_every_decision_record_is_listed() -> None:
    index = text("docs/adr/README.md") + text("ARCHITECTURE.md")
    records = sorted(path.name for path in (PROJECT / "docs/adr").glob("[0-9]*.md"))
    assert records
    assert [name for name in records if index.count(f"{name})") != 2] == []


@pytest.mark.process
def test_every_benchmark_is_described_and_run_by_make_bench() -> None:
    programs = (PROJECT / "benchmarks").glob("*.py")
    scripts = {one.stem for one in programs if "__main__" in text(f"benchmarks/{one.name}")}
    scripts.remove("run")
    described = set(re.findall(r"^## ([a-z_]+)$", text("benchmarks/README.md"), re.MULTILINE))
    listed = run("benchmarks/run.py", "--list").stdout.split()
    assert scripts
    assert described == scripts
    assert scripts <= set(listed)


@pytest.mark.process
def test_an_unknown_benchmark_is_refused() -> None:
    refused = run("benchmarks/run.py", "no-such-thing")
    assert refused.returncode == 3
    assert "content_load" in refused.stderr


def test_each_alarm_stands_in_its_table_with_code_and_rule() -> None:
    page = (PROJECT / "docs/alarms.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \| (\d+) \|.*\(rules\.md#g(\d)\) \|$", page, re.MULTILINE)
    assert [name for name, _, _ in rows] == [code.value for code in AlarmCode]
    assert [int(code) for _, code, _ in rows] == [ExitCode.of_alarm(code) for code in AlarmCode]
    assert [int(rule) for _, _, rule in rows] == list(range(1, len(AlarmCode) + 1))
    schema = json.loads(
        (PROJECT / "crawler/reporting/formats/report.schema.json").read_text("utf-8")
    )
    assert schema["$defs"]["alarm"]["properties"]["code"]["enum"] == list(AlarmCode)


def test_schedulers_know_the_exit_codes_of_alarms() -> None:
    codes = [code for code in ExitCode if code.is_alarm]
    assert codes == list(range(11, 19))
    assert "ALARMS = range(11, 19)" in (PROJECT / "deploy/prefect/linkhealth_flow.py").read_text(
        "utf-8"
    )
    assert "    1[1-8]) " in (PROJECT / "deploy/github/linkhealth/audit.sh").read_text("utf-8")
