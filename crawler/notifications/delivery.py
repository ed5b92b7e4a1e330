"""Messages on their way: all at once, each tried again after growing pauses, all of them within a bounded time."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Final, Protocol

from crawler.notifications.receivers import NotDeliveredError

TRIES: Final = 4
"""One, and three more."""
FIRST_PAUSE: Final = 1 / 30
"""The pause before the second try, as a part of the time there is; each further one is twice as long."""


class Errand(Protocol):
    """One message to one target. Its `send` raises NotDeliveredError; it is called in a thread of its own."""

    def send(self, seconds: float) -> None:
        """Send the message within about so many seconds."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of an errand: None for a message that was taken, else why it was not."""

    failure: str | None = None


def deliver(
    errands: Sequence[Errand], seconds: float, ended: Callable[[int, Delivery], None]
) -> None:
    """Run errands, and tell how each of them ended, by its number, as soon as that is known.

    It takes so many seconds at most. What has not ended by then is left behind, and has failed: a receiver that took the
    message and answers too late is told again.
    """
    until = monotonic() + seconds
    done: SimpleQueue[tuple[int, Delivery]] = SimpleQueue()
    given_up = threading.Event()
    open_errands = dict(enumerate(errands))
    with warnings.catch_warnings():
        # Of libraries, about themselves and about what the operator asked for (`verify=no`).
        warnings.simplefilter("ignore")
        for number, errand in open_errands.items():
            arguments = (number, errand, seconds, until, given_up, done)
            # A thread that hangs does not keep the process.
            threading.Thread(target=_run, args=arguments, daemon=True).start()
        try:
            while open_errands:
                number, delivery = done.get(timeout=max(0.0, until - monotonic()))
                del open_errands[number]
                ended(number, delivery)
        except Empty:
            pass
        finally:
            given_up.set()
    for number in open_errands:
        ended(number, Delivery(f"it had not ended after {seconds:g} s"))


def _run(
    number: int,
    errand: Errand,
    seconds: float,
    until: float,
    given_up: threading.Event,
    done: SimpleQueue[tuple[int, Delivery]],
) -> None:
    pause = seconds * FIRST_PAUSE
    for attempt in range(1, TRIES + 1):
        try:
            errand.send(until - monotonic())
        except NotDeliveredError as error:
            if error.is_final or attempt == TRIES or monotonic() + pause >= until:
                tries = "" if attempt == 1 else f", {attempt} times"
                done.put((number, Delivery(f"{error}{tries}")))
                return
        except Exception as error:  # noqa: BLE001 - a thread would end in silence
            done.put((number, Delivery(f"a fault of our own ({type(error).__name__})")))
            return
        else:
            done.put((number, Delivery()))
            return
        if given_up.wait(pause):
            return
        pause *= 2
