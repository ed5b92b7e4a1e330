"""A session: one collection opened for work. Configuration, state, clock and lock in one value.

Spiders, pipelines and commands share it; it knows nothing of Scrapy.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from crawler.configuration import Configuration, ConfigurationError, Mistakes, load
from crawler.configuration.errors import quoted
from crawler.configuration.options import PROXY
from crawler.configuration.proxy import Proxy
from crawler.content import Repository, read_site, sweep
from crawler.model.role import CRAWLED, Role
from crawler.model.run import Run
from crawler.model.selection import Selection
from crawler.session import arguments
from crawler.state import State, StateError, open_state

_MOST_NAMED = 3


class NoArticlesError(ConfigurationError):
    """The content holds no article file at all: a wrong path, rather than a success."""


@dataclass(slots=True)
class Session:
    """A collection that is open. `run` is set during a crawl; `fault` is the error of the state that ended it."""

    content: arguments.Content
    configuration: Configuration
    selection: Selection
    state: State
    run: Run | None = None
    fault: StateError | None = None
    _held: ExitStack = field(default_factory=ExitStack, repr=False)

    @classmethod
    def open(
        cls,
        given: Mapping[str, str],
        environ: Mapping[str, str],
        roles: frozenset[Role] = CRAWLED,
        *,
        exclusive: bool = True,
        visits: bool = False,
    ) -> Session:
        """Open the collection that the arguments name (`content`, by default the current folder).

        `exclusive` takes the run lock; `visits` says that hosts are to be asked, so that their credentials have to be there. Raises ConfigurationError, NoArticlesError, StateError and
        StateLocked, each with a text for the user.
        """
        mistakes = Mistakes()
        chosen, flags = arguments.split(given, mistakes)
        content = arguments.Content.at(chosen.get("content", "."))
        configuration = Configuration()
        with mistakes.noting():
            configuration = load(content.root, flags, environ)
        with mistakes.noting():
            _check_ca_file(configuration.ca_file)
        with mistakes.noting():
            if visits:
                configuration.check_secrets()
                _check_proxy(configuration.proxy)
        with mistakes.noting():
            now = configuration.clock.now()
            selection = arguments.selection(chosen, content, configuration, roles, now)
        mistakes.end()
        with ExitStack() as stack:
            repository = cls._repository(content, configuration)
            if next(repository.paths(), None) is None:
                raise _no_articles(content, repository.left_out())
            state = stack.enter_context(open_state(content.root, configuration.database_url))
            if exclusive:
                stack.enter_context(state.lock())
                # The lock is held: temporary files that are here are of a killed run. The folder of a single
                # file may be anything, and far too large to be searched below.
                sweep(content.root, below=content.path is None)
            return cls(content, configuration, selection, state, _held=stack.pop_all())

    @staticmethod
    def _repository(content: arguments.Content, configuration: Configuration) -> Repository:
        site = read_site(content.root, configuration.site_url)
        return Repository(
            content.root, content.path, configuration.exclude, site, configuration.include
        )

    @property
    def repository(self) -> Repository:
        """The article files."""
        return self._repository(self.content, self.configuration)

    @contextmanager
    def keeping_fault(self) -> Iterator[None]:
        """Keep the first error of the state that comes up within the block as `fault`: it ends the run, and is told once.

        For code that an engine calls, which would log each of them with its traceback and go on.
        """
        try:
            yield
        except StateError as error:
            if self.fault is None:
                self.fault = error

    def close(self) -> None:
        """Release the lock and close the state."""
        self._held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _no_articles(content: arguments.Content, left_out: Sequence[str]) -> NoArticlesError:
    where = content.path or str(content.root)
    folders = ", ".join(map(quoted, left_out[:_MOST_NAMED]))
    built = f"; {folders} is left out as built or ignored: `include` has it read" if folders else ""
    return NoArticlesError(
        "content",
        f"no article file in {where!r}: none begins with a line of ---; "
        f"give the folder that holds the articles, or one article file{built}",
    )


def _check_proxy(proxy: Proxy | None) -> None:
    """Without this, a proxy that nobody knows would look like a network that is down."""
    if proxy is None:
        return
    try:
        socket.getaddrinfo(proxy.host, proxy.port, type=socket.SOCK_STREAM)
    except OSError:
        message = f"the proxy {quoted(proxy.host)} has no address"
        raise ConfigurationError(PROXY.variable, message) from None


def _check_ca_file(path: Path | None) -> None:
    """Without this, a file that holds no certificate would fail every https link of the run."""
    if path is None:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=path)
    except (OSError, ValueError) as error:
        why = error.reason if isinstance(error, ssl.SSLError) else type(error).__name__
        raise ConfigurationError(
            "ca_file", f"{str(path)!r} holds no certificates to trust ({why}); give a PEM file"
        ) from None
