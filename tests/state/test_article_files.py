from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from crawler.model.article import FileStamp, Problem, ProblemCode
from crawler.model.provider import Provider
from crawler.model.reference import Declared
from crawler.model.role import Role
from crawler.model.selection import Selection
from crawler.model.verdict import Suggestion, SuggestionKind, VerdictKind
from crawler.state import State
from crawler.state.json_columns import provider_from_json
from tests.state.samples import (
    DAY,
    NOW,
    article,
    link,
    reference,
    related,
    save,
    save_urls,
    stamp,
    visit,
)


def test_stamps_come_back_by_path(state: State) -> None:
    wide = FileStamp(1, 2**70, -(2**65), 2**64 - 1, "ab" * 32)
    state.save_articles([(article("a.md"), wide), (article("b.md"), stamp("b"))], NOW)
    assert state.stamps() == {"a.md": wide, "b.md": stamp("b")}
    assert state.stamps("b.md") == {"b.md": stamp("b")}
    assert state.stamps("c.md") == {}


def test_saving_again_replaces_references_and_problems(state: State) -> None:
    broken = Problem("a.md", 4, ProblemCode.INVALID_DATE, "2026-02-30")
    first = [reference("a.md", "https://a.example/1"), reference("a.md", "https://a.example/2")]
    save(state, article("a.md", first, block="old", problems=[broken]))
    save(state, article("a.md", [reference("a.md", "https://a.example/3")], block="new"))
    (known,) = state.known_articles()
    assert [each.reference.url for each in known.own] == ["https://a.example/3"]
    assert known.block == "new"
    assert state.problems() == []
    assert [entry.link.url for entry in state.link_entries()] == ["https://a.example/3"]


def test_a_url_is_stored_once_and_is_due_at_once(state: State) -> None:
    url = "https://a.example/"
    save(
        state, article("a.md", [reference("a.md", url)]), article("b.md", [reference("b.md", url)])
    )
    save(state, article("c.md", [reference("c.md", url)]), now=NOW + DAY)
    (entry,) = state.link_entries()
    assert [each.path for each in entry.references] == ["a.md", "b.md", "c.md"]
    assert entry.link.due_at == NOW
    assert entry.link.verdict.kind is VerdictKind.UNCHECKED


def test_the_last_of_one_path_in_a_batch_wins(state: State) -> None:
    state.save_articles([(article("a.md"), stamp("1")), (article("a.md"), stamp("2"))], NOW)
    assert state.stamps() == {"a.md": stamp("2")}


@pytest.mark.parametrize(
    ("invalid", "kind"),
    [
        ("malformed", VerdictKind.INVALID),
        ("local-file", VerdictKind.EXCLUDED),
        ("relative-url", VerdictKind.EXCLUDED),
    ],
)
def test_what_cannot_be_visited_is_judged_at_once_and_never_due(
    state: State, invalid: str, kind: VerdictKind
) -> None:
    save(state, article("a.md", [reference("a.md", "htp:/ x", invalid=invalid)]))
    found = link(state, "htp:/ x")
    assert (found.verdict.kind, found.verdict.reason) == (kind, invalid)
    assert (found.verdict.rule, found.verdict.since) == ("url-syntax", NOW)
    assert found.due_at is None
    everything = Selection(ignore_schedule=True)
    assert state.due_hosts(everything, NOW + 999 * DAY, 1) == []


def test_a_url_that_is_read_in_another_way_now_changes_its_verdict(state: State) -> None:
    url = "https://a.example/ b"
    save(state, article("a.md", [reference("a.md", url, invalid="malformed")]))
    save(state, article("a.md", [reference("a.md", url)]), now=NOW + DAY)
    assert link(state, url).verdict.kind is VerdictKind.UNCHECKED
    (host,) = state.due_hosts(Selection(), NOW + DAY, 1)
    assert host.host == "a.example"
    save(state, article("a.md", [reference("a.md", url, invalid="malformed")]))
    assert link(state, url).verdict.kind is VerdictKind.INVALID
    assert state.due_hosts(Selection(), NOW + DAY, 1) == []


def test_what_was_meant_is_suggested(state: State) -> None:
    raw = "www.site.example/x"
    save(state, article("a.md", [reference("a.md", raw, invalid="relative-url")]))
    assert link(state, raw).verdict.kind is VerdictKind.EXCLUDED
    save(state, article("a.md", [reference("a.md", raw, invalid="no-scheme")]), now=NOW + DAY)
    found = link(state, raw).verdict
    assert (found.kind, found.reason, found.since) == (VerdictKind.INVALID, "no-scheme", NOW + DAY)
    assert found.suggestion == Suggestion(SuggestionKind.REPLACE_URL, f"https://{raw}")
    save(state, article("b.md", [reference("b.md", raw, invalid="no-scheme")]), now=NOW + 2 * DAY)
    assert link(state, raw).verdict.since == NOW + DAY
    save(state, article("a.md", [reference("a.md", raw, invalid="relative-url")]))
    assert link(state, raw).verdict.suggestion is None


def test_an_excluded_link_of_another_rule_is_left_alone(state: State) -> None:
    save_urls(state, "https://a.example/")
    run = state.start_run(NOW)
    visit(state, run.id, "https://a.example/", VerdictKind.EXCLUDED, "ignored")
    save_urls(state, "https://a.example/", path="b.md")
    assert link(state, "https://a.example/").verdict.reason == "ignored"


def test_declared_facts_and_raw_text_come_back(state: State) -> None:
    declared = Declared(
        1400, 787, True, "Ti\x00tle", "Ex\ud800cerpt", datetime(2020, 1, 1, tzinfo=UTC)
    )
    whole = reference("a.md", "https://a.example/", raw=" https://a.example", declared=declared)
    save(state, article("a.md", [whole]))
    (known,) = state.known_articles()
    assert known.own[0].reference == whole


def test_a_size_beyond_any_image_is_taken_as_none(state: State) -> None:
    declared = Declared(width=10**5000, height=2**63)
    save(state, article("a.md", [reference("a.md", "https://a.example/", declared=declared)]))
    (known,) = state.known_articles()
    assert known.own[0].reference.declared == Declared()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (
            datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
            datetime(1, 1, 1, tzinfo=UTC),
        ),
        (
            datetime(9999, 12, 31, 23, 59, 59, 999999, timezone(timedelta(hours=-12))),
            datetime(9999, 12, 31, 23, 59, 59, 999999, UTC),
        ),
        (
            datetime(2026, 3, 1, 12, 0, 0, 1, timezone(timedelta(hours=5, minutes=30))),
            datetime(2026, 3, 1, 6, 30, 0, 1, UTC),
        ),
    ],
)
def test_times_are_kept_to_the_microsecond_in_utc(
    state: State, given: datetime, kept: datetime
) -> None:
    declared = Declared(published=given)
    save(state, article("a.md", [reference("a.md", "https://a.example/", declared=declared)]))
    (known,) = state.known_articles()
    assert known.own[0].reference.declared.published == kept


def test_long_urls_and_odd_paths_are_found_again(state: State) -> None:
    path = "odd\udcff name\n.md"
    long = "https://a.example/" + "".join(f"{number:x}" for number in range(20_000))
    same_start = long + "x"
    save(state, article(path, [reference(path, long), reference(path, same_start)]))
    assert link(state, long).id != link(state, same_start).id
    assert list(state.stamps()) == [path]
    state.forget([path])
    assert state.stamps() == {}


def test_a_host_is_lower_case_and_bounded_and_a_link_without_one_is_not_visited(
    state: State,
) -> None:
    save_urls(state, "https://A.Example:8443/", f"https://{'a' * 9000}/", "https://[::1", "/path")
    hosts = {each.host for each in state.due_hosts(Selection(), NOW, 1)}
    assert hosts == {"a.example", "a" * 255}


def test_an_unreadable_file_keeps_its_stamp_and_problems_only(state: State) -> None:
    save_urls(state, "https://a.example/")
    problem = Problem("a.md", 7, ProblemCode.INVALID_YAML, "tab\x00")
    state.save_unreadable("a.md", stamp("broken"), [problem])
    assert state.stamps() == {"a.md": stamp("broken")}
    assert state.problems() == [problem]
    assert list(state.link_entries()) == []
    assert state.summary(None).articles == 0
    state.save_unreadable("a.md", None, [])
    assert state.stamps() == {}
    assert state.problems() == []


def test_problems_are_sorted_and_may_be_asked_of_one_file(state: State) -> None:
    def problem(path: str, line: int, code: ProblemCode) -> Problem:
        return Problem(path, line, code, "…")

    found = [
        problem("a.md", 2, ProblemCode.ALIAS),
        problem("a.md", 2, ProblemCode.TOO_DEEP),
        problem("a.md", 10, ProblemCode.ALIAS),
    ]
    state.save_unreadable("b.md", None, [problem("b.md", 1, ProblemCode.NOT_UTF8)])
    save(state, article("a.md", problems=found[::-1]))
    assert state.problems() == [*found, problem("b.md", 1, ProblemCode.NOT_UTF8)]
    assert state.problems("a.md") == found


def test_restamp_and_forget(state: State) -> None:
    save(
        state,
        article("a.md", [reference("a.md", "https://a.example/")]),
        article("b.md", [related("b.md", "https://a.example/", role=Role.AMP)]),
    )
    state.restamp({"a.md": stamp("touched")})
    assert state.stamps("a.md") == {"a.md": stamp("touched")}
    state.forget(["a.md", "never.md"])
    assert list(state.stamps()) == ["b.md"]
    (entry,) = state.link_entries()
    assert (entry.references, entry.related_references) == ((), 1)


def test_a_link_that_was_never_visited_is_due_whatever_the_clock_says(state: State) -> None:
    save(state, article("a.md", [reference("a.md", "https://one.example/a")]))
    run = state.start_run(NOW)
    earlier = NOW - timedelta(days=400)
    assert [due.host for due in state.due_hosts(Selection(), earlier, run.id)] == ["one.example"]


def test_how_files_were_read_is_remembered(state: State) -> None:
    assert state.reading() is None
    state.note_reading("site a")
    state.note_reading("site b")
    assert state.reading() == "site b"


def test_files_that_could_not_even_be_opened_are_told_apart(state: State) -> None:
    save(state, article("a.md", [reference("a.md", "https://one.example/a")]))
    closed = Problem("closed.md", 0, ProblemCode.UNREADABLE, "no right to read it")
    state.save_unreadable("closed.md", None, [closed])
    assert state.unstamped() == {"closed.md"}


@pytest.mark.parametrize(
    "provider",
    [
        None,
        Provider(),
        Provider("A", None, 3),
        Provider(None, "a.example", 0, 9),
        Provider("", "\ud800\x01", 1, 2),
    ],
)
def test_a_provider_comes_back(state: State, provider: Provider | None) -> None:
    saved = article("a.md", [reference("a.md", "https://a.example/")])
    save(state, replace(saved, provider=Provider("Before", "before.example", 1, 2)))
    save(state, replace(saved, provider=provider))
    assert [one.provider for one in state.known_articles()] == [provider]


@pytest.mark.parametrize(
    ("text", "provider"),
    [
        ("{", None),
        ("[1]", None),
        ('"A"', None),
        ("{}", Provider()),
        (
            '{"name": 3, "domain": ["x"], "name_line": "4", "domain_line": true, "more": 1}',
            Provider(),
        ),
        ('{"name": "A", "name_line": 4}', Provider("A", None, 4)),
    ],
)
def test_a_provider_of_another_version_is_read(text: str, provider: Provider | None) -> None:
    assert provider_from_json(text) == provider
