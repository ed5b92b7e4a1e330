"""Which findings make the exit code 2, against the table of docs/commands.md."""

from __future__ import annotations

import re

import pytest

from crawler.commands.fail_on import FailOn, read_fail_on
from crawler.configuration import ConfigurationError
from crawler.model.article import Problem, ProblemCode
from crawler.model.report import Summary
from crawler.model.verdict import VerdictKind
from tests.web.process import PROJECT

BROKEN, DEAD, ALIVE = VerdictKind.BROKEN, VerdictKind.DEAD, VerdictKind.ALIVE


def summary(was: VerdictKind, became: VerdictKind) -> Summary:
    """The summary of a run in which one link was this and became that."""
    gone = (BROKEN, DEAD)
    return Summary(
        1,
        1,
        1,
        dict.fromkeys(VerdictKind, 0) | {became: 1},
        newly_broken=int(was not in gone and became is BROKEN),
        newly_dead=int(was is not DEAD and became is DEAD),
        recovered=int(was in gone and became is ALIVE),
    )


@pytest.mark.parametrize(
    ("was", "became", "met_by"),
    [
        (ALIVE, BROKEN, "new-broken broken problems"),
        (VerdictKind.UNCHECKED, BROKEN, "new-broken broken problems"),
        (ALIVE, DEAD, "new-dead new-broken dead broken problems"),
        (BROKEN, DEAD, "new-dead new-broken dead broken problems"),
        (BROKEN, BROKEN, "broken problems"),
        (DEAD, DEAD, "dead broken problems"),
        (DEAD, BROKEN, "broken problems"),
        (DEAD, ALIVE, ""),
        (BROKEN, ALIVE, ""),
        (BROKEN, VerdictKind.UNVERIFIABLE, ""),
        (ALIVE, VerdictKind.INVALID, "problems"),
        (ALIVE, ALIVE, ""),
    ],
)
def test_what_meets_each_threshold(was: VerdictKind, became: VerdictKind, met_by: str) -> None:
    found = {each for each in FailOn if each.is_met(summary(was, became))}
    assert found == {FailOn(name) for name in met_by.split()}


def test_problems_of_files_are_told_from_exclusions_that_have_ended() -> None:
    nothing = Summary(1, 0, 0, {}, 0, 0, 0)
    broken = Problem("a.md", 1, ProblemCode.INVALID_YAML, "not YAML")
    ended = Problem(".linkhealth.yml", 3, ProblemCode.IGNORE_EXPIRED, "its day has come")
    assert {one for one in FailOn if one.is_met(nothing, [broken])} == {FailOn.PROBLEMS}
    assert not any(one.is_met(nothing, [ended]) for one in FailOn)


def test_an_empty_summary_meets_none() -> None:
    assert not any(each.is_met(Summary(0, 0, 0, {}, 0, 0, 0)) for each in FailOn)


def test_the_documented_table_names_the_same_thresholds() -> None:
    text = (PROJECT / "docs" / "commands.md").read_text(encoding="utf-8")
    rows = text.partition("### What a run changed")[2].partition("\n\n| ")[2].partition("\n\n")[0]
    documented = [re.findall(r"`([a-z-]+)`", row.split("|")[-2]) for row in rows.splitlines()[2:]]
    expected = [
        sorted(each for each in FailOn if each.is_met(summary(was, became)))
        for was, became in (
            (ALIVE, BROKEN),
            (BROKEN, DEAD),
            (BROKEN, BROKEN),
            (DEAD, DEAD),
            (DEAD, BROKEN),
            (BROKEN, ALIVE),
            (DEAD, VerdictKind.UNVERIFIABLE),
            (ALIVE, VerdictKind.INVALID),
            (ALIVE, VerdictKind.MOVED),
        )
    ]
    assert [sorted(names) for names in documented] == expected


@pytest.mark.parametrize("text", ["", "new", "new-ded", "2"])
def test_another_value_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="--fail-on"):
        read_fail_on(text)
