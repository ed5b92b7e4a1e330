from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from crawler.content import Site, read_site
from crawler.model.verdict import WarningCode
from crawler.rules.urls import InvalidReason


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    (root / "assets").mkdir(parents=True)
    (root / "news").mkdir()
    (root / "assets" / "a b.png").write_bytes(b"")
    (root / "news" / "n.png").write_bytes(b"")
    (tmp_path / "outside.png").write_bytes(b"")
    (root / "out.png").symlink_to(tmp_path / "outside.png")
    return root


@pytest.mark.parametrize(
    ("raw", "is_local"),
    [
        ("/assets/a b.png", True),
        ("/assets/a%20b.png?v=1#x", True),
        ("\\assets\\a%20b.png", True),
        ("/blog/assets/a b.png", True),
        ("n.png", True),
        ("../assets/a%20b.png", True),
        ("../../outside.png", False),
        ("/../outside.png", False),
        ("%2e%2e/%2e%2e/outside.png", False),
        ("/out.png", False),
        ("/assets", False),
        ("/", False),
        (".", False),
        ("/a%00b", False),
        ("/" + "a" * 3000, False),
    ],
)
def test_files_of_the_collection_are_found_and_nothing_outside_of_it(
    root: Path, raw: str, is_local: bool
) -> None:
    found = Site(root, "https://s.test/blog").resolve(raw, "news/a.md")
    assert (found.invalid is InvalidReason.LOCAL_FILE) is is_local
    assert (found.url in ("assets/a b.png", "news/n.png")) is is_local
    without_address = Site(root).resolve(raw, "news/a.md")
    if "/blog/" not in raw:
        expected = InvalidReason.LOCAL_FILE if is_local else InvalidReason.RELATIVE_URL
        assert without_address.invalid is expected


@pytest.mark.parametrize(
    ("address", "raw", "url"),
    [
        ("https://s.test", "/x.png", "https://s.test/x.png"),
        ("https://s.test/blog/", "/x.png", "https://s.test/blog/x.png"),
        ("https://s.test/blog", "/blog/x.png", "https://s.test/blog/x.png"),
        ("https://s.test/blog", "/blogger.png", "https://s.test/blog/blogger.png"),
        ("https://s.test/blog", "x.png", "https://s.test/blog/x.png"),
        ("http://s.test", "//cdn.test/x", "http://cdn.test/x"),
        (None, "//cdn.test/x", "https://cdn.test/x"),
        (None, "https://a.test", "https://a.test/"),
    ],
)
def test_relative_urls_resolve_against_the_site(address: str | None, raw: str, url: str) -> None:
    assert Site(None, address).resolve(raw, "a.md").url == url


def test_white_space_around_a_relative_url_is_warned_of() -> None:
    assert Site(None, "https://s.test").resolve(" /x ", "a.md").warnings


@pytest.mark.parametrize(
    ("configuration", "address"),
    [
        ("url: https://s.test\nbaseurl: /blog\n", "https://s.test/blog/"),
        ('a: &x 1\nb: *x\nurl: "https://s.test/" # note\r\nbaseurl: ""\r\n', "https://s.test/"),
        ("url:\nbaseurl: /blog\n", None),
        ("url: [\n", None),
        ("url: 'javascript:x'\n", None),
        ("url: {a: b}\n", None),
        ("defaults:\n  url: https://inner.test\n", None),
    ],
)
def test_the_address_comes_from_the_configuration(
    root: Path, configuration: str, address: str | None
) -> None:
    (root / "_config.yml").write_text(configuration, encoding="utf-8")
    assert read_site(root).address == address
    assert read_site(root, "https://given.test").address == "https://given.test/"


def test_without_a_configuration_there_is_no_address(root: Path) -> None:
    assert read_site(root).address is None


def test_a_long_configuration_costs_little_and_of_its_lines_the_last_counts(root: Path) -> None:
    lines = [f"url: https://{number}.test\nbaseurl: [\n" for number in range(40_000)]
    (root / "_config.yml").write_text(
        "".join(lines)[:900_000] + "\nbaseurl: /b\nurl: https://last.test\n"
    )
    begun = time.process_time()
    assert read_site(root).address == "https://last.test/b/"
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("planted", ["link out", "pipe", "folder", "loop", "link in"])
def test_only_a_file_of_the_collection_says_the_address(root: Path, planted: str) -> None:
    (root / "real.yml").write_text("url: https://in.test\n")
    (root.parent / "outside.yml").write_text("url: https://out.test\n")
    path = root / "_config.yml"
    match planted:
        case "link out":
            path.symlink_to(root.parent / "outside.yml")
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "loop":
            path.symlink_to("_config.yml")
        case _:
            path.symlink_to("real.yml")
    assert read_site(root).address == ("https://in.test/" if planted == "link in" else None)


@pytest.mark.parametrize("address", [None, "https://s.test"])
@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("www.site.org/x", InvalidReason.NO_SCHEME),
        ("htps://site.org/x", InvalidReason.UNKNOWN_SCHEME),
        ("https//site.org/x", InvalidReason.UNKNOWN_SCHEME),
        ("<https://site.org/x>", InvalidReason.MARK_UP),
        ("TODO", InvalidReason.PLACEHOLDER),
        ("https://a.org/x https://b.org/y", InvalidReason.SEVERAL_URLS),
        ("see the website", InvalidReason.NOT_AN_ADDRESS),
    ],
)
def test_what_was_typed_is_invalid_whether_the_site_has_an_address_or_not(
    root: Path, address: str | None, raw: str, reason: InvalidReason
) -> None:
    found = Site(root, address).resolve(raw, "news/a.md")
    assert (found.invalid, found.url, found.host) == (reason, raw, "")


@pytest.mark.parametrize(
    ("path", "raw"),
    [
        ("www.site.org/x.html", "www.site.org/x"),
        ("news/site.org/y.html", "site.org/x"),
        ("TODO", "TODO"),
        ("news/todo.md", "todo"),
        ("news/my notes", "my notes"),
        ("news/www.page.org", "www.page.org"),
    ],
)
def test_what_the_collection_holds_is_a_path(root: Path, path: str, raw: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(b"")
    article = "news/a.md" if path.startswith("news/") else "a.md"
    found = Site(root, "https://s.test").resolve(raw, article)
    assert found.invalid in (None, InvalidReason.LOCAL_FILE)
    assert found.url in (f"https://s.test/{raw}", path)


@pytest.mark.parametrize(
    ("raw", "without", "with_address"),
    [
        ("test", InvalidReason.PLACEHOLDER, "https://s.test/test"),
        ("pages/my page", InvalidReason.NOT_AN_ADDRESS, "https://s.test/pages/my%20page"),
        ("www/x", InvalidReason.RELATIVE_URL, "https://s.test/www/x"),
        ("/see/my page", InvalidReason.RELATIVE_URL, "https://s.test/see/my%20page"),
        ("mailto:a@b.org", InvalidReason.UNKNOWN_SCHEME, "mailto:a@b.org"),
        ("[::1]/x", InvalidReason.RELATIVE_URL, "https://s.test/%5B::1%5D/x"),
    ],
)
def test_what_may_be_a_page_of_the_site_is_asked_of_it(
    root: Path, raw: str, without: InvalidReason, with_address: str
) -> None:
    assert Site(root).resolve(raw, "a.md").invalid is without
    assert Site(root, "https://s.test").resolve(raw, "a.md").url == with_address


@pytest.mark.parametrize(
    ("raw", "url", "warning"),
    [
        ("https://a.test/x\u200b", "https://a.test/x", WarningCode.URL_INVISIBLE_CHARACTERS),
        ("\ufeffhttps://a.test/x", "https://a.test/x", WarningCode.URL_INVISIBLE_CHARACTERS),
        ("https://a.test/x\u2060\u200d", "https://a.test/x", WarningCode.URL_INVISIBLE_CHARACTERS),
        ("https://a.test/x\u00a0", "https://a.test/x", WarningCode.URL_WHITE_SPACE),
        ("\u3000https://a.test/x", "https://a.test/x", WarningCode.URL_WHITE_SPACE),
        ("/x\u200b", "https://s.test/x", WarningCode.URL_INVISIBLE_CHARACTERS),
        ("//cdn.test/x\u200b", "https://cdn.test/x", WarningCode.URL_INVISIBLE_CHARACTERS),
        (
            "https://a.test/x\u200by",
            "https://a.test/x%E2%80%8By",
            WarningCode.URL_INVISIBLE_CHARACTERS,
        ),
    ],
)
def test_unseen_ends_are_left_out_and_warned_of(raw: str, url: str, warning: WarningCode) -> None:
    found = Site(None, "https://s.test").resolve(raw, "a.md")
    assert (found.url, found.invalid, found.warnings) == (url, None, (warning,))


def test_an_invalid_text_keeps_its_unseen_ends() -> None:
    raw = "mailto:a@b.test\u200b"
    assert Site().resolve(raw, "a.md").url == raw
    assert Site().resolve("\u200b", "a.md").invalid is not None
