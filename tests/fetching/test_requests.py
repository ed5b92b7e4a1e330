from __future__ import annotations

from dataclasses import replace

import pytest

from crawler.fetching.cookies import Cookies
from crawler.fetching.requests import build_request
from crawler.fetching.visit import LinkVisit, Probed, ProbeKind, ProbeVisit, RobotsVisit, Visit
from crawler.model.link import DueLink
from crawler.model.observation import CertificateFault, Hop
from crawler.transport.transfer import transfer_of

PAGE = DueLink(1, "http://a.test/", "a.test", wants_image=False)
IMAGE = replace(PAGE, wants_image=True)
KNOWN = replace(PAGE, etag='"caf\xe9"', last_modified="Sun, 22 Nov 2026 10:00:00 GMT")


def headers(visit: Visit) -> dict[str, bytes]:
    request = build_request(visit, user_agent="us/1")
    return {name.decode(): request.headers[name] or b"" for name in request.headers}


def test_a_request_carries_its_visit_and_leaves_scrapy_nothing_to_decide() -> None:
    visit = LinkVisit.of(PAGE)
    request = build_request(visit, user_agent="us/1")
    assert request.method == "GET"
    assert request.dont_filter
    assert request.meta == {
        "dont_redirect": True,
        "dont_retry": True,
        "verbatim_url": True,
        "transfer": visit.transfer,
    }
    assert transfer_of(request) is visit.transfer
    assert visit.transfer.started is not None


def test_an_empty_query_stays() -> None:
    """Rule U1: `/list?` is not `/list`."""
    visit = LinkVisit.of(replace(PAGE, url="http://a.test/list?"))
    request = build_request(visit, user_agent="us/1")
    assert request.url == "http://a.test/list?"


def test_a_page_is_asked_for_as_a_page() -> None:
    sent = headers(LinkVisit.of(PAGE))
    assert sent["User-Agent"] == b"us/1"
    assert sent["Accept"].startswith(b"text/html")
    assert "Accept-Encoding" not in sent
    assert "If-None-Match" not in sent


def test_only_a_probe_of_languages_names_one() -> None:
    """Rule E6."""
    about = Probed(ProbeKind.LANGUAGE, PAGE.url)
    assert headers(ProbeVisit.of(PAGE.url, about, "de"))["Accept-Language"] == b"de"
    for visit in (LinkVisit.of(PAGE), ProbeVisit.of(PAGE.url, about)):
        assert "Accept-Language" not in headers(visit)


def test_a_cookie_goes_back_where_it_came_from() -> None:
    """Rule U7."""
    visit = LinkVisit.of(PAGE)
    assert "Cookie" not in headers(visit)
    visit.cookies = Cookies()
    visit.cookies.keep(PAGE.url, [b"seen=1; Path=/"])
    assert headers(visit)["Cookie"] == b"seen=1"
    visit.url = "http://b.test/"
    assert "Cookie" not in headers(visit)


def test_an_image_is_asked_for_uncompressed() -> None:
    sent = headers(LinkVisit.of(IMAGE))
    assert sent["Accept"].startswith(b"image/")
    assert sent["Accept-Encoding"] == b"identity"


def test_validators_go_back_byte_for_byte() -> None:
    sent = headers(LinkVisit.of(KNOWN))
    assert sent["If-None-Match"] == b'"caf\xe9"'
    assert sent["If-Modified-Since"] == b"Sun, 22 Nov 2026 10:00:00 GMT"


def test_validators_are_not_for_the_target_of_a_redirect() -> None:
    visit = LinkVisit.of(KNOWN)
    visit.hops.append(Hop("http://a.test/", 301))
    visit.url = "http://b.test/"
    assert not {"If-None-Match", "If-Modified-Since"} & headers(visit).keys()


@pytest.mark.parametrize("fault", CertificateFault)
def test_validators_are_not_for_whoever_answers_in_the_sites_place(
    fault: CertificateFault,
) -> None:
    visit = LinkVisit.of(KNOWN)
    visit.transfer.fault = fault
    assert ("If-None-Match" in headers(visit)) is not fault.hides_identity


def test_robots_txt_is_asked_for_plainly() -> None:
    sent = headers(RobotsVisit.of(LinkVisit.of(KNOWN)))
    assert sent["Accept"].startswith(b"text/plain")
    assert not {"If-None-Match", "If-Modified-Since"} & sent.keys()


@pytest.mark.parametrize("url", ["http://a.test/?q=%E2%82%AC|", "http://a.test/a%20b'(c)"])
def test_the_url_is_not_changed(url: str) -> None:
    from crawler.rules.urls import examine

    identity = examine(url).url
    visit = LinkVisit.of(replace(PAGE, url=identity))
    built = build_request(visit, user_agent="us")
    assert built.url == identity
