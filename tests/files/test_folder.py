from __future__ import annotations

import os
from pathlib import Path

import pytest

from crawler.files import Folder, LinkedPathError, TooLargeError, read_plain


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    (root / "in").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    return root


@pytest.mark.parametrize("where", ["outside", "root/in", "nowhere"])
@pytest.mark.parametrize("make", [False, True])
def test_no_part_below_the_base_may_be_a_link(root: Path, where: str, make: bool) -> None:
    (root / "link").symlink_to(root.parent / where)
    for below in ("link", "link/deeper"):
        with (
            pytest.raises(LinkedPathError, match=r"link: is a symbolic link"),
            Folder.opened(root, below, make=make),
        ):
            pass
    assert list((root.parent / "outside").iterdir()) == []
    assert not (root.parent / "nowhere").exists()


def test_the_base_itself_is_the_operators_word(root: Path) -> None:
    link = root.parent / "link"
    link.symlink_to(root)
    with Folder.opened(link, "new/er", make=True) as folder:
        os.close(folder.new_file("a"))
        assert folder.holds("a")
    assert (root / "new" / "er" / "a").is_file()


@pytest.mark.parametrize("kind", ["file", "pipe", "missing"])
def test_what_is_no_folder_is_named(root: Path, kind: str) -> None:
    if kind == "file":
        (root / "x").write_text("")
    elif kind == "pipe":
        os.mkfifo(root / "x")
    with pytest.raises(OSError, match="x'"), Folder.opened(root, "x"):
        pass


def test_a_folder_that_is_moved_and_replaced_by_a_link_is_still_the_one(root: Path) -> None:
    """What a path leads to may change after it was looked at; an open folder does not."""
    outside = root.parent / "outside"
    with Folder.opened(root, "in") as folder:
        (root / "in").rename(root / "moved")
        (root / "in").symlink_to(outside)
        with folder.temporary("t-", ".tmp") as (descriptor, name):
            os.write(descriptor, b"x")
            folder.replace("a", name)
        folder.flush()
    assert (root / "moved" / "a").read_bytes() == b"x"
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("planted", ["link", "hard link", "file"])
def test_a_new_file_is_never_somebody_elses(root: Path, planted: str) -> None:
    outside = root.parent / "outside" / "mine"
    outside.write_text("mine")
    match planted:
        case "link":
            (root / "a").symlink_to(outside)
        case "hard link":
            (root / "a").hardlink_to(outside)
        case "file":
            (root / "a").write_text("")
    with Folder.opened(root) as folder, pytest.raises(FileExistsError):
        folder.new_file("a")
    assert outside.read_text() == "mine"


def test_a_failure_leaves_no_temporary_file(root: Path) -> None:
    with (
        Folder.opened(root) as folder,
        pytest.raises(RuntimeError),
        folder.temporary("t-", ".tmp"),
    ):
        raise RuntimeError
    assert [path.name for path in root.iterdir()] == ["in"]


def test_a_file_that_a_person_named(root: Path) -> None:
    path = root / "a"
    path.write_bytes(b"12345")
    (root / "link").symlink_to("a")
    assert read_plain(root / "link", 5) == b"12345"
    with pytest.raises(TooLargeError, match="larger than 4 bytes"):
        read_plain(path, 4)
    os.mkfifo(root / "pipe")
    for name in ("pipe", "in", "none"):
        with pytest.raises(OSError, match=r"regular|No such"):
            read_plain(root / name, 5)
    with pytest.raises(OSError, match="regular"):
        read_plain(Path("/dev/zero"), 5)
