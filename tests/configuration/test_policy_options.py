"""`policy:` of `.linkhealth.yml`: numbers that may be raised, never lowered."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.configuration import FILE_NAME, ConfigurationError, load
from crawler.configuration.policy_options import NUMBERS
from crawler.rules.policy import Policy, SchedulePolicy, StrikePolicy


def policy(folder: Path, text: str, profile: str | None = None) -> Policy:
    (folder / FILE_NAME).write_text(text)
    return load(folder, {"profile": profile} if profile else {}, {}).policy


def test_every_number_has_its_field(tmp_path: Path) -> None:
    text = (
        "policy:\n  strikes: 4\n  strikes_definite: 3\n  apart_hours: 100\n  span_days: 8.5\n  looks: 20\n"
        "  passing_span_days: 20\n  server_errors_days: 30\n  shortest_interval_hours: 6\n"
        "  longest_interval_days: 60\n"
    )
    found = policy(tmp_path, text)
    assert found.strikes == StrikePolicy(
        strikes=4,
        strikes_definite=3,
        apart=timedelta(hours=100),
        span=timedelta(days=8, hours=12),
        looks=20,
        passing_span=timedelta(days=20),
        server_errors=timedelta(days=30),
    )
    assert found.schedule == SchedulePolicy(shortest=timedelta(hours=6), longest=timedelta(days=60))


@pytest.mark.parametrize("name", NUMBERS)
def test_the_defaults_are_the_policys(tmp_path: Path, name: str) -> None:
    assert policy(tmp_path, f"policy: {{{name}: {NUMBERS[name].default}}}\n") == Policy()


@pytest.mark.parametrize("name", [name for name, one in NUMBERS.items() if one.part == "strikes"])
def test_no_number_of_failures_can_be_lower_than_its_default(tmp_path: Path, name: str) -> None:
    """Rule S9."""
    lower = float(NUMBERS[name].default) - (1 if name.startswith(("strikes", "looks")) else 0.1)
    with pytest.raises(ConfigurationError, match=f"{name}: .* from {NUMBERS[name].default} to"):
        policy(tmp_path, f"policy: {{{name}: {lower:g}}}\n")


def test_the_highest_still_lets_a_link_be_dead() -> None:
    """What counts is kept for 400 days (rule R10)."""
    most = {name: number.kind.parse for name, number in NUMBERS.items()}
    strikes, apart = most["strikes"]("10"), most["apart_hours"]("336")
    assert strikes * apart < Policy().history_kept
    assert most["looks"]("60") * StrikePolicy().looks_apart < Policy().history_kept
    assert most["server_errors_days"]("180") < Policy().history_kept


def test_every_field_of_strikes_is_bounded_or_left_out() -> None:
    """Those that nobody may set: how far apart looks are, and from how many runs."""
    ruled = {number.field for number in NUMBERS.values() if number.part == "strikes"}
    assert {one.name for one in fields(StrikePolicy)} - ruled == {"runs", "looks_apart"}


def test_a_profile_sets_what_the_file_does_not(tmp_path: Path) -> None:
    text = "policy: {strikes: 4}\nprofiles: {slow: {policy: {strikes: 5, span_days: 9}}}\n"
    found = policy(tmp_path, text, "slow").strikes
    assert (found.strikes, found.span) == (4, timedelta(days=9))
    assert policy(tmp_path, text).strikes.span == StrikePolicy().span
