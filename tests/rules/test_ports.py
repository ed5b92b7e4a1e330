from __future__ import annotations

import pytest

from crawler.rules.ports import may_be_led_to, may_be_named, port_of


@pytest.mark.parametrize(
    "port", [80, 443, 1024, 3000, 5000, 8000, 8008, 8080, 8443, 8888, 65535, 6001, 6664]
)
def test_ports_that_a_reference_may_name(port: int) -> None:
    assert may_be_named(port)


@pytest.mark.parametrize(
    "port",
    # 81 and 591 are no bad ports of Fetch, but lie among the assigned ones; 0 is nobody's.
    [
        *(0, 1, 7, 21, 22, 23, 25, 53, 79, 81, 110, 111, 139, 143, 389, 442, 444, 445, 465, 587, 591),
        *(993, 995, 1023, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665),
        *(6669, 6679, 6697, 10080),
    ],
)  # fmt: skip
def test_ports_of_other_protocols(port: int) -> None:
    assert not may_be_named(port)


@pytest.mark.parametrize(
    ("port", "begun_at", "may"),
    [
        (80, "https://a.test/", True),
        (443, "http://a.test:8080/", True),
        (8080, "http://a.test:8080/", True),
        (8080, "http://a.test/", False),
        (8443, "http://a.test:8080/", False),
        # The port that was named was never connected to.
        (25, "http://a.test:25/", False),
        (22, "http://a.test/", False),
        (443, "https://a.test:443/", True),
        (0, "http://a.test/", False),
    ],
)
def test_where_a_redirect_may_lead(port: int, begun_at: str, may: bool) -> None:
    assert may_be_led_to(port, begun_at) is may


@pytest.mark.parametrize(
    ("url", "port"),
    [
        ("http://a.test/", 80),
        ("https://a.test", 443),
        ("https://a.test:80/", 80),
        ("http://[::1]:8080/x", 8080),
        ("http://[2001:db8::1]/", 80),
        ("http://a.test:8080", 8080),
        ("http://a.test:99999/", 0),
        ("http://a.test:x/", 0),
        ("http://[::1/", 0),
        ("http://a.test:/", 80),
    ],
)
def test_the_port_of_a_url(url: str, port: int) -> None:
    assert port_of(url) == port
