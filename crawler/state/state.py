"""The state of one collection, opened."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from crawler.state.article_files import Intake
from crawler.state.connecting import open_database
from crawler.state.decisions import Decisions
from crawler.state.due_links import Frontier
from crawler.state.fingerprint import Fingerprints
from crawler.state.held_back import HeldBack
from crawler.state.host_certificates import HostCertificates
from crawler.state.host_links import HostLinks
from crawler.state.lookups import Lookups
from crawler.state.pending_visits import PendingVisits
from crawler.state.pruning import Pruning
from crawler.state.reports import Reports
from crawler.state.review_decisions import ReviewDecisions
from crawler.state.run_changes import Changes
from crawler.state.run_figures import RunsMeasured
from crawler.state.runs import Runs
from crawler.state.summaries import Summaries
from crawler.state.told_channels import ToldChannels
from crawler.state.visits import Visits
from crawler.state.waiting_links import WaitingLinks
from crawler.state.weighing import Weighing
from crawler.state.writes import Writes

T = TypeVar("T")


class State(
    Runs,
    Intake,
    Frontier,
    Visits,
    PendingVisits,
    Writes,
    Reports,
    Weighing,
    HostLinks,
    HostCertificates,
    Changes,
    Lookups,
    Decisions,
    HeldBack,
    WaitingLinks,
    Summaries,
    Fingerprints,
    ReviewDecisions,
    ToldChannels,
    RunsMeasured,
    Pruning,
):
    """Everything that is stored of one collection between runs.

    Each method is one transaction, made again after a short absence of the server; every failure is a `StateError`.
    Iterators hold a connection until they are read to their end or closed, and do not see what is committed meanwhile.
    """

    def lock(self) -> AbstractContextManager[None]:
        """Hold the state for one run; raises `StateLocked` at once where another run does."""
        return self._database.exclusive()

    def watch(self) -> None:
        """Look whether the run lock is still held, and take it again where the server has lost it.

        Cheap: to be called now and then where nothing else is asked of the state. Raises `StateLost`.
        """
        self._database.again(self._database.lock.watch)

    def again(self, work: Callable[[], T]) -> T:
        """The result of `work`, made again where the server went away in the middle: for whoever reads iterators.

        Raises `StateLost`.
        """
        return self._database.again(work)

    @property
    def came_back_at(self) -> float:
        """When a server that had gone away was last there again, by the monotonic clock: until then the process stood
        still. Minus infinity for never."""
        return self._database.lock.came_back_at

    @property
    def name(self) -> str:
        """The database as a user knows it, without a password."""
        return self._database.name

    @property
    def file(self) -> Path | None:
        """The file of the state; None where a server has it."""
        return self._database.file

    def close(self) -> None:
        """Close the connections; the state cannot be used after that."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def open_state(root: Path, database_url: str | None) -> State:
    """Open the state of the collection under `root`, made or upgraded where needed.

    Without a URL it is `.linkhealth/state.sqlite3` under `root`; else one database (or one schema) of
    PostgreSQL, `postgresql://…`, or a file, `sqlite:///…`, that no other collection shares. Raises
    `StateError`.
    """
    return State(open_database(root, database_url))
