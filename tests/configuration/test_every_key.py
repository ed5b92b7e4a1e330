"""Each key of `.linkhealth.yml`, changed alone, changes what it says, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.configuration import FILE_NAME, HOST_SHAPES, Configuration, field_options, load
from crawler.configuration.file_keys import FILE_SHAPE
from crawler.configuration.image_options import IMAGES_SHAPE, LEVELS, THRESHOLDS
from crawler.configuration.notification_options import CHANNEL_ROWS
from crawler.configuration.policy_options import NUMBERS
from crawler.configuration.priority_options import FIELD_NAMES, FIELDS, WEIGHTS
from crawler.configuration.url_exclusions import ENTRY_ROWS
from crawler.model.check import ImageCode, Level, Size
from crawler.model.field_map import OWN_FIELDS
from crawler.model.notification import About, Channel, Rhythm
from crawler.model.url_exclusion import UrlExclusion
from crawler.rules.owners import OwnerRule
from crawler.rules.policy import TextLinks, WriteBack

HOST = "https://a.example/x"
ENVIRONMENT = {
    f"LINKHEALTH_CREDENTIAL_{name}{end}": value
    for name in ("A", "B")
    for end, value in (("", f"s3cret-of-{name.lower()}"), ("_HOSTS", "a.example"))
}
HOURS, DAYS = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Row:
    """A key, a value for it that is not its default, what then says so, and how it says it."""

    key: str
    value: str
    says: Callable[[Configuration], Any]
    said: Any

    @property
    def text(self) -> str:
        *above, name = self.key.split(" / ")
        return (
            "".join(f"{{{one}: " for one in above) + f"{{{name}: {self.value}}}" + "}" * len(above)
        )


def politeness(field: str) -> Callable[[Configuration], Any]:
    return lambda read: getattr(read.policy.politeness, field)


def sent(read: Configuration) -> Any:
    return read.sent(HOST, HOST, is_verified=True)


def desk(read: Configuration, name: str) -> Any:
    """An option of the channel `desk`; its default where the file has no such channel."""
    (channel,) = read.notifications or (Channel("desk"),)
    return getattr(channel, name)


def mapped(read: Configuration, name: str) -> Any:
    found = read.fields or OWN_FIELDS
    return [way for way, meant in (*found.places, *found.texts) if meant.value == name]


ROWS = [
    Row("write_back", "problems", lambda read: read.policy.write_back, WriteBack.PROBLEMS),
    Row("sidecar_folder", "data/links", lambda read: read.sidecar_folder, "data/links"),
    Row("host_delay", "3", politeness("delay"), 3.0),
    Row("host_connections", "5", politeness("connections"), 5),
    Row("image_host_delay", "3", politeness("image_host_delay"), 3.0),
    Row("image_host_connections", "5", politeness("image_host_connections"), 5),
    Row("retries", "5", politeness("retries"), 5),
    Row("stale_after_days", "30", lambda read: read.policy.freshness.limit("a.md"), 30 * DAYS),
    Row("site_url", "https://s.example", lambda read: read.site_url, "https://s.example"),
    Row("link_pattern", "'vscode://{path}'", lambda read: read.link_pattern, "vscode://{path}"),
    Row("user_agent", "Me/1", lambda read: read.user_agent, "Me/1"),
    Row("contact_url", "mailto:a@b.example", lambda read: read.contact_url, "mailto:a@b.example"),
    Row("respect_robots", "no", lambda read: read.manners("b.example").respect_robots, False),
    Row("amp_cache", "no", lambda read: read.amp_cache, False),
    Row("related", "no", lambda read: read.related, False),
    Row("body", "yes", lambda read: read.body, TextLinks.YES),
    Row("body", "no", lambda read: read.body, TextLinks.NO),
    Row("exclude", "[drafts]", lambda read: read.exclude, ("drafts",)),
    Row("include", "[public]", lambda read: read.include, ("public",)),
    Row("secret_keys", "[token]", lambda read: read.secret_keys, {"secured", "token"}),
    Row("report_formats", "[md]", lambda read: read.report_formats, ("md",)),
    Row("connect_timeout", "30", lambda read: read.connect_timeout, 30.0),
    Row("response_timeout", "60", lambda read: read.response_timeout, 60.0),
    Row("dns_timeout", "20", lambda read: read.dns_timeout, 20.0),
    Row("in_flight", "5", lambda read: read.in_flight, 5),
    Row("canaries", "[c.example]", lambda read: read.canaries, ("https://c.example",)),
    Row("canary_interval", "5", lambda read: read.policy.outages.canary_every / timedelta(seconds=1), 5),
    Row("network_pauses", "[2]", lambda read: read.policy.outages.pauses, (timedelta(seconds=2),)),
    Row("second_look", "5", lambda read: read.policy.outages.second_look / timedelta(seconds=1), 5),
    Row("accept_mass_change", "yes", lambda read: read.accept_mass_change, True),
    Row("hosts / a.example / delay", "7", lambda read: read.manners("a.example").delay, 7.0),
    Row("hosts / a.example / connections", "7", lambda read: read.manners("a.example").connections, 7),
    Row("hosts / a.example / retries", "7", lambda read: read.manners("a.example").retries, 7),
    Row("hosts / a.example / respect_robots", "yes", lambda read: read.rule("a.example").respect_robots, True),
    Row("hosts / a.example / ignore_robots", "ours", lambda read: read.rule("a.example").ignore_robots, "ours"),
    Row("hosts / a.example / skip", "yes", lambda read: read.manners("a.example").skip, True),
    Row("hosts / a.example / accept_statuses", "[403]", lambda read: read.manners("a.example").accept_statuses, {403}),
    Row("hosts / a.example / headers", "{X-A: b}", lambda read: [one for one in sent(read).headers if one[0] == "X-A"], [("X-A", "b")]),
    Row("hosts / a.example / cookies", "{a: b}", lambda read: sent(read).cookies, (("a", "b"),)),
    Row(
        "hosts / a.example / basic",
        "{user_env: LINKHEALTH_CREDENTIAL_A, password_env: LINKHEALTH_CREDENTIAL_B}",
        lambda read: [value for _, value in sent(read).headers if value.startswith("Basic")],
        ["Basic czNjcmV0LW9mLWE6czNjcmV0LW9mLWI="],
    ),
    Row(
        "hosts / a.example / bearer",
        "{env: LINKHEALTH_CREDENTIAL_A}",
        lambda read: [value for _, value in sent(read).headers if value.startswith("Bearer")],
        ["Bearer s3cret-of-a"],
    ),
    Row(
        "exclude_urls / https://a.example/*",
        "{reason: moving, owner: Ada, until: 2027-01-31}",
        lambda read: read.exclude_urls,
        (
            UrlExclusion(
                "https://a.example/*", "moving", 1, ".linkhealth.yml:1", "Ada", datetime(2027, 1, 31, tzinfo=UTC)
            ),
        ),
    ),
    Row("stale_after / _news", "30", lambda read: read.policy.freshness.limit("_news/a.md"), 30 * DAYS),
    *(
        Row(f"images / {name}", text, lambda read, name=name: getattr(read.policy.images, THRESHOLDS[name].field), said)  # type: ignore[misc]
        for name, text, said in (
            ("resized_within", "3 %", 0.03),
            ("aspect_off_by", "6 %", 0.06),
            ("too_small_error", "10x10", Size(10, 10)),
            ("too_small_warning", "20x20", Size(20, 20)),
            ("too_small_info", "30x30", Size(30, 30)),
            ("discover_width", "99", 99),
            ("weight_warning", "2 MB", 2_000_000),
            ("weight_error", "9 MB", 9_000_000),
            ("placeholder_from", "99", 99),
            ("expiring_within_days", "9", 9 * DAYS),
        )
    ),
    *(
        Row(f"images / levels / {code}", "info", lambda read, code=code: read.policy.images.levels.get(code), Level.INFO)  # type: ignore[misc]
        for code in ImageCode
    ),
    *(
        Row(f"priority / {name}", "3", lambda read, name=name: getattr(read.policy.priority, name), 3.0)  # type: ignore[misc]
        for name in WEIGHTS
    ),
    *(
        Row(f"priority / fields / {name}", "7", lambda read, name=name: read.policy.priority.fields.get(name), 7.0)  # type: ignore[misc]
        for name in FIELD_NAMES
    ),
    *(
        Row(f"fields / {name}", "[a, b.c]", lambda read, name=name: mapped(read, name), [("a",), ("b", "c")])  # type: ignore[misc]
        for name in field_options.FIELD_NAMES
    ),
    Row("policy / strikes", "5", lambda read: read.policy.strikes.strikes, 5),
    Row("policy / strikes_definite", "5", lambda read: read.policy.strikes.strikes_definite, 5),
    Row("policy / apart_hours", "80", lambda read: read.policy.strikes.apart, 80 * HOURS),
    Row("policy / span_days", "20", lambda read: read.policy.strikes.span, 20 * DAYS),
    Row("policy / looks", "20", lambda read: read.policy.strikes.looks, 20),
    Row("policy / passing_span_days", "20", lambda read: read.policy.strikes.passing_span, 20 * DAYS),
    Row("policy / server_errors_days", "20", lambda read: read.policy.strikes.server_errors, 20 * DAYS),
    Row("policy / shortest_interval_hours", "5", lambda read: read.policy.schedule.shortest, 5 * HOURS),
    Row("policy / longest_interval_days", "50", lambda read: read.policy.schedule.longest, 50 * DAYS),
    Row("owners / _news", "[Ada, Bob]", lambda read: read.owners, (OwnerRule("_news", ("Ada", "Bob")),)),
    *(
        Row(f"notifications / desk / {name}", text, lambda read, name=name: desk(read, name), said)  # type: ignore[misc]
        for name, text, said in (
            ("about", "[newly-dead, held]", (About.NEWLY_DEAD, About.HELD)),
            ("owners", "[Ada, '@example/*']", ("Ada", "@example/*")),
            ("digest", "weekly", Rhythm.WEEKLY),
            ("most", "50", 50),
        )
    ),
    Row("profiles / chosen / retries", "9", politeness("retries"), 9),
]  # fmt: skip


def read(folder: Path, text: str) -> Configuration:
    (folder / FILE_NAME).write_text(text)
    flags = {"profile": "chosen"} if "chosen" in text else {}
    found = load(folder, flags, ENVIRONMENT)
    found.check_secrets()
    return found


def differences(before: Any, after: Any) -> Iterator[str]:
    """The fields, at any depth, in which two values differ."""
    for one in fields(before):
        old, new = getattr(before, one.name), getattr(after, one.name)
        if one.compare and old != new:
            is_below = is_dataclass(old) and type(old) is type(new) and not isinstance(old, Size)
            yield from differences(old, new) if is_below else [one.name]


def top(row: Row) -> str:
    return row.key.partition(" / ")[0]


def is_beside(row: Row, other: Row) -> bool:
    """Whether a row is about another thing: what holds of all hosts, or of all articles, holds of each."""
    pairs = {frozenset((row.key, other.key))}
    shared = [
        {"body"},
        {"host_delay", "hosts / a.example / delay"},
        {"host_connections", "hosts / a.example / connections"},
        {"retries", "hosts / a.example / retries"},
        {"retries", "profiles / chosen / retries"},
        {"hosts / a.example / retries", "profiles / chosen / retries"},
        {"stale_after_days", "stale_after / _news"},
    ]
    return not any(frozenset(one) in pairs for one in shared)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.key)
def test_a_key_that_is_changed_alone_changes_what_it_says(row: Row, tmp_path: Path) -> None:
    before, after = read(tmp_path, ""), read(tmp_path, row.text)
    assert row.says(before) != row.said
    assert row.says(after) == row.said
    for other in ROWS:
        if other is not row and is_beside(row, other):
            assert other.says(after) == other.says(before), other.key
    assert len(list(differences(before, after))) == 1
    changed = {
        new.name for new, old in zip(after.settings, before.settings, strict=True) if new != old
    }
    assert changed == {"retries" if top(row) == "profiles" else top(row)}
    (setting,) = (one for one in after.settings if one.name in changed)
    assert setting.source in ("file .linkhealth.yml:1", "profile chosen")


def test_links_of_the_text_are_read_of_some_articles_by_default(tmp_path: Path) -> None:
    assert read(tmp_path, "").body is read(tmp_path, "body: auto").body is TextLinks.AUTO


def test_every_key_has_its_row() -> None:
    assert {top(row) for row in ROWS} == FILE_SHAPE.rows.keys()
    below: dict[str, set[str]] = {}
    for row in ROWS:
        *above, name = row.key.split(" / ")
        below.setdefault(" / ".join(above), set()).add(name)
    assert below["hosts / a.example"] == HOST_SHAPES.keys()
    assert below["images"] | {LEVELS} == IMAGES_SHAPE.rows.keys()
    assert below["images / levels"] == set(ImageCode)
    assert below["priority"] == set(WEIGHTS)
    assert below[f"priority / {FIELDS}"] == set(FIELD_NAMES)
    assert below["fields"] == set(field_options.FIELD_NAMES)
    assert below["policy"] == NUMBERS.keys()
    assert below["notifications / desk"] == CHANNEL_ROWS.keys()
    assert all(name in ROWS_BY_KEY["exclude_urls"].value for name in ENTRY_ROWS)


ROWS_BY_KEY = {top(row): row for row in ROWS}
