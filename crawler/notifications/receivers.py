"""Targets as something that takes a message: a file of ours, and whatever apprise knows.

Apprise is loaded when a message is to be sent. It is handed text for text: each of its services then writes the text so that
nothing in it is markup. Its log, which quotes addresses, is read here and shown to nobody.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import re
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from crawler.configuration.notification_targets import FILE, Target
from crawler.notifications.message import Message
from crawler.reporting.formats.extra import Extra, MissingExtraError
from crawler.rules.credentials import without_credentials

APPRISE: Final = Extra(
    "notify", "apprise", users="messages", instead="a target file:PATH works without it"
)
LONGEST_TRY: Final = 10.0
"""Seconds that a receiver has for each step of one try, which is a third of the time left at most: another one may do."""
_LOGGER, _HTTP_LOGGER = "apprise", "urllib3"
_E_MAIL: Final = 100_000
"""Bytes of an e-mail: a little less than Gmail shows."""
_MOST: Final = {
    # ntfy takes 4,096 bytes, and makes a file of more, where it may.
    "ntfys": 3_900,
    # Longer texts of an attachment are cut.
    "slack": 7_500,
    # Teams refuses cards of more than 28 KB.
    "workflows": 20_000,
}
"""Bytes of a text where apprise counts otherwise, by the scheme of a service."""
_BLOCK: Final = 2_500
"""Bytes in a block of Slack (`?blocks=yes`), which takes 3,000 characters, escapes among them."""
_MAIL: Final = "mailtos"
_LOADING: Final = threading.Lock()
_CODE: Final = re.compile(r"error=(\d{3})\b")
_WORTH_ANOTHER_TRY: Final = frozenset({408, 425, 429})
_SIGNS: Final = (
    ("certificate verify failed", "its certificate is not trusted"),
    ("wrong version number", "it does not speak TLS"),
    ("timed out", "it did not answer in time"),
    ("refused", "it refused the connection"),
    ("name or service not known", "its name has no address"),
    ("failed to resolve", "its name has no address"),
    ("name resolution", "its name has no address"),
    ("authentication", "it did not accept the user and the password"),
    ("no route", "there is no way to it"),
    ("unreachable", "there is no way to it"),
    ("reset", "it broke the connection off"),
    ("closed", "it broke the connection off"),
)


class NotDeliveredError(Exception):
    """A message was not taken; the text says why, in words of ours alone. `is_final`: another try would change nothing."""

    def __init__(self, why: str, *, is_final: bool = False) -> None:
        super().__init__(why)
        self.is_final = is_final


class Receiver(Protocol):
    """A target that can be sent a message."""

    def form(self, message: Message) -> str:
        """The text as it is sent: what a dry run shows."""

    def send(self, message: Message, seconds: float) -> None:
        """Send a message within about so many seconds. Raises NotDeliveredError."""


def receiver(target: Target) -> Receiver:
    """What a target is. Raises NotDeliveredError, final, for one that nobody knows, or whose library is missing."""
    if target.scheme == FILE:
        return _File(target.address.partition(":")[2].removeprefix("//"))
    return _Service(target, _plugin(target))


@dataclass(frozen=True, slots=True)
class _File:
    """A file to which a line of JSON is added for each message."""

    path: str = field(repr=False)

    def form(self, message: Message) -> str:
        """See `Receiver`."""
        return without_credentials(json.dumps(message.document()))

    def send(self, message: Message, seconds: float) -> None:  # noqa: ARG002 - a disk has no time-out
        """See `Receiver`."""
        line = self.form(message).encode() + b"\n"
        # The operator chose the name, but it may lie in a collection of strangers: no link is followed, nothing waits for
        # a reader.
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            descriptor = os.open(self.path, flags | os.O_NONBLOCK, 0o600)
            try:
                _append(descriptor, line)
            finally:
                os.close(descriptor)
        except OSError as error:
            is_link = error.errno == errno.ELOOP
            why = "it is a symbolic link" if is_link else os.strerror(error.errno or 0).lower()
            raise NotDeliveredError(f"the file was not written ({why})") from None


def _append(descriptor: int, line: bytes) -> None:
    """Add a line, whole or not at all. Raises OSError."""
    found = os.fstat(descriptor)
    is_file = stat.S_ISREG(found.st_mode)
    written = 0
    try:
        while written < len(line):
            written += os.write(descriptor, line[written:])
        if is_file:
            os.fsync(descriptor)
    except OSError:
        if is_file and written:
            with suppress(OSError):
                os.ftruncate(descriptor, found.st_size)
        raise


@dataclass(frozen=True, slots=True)
class _Service:
    """A service of apprise."""

    target: Target
    plugin: Any = field(repr=False)

    def form(self, message: Message) -> str:
        """See `Receiver`; of an e-mail its plain text."""
        return f"{message.title}\n\n{message.text(self._longest, between=self._between)}"

    def send(self, message: Message, seconds: float) -> None:
        """See `Receiver`."""
        # One that has failed waits before it asks again, by itself; a new one does not.
        plugin = _plugin(self.target)
        limit = max(0.1, min(LONGEST_TRY, seconds / 3))
        plugin.socket_connect_timeout = min(plugin.socket_connect_timeout, limit)
        plugin.socket_read_timeout = limit
        body, body_format = self._body(message)
        with _listening() as said:
            try:
                is_sent = bool(
                    plugin.notify(body=body, title=message.title, body_format=body_format)
                )
            except Exception as error:  # noqa: BLE001 - of a library that has some hundred services
                said.append(f"{type(error).__name__}: {error}")
                is_sent = False
            finally:
                del plugin
        if not is_sent:
            raise _refusal(said)

    def _body(self, message: Message) -> tuple[str, str]:
        """The text, and which form it has."""
        if _MAIL in self._schemes and self.plugin.resolve_format("html").value == "html":
            return message.html(_E_MAIL), "html"
        return message.text(self._longest, between=self._between), "text"

    @property
    def _between(self) -> str:
        """What ends a line; in Markdown one of its own is a paragraph."""
        return "\n" if self.plugin.resolve_format("text").value == "text" else "\n\n"

    @property
    def _longest(self) -> int:
        if getattr(self.plugin, "use_blocks", False):
            return _BLOCK
        known = (most for scheme, most in _MOST.items() if scheme in self._schemes)
        return next(known, int(self.plugin.body_maxlen))

    @property
    def _schemes(self) -> tuple[str, ...]:
        """Those of the service, by whatever address it was named."""
        known = self.plugin.secure_protocol
        return (known,) if isinstance(known, str) else tuple(known or ())


def _refusal(said: list[str]) -> NotDeliveredError:
    """Why a service did not take a message, by what apprise wrote into its log."""
    text = "\n".join(said).lower()
    code = int(found[1]) if (found := _CODE.search(text)) else 0
    # What answers 200 all the same did not like what it read.
    if code >= 300:
        is_final = code < 500 and code not in _WORTH_ANOTHER_TRY
        return NotDeliveredError(f"it answered {code}", is_final=is_final)
    why = next((words for sign, words in _SIGNS if sign in text), "it did not take the message")
    return NotDeliveredError(why)


def _plugin(target: Target) -> Any:
    """The service of a target. Raises NotDeliveredError."""
    # Many threads ask for the first one at once, and it loads all services.
    with _LOADING, _listening():
        try:
            apprise = APPRISE.load()
        except MissingExtraError as error:
            raise NotDeliveredError(str(error), is_final=True) from None
        asset = apprise.AppriseAsset(
            app_id="linkhealth",
            app_desc="linkhealth",
            # Nothing to load from anybody's server stands in a message, and nothing is kept on disk.
            image_url_mask="",
            image_url_logo="",
            storage_mode=apprise.PersistentStoreMode.MEMORY.value,
            # Redirected, a message would end as a request without it, and be taken for sent.
            http_redirects=False,
            interpret_emojis=False,
            allow_templates=False,
        )
        plugin = apprise.Apprise.instantiate(target.address, asset=asset, suppress_exceptions=True)
    if plugin is None:
        raise NotDeliveredError("apprise knows no such target", is_final=True)
    return plugin


class _Ear(logging.Handler):
    """Keeps what apprise says in one thread."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said: list[str] = []
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line of this thread."""
        if record.thread == self._thread:
            self.said.append(record.getMessage())


@contextmanager
def _listening() -> Iterator[list[str]]:
    """What apprise says in this thread during the block. Nobody else hears it, nor what the library below it says: they
    name addresses."""
    logging.getLogger(_HTTP_LOGGER).setLevel(logging.CRITICAL)
    logger = logging.getLogger(_LOGGER)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    ear = _Ear()
    logger.addHandler(ear)
    try:
        yield ear.said
    finally:
        logger.removeHandler(ear)
