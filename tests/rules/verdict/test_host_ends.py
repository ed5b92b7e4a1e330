"""Rules V7, V14 and V15 by where large hosts lead: every row, and ends that only look so."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.rules.verdict.host_ends import ENDS, EndReason, reason_of_end

PAGE = Path(__file__).parents[3] / "docs" / "verdicts.md"


def said(asked: str, end: str) -> EndReason | None:
    return reason_of_end(urlsplit(asked), urlsplit(end))


@pytest.mark.parametrize(
    ("asked", "end", "reason"),
    [
        ("https://i.imgur.com/a.png", "https://i.imgur.com/removed.png", EndReason.REMOVED),
        ("http://imgur.com/a", "http://i.imgur.com/removed.png", EndReason.REMOVED),
        ("https://c1.staticflickr.com/1/2.jpg", "https://s.yimg.com/pw/images/en-us/photo_unavailable.png", EndReason.REMOVED),
        ("https://flickr.com/x", "https://l.yimg.com/g/images/photo_unavailable_l.gif", EndReason.REMOVED),
        ("https://a.wordpress.com/2019/x/", "https://wordpress.com/typo/?subdomain=a", EndReason.REMOVED),
        ("https://a.bandcamp.com/", "https://bandcamp.com/signup?new_domain=a", EndReason.REMOVED),
        ("https://twitter.com/a/status/1", "https://twitter.com/account/suspended", EndReason.REMOVED),
        ("https://twitter.com/a", "https://x.com/account/suspended", EndReason.REMOVED),
        ("https://a.blogspot.de/x", "https://www.blogger.com/blogin.g?blogspotURL=https://a.blogspot.de/", EndReason.NOT_PUBLIC),
        ("https://de.linkedin.com/jobs/view/1", "https://www.linkedin.com/jobs/x-jobs?trk=expired_jd_redirect", EndReason.NOT_PUBLIC),
        ("https://a.tumblr.com/post/1", "https://www.tumblr.com/login_required/a", EndReason.LOGIN),
        ("https://drive.google.com/file/d/1", "https://accounts.google.com/ServiceLogin?continue=x", EndReason.LOGIN),
        ("https://groups.google.com/g/1", "https://accounts.google.com/ServiceLogin/identifier", EndReason.LOGIN),
        # any host's pictures
        ("https://a.example/pier.jpg", "https://a.example/removed.png", EndReason.REMOVED),
        ("https://a.example/pier.JPG", "https://cdn.example/x/Image-Deleted.gif?v=1", EndReason.REMOVED),
        ("https://a.example/pier.webp", "https://a.example/photo_not_found.svg", EndReason.REMOVED),
        ("https://a.example/pier.jpg", "https://a.example/no-longer-available.jpeg", EndReason.REMOVED),
        ("https://a.example/pier.jpg", "https://a.example/this/image_has_been_removed.avif", EndReason.REMOVED),
        # none of these
        ("https://i.imgur.com/a.png", "https://i.imgur.com/b.png", None),
        ("http://i.imgur.com/removed.png", "https://i.imgur.com/removed.png", None),
        ("https://i.imgur.com/a", "https://i.imgur.com/removed.png.html", None),
        ("https://a.example/x", "https://i.imgur.com/removed.png", None),
        ("https://i.imgur.com/a", "https://i.imgur.com.example/removed.png", None),
        ("https://i.imgur.com/a", "https://notimgur.com/removed.png", None),
        ("https://a.example/x", "https://s.yimg.com/pw/images/en-us/photo_unavailable.png", None),
        ("https://flickr.com/x", "https://s.yimg.com/pw/images/my_photo_unavailable.png", None),
        ("https://a.wordpress.com/x", "https://a.wordpress.com/typography/?subdomain=a", None),
        ("https://a.wordpress.com/x", "https://wordpress.com/typo/", None),
        ("https://wordpress.com/typo/?subdomain=a", "https://wordpress.com/typo/?subdomain=b", None),
        ("https://a.bandcamp.com/", "https://bandcamp.com/signup", None),
        ("https://a.example/", "https://bandcamp.com/signup?new_domain=a", None),
        ("https://www.linkedin.com/jobs/view/1", "https://www.linkedin.com/jobs/view/x-1?trk=expired_jd_redirects", None),
        ("https://a.tumblr.com/post/1", "https://a.tumblr.com/login_required", None),
        ("https://drive.google.com/x", "https://accounts.google.com/ServiceLoginAuth", None),
        ("https://a.example/pier.jpg", "https://a.example/default.png", None),
        ("https://a.example/pier.jpg", "https://a.example/placeholder.png", None),
        ("https://a.example/pier.jpg", "https://a.example/unavailable.png", None),
        ("https://a.example/pier.jpg", "https://a.example/removed-pier.png", None),
        ("https://a.example/pier.jpg", "https://a.example/removed.png/", EndReason.REMOVED),
        ("https://a.example/pier.jpg", "https://a.example/removed.html", None),
        ("https://a.example/pier-removed.jpg", "https://a.example/removed.jpg", None),
        ("https://a.example/attachments/17", "https://a.example/removed.png", None),
        ("https://a.example/", "https://a.example/removed.png", None),
        ("https://a.example/pier.jpg", "https://a.example/", None),
        ("/img/pier.jpg", "", None),
    ],
)  # fmt: skip
def test_ends(asked: str, end: str, reason: EndReason | None) -> None:
    assert said(asked, end) is reason


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_path_raises_and_no_place_is_an_end_of_itself(one: str, other: str) -> None:
    asked, end = f"https://i.imgur.com/{one}", f"https://i.imgur.com/{other}"
    try:
        assert said(end, end) is None
        said(asked, end)
    except ValueError:  # of the standard library's, on odd brackets
        pass


def test_every_row_has_a_source_a_date_and_its_host_in_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for row in ENDS:
        assert row.source
        assert row.seen[:2] == "20"
        assert row.end in page
        assert all(domain in page for domain in row.asked)
