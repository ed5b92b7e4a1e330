"""The interface of a test's web, however it is reached."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.time_limits import HANG
from tests.web import running
from tests.web.origin import Counters, Origin, Request
from tests.web.process import PROJECT
from tests.web.rules import Answer, Rules
from tests.web.running import Completed


class Web(ABC):
    """An origin for every host name, and commands that see it as the web."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._through: tuple[str, ...] = ()
        self._origin: Origin | None = None

    @property
    def origin(self) -> Origin:
        """The running origin."""
        assert self._origin is not None, "the web has not been entered"
        return self._origin

    @property
    def through(self) -> tuple[str, ...]:
        """The command that runs another inside this web, empty where it runs as it is."""
        return self._through

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="web-")))
            self._open(folder, stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    @abstractmethod
    def _open(self, folder: Path, stack: ExitStack) -> None:
        """Start the servers."""

    @abstractmethod
    def _reach(self) -> dict[str, str]:
        """The settings by which a crawler reaches this web."""

    def set_rules(
        self, rules: Rules | Mapping[str, Answer | Sequence[Answer]] | None = None
    ) -> None:
        """Replace all rules of the origin, given whole or as their `answers`; None for no rules."""
        self.origin.set_rules(rules if isinstance(rules, Rules) else Rules(rules or {}))

    def requests(self, *, robots: bool = False) -> list[Request]:
        """The requests so far, without those for robots.txt unless asked for."""
        return [
            request
            for request in self.origin.each_request()
            if robots or request.target != "/robots.txt"
        ]

    def counters(self) -> Counters:
        """Totals and the most simultaneous connections and requests of each host."""
        return self.origin.counters()

    def forget(self) -> None:
        """Begin the log and the counters anew."""
        self.origin.forget()

    def clean(self) -> None:
        """As on entering: no rules, nothing logged or counted."""
        self.set_rules()
        self.forget()

    def environment(self, **extra: str) -> dict[str, str]:
        """The environment of a crawler in this web; hosts are asked without a pause, and what failed soon again."""
        return {
            **running.clean_environment(),
            "PYTHONPATH": str(PROJECT),
            "LINKHEALTH_CA_FILE": str(self.origin.ca_file),
            "LINKHEALTH_HOST_DELAY": "0",
            "LINKHEALTH_SECOND_LOOK": "1",
            **self._reach(),
            **extra,
        }

    def run(
        self,
        argv: Sequence[str],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        timeout: float = HANG,
    ) -> Completed:
        """Run a command in this web to its end; `env` replaces `environment()`.

        Raises `subprocess.TimeoutExpired` after `timeout` seconds, the command killed.
        """
        return running.run(
            argv,
            env=self.environment() if env is None else env,
            cwd=cwd,
            timeout=timeout,
            through=self._through,
        )

    @contextmanager
    def start(
        self,
        argv: Sequence[str],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
    ) -> Iterator[subprocess.Popen[str]]:
        """A command that runs in this web during the block, to be signalled or killed.

        It leads its own session; whatever is left of it at the end is killed. Its output is piped.
        """
        process = subprocess.Popen(
            running.command(argv, cwd=cwd, through=self._through),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment() if env is None else dict(env),
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        try:
            yield process
        finally:
            running.kill_group(process.pid)
            process.communicate()

    def run_crawler(
        self, *arguments: str, cwd: Path | None = None, timeout: float = HANG, **extra: str
    ) -> Completed:
        """Run `python -m crawler` with these arguments; `extra` goes into its environment."""
        return self.run(
            [sys.executable, "-m", "crawler", *arguments],
            cwd=cwd,
            env=self.environment(**extra),
            timeout=timeout,
        )


class LoopbackWeb(Web):
    """A web on two free loopback ports, reached by connect-to."""

    def _open(self, folder: Path, stack: ExitStack) -> None:
        self._origin = stack.enter_context(Origin(folder, old=[("127.0.0.1", 0)]))

    def _reach(self) -> dict[str, str]:
        return {"LINKHEALTH_CONNECT_TO": self.connect_to}

    @property
    def http_port(self) -> int:
        """The port of plain HTTP on 127.0.0.1."""
        return self.origin.http[0][1]

    @property
    def https_port(self) -> int:
        """The port of HTTPS on 127.0.0.1."""
        return self.origin.https[0][1]

    @property
    def old_https_port(self) -> int:
        """The port of HTTPS over TLS 1.0 and 1.1 only, for connect-to rules before `connect_to`."""
        return self.origin.old[0][1]

    @property
    def connect_to(self) -> str:
        """The value of LINKHEALTH_CONNECT_TO: ports 80 and 443 of any host lead here."""
        return f":80:127.0.0.1:{self.http_port},:443:127.0.0.1:{self.https_port}"
