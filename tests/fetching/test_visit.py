from __future__ import annotations

from dataclasses import replace
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extractors.image.prober_answer import Info
from crawler.fetching.visit import LinkVisit, RobotsVisit, host_of, origin_of
from crawler.model.link import DueLink
from crawler.rules.urls import examine
from crawler.transport.transfer import Transfer, Wanted

LINK = DueLink(7, "http://one.test:8080/a?b#c", "one.test", wants_image=False, etag='"e"')


def test_a_visit_begins_at_its_link() -> None:
    visit = LinkVisit.of(LINK)
    assert (visit.url, visit.begun_at, visit.link) == (LINK.url, LINK.url, LINK)
    assert not visit.hops
    assert not visit.counted


def test_a_robots_visit_is_for_the_origin_that_is_asked_now() -> None:
    cause = LinkVisit.of(LINK)
    cause.url = "https://two.test/deep/er"
    visit = RobotsVisit.of(cause)
    assert visit.url == "https://two.test/robots.txt"
    assert visit.origin == "https://two.test"
    assert visit.transfer.wanted is Wanted.ROBOTS


def test_again_forgets_the_last_answer_only() -> None:
    visit = LinkVisit.of(LINK)
    visit.counted = visit.admitted = True
    visit.retries = 2
    visit.transfer = Transfer(Wanted.PAGE, status=503, body_bytes=9, total_bytes=10)
    visit.again()
    transfer = visit.transfer
    assert (transfer.status, transfer.body_bytes, transfer.total_bytes) == (None, 0, None)
    assert (visit.counted, visit.admitted, visit.retries) == (True, True, 2)


def test_again_forgets_what_came_of_an_image() -> None:
    visit = LinkVisit.of(replace(LINK, wants_image=True))
    before = visit.transfer.image
    assert before is not None
    before.needs, before.found = 64, Info("PNG", 3, 4)
    before.data += b"x"
    visit.again()
    after = visit.transfer.image
    assert after is not None
    assert (after.needs, after.found, bytes(after.data)) == (1, None, b"")


@pytest.mark.parametrize(
    ("started", "stood_still_until", "retries"),
    [(5.0, 7.0, 0), (5.0, 5.0, 1), (5.0, 4.0, 1), (5.0, -inf, 1), (None, 7.0, 1)],
)
def test_a_retry_is_free_where_the_process_stood_still(
    started: float | None, stood_still_until: float, retries: int
) -> None:
    visit = LinkVisit.of(LINK)
    visit.retries, visit.transfer.started = 1, started
    visit.excuse(stood_still_until)
    assert visit.retries == retries


def test_visits_are_equal_only_to_themselves() -> None:
    assert LinkVisit.of(LINK) != LinkVisit.of(LINK)


@pytest.mark.parametrize(
    ("url", "host", "origin"),
    [
        ("http://a.test/x", "a.test", "http://a.test"),
        ("https://a.test:8443/", "a.test", "https://a.test:8443"),
        ("http://[2001:db8::1]:8080/", "2001:db8::1", "http://[2001:db8::1]:8080"),
        ("nonsense", "", "://"),
    ],
)
def test_host_and_origin(url: str, host: str, origin: str) -> None:
    assert (host_of(url), origin_of(url)) == (host, origin)


@given(
    st.builds(
        "{}://{}{}/{}".format,
        st.sampled_from(["http", "https"]),
        st.one_of(
            st.sampled_from(["BÜCHER.example", "a.test.", "0x7f.1", "[::1]", "[2001:DB8::A]"]),
            st.text(max_size=20),
        ),
        st.sampled_from(["", ":80", ":8443"]),
        st.text(max_size=20),
    )
)
def test_the_frontier_and_the_state_agree_on_hosts(raw: str) -> None:
    examined = examine(raw)
    if examined.invalid is None:
        assert host_of(examined.url) == examined.host
