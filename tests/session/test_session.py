from __future__ import annotations

from pathlib import Path

import pytest

from crawler.configuration import ConfigurationError
from crawler.model.portion import Portion
from crawler.model.role import CRAWLED, Role
from crawler.session import NoArticlesError, Session, arguments
from crawler.state import StateLocked

ARTICLE = "---\ntitle: A\nwebUrl: https://a.test/\n---\n"


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    folder = tmp_path / "collection"
    folder.mkdir()
    (folder / "a.md").write_text(ARTICLE)
    return folder


def test_a_session_opens_everything(collection: Path) -> None:
    given = {"content": str(collection), "limit": "3", "write-back": "no"}
    with Session.open(given, {"LINKHEALTH_HOST_DELAY": "0"}) as session:
        assert session.content.root == collection.resolve()
        assert session.selection.limit == 3
        assert session.selection.roles == CRAWLED | {Role.BODY}
        assert session.selection.own_texts
        assert session.configuration.fixed_delay == 0.0
        assert list(session.repository.paths()) == ["a.md"]
        assert session.run is None
        assert (collection / ".linkhealth" / "state.sqlite3").is_file()


def test_the_body_of_an_article_is_not_crawled_by_itself() -> None:
    assert Role.BODY not in CRAWLED
    assert Role.WEB in CRAWLED


def test_one_run_at_a_time(collection: Path) -> None:
    given = {"content": str(collection)}
    with Session.open(given, {}):
        with pytest.raises(StateLocked):
            Session.open(given, {})
        with Session.open(given, {}, exclusive=False) as reader:
            assert reader.state.last_run() is None
    with Session.open(given, {}):
        pass


def test_a_session_that_fails_to_open_holds_nothing(
    collection: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"content": str(collection)}

    def broken(*_: object, **__: object) -> None:
        raise ConfigurationError("x", "broken")

    with monkeypatch.context() as patched:
        patched.setattr(arguments, "selection", broken)
        with pytest.raises(ConfigurationError, match="broken"):
            Session.open(given, {})
    with Session.open(given, {}):
        pass


def test_content_without_articles_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("no front matter\n")
    (tmp_path / "data.json").write_text('{"title": "no article"}\n')
    with pytest.raises(NoArticlesError, match="no article file"):
        Session.open({"content": str(tmp_path)}, {})
    assert not (tmp_path / ".linkhealth").exists(), "a wrong path is left as it was"


def test_markdown_without_front_matter_is_a_collection(tmp_path: Path) -> None:
    (tmp_path / "guide.md").write_text("# A guide\n")
    given = {"content": str(tmp_path)}
    with Session.open(given, {}) as session:
        assert session.field_map.is_plain
        assert list(session.repository.paths()) == ["guide.md"]
    (tmp_path / ".linkhealth.yml").write_text("fields: {link: link}\n")
    with Session.open(given, {}) as session:
        assert session.field_map.is_settled
        assert session.field_map.is_plain
    with Session.open(given, {}, exclusive=False) as session:
        assert list(session.repository.paths()) == ["guide.md"]
    for name in "abc":
        (tmp_path / f"{name}.md").write_text(ARTICLE)
    with Session.open(given, {}) as session:
        assert list(session.repository.paths()) == ["a.md", "b.md", "c.md"]


@pytest.mark.parametrize(
    ("configuration", "is_read"),
    [("mkdocs.yml", True), ("book.toml", True), ("_config.yml", False)],
)
def test_generators_that_ask_for_no_front_matter(
    configuration: str, is_read: bool, tmp_path: Path
) -> None:
    (tmp_path / configuration).write_text("")
    (tmp_path / "guide.md").write_text("# A guide\n")
    for name in "abc":
        (tmp_path / f"{name}.md").write_text("---\nlink: https://news.example/\n---\n")
    with Session.open({"content": str(tmp_path)}, {}) as session:
        assert ("guide.md" in session.repository.paths()) is is_read


def test_a_file_that_is_no_article_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "plain.txt").write_text("hello\n")
    with pytest.raises(NoArticlesError, match=r"plain\.txt"):
        Session.open({"content": str(tmp_path / "plain.txt")}, {})


def test_a_single_file_is_a_collection(collection: Path) -> None:
    (collection / "b.md").write_text(ARTICLE)
    with Session.open({"content": str(collection / "b.md")}, {}) as session:
        assert list(session.repository.paths()) == ["b.md"]
        assert session.selection.asked == Portion.of_file("b.md")


@pytest.mark.parametrize(
    ("given", "environ"),
    [
        ({"content": "missing"}, {}),
        ({"limit": "x"}, {}),
        ({"no-such": "x"}, {}),
        ({}, {"LINKHEALTH_HOST_DELAY": "fast"}),
        ({}, {"LINKHEALTH_CA_FILE": "missing.pem"}),
    ],
)
def test_what_is_wrong_is_refused(
    given: dict[str, str],
    environ: dict[str, str],
    collection: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(collection)
    with pytest.raises(ConfigurationError):
        Session.open(given, environ)


@pytest.mark.parametrize(
    "text",
    ["", "no certificate\n", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"],
)
def test_a_ca_file_without_certificates_is_refused(text: str, collection: Path) -> None:
    path = collection.parent / "ca.pem"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=r"ca\.pem.*no certificates to trust"):
        Session.open({"content": str(collection)}, {"LINKHEALTH_CA_FILE": str(path)})


def test_what_a_killed_run_left_is_swept(collection: Path) -> None:
    (collection / "below").mkdir()
    left = [collection / ".linkhealth-x.tmp", collection / "below" / ".linkhealth-y.tmp"]
    for path in left:
        path.write_bytes(b"")
    with Session.open({"content": str(collection / "a.md")}, {}):
        assert [path.exists() for path in left] == [False, True]
    with Session.open({"content": str(collection)}, {}):
        assert [path.exists() for path in left] == [False, False]
