from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.configuration import Configuration, ConfigurationError, Mistakes
from crawler.model.portion import Portion
from crawler.model.reference import Scope
from crawler.model.role import Role
from crawler.model.selection import Selection
from crawler.session.arguments import selection, split
from crawler.session.content import Content

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ROLES = frozenset(Role)


CONTENT = Content(Path("/c"), Portion.of_file("a.md"))


def selected(**chosen: str) -> Selection:
    return selection(chosen, CONTENT, Configuration(), ROLES, NOW)


# ---------------------------------------------------------------------------------- content


def test_a_folder_is_the_content(tmp_path: Path) -> None:
    assert Content.at(str(tmp_path)) == Content(tmp_path.resolve())


def test_a_file_is_the_content_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "a.md").touch()
    assert Content.at(str(tmp_path / "a.md")) == Content(
        tmp_path.resolve(), Portion.of_file("a.md")
    )


def test_the_current_folder_may_be_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.md").touch()
    assert Content.at(".").root == tmp_path.resolve()
    assert Content.at("").root == tmp_path.resolve()
    assert Content.at("a.md") == Content(tmp_path.resolve(), Portion.of_file("a.md"))


def test_links_to_content(tmp_path: Path) -> None:
    folder, other = tmp_path / "folder", tmp_path / "other"
    folder.mkdir()
    other.mkdir()
    (folder / "a.md").touch()
    (tmp_path / "to-folder").symlink_to(folder)
    (other / "b.md").symlink_to(folder / "a.md")
    assert Content.at(str(tmp_path / "to-folder")) == Content(folder.resolve())
    assert Content.at(str(other / "b.md")) == Content(other.resolve(), Portion.of_file("b.md"))


@pytest.mark.parametrize("text", ["missing", "missing/a.md", "nul\x00", "x" * 5_000])
def test_content_that_is_not_there_is_named(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        Content.at(text)


def test_a_circle_of_links_is_no_content(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        Content.at(str(tmp_path / "a"))


# ---------------------------------------------------------------------------------- arguments


def test_arguments_are_split_by_what_they_decide() -> None:
    mistakes = Mistakes()
    chosen, flags = split(
        {
            "content": "x",
            "limit": "5",
            "write-back": "no",
            "profile": "p",
            "amp_cache": "no",
            "host_delay": "3",
        },
        mistakes,
    )
    mistakes.end()
    assert chosen == {"content": "x", "limit": "5"}
    assert flags == {"write_back": "no", "profile": "p", "amp_cache": "no", "host_delay": "3"}


def told(**options: str) -> str:
    mistakes = Mistakes()
    split(options, mistakes)
    with pytest.raises(ConfigurationError) as caught:
        mistakes.end()
    return str(caught.value)


def test_unknown_arguments_are_refused_with_a_hint_each() -> None:
    assert told(limt="5", hots="a", due="all").splitlines() == [
        "-a limt: unknown argument; did you mean 'limit'?",
        "-a hots: unknown argument; did you mean 'host'?",
    ]


def test_what_is_secret_is_no_argument() -> None:
    told_of = told(database_url="postgresql://me:secret@db.example/x")
    assert told_of.endswith("set LINKHEALTH_DATABASE_URL")
    assert "secret" not in told_of


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        selected(since="soon", published="perhaps", due="never", limit="many")
    places = [line.partition(":")[0] for line in str(caught.value).splitlines()]
    assert places == ["-a since", "-a published", "-a due", "-a limit"]


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("12h", timedelta(hours=12)),
        ("7d", timedelta(days=7)),
        (" 4W ", timedelta(weeks=4)),
        ("6m", timedelta(days=180)),
        ("1y", timedelta(days=365)),
    ],
)
def test_since_is_an_age(text: str, age: timedelta) -> None:
    assert selected(since=text).published_since == NOW - age


def test_without_since_any_age_is_taken() -> None:
    assert selected().published_since is None
    assert selected(since="").published_since is None


@pytest.mark.parametrize("text", ["7", "d", "0d", "-1d", "7 d", "7dd", "1.5d", "٧d", "99999y"])
def test_what_is_no_age_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="-a since"):
        selected(since=text)


@pytest.mark.parametrize(("text", "limit"), [("1", 1), ("5", 5), ("999999999", 999_999_999)])
def test_limit_is_a_number(text: str, limit: int) -> None:
    assert selected(limit=text).limit == limit


@pytest.mark.parametrize("text", ["", "-1", "5.0", "five", "٥", "1" * 10, " 5"])
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="-a limit"):
        selected(limit=text)


def test_hosts_are_globs_in_lower_case() -> None:
    assert selected(host=" *.Example.com ,, b.test").hosts == ("*.example.com", "b.test")
    assert selected(host=" , ").hosts == ()


def test_schedule_and_listing() -> None:
    assert not selected().ignore_schedule
    assert selected(due="all").ignore_schedule
    assert not selected(due="now").ignore_schedule
    assert selected(published="yes").listed_only
    assert selected().reads_pages
    assert selected(facts="yes").reads_pages
    assert not selected(facts="no").reads_pages
    assert not selected(published="all").listed_only
    for name, value in (("due", "never"), ("published", "no"), ("due", "")):
        with pytest.raises(ConfigurationError, match=f"-a {name}"):
            selected(**{name: value})


def test_configuration_and_spider_decide_the_rest() -> None:
    every = selected()
    assert every.roles == ROLES
    assert every.scopes == frozenset(Scope)
    assert every.asked == Portion.of_file("a.md")
    less = Configuration(related=False, amp_cache=False)
    few = selection({}, CONTENT, less, frozenset({Role.AMP_CACHE}), NOW)
    assert few.roles == frozenset()
    assert few.scopes == frozenset({Scope.OWN})


@given(
    st.dictionaries(
        st.sampled_from(["limit", "host", "since", "due", "published"]), st.text(max_size=12)
    )
)
def test_any_argument_is_taken_or_refused(chosen: dict[str, str]) -> None:
    try:
        found = selected(**chosen)
    except ConfigurationError as error:
        assert str(error).startswith("-a ")  # noqa: PT017 - either way is right
    else:
        assert found.limit >= 0
        assert found.published_since is None or found.published_since < NOW
