"""The memory of a collection: what its files hold, what visits saw, what is due, what is to be written.

SQLAlchemy Core on SQLite or PostgreSQL; docs/state.md describes the tables.
"""

from crawler.state.database import state_folder
from crawler.state.errors import StateError, StateLocked, StateTooNew
from crawler.state.state import State, open_state
from crawler.state.values import (
    HostDue,
    HostSeen,
    KnownReference,
    OriginAnswer,
    PendingWrite,
    Staged,
)

__all__ = [
    "HostDue",
    "HostSeen",
    "KnownReference",
    "OriginAnswer",
    "PendingWrite",
    "Staged",
    "State",
    "StateError",
    "StateLocked",
    "StateTooNew",
    "open_state",
    "state_folder",
]
