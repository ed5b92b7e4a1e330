"""A session: one collection opened for work. Configuration, state, clock and lock in one value.

Spiders, pipelines and commands share it; it knows nothing of Scrapy.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from crawler.configuration import FILE_NAME, Configuration, ConfigurationError, Mistakes, load
from crawler.configuration.errors import quoted
from crawler.configuration.options import PROXY
from crawler.configuration.proxy import Proxy
from crawler.content import (
    MOST_LOOKED_AT,
    SURE_AFTER,
    Detection,
    Repository,
    detect,
    read_site,
    sweep,
    with_known,
)
from crawler.content.generators import project_of
from crawler.model.alarm import Alarm
from crawler.model.field_map import OWN_FIELDS, FieldMap, in_words
from crawler.model.role import COMPARED, CRAWLED, Role
from crawler.model.run import Run
from crawler.model.selection import Selection
from crawler.rules.policy import TextLinks
from crawler.session import arguments
from crawler.session.content import Content
from crawler.state import State, StateError, open_state, peek_at

_MOST_NAMED = 3


class NoArticlesError(ConfigurationError):
    """The content holds no article file at all: a wrong path, rather than a success."""


class ArticlesGoneError(NoArticlesError):
    """The content holds no article file any more, where the state knows some: what is known of them is kept."""


@dataclass(slots=True)
class Session:
    """A collection that is open. `run` is set during a crawl; `fault` is the error of the state that ended it.

    `alarms` are what the run noticed of itself at its end. `detection` says where the articles keep their fields; None where
    that was not looked for.
    """

    content: Content
    configuration: Configuration
    selection: Selection
    state: State
    field_map: FieldMap = OWN_FIELDS
    detection: Detection | None = None
    run: Run | None = None
    fault: StateError | None = None
    alarms: tuple[Alarm, ...] = ()
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
        finds_fields: bool = False,
        may_be_empty: bool = False,
        content: Content | None = None,
    ) -> Session:
        """Open the collection that the arguments name (`content`, by default the current folder), or that is `content`.

        `exclusive` takes the run lock; `visits` says that hosts are to be asked, so that their credentials have to be there.
        `finds_fields` has the names of fields found out without the lock, for a state of which nobody else knows. With
        `may_be_empty` a collection whose files are all gone is opened too. Raises ConfigurationError, NoArticlesError,
        ArticlesGoneError, StateError and StateLocked, each with a text for the user.
        """
        mistakes = Mistakes()
        chosen, flags = arguments.split(given, mistakes)
        content = content or Content.at(chosen.get("content", "."))
        configuration = Configuration()
        with mistakes.noting():
            configuration = load(content.root, flags, environ)
        with mistakes.noting():
            _check_ca_file(configuration.ca_file)
        with mistakes.noting():
            if chosen.get("offline") == "yes":
                # The name of a proxy would be looked up.
                configuration = replace(configuration, proxy=None)
            elif visits:
                configuration.check_secrets()
                _check_proxy(configuration.proxy)
        with mistakes.noting():
            now = configuration.clock.now()
            selection = arguments.selection(chosen, content, configuration, roles, now)
        mistakes.end()
        with ExitStack() as stack:
            repository = cls._repository(content, configuration)
            if (
                not may_be_empty
                and not content.is_list
                and next(repository.paths(), None) is None
                and not repository.has_plain_text()
            ):
                known = (
                    content.asked is None
                    and peek_at(content.root, configuration.database_url).knows_articles
                )
                raise _no_articles(content, repository.left_out(), are_known=known)
            if content.is_missing and not peek_at(content.root, configuration.database_url).version:
                raise _all_missing()
            state = stack.enter_context(open_state(content.root, configuration.database_url))
            if content.is_missing and not state.stamps(content.asked):
                raise _all_missing()
            if exclusive:
                stack.enter_context(state.lock())
                # The lock is held: temporary files that are here are of a killed run. The folder of a single
                # file may be anything, and far too large to be searched below.
                sweep(content.root, below=content.asked is None)
            opened = cls(content, configuration, selection, state)
            if not may_be_empty:
                opened._find_fields(repository, may_note=exclusive or finds_fields)
            opened._held = stack.pop_all()
            return opened

    def _find_fields(self, repository: Repository, *, may_note: bool) -> None:
        """Find out under which names the articles keep their fields, unless the configuration says it, and whether they
        have front matter at all.

        What was found once stays: a name that only the files of another sample have is not forgotten.
        """
        settled, known = self.configuration.fields, self.state.field_map()
        if may_note and not self._is_known_shape(repository, known):
            paths, is_whole = repository.sample(MOST_LOOKED_AT)
            if self.content.asked is not None:
                asked = repository.paths() if self.content.is_list else self.content.asked.files
                paths = list(dict.fromkeys([*paths, *islice(asked, MOST_LOOKED_AT)]))
            project = project_of(self.content.root)
            self.detection = detect(
                repository.begun(paths),
                is_whole=is_whole,
                has_site=repository.address is not None,
                has_plain_pages=project is not None and project.has_plain_pages,
                secret=self.configuration.secret_keys,
            )
        found = self.detection.fields if self.detection is not None else known or OWN_FIELDS
        if settled is not None:
            self.field_map = replace(settled, is_plain=found.is_plain)
        else:
            self.field_map = with_known(found, known)
        if may_note and self.field_map != known:
            self.state.note_field_map(self.field_map)

    @staticmethod
    def _is_known_shape(repository: Repository, known: FieldMap | None) -> bool:
        """Whether the collection was of the project's own shape, and its first files still are."""
        return known == OWN_FIELDS and detect(repository.begun(repository.first(SURE_AFTER))).is_own

    @staticmethod
    def _repository(
        content: Content,
        configuration: Configuration,
        field_map: FieldMap = OWN_FIELDS,
    ) -> Repository:
        site = read_site(content.root, configuration.site_url)
        return Repository(
            content.root,
            content.asked,
            configuration.exclude,
            site,
            configuration.include,
            field_map,
        )

    @property
    def reads(self) -> str | None:
        """What is read in the front matter and below it, in one line; None where nothing need be said of it."""
        body = self.configuration.body
        with_texts = body is not TextLinks.NO
        if self.configuration.fields is not None:
            places = self.field_map.places
            ways = [in_words(way) for way, _ in places]
            names_pages = any(role in COMPARED for _, role in places)
            has_texts = self.detection is not None and self.detection.texts > 0
            if has_texts and with_texts and (body is TextLinks.YES or not names_pages):
                ways.append("links of the text")
            return f"reads: {', '.join(ways)} ({FILE_NAME})" if ways else None
        return self.detection.sentence(with_texts=with_texts) if self.detection else None

    def passed_over(self) -> list[str]:
        """The files of a list that are there and are no articles of the collection, or are left out of it."""
        asked = self.content.asked
        if asked is None or not asked.is_list:
            return []
        return sorted(asked.files - self.content.missing - set(self.repository.paths()))

    @property
    def repository(self) -> Repository:
        """The article files."""
        return self._repository(self.content, self.configuration, self.field_map)

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


def _no_articles(content: Content, left_out: Sequence[str], *, are_known: bool) -> NoArticlesError:
    where = content.place
    folders = ", ".join(map(quoted, left_out[:_MOST_NAMED]))
    built = f"; {folders} is left out as built or ignored: `include` has it read" if folders else ""
    if are_known:
        return ArticlesGoneError(
            "content",
            f"no article file in {where!r} any more, where the state knows some: is the folder mounted, and the checkout whole? "
            f"What is known of them is kept{built}",
        )
    return NoArticlesError(
        "content",
        f"no article file in {where!r}: none begins with front matter (---, +++ or {{), and none is Markdown; "
        f"give the folder that holds the articles, or one article file{built}",
    )


def _all_missing() -> NoArticlesError:
    return NoArticlesError(
        "content",
        "none of the files of the list is there; their names count from the current folder",
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
