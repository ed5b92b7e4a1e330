"""Rules I17 and I18: images that are files of the collection. Nothing outside of it is read, and nothing blocks."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.content import Beginning, LocalImages, Look, Presence, Site, read_site
from crawler.content.stamps import mark_of
from crawler.rules.urls import InvalidReason

FILES = (
    "assets/img/a b.png",
    "assets/img/Photo.JPG",
    "static/shared/logo.png",
    "static/only.png",
    "content/posts/trip/beside.png",
    "content/posts/trip/index.md",
    "_news/n.png",
    "bad:name.png",
    "über/ö.png",
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    for name in FILES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")
    (tmp_path / "outside.png").write_bytes(b"secret")
    (root / "out.png").symlink_to(tmp_path / "outside.png")
    (root / "out").symlink_to(tmp_path)
    (root / "closed").symlink_to(tmp_path)
    (root / "static/closed").mkdir()
    (root / "static/closed/other.png").write_bytes(b"x")
    (tmp_path / "x.png").write_bytes(b"secret")
    (root / "in.png").symlink_to(root / "_news" / "n.png")
    return root


LEAF = "content/posts/trip/index.md"
NEWS = "_news/a.md"


@pytest.mark.parametrize(
    ("raw", "article", "path"),
    [
        # beside its article, as in a leaf bundle of Hugo; or from the root, as themes take it
        ("beside.png", LEAF, "content/posts/trip/beside.png"),
        ("./beside.png", LEAF, "content/posts/trip/beside.png"),
        ("n.png", NEWS, "_news/n.png"),
        ("../_news/n.png", NEWS, "_news/n.png"),
        ("assets/img/a%20b.png", NEWS, "assets/img/a b.png"),
        # from the root: Jekyll's own, Hugo's static, assets and content
        ("/assets/img/a b.png", NEWS, "assets/img/a b.png"),
        ("/assets/img/a%20b.png?width=10#top", NEWS, "assets/img/a b.png"),
        ("\\assets\\img\\a%20b.png", NEWS, "assets/img/a b.png"),
        ("/shared/logo.png", NEWS, "static/shared/logo.png"),
        ("/img/Photo.JPG", NEWS, "assets/img/Photo.JPG"),
        ("/posts/trip/beside.png", NEWS, "content/posts/trip/beside.png"),
        ("/blog/assets/img/a%20b.png", NEWS, "assets/img/a b.png"),
        ("blog/shared/logo.png", NEWS, "static/shared/logo.png"),
        ("/assets/../_news/n.png", NEWS, "_news/n.png"),
        ("/%c3%bcber/%C3%B6.png", NEWS, "über/ö.png"),
        ("/in.png", NEWS, "in.png"),
        ("/bad:name.png", NEWS, "./bad:name.png"),
        (" /only.png ", NEWS, "static/only.png"),
    ],
)
@pytest.mark.parametrize("address", ["https://site.test/blog", None])
def test_an_image_of_the_collection_goes_by_the_path_of_its_file(
    root: Path, address: str | None, raw: str, article: str, path: str
) -> None:
    found = Site(root, address, "blog").resolve(raw, article, is_image=True)
    assert (found.url, found.invalid) == (path, InvalidReason.LOCAL_FILE)


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        ("/assets/img/gone.png", "assets/img/gone.png"),
        ("/img/gone.png", "assets/img/gone.png"),  # where images are kept
        ("/nowhere/gone.png", "nowhere/gone.png"),
        ("gone.png", "_news/gone.png"),
        ("/assets/img/photo.jpg", "assets/img/photo.jpg"),
        ("/out.png", "out.png"),
        ("/out/outside.png", "out/outside.png"),
        ("/assets/img/a%2520b.png", "assets/img/a%20b.png"),
        ("/" + "a" * 3000 + ".png", "a" * 3000 + ".png"),
        ("/closed/x.png", "closed/x.png"),
    ],
)
def test_an_image_that_is_not_there_is_asked_of_the_site_or_else_missing(
    root: Path, raw: str, place: str
) -> None:
    found = Site(root).resolve(raw, NEWS, is_image=True)
    assert (found.url, found.invalid) == (place, InvalidReason.IMAGE_FILE_MISSING)
    assert Site(root).resolve(raw, NEWS).invalid is InvalidReason.RELATIVE_URL
    of_site = Site(root, "https://site.test").resolve(raw, NEWS, is_image=True)
    assert of_site.invalid is None
    assert of_site.host == "site.test"


@pytest.mark.parametrize(
    "raw",
    [
        "../../outside.png",
        "%2e%2e/%2e%2e/outside.png",
        "a%2fb.png",
        "..%2f..%2foutside.png",
        "/a%00b.png",
        "/assets/img/",
        "/assets/img/..",
        "/",
        ".",
        "#top",
        "?size=1",
    ],
)
def test_what_no_file_of_the_collection_can_bear_is_only_relative(root: Path, raw: str) -> None:
    assert Site(root).resolve(raw, NEWS, is_image=True).invalid is InvalidReason.RELATIVE_URL


def test_a_baseurl_without_an_address_is_taken_off(root: Path) -> None:
    (root / "_config.yml").write_text("baseurl: /blog\n")
    found = read_site(root).resolve("/blog/shared/logo.png", NEWS, is_image=True)
    assert found.url == "static/shared/logo.png"


def test_without_a_root_there_is_no_file_to_miss() -> None:
    assert Site().resolve("/a.png", NEWS, is_image=True).invalid is InvalidReason.RELATIVE_URL


@pytest.mark.parametrize(
    ("path", "presence", "detail"),
    [
        ("assets/img/Photo.JPG", Presence.THERE, None),
        ("in.png", Presence.THERE, None),
        ("assets/img/gone.png", Presence.MISSING, None),
        ("assets/img/photo.jpg", Presence.MISSING, "assets/img/Photo.JPG"),
        ("Assets/IMG/photo.jpg", Presence.MISSING, "assets/img/Photo.JPG"),
        ("Shared/logo.png", Presence.MISSING, "static/shared/logo.png"),
        ("u\u0308ber/o\u0308.png", Presence.MISSING, "über/ö.png"),
        ("assets/img", Presence.MISSING, "a folder"),
        ("assets/img/a b.png/c.png", Presence.NO_FOLDER, None),
        ("nowhere/gone.png", Presence.NO_FOLDER, None),
        ("content/posts/gone.png", Presence.NO_FOLDER, None),
        ("a" * 3000, Presence.MISSING, None),
        ("a/" * 3000 + "a", Presence.NO_FOLDER, None),
        ("a\0b.png", Presence.MISSING, None),
        ("out.png", Presence.CLOSED, "out of the collection"),
        ("out/outside.png", Presence.CLOSED, "out of the collection"),
        ("../outside.png", Presence.CLOSED, "out of the collection"),
        ("/etc/passwd", Presence.CLOSED, "out of the collection"),
        ("loop.png", Presence.CLOSED, "symbolic links"),
        ("fifo.png", Presence.MISSING, "no ordinary file"),
        ("socket.png", Presence.MISSING, "no ordinary file"),
    ],
)
def test_what_stands_where_an_image_should_be(
    root: Path, path: str, presence: Presence, detail: str | None
) -> None:
    (root / "loop.png").symlink_to("loop.png")
    os.mkfifo(root / "fifo.png")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(root / "socket.png"))
        found = LocalImages(root).look_at(path)
        read = LocalImages(root).read_beginning(path, lambda _head, _is_all: 16)
    assert found.presence is presence
    if detail is None:
        assert found.detail is None
    else:
        assert detail in (found.detail or "")
    if presence is Presence.THERE:
        assert read == Beginning(b"x", 1, None)
    else:
        assert read == found


def test_a_device_is_not_opened(root: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root makes devices")
    try:
        os.mknod(root / "null.png", 0o20600, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("devices cannot be made here")
    read = LocalImages(root).read_beginning("null.png", lambda _head, _is_all: 16)
    assert read == Look(Presence.MISSING, detail="null.png is no ordinary file")


def test_a_huge_file_is_read_no_further_than_is_asked(root: Path) -> None:
    with (root / "huge.png").open("wb") as huge:
        huge.truncate(1 << 40)
    steps: Iterator[int | None] = iter([10, 30, None])
    read = LocalImages(root).read_beginning("huge.png", lambda _head, _is_all: next(steps))
    assert read == Beginning(bytes(30), 1 << 40, None)


def test_an_empty_file_is_all_there_is(root: Path) -> None:
    (root / "empty.png").write_bytes(b"")
    asked: list[tuple[bytes, bool]] = []

    def wanted(head: bytes, is_all: bool) -> int:
        asked.append((head, is_all))
        return 16

    assert LocalImages(root).read_beginning("empty.png", wanted) == Beginning(b"", 0, None)
    assert asked == [(b"", True)]


def test_a_mark_is_of_one_file_and_is_not_given_at_once(root: Path) -> None:
    old, other = Path(sys.executable), Path(os.__file__)
    assert mark_of(old.stat()) == mark_of(old.stat())
    assert mark_of(old.stat()) != mark_of(other.stat())
    assert LocalImages(root).look_at("_news/n.png").mark is None, "it changed just now"


def test_a_folder_keeps_images_by_the_names_of_its_files(root: Path) -> None:
    assert LocalImages(root).keeps_images("assets/img")
    assert LocalImages(root).keeps_images("")
    assert not LocalImages(root).keeps_images("assets")
    assert not LocalImages(root).keeps_images("nowhere")
    assert not LocalImages(root).keeps_images("out")
    assert not LocalImages(root).keeps_images("a\0b")
