"""`linkhealth review PATH`: the report as a page of this machine alone, decided in and carried out."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from types import FrameType
from typing import TYPE_CHECKING, ClassVar

from crawler.commands.command_base import CommandBase
from crawler.commands.guard import complain, guarded, one_path
from crawler.commands.path_arguments import one_content
from crawler.commands.usage import Usage
from crawler.configuration import ConfigurationError
from crawler.configuration.errors import quoted
from crawler.model.repair import MOST_FILES
from crawler.reporting.console import counted, printable

if TYPE_CHECKING:
    from crawler.review.desk import Review
    from crawler.review.serving import ReviewServer

_HIGHEST_PORT = 65_535


class Command(Usage, CommandBase):
    """Decide in the page, see the diff, write."""

    examples: ClassVar[tuple[tuple[str, str], ...]] = (
        (
            "linkhealth review content/",
            "open the page, decide, and write",
        ),
    )

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """The arguments, for --help."""
        return "[PATH] [--port N] [--no-browser] [options]"

    def short_desc(self) -> str:
        """One line, for the list of commands."""
        return "Decide in the report, as a page of this machine alone, and write"

    def long_desc(self) -> str:
        """For --help."""
        return (
            "Serves report.html on 127.0.0.1 with a secret in its address. Decisions are kept in the state as they "
            "are made; Write carries them out as `apply --write` does. Ctrl-C ends it; nothing is lost by that."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add this command's options to Scrapy's."""
        super().add_options(parser)
        group = parser.add_argument_group("review")
        group.add_argument(
            "--port",
            default="0",
            metavar="N",
            help="the port (one that the system chooses), such as that of a tunnel",
        )
        group.add_argument(
            "--no-browser",
            action="store_true",
            help="open no browser; one is opened from a terminal",
        )
        group.add_argument(
            "--related", action="store_true", help="change what stands under `related` too"
        )
        group.add_argument(
            "--max-files",
            default=str(MOST_FILES),
            metavar="N",
            help=f"change at most so many files at once ({MOST_FILES}); Write again goes on with the rest",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Serve until a signal; `exitcode` says how it went."""
        with guarded() as ending:
            _review(one_path(args), opts)
        self.exitcode = ending.code


def _review(path: str, opts: argparse.Namespace) -> None:
    from crawler.operations.repair.carrying_out import Wanted
    from crawler.review.desk import Review
    from crawler.session import Session

    port = _number("--port", opts.port, _HIGHEST_PORT)
    most = _number("--max-files", opts.max_files, 10**9)
    if not most:
        raise ConfigurationError("--max-files", "0 files would change nothing")
    content = one_content(path)
    with Session.open({}, os.environ, exclusive=False, content=content) as session:
        review = Review(
            session,
            lambda: Session.open({}, os.environ, content=content),
            Wanted(related=opts.related, most_files=most),
        )
        with _bound(review, port) as server, _until_a_signal(server):
            print(f"review of {printable(path)}: {server.gate.address}")
            print("the address is a secret: whoever has it can decide and write; Ctrl-C ends it")
            sys.stdout.flush()
            with _browser(server.gate.address, wanted=not opts.no_browser):
                server.serve_forever(poll_interval=0.2)
            if review.is_writing:
                complain("waiting for the files that are being written")
            waiting = review.end()
    print(f"ended; {counted(waiting, 'decision')} kept for the next time" if waiting else "ended")


@contextmanager
def _bound(review: Review, port: int) -> Iterator[ReviewServer]:
    from crawler.review.serving import ReviewServer

    try:
        server = ReviewServer(review, port)
    except OSError as error:
        raise ConfigurationError("--port", f"{port}: {error.strerror}; name another") from None
    try:
        yield server
    finally:
        server.server_close()


@contextmanager
def _until_a_signal(server: ReviewServer) -> Iterator[None]:
    """SIGINT and SIGTERM end the server. A second one ends the process at once, as a kill does."""

    def stop(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        # Not here: `shutdown` waits for the loop that this interrupts.
        Thread(target=server.shutdown, daemon=True).start()

    before = {one: signal.signal(one, stop) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@contextmanager
def _browser(address: str, *, wanted: bool) -> Iterator[None]:
    """Open the page, from a terminal only.

    By a file that its user alone may read and that leads there: the arguments of a browser are seen by everybody on the
    machine.
    """
    if not (wanted and sys.stdout.isatty()):
        yield
        return
    with TemporaryDirectory(prefix="linkhealth-review-") as folder:
        file = Path(folder, "open.html")
        refresh = f"0;url={escape(address)}"
        text = f'<!doctype html><title>linkhealth</title><meta http-equiv="refresh" content="{refresh}">'
        file.touch(0o600)
        file.write_text(text, "utf-8")
        webbrowser.open(file.as_uri())
        yield


def _number(option: str, text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 11 and int(text) <= most):
        raise ConfigurationError(option, f"{quoted(text)} is not a number up to {most:,}")
    return int(text)
