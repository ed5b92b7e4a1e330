"""Tries, pauses and the bound of time, with errands that fail as they are told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import monotonic

import pytest

from crawler.notifications.delivery import TRIES, Delivery, deliver
from crawler.notifications.receivers import NotDeliveredError


@dataclass
class Scripted:
    """An errand that fails as often as it is told; each try takes note of the time that it was given."""

    failures: int = 0
    is_final: bool = False
    waits_for: threading.Event | None = None
    tries: list[float] = field(default_factory=list)

    def send(self, seconds: float) -> None:
        self.tries.append(seconds)
        if self.waits_for is not None:
            self.waits_for.wait()
        if len(self.tries) <= self.failures:
            raise NotDeliveredError("it answered 500", is_final=self.is_final)


def delivered(*errands: Scripted, seconds: float = 0.6) -> dict[int, Delivery]:
    found: dict[int, Delivery] = {}
    deliver(errands, seconds, found.__setitem__)
    return found


def test_a_message_that_is_taken_is_sent_once() -> None:
    one = Scripted()
    assert delivered(one) == {0: Delivery()}
    assert len(one.tries) == 1


@pytest.mark.parametrize("failures", range(1, TRIES))
def test_what_failed_is_tried_again(failures: int) -> None:
    one = Scripted(failures)
    assert delivered(one) == {0: Delivery()}
    assert len(one.tries) == failures + 1
    # Each pause is longer than the one before: 1, 2 and 4 thirtieths of the time.
    pauses = [before - after for before, after in zip(one.tries, one.tries[1:], strict=False)]
    assert all(pause >= 0.6 / 30 * 2**number for number, pause in enumerate(pauses))


def test_after_the_last_try_it_is_left() -> None:
    one = Scripted(TRIES)
    assert delivered(one) == {0: Delivery("it answered 500, 4 times")}
    assert len(one.tries) == TRIES


def test_what_another_try_would_not_change_is_not_tried_again() -> None:
    one = Scripted(1, is_final=True)
    assert delivered(one) == {0: Delivery("it answered 500")}


@pytest.fixture
def never() -> Iterator[threading.Event]:
    """An event that comes when the test has ended."""
    event = threading.Event()
    yield event
    event.set()


def test_one_that_hangs_holds_nobody_up(never: threading.Event) -> None:
    hanging, failing, fine = Scripted(waits_for=never), Scripted(2), Scripted()
    begun = monotonic()
    assert delivered(hanging, failing, fine, seconds=0.4) == {
        0: Delivery("it had not ended after 0.4 s"),
        1: Delivery(),
        2: Delivery(),
    }
    assert monotonic() - begun >= 0.4


def test_no_try_begins_after_the_end() -> None:
    one = Scripted(TRIES)
    # The pauses alone would take longer.
    assert delivered(one, seconds=0.0)[0].failure is not None
    assert len(one.tries) <= 1


def test_each_is_told_as_soon_as_it_has_ended(never: threading.Event) -> None:
    hanging = Scripted(waits_for=never)

    def ended(number: int, _delivery: Delivery) -> None:
        told.append(number)
        never.set()

    told: list[int] = []
    deliver([hanging, Scripted()], 5.0, ended)
    assert told[0] == 1
    assert sorted(told) == [0, 1]


def test_a_fault_of_ours_is_a_failure_with_no_text_of_others() -> None:
    class Broken:
        def send(self, seconds: float) -> None:
            raise ValueError("s3cret")

    found: dict[int, Delivery] = {}
    deliver([Broken()], 1.0, found.__setitem__)
    assert found == {0: Delivery("a fault of our own (ValueError)")}


def test_nothing_to_send_takes_no_time() -> None:
    assert delivered() == {}
