"""The limits of `--thumbnails`, with a web that is a function."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.commands import with_thumbnails
from crawler.fetching.fetched import Fetched, NotFetchedError
from crawler.model.observation import CertificateFault
from crawler.session import Session
from tests.web.pages import png

DRAWN = png(40, 30)
HOST = "https://pictures.example"
ONE, TWO, THREE = (f"{HOST}/{number}.png" for number in (1, 2, 3))
FORBIDDEN = f"{HOST}/private/1.png"
NOT_ASKED = "https://skipped.example/1.png"
DOWN = "https://down.example/1.png"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    (tmp_path / "a.md").write_text("---\ntitle: One\nwebUrl: https://one.example/\n---\n")
    (tmp_path / ".linkhealth.yml").write_text("hosts:\n  skipped.example:\n    skip: yes\n")
    with Session.open({"content": str(tmp_path)}, {}) as opened:
        yield opened


class Web:
    """Answers every image with one and the same answer, and notes what was asked for."""

    def __init__(self, **answer: object) -> None:
        self.asked: list[str] = []
        self._answer = {
            "status": 200,
            "redirects": (),
            "content_type": "image/png",
            "body": DRAWN,
            "total_bytes": len(DRAWN),
            "bytes_read": len(DRAWN),
        } | answer

    async def fetch(self, url: str) -> Fetched:
        self.asked.append(url)
        if url.startswith("https://down.example/"):
            raise NotFetchedError("connect-refused")
        if url.endswith("/robots.txt"):
            text = b"User-agent: *\nDisallow: /private\n"
            return Fetched(url, url, 200, (), "text/plain", text, len(text), len(text))
        return Fetched(url, url, **self._answer)  # type: ignore[arg-type]


def shown(session: Session, web: Web, *urls: str, obey: bool = True) -> set[str]:
    """The URLs that have a thumbnail in the end."""
    album = with_thumbnails._Album(session, obey)
    album.remote = {url: [("a.md", url)] for url in urls}
    asyncio.run(album.fetch_all(web.fetch))
    return {url for _, url in album.made}


@pytest.mark.process
def test_robots_txt_is_asked_once_a_site_and_obeyed(session: Session) -> None:
    web = Web()
    assert shown(session, web, ONE, FORBIDDEN, TWO, NOT_ASKED, DOWN) == {ONE, TWO}
    assert web.asked == [f"{HOST}/robots.txt", ONE, TWO, "https://down.example/robots.txt", DOWN]


@pytest.mark.process
def test_robots_txt_is_not_asked_where_the_user_says_so(session: Session) -> None:
    web = Web()
    assert shown(session, web, FORBIDDEN, obey=False) == {FORBIDDEN}
    assert web.asked == [FORBIDDEN]


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 404},
        {"total_bytes": len(DRAWN) + 1},
        {"total_bytes": None},
        {"certificate": CertificateFault.SELF_SIGNED},
        {"body": b"<!doctype html><html>", "total_bytes": 21},
    ],
)
def test_what_is_not_the_whole_image_of_the_site_is_not_shown(
    session: Session, answer: dict[str, object]
) -> None:
    assert shown(session, Web(**answer), ONE) == set()


@pytest.mark.process
def test_an_expired_certificate_still_shows_the_sites_image(session: Session) -> None:
    assert shown(session, Web(certificate=CertificateFault.EXPIRED), ONE) == {ONE}


@pytest.mark.process
@pytest.mark.parametrize(
    ("limit", "value", "expected"),
    [
        ("MOST_FETCHED", len(DRAWN) - 1, {ONE}),
        ("MOST_SECONDS", -1.0, set()),
        ("MOST_SHOWN", 1, set()),
    ],
)
def test_every_limit_ends_it_with_what_there_is(
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    limit: str,
    value: float,
    expected: set[str],
) -> None:
    monkeypatch.setattr(with_thumbnails, limit, value)
    assert shown(session, Web(), ONE, TWO, THREE) == expected
    if limit != "MOST_SHOWN":
        assert "not every thumbnail was made" in capsys.readouterr().err
