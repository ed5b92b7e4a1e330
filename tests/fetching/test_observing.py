from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Headers, Response

from crawler.extractors.html.bounds import MAX_BODY
from crawler.extractors.image.prober_answer import Info
from crawler.fetching.answer import Answer
from crawler.fetching.observing import (
    answered,
    failed,
    fingerprint,
    origin_answer,
    retry_after,
)
from crawler.fetching.redirects import RedirectRefusedError, follow, in_page_target, redirect_target
from crawler.fetching.visit import CanaryVisit, LinkVisit, Visit
from crawler.model.link import DueLink
from crawler.model.observation import (
    CertificateFault,
    FailureKind,
    Hop,
    Observation,
    SoftSign,
)
from crawler.rules.verdict.page_rule import Outcome
from crawler.rules.verdict.page_state import find
from crawler.settings import REDIRECT_MAX_TIMES
from tests.web import page, png

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PAGE = DueLink(1, "http://a.test/dir/page?q", "a.test", wants_image=False)
IMAGE = replace(PAGE, url="http://a.test/i.png", wants_image=True)
HTML: dict[str, str | bytes] = {"Content-Type": "text/html; charset=utf-8"}


def response(
    status: int = 200,
    headers: dict[str, str | bytes] | None = None,
    body: bytes = b"",
    flags: list[str] | None = None,
) -> Answer:
    """As the downloader's answer is taken over."""
    return Answer.of(Response(PAGE.url, status, Headers(headers or {}), body, flags))


def target(location: str | bytes, status: int = 301, visit: Visit | None = None) -> str | None:
    answer = response(status, {"Location": location})
    return redirect_target(visit or LinkVisit.of(PAGE), answer, longest=10)


def refusal(location: str | bytes, visit: Visit | None = None) -> FailureKind:
    with pytest.raises(RedirectRefusedError) as refused:
        target(location, visit=visit)
    return refused.value.kind


# --------------------------------------------------------------------------------- redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_leads_to_its_location(status: int) -> None:
    assert target("https://b.test/x", status) == "https://b.test/x"


@pytest.mark.parametrize("status", [200, 201, 300, 304, 305, 306, 404])
def test_other_statuses_do_not(status: int) -> None:
    assert target("https://b.test/x", status) is None


def test_a_redirect_without_location_is_an_answer() -> None:
    assert redirect_target(LinkVisit.of(PAGE), response(301), longest=10) is None


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("/top", "http://a.test/top"),
        ("other", "http://a.test/dir/other"),
        ("?r", "http://a.test/dir/page?r"),
        ("//b.test", "http://b.test/"),
        ("  https://b.test/a b \t", "https://b.test/a%20b"),
        ("https://BÜCHER.test/é", "https://xn--bcher-kva.test/%C3%A9"),
        (b"/caf\xe9", "http://a.test/caf%E9"),
        (b"/\xff\xc3\xa9", "http://a.test/%FF%C3%A9"),
        ("https://b.test/x#there", "https://b.test/x"),
    ],
)
def test_locations_are_read_as_browsers_do(location: str | bytes, expected: str) -> None:
    assert target(location) == expected


@pytest.mark.parametrize(
    "location",
    [
        "javascript:alert(1)",
        "http://[::1",
        "http://a.test:99999/",
        "http://a.test:x/",
        "http://xn--a.test/",
        "http://a..test/",
        "http://" + "a" * 64 + ".test/",
        "http://user:secret@b.test/",
        "file:///etc/passwd",
        "data:text/html,x",
        "",
        " ",
        "\x00",
        "http://",
        "/" + "x" * 9_000,
    ],
)
def test_a_location_that_leads_nowhere_is_refused(location: str) -> None:
    assert refusal(location) is FailureKind.REDIRECT_BAD_LOCATION


def test_a_redirect_to_itself_or_back_is_a_loop() -> None:
    visit = LinkVisit.of(PAGE)
    assert refusal(PAGE.url, visit) is FailureKind.REDIRECT_LOOP
    follow(visit, response(301), "http://b.test/")
    assert refusal(f"{PAGE.url}#x", visit) is FailureKind.REDIRECT_LOOP


def test_a_chain_has_an_end() -> None:
    visit = LinkVisit.of(PAGE)
    for number in range(10):
        found = target(f"/{number}", visit=visit)
        assert found is not None
        follow(visit, response(302), found)
    assert refusal("/10", visit) is FailureKind.REDIRECT_TOO_MANY
    assert len(visit.hops) == 10


def test_twenty_redirects_are_followed_as_in_fetch() -> None:
    """Fetch, 4.4: a redirect count of 20 is an error, and it grows by one with each redirect that is followed."""
    visit = LinkVisit.of(PAGE)
    for number in range(REDIRECT_MAX_TIMES):
        found = redirect_target(
            visit, response(302, {"Location": f"/{number}"}), REDIRECT_MAX_TIMES
        )
        assert found is not None
        follow(visit, response(302), found)
    assert len(visit.hops) == 20
    assert redirect_target(visit, response(200, {"Location": "/x"}), REDIRECT_MAX_TIMES) is None
    with pytest.raises(RedirectRefusedError) as caught:
        redirect_target(visit, response(302, {"Location": "/20"}), REDIRECT_MAX_TIMES)
    assert caught.value.kind is FailureKind.REDIRECT_TOO_MANY


def test_following_records_the_hop_and_starts_clean() -> None:
    visit = LinkVisit.of(PAGE)
    visit.transfer.status, visit.retries, visit.transfer.body_bytes = 301, 2, 99
    follow(visit, response(301), "http://b.test/")
    assert visit.hops == [Hop(PAGE.url, 301)]
    assert (visit.url, visit.retries) == ("http://b.test/", 0)
    transfer = visit.transfer
    assert (transfer.status, transfer.body_bytes) == (None, 0)


@pytest.mark.parametrize(
    ("locations", "fragment"),
    [
        (["/b"], None),
        (["/b#one"], "one"),
        (["/b#one", "/c"], "one"),
        (["/b#one", "/c#two"], "two"),
        (["/b#one", "/c#"], ""),
        ([" /b#a b\t"], "a%20b"),
        (["/b#ü"], "%C3%BC"),
        (['/b#%C3%BC<">`'], "%C3%BC%3C%22%3E%60"),
        (["/b#a#b?c"], "a#b?c"),
        (["#top"], "top"),
    ],
)
def test_the_fragment_of_the_last_location_with_one_is_kept(
    locations: list[str], fragment: str | None
) -> None:
    visit = LinkVisit.of(PAGE)
    for number, location in enumerate(locations):
        follow(visit, response(301, {"Location": location.encode()}), f"http://a.test/{number}")
    assert visit.fragment == fragment
    assert answered(visit, response(), now=NOW, run=1).seen.further.fragment == fragment


@pytest.mark.parametrize(
    ("vary", "end", "by_language"),
    [
        ("Accept-Language", "http://a.test/en-us/dir/page?q", True),
        ("Cookie, accept-language", "http://a.test/en/dir/page?q", True),
        ("Accept-Language", "http://a.test/new/page?q", False),
        ("Accept-Encoding", "http://a.test/en-us/dir/page?q", False),
        ("X-Accept-Language", "http://a.test/en-us/dir/page?q", False),
    ],
)
def test_a_hop_says_that_it_depends_on_the_language(vary: str, end: str, by_language: bool) -> None:
    visit = LinkVisit.of(PAGE)
    follow(visit, response(301, {"Location": end, "Vary": vary}), end)
    assert visit.varies_by_language is ("age" in vary and not vary.startswith("X"))
    assert answered(visit, response(), now=NOW, run=1).seen.further.by_language is by_language


@given(st.binary(max_size=60))
def test_any_location_is_followed_or_refused(location: bytes) -> None:
    try:
        found = target(location)
    except RedirectRefusedError as refused:
        assert refused.kind.value.startswith("redirect-")  # noqa: PT017 - either way is right
    else:
        assert found is not None
        assert found.isascii()
        assert found.startswith(("http://", "https://"))


# ------------------------------------------------------------------------------ retry-after


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        (" 120 ", 120.0),
        ("9" * 400, 999_999_999.0),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW - timedelta(days=9), usegmt=True), 0.0),
        ("Sun, 22 Nov 2026 12:01:00", 60.0),
        ("Sun, 22 Nov 2026 14:01:00 +0200", 60.0),
        ("-1", None),
        ("1.5", None),
        ("٣", None),
        ("soon", None),
        ("", None),
        ("Sun, 99 Nov 2026 12:00:00 GMT", None),
        ("Sun, 22 Nov 2026 12:00:00 +9999999999", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str, seconds: float | None) -> None:
    assert retry_after(response(503, {"Retry-After": text}), NOW) == seconds


def test_without_retry_after_there_is_none() -> None:
    assert retry_after(response(503), NOW) is None


@given(
    st.one_of(
        st.text(max_size=40),
        st.from_regex(r"[A-Z][a-z]{2}, [0-9]{1,9} [A-Z][a-z]{2} [0-9]{1,9} [0-9:]{0,9}.{0,9}"),
    )
)
def test_any_retry_after_is_read(text: str) -> None:
    found = retry_after(response(503, {"Retry-After": text}), NOW)
    assert found is None or found >= 0.0


# -------------------------------------------------------------------------------- no answer


def lost(visit: Visit, kind: FailureKind) -> Observation:
    return failed(visit, kind, "why", now=NOW, run=3)


def test_a_failure_says_what_and_where() -> None:
    seen = lost(LinkVisit.of(PAGE), FailureKind.CONNECT_REFUSED)
    assert seen.url == PAGE.url
    assert (seen.at, seen.run) == (NOW, 3)
    assert (seen.failure, seen.failure_detail) == (FailureKind.CONNECT_REFUSED, "why")
    assert (seen.status, seen.final_url, seen.elapsed) == (None, None, None)


def test_a_failure_after_redirects_names_the_last_url() -> None:
    visit = LinkVisit.of(PAGE)
    follow(visit, response(302), "http://b.test/")
    seen = lost(visit, FailureKind.CONNECT_REFUSED)
    assert seen.final_url == "http://b.test/"
    assert seen.hops == (Hop(PAGE.url, 302),)


@pytest.mark.parametrize(
    "kind",
    [
        FailureKind.RESPONSE_TIMEOUT,
        FailureKind.CONNECTION_RESET,
        FailureKind.TLS_FAILED,
        FailureKind.RESPONSE_MALFORMED,
        FailureKind.CANCELLED,
    ],
)
def test_after_the_headers_only_the_body_is_incomplete(kind: FailureKind) -> None:
    visit = LinkVisit.of(PAGE)
    visit.transfer.status = 404
    seen = lost(visit, kind)
    assert (seen.status, seen.failure) == (404, FailureKind.BODY_INCOMPLETE)
    assert seen.final_url == PAGE.url


def test_a_body_that_cannot_be_decoded_stays_what_it_is() -> None:
    visit = LinkVisit.of(PAGE)
    visit.transfer.status = 200
    seen = lost(visit, FailureKind.BODY_UNDECODABLE)
    assert (seen.status, seen.failure) == (200, FailureKind.BODY_UNDECODABLE)


def test_a_redirect_that_broke_off_is_no_answer() -> None:
    visit = LinkVisit.of(PAGE)
    visit.transfer.status = 301
    seen = lost(visit, FailureKind.CONNECTION_RESET)
    assert (seen.status, seen.failure) == (None, FailureKind.CONNECTION_RESET)


# ----------------------------------------------------------------------------------- answers


def measured(visit: Visit, read: int) -> None:
    """As an image's first bytes have told its size."""
    visit.transfer.body_bytes = read
    assert visit.transfer.image is not None
    visit.transfer.image.found = Info("JPEG", 3, 4)


def observed(answer: Answer, link: DueLink = PAGE, visit: Visit | None = None) -> Observation:
    return answered(visit or LinkVisit.of(link), answer, now=NOW, run=3).seen


def test_an_answer_is_observed() -> None:
    body = page("A title", canonical=PAGE.url).encode()
    headers: dict[str, str | bytes] = {
        **HTML,
        "ETag": '"x"',
        "Last-Modified": "Sun, 22 Nov 2026 10:00:00 GMT",
    }
    seen = observed(response(200, headers, body))
    assert (seen.url, seen.at, seen.run, seen.status) == (PAGE.url, NOW, 3, 200)
    assert (seen.final_url, seen.failure) == (PAGE.url, None)
    assert seen.content_type == HTML["Content-Type"]
    assert (seen.etag, seen.last_modified) == ('"x"', "Sun, 22 Nov 2026 10:00:00 GMT")
    assert seen.page is not None
    assert (seen.page.title, seen.page.canonical) == ("A title", PAGE.url)
    assert seen.image is None


def test_a_body_with_data_lost_says_so() -> None:
    seen = observed(response(200, flags=["dataloss"]))
    assert (seen.status, seen.failure) == (200, FailureKind.BODY_INCOMPLETE)


def test_validators_of_a_redirects_end_are_not_the_links() -> None:
    visit = LinkVisit.of(replace(PAGE, etag='"old"'))
    follow(visit, response(301), "http://b.test/")
    seen = observed(response(200, {"ETag": '"x"', "Last-Modified": "y"}), visit=visit)
    assert (seen.etag, seen.last_modified) == (None, None)
    assert seen.hops == (Hop(PAGE.url, 301),)


def test_not_modified_keeps_the_known_validators() -> None:
    known = replace(PAGE, etag='"old"', last_modified="then")
    seen = observed(response(304), known)
    assert (seen.etag, seen.last_modified) == ('"old"', "then")
    seen = observed(response(304, {"ETag": '"new"'}), known)
    assert (seen.etag, seen.last_modified) == ('"new"', "then")
    assert observed(response(200), known).etag is None


@pytest.mark.parametrize(("length", "kept"), [(512, True), (513, False)])
def test_a_huge_validator_is_not_kept(length: int, kept: bool) -> None:
    seen = observed(response(200, {"ETag": "x" * length}))
    assert (seen.etag is not None) is kept


def test_a_challenge_is_a_wall_at_any_status() -> None:
    for status in (200, 403, 503):
        seen = observed(response(status, {"Cf-Mitigated": "challenge", **HTML}, b"<html>x</html>"))
        assert seen.sign is SoftSign.WALL
        assert seen.page is None


@pytest.mark.parametrize("status", [301, 403, 404, 500])
def test_an_error_page_is_not_read(status: int) -> None:
    seen = observed(response(status, {**HTML}, page("Not found").encode()))
    assert (seen.page, seen.image, seen.sign) == (None, None, None)


@pytest.mark.parametrize(
    ("content_type", "read"),
    [
        ("text/html", True),
        ("TEXT/HTML; charset=x", True),
        ("application/xhtml+xml", True),
        (None, True),
        ("application/pdf", False),
        ("text/plain", False),
        ("", False),
    ],
)
def test_only_pages_are_read_as_pages(content_type: str | None, read: bool) -> None:
    headers: dict[str, str | bytes] = {} if content_type is None else {"Content-Type": content_type}
    seen = observed(response(200, headers, b"\n " + page("T").encode()))
    assert (seen.page is not None) is read


def test_bytes_without_a_type_are_no_page() -> None:
    assert observed(response(200, {}, b"%PDF-1.7")).page is None


def test_a_page_that_cannot_be_read_within_the_bounds_says_so() -> None:
    body = b"<p " + b"attribute " * 2_000 + b">"
    seen = observed(response(200, {**HTML}, body))
    assert seen.failure is FailureKind.CONTENT_ERROR
    assert seen.failure_detail is not None
    assert "attributes" in seen.failure_detail
    assert seen.status == 200


def test_a_page_that_was_cut_at_the_limit_is_read_up_to_it() -> None:
    # The last piece that came in before the cut reaches over the limit.
    body = page("A title").encode() + b"x" * MAX_BODY
    seen = observed(response(200, {**HTML}, body))
    assert seen.failure is None
    assert seen.page is not None
    assert seen.page.title == "A title"


def test_an_image_is_measured_from_its_body() -> None:
    body = png(30, 20)
    seen = observed(response(200, {"Content-Type": "image/png"}, body), IMAGE)
    assert seen.image is not None
    assert (seen.image.type, seen.image.width, seen.image.height) == ("PNG", 30, 20)
    assert (seen.image.bytes, seen.image.bytes_read) == (len(body), len(body))
    assert seen.image.fingerprint is not None


@pytest.mark.parametrize("flag", ["download_stopped", "dataloss", "partial"])
def test_the_length_of_an_image_that_was_not_read_to_its_end_is_not_known(flag: str) -> None:
    answer = response(200, {"Content-Type": "image/png"}, png(30, 20), [flag])
    seen = observed(answer, IMAGE)
    assert seen.image is not None
    assert (seen.image.width, seen.image.bytes, seen.image.fingerprint) == (30, None, None)


@pytest.mark.parametrize(
    ("status", "coded", "length"), [(200, False, 900), (206, False, 900), (200, True, None)]
)
def test_an_image_that_hangs_behind_its_answer_has_its_size(
    status: int, coded: bool, length: int | None
) -> None:
    visit = LinkVisit.of(IMAGE)
    visit.transfer.status, visit.transfer.total_bytes, visit.transfer.is_coded = status, 900, coded
    measured(visit, 700)
    seen = lost(visit, FailureKind.RESPONSE_TIMEOUT)
    assert seen.failure is FailureKind.BODY_INCOMPLETE
    assert seen.image is not None
    assert (seen.image.width, seen.image.height, seen.image.bytes) == (3, 4, length)
    visit.transfer.status = 404
    assert lost(visit, FailureKind.RESPONSE_TIMEOUT).image is None


def test_what_was_measured_on_the_way_is_not_measured_again() -> None:
    visit = LinkVisit.of(IMAGE)
    measured(visit, 16_384)
    visit.transfer.total_bytes = 99_999
    seen = observed(response(200, {}, b"\xff\xd8"), visit=visit)
    assert seen.image is not None
    assert (seen.image.type, seen.image.width, seen.image.height) == ("JPEG", 3, 4)
    assert (seen.image.bytes, seen.image.bytes_read) == (99_999, 16_384)


def test_a_page_link_that_answers_with_an_image_is_seen_as_one() -> None:
    seen = observed(response(200, {"Content-Type": "IMAGE/png"}, png(3, 2)))
    assert seen.image is not None
    assert seen.page is None


def test_html_in_place_of_an_image_is_seen() -> None:
    seen = observed(response(200, {**HTML}, page("Sorry").encode()), IMAGE)
    assert seen.image is not None
    assert seen.image.type == "HTML"


@given(
    status=st.integers(200, 299),
    content_type=st.one_of(
        st.none(), st.sampled_from([b"text/html", b"image/png", b"\xff"]), st.binary(max_size=9)
    ),
    body=st.binary(max_size=300),
    wants_image=st.booleans(),
)
def test_any_answer_is_observed(
    status: int, content_type: bytes | None, body: bytes, wants_image: bool
) -> None:
    headers: dict[str, str | bytes] = {} if content_type is None else {"Content-Type": content_type}
    seen = observed(response(status, headers, body), IMAGE if wants_image else PAGE)
    assert seen.status == status
    assert seen.page is None or seen.image is None


# -------------------------------------------------------------------- what tells sites apart


ROBOTS = CanaryVisit.of("https://a.test")
HTML_BODY = b"  <html><title>One</title>"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (response(404, HTML, HTML_BODY), (404, True, None)),
        (response(404, HTML, b""), (404, True, None)),
        (response(200, {"Content-Type": "text/plain"}, b"log in, please"), (200, True, None)),
        (response(200, {"Content-Type": "text/plain"}, b""), (200, False, None)),
        (response(200, {"Content-Type": "text/plain"}, b"User-agent: *"), (200, False, None)),
        (response(200, HTML, HTML_BODY), (200, True, None)),
        (response(301, {"Location": "/r"}), (301, False, "https://a.test/r")),
        (response(302, {"Location": "http://b.test/"}), (302, False, "http://b.test/")),
        (response(302, {}), (302, False, None)),
        (response(302, {"Location": "http://["}), (302, False, "http://[")),
    ],
)
def test_how_an_origin_answers_to_its_robots_txt(
    given: Answer, expected: tuple[int, bool, str | None]
) -> None:
    answer = origin_answer(ROBOTS, given)
    assert (answer.status, answer.fingerprint is not None, answer.final_url) == expected


def test_a_page_is_known_by_its_title_else_by_its_words() -> None:
    def mark(body: bytes, status: int = 200, kind: str = "text/html") -> str | None:
        answer = response(status, {"Content-Type": kind}, body)
        return fingerprint(answered(LinkVisit.of(PAGE), answer, now=NOW, run=1).seen, answer)

    titled = b"<html><title>One</title><p>%d"
    assert mark(titled % 1) == mark(titled % 2) == "title One"
    bare = b"<html><p>Words of page %s"
    assert mark(bare % b"one") is not None
    assert mark(bare % b"one") != mark(bare % b"two")
    assert mark(b"\xef\xbb\xbf " + bare % b"one") == mark(bare % b"one")
    assert mark(bare % b"one", status=404) == mark(bare % b"one")
    assert mark(b"plain words", kind="text/plain") is not None
    assert mark(b"%PDF-1.4", kind="application/pdf") is None
    assert (mark(b""), mark(b"", status=404)) == (None, "bare 404")
    assert fingerprint(Observation(PAGE.url, NOW, 1, status=304)) is None


# ------------------------------------------------------------------------------ certificates


def unverified(fault: CertificateFault | None) -> Visit:
    visit = LinkVisit.of(PAGE)
    visit.transfer.fault = fault
    return visit


def test_an_answer_says_over_what_connection_it_came() -> None:
    for fault in (None, *CertificateFault):
        seen = answered(unverified(fault), response(), now=NOW, run=1).seen
        assert seen.certificate is fault


def test_a_chain_bears_the_gravest_fault_of_its_hops() -> None:
    visit = unverified(CertificateFault.SELF_SIGNED)
    follow(visit, response(302), "https://b.test/")
    assert visit.transfer.fault is None
    assert (
        answered(visit, response(), now=NOW, run=1).seen.certificate is CertificateFault.SELF_SIGNED
    )
    visit.transfer.fault = CertificateFault.EXPIRED
    assert (
        answered(visit, response(), now=NOW, run=1).seen.certificate is CertificateFault.SELF_SIGNED
    )
    follow(visit, response(302), "https://c.test/")
    visit.transfer.fault = CertificateFault.WRONG_HOST
    assert (
        answered(visit, response(), now=NOW, run=1).seen.certificate is CertificateFault.WRONG_HOST
    )


@pytest.mark.parametrize("fault", CertificateFault)
@pytest.mark.parametrize("kind", [FailureKind.CONNECT_REFUSED, FailureKind.RESPONSE_TIMEOUT])
def test_where_reading_on_fails_too_the_certificate_stands_in_the_way(
    fault: CertificateFault, kind: FailureKind
) -> None:
    """Rule S4: TLS errors."""
    seen = failed(unverified(fault), kind, "said", now=NOW, run=1)
    assert seen.failure is not None
    assert seen.failure.value.startswith("tls-")
    assert (seen.failure_detail, seen.certificate) == ("said", None)
    assert find(seen).outcome is Outcome.SAYS_NOTHING


@pytest.mark.parametrize("kind", [FailureKind.CANCELLED, FailureKind.UNEXPECTED])
def test_what_is_ours_is_not_put_down_to_the_certificate(kind: FailureKind) -> None:
    seen = failed(unverified(CertificateFault.EXPIRED), kind, None, now=NOW, run=1)
    assert seen.failure is kind


@pytest.mark.parametrize("status", [404, 302])
def test_a_broken_off_answer_says_over_what_connection_it_came(status: int) -> None:
    visit = unverified(CertificateFault.EXPIRED)
    visit.transfer.status = status
    seen = failed(visit, FailureKind.CONNECTION_RESET, None, now=NOW, run=1)
    assert seen.certificate is CertificateFault.EXPIRED
    assert find(seen).outcome is Outcome.SAYS_NOTHING


# --------------------------------------------------------------------- redirects to ports


@pytest.mark.parametrize(
    ("begun_at", "location", "blocked"),
    [
        ("https://a.test/x", "https://a.test:443/y", False),
        ("https://a.test/x", "http://b.test/y", False),
        ("https://a.test/x", "https://a.test:8443/y", True),
        ("https://a.test/x", "http://b.test:22/y", True),
        ("https://a.test/x", "//b.test:6379/y", True),
        ("http://a.test:8080/x", "/y", False),
        ("http://a.test:8080/x", "http://b.test:8080/y", False),
        ("http://a.test:8080/x", "http://a.test/y", False),
        ("http://a.test:8080/x", "http://a.test:8081/y", True),
    ],
)
def test_redirects_lead_to_the_ports_of_the_web_or_to_the_same(
    begun_at: str, location: str, blocked: bool
) -> None:
    visit = LinkVisit.of(DueLink(1, begun_at, "a.test", wants_image=False))
    answer = response(302, {"Location": location})
    wished = in_page_target(visit, response(200), location, 10)
    assert (wished is None) is blocked
    if not blocked:
        assert redirect_target(visit, answer, 10) is not None
        return
    with pytest.raises(RedirectRefusedError, match="rule B10") as refused:
        redirect_target(visit, answer, 10)
    assert refused.value.kind is FailureKind.ADDRESS_BLOCKED


def test_the_port_of_the_link_counts_along_the_whole_chain() -> None:
    visit = LinkVisit.of(DueLink(1, "http://a.test:8080/x", "a.test", wants_image=False))
    for location in ("http://a.test/y", "http://a.test:8080/z"):
        answer = response(302, {"Location": location})
        target = redirect_target(visit, answer, 10)
        assert target == location
        follow(visit, answer, target)
    with pytest.raises(RedirectRefusedError):
        redirect_target(visit, response(302, {"Location": "http://a.test:8081/"}), 10)
