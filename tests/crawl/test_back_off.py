"""What a host's answers do to its turn (rules P5, P6, P7)."""

from __future__ import annotations

import pytest

from crawler.configuration import Configuration
from crawler.crawl.back_off import BackOff
from crawler.crawl.frontier import Frontier, HostPlan
from crawler.fetching.answer import Answer
from crawler.fetching.visit import Visit
from crawler.model.link import DueLink
from crawler.model.observation import FailureKind
from tests.state.samples import NOW

HOST = "a.test"
LINKS = [DueLink(number, f"http://{HOST}/{number}", HOST, False) for number in range(1, 9)]


class Queue(Frontier):
    """A frontier of one host with eight links, whose first visit is under way."""

    def __init__(self) -> None:
        super().__init__(
            [HostPlan(HOST, len(LINKS), 1.0, 9)],
            lambda _host, after, _limit: [one for one in LINKS if one.id > after],
            newcomer=lambda host: HostPlan(host, 0, 1.0, 2),
        )

    def first(self) -> Visit:
        visit = self.take(0.0)
        assert visit is not None
        self.done(HOST)
        return visit


def courtesy_of(queue: Queue) -> BackOff:
    return BackOff(queue, Configuration().manners, Configuration().policy.politeness.longest_wait)


def answer(status: int, **headers: str) -> Answer:
    named = {
        name.replace("_", "-").lower().encode(): value.encode() for name, value in headers.items()
    }
    return Answer(status, named)


@pytest.mark.parametrize(
    ("status", "headers", "again", "delay", "left"),
    [
        (200, {}, False, 1.0, 7),
        (404, {}, False, 1.0, 7),
        (500, {}, False, 1.0, 7),
        (502, {}, True, 1.0, 7),
        (504, {}, True, 1.0, 7),
        (503, {}, True, 2.0, 7),
        (429, {}, False, 2.0, 7),
        (429, {"Retry_After": "30"}, True, 2.0, 7),
        (503, {"Retry_After": "30"}, True, 2.0, 7),
        (503, {"Retry_After": "3600"}, False, 2.0, 0),
        (429, {"Retry_After": "Sun, 22 Nov 2026 12:00:20 GMT"}, True, 2.0, 7),
        (429, {"Retry_After": "soon"}, False, 2.0, 7),
        (200, {"Retry_After": "30"}, False, 1.0, 7),
    ],
)
def test_what_an_answer_does(
    status: int, headers: dict[str, str], again: bool, delay: float, left: int
) -> None:
    queue = Queue()
    courtesy = courtesy_of(queue)
    visit = queue.first()
    assert courtesy.answered(visit, answer(status, **headers), NOW) is again
    assert queue._hosts[HOST].delay == delay
    assert queue.left == left
    assert (visit.retries, courtesy.retried) == ((1, 1) if again else (0, 0))


def test_a_host_that_was_slowed_down_speeds_up_again() -> None:
    queue = Queue()
    courtesy = courtesy_of(queue)
    visit = queue.first()
    for _ in range(3):
        courtesy.answered(visit, answer(429), NOW)
    assert queue._hosts[HOST].delay == 8.0
    delays = []
    for _ in range(4):
        courtesy.answered(visit, answer(200), NOW)
        delays.append(queue._hosts[HOST].delay)
    assert delays == [4.0, 2.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("kind", "again"),
    [
        (FailureKind.CONNECT_TIMEOUT, True),
        (FailureKind.RESPONSE_TIMEOUT, True),
        (FailureKind.CONNECTION_RESET, True),
        (FailureKind.DNS_TIMEOUT, True),
        (FailureKind.CONNECT_REFUSED, False),
        (FailureKind.DNS_NXDOMAIN, False),
        (FailureKind.TLS_FAILED, False),
    ],
)
def test_only_what_may_pass_is_tried_again_and_only_twice(kind: FailureKind, again: bool) -> None:
    courtesy = courtesy_of(queue := Queue())
    visit = queue.first()
    tries = [courtesy.failed(visit, kind) for _ in range(3)]
    assert tries == [again, again, False]
    assert courtesy.retried == (2 if again else 0)


def test_an_answer_that_broke_off_is_not_tried_again() -> None:
    courtesy = courtesy_of(queue := Queue())
    visit = queue.first()
    visit.transfer.status = 200
    assert not courtesy.failed(visit, FailureKind.CONNECTION_RESET)
