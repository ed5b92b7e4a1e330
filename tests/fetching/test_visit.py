from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fetching.visit import Purpose, Visit, host_of, origin_of
from crawler.model.link import DueLink
from crawler.rules.urls import examine

LINK = DueLink(7, "http://one.test:8080/a?b#c", "one.test", wants_image=False, etag='"e"')


def test_a_visit_begins_at_its_link() -> None:
    visit = Visit.of(LINK)
    assert (visit.url, visit.purpose, visit.link) == (LINK.url, Purpose.LINK, LINK)
    assert not visit.hops
    assert not visit.counted


def test_a_robots_visit_is_for_the_origin_that_is_asked_now() -> None:
    cause = Visit.of(LINK)
    cause.url = "https://two.test/deep/er"
    visit = Visit.of_robots(cause)
    assert visit.url == "https://two.test/robots.txt"
    assert visit.origin == "https://two.test"
    assert visit.purpose is Purpose.ROBOTS


def test_again_forgets_the_last_answer_only() -> None:
    visit = Visit.of(LINK)
    visit.counted = visit.admitted = True
    visit.retries = 2
    fields = {"status": 503, "body_bytes": 9, "total_bytes": 10, "needs": 64, "image": object()}
    for name, value in fields.items():
        setattr(visit, name, value)
    visit.head += b"x"
    visit.again()
    assert (visit.status, visit.body_bytes, visit.total_bytes) == (None, 0, None)
    assert (visit.needs, visit.image, bytes(visit.head)) == (1, None, b"")
    assert (visit.counted, visit.admitted, visit.retries) == (True, True, 2)


def test_visits_are_equal_only_to_themselves() -> None:
    assert Visit.of(LINK) != Visit.of(LINK)


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
