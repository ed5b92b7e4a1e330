"""The state of a collection: references of its files, observations, due links, writes that are planned.

SQLAlchemy Core on SQLite or PostgreSQL; docs/state.md describes the tables.
"""

from crawler.state.article_files import URL_SYNTAX
from crawler.state.connecting import state_folder
from crawler.state.errors import StateError, StateInterrupted, StateLocked, StateLost, StateTooNew
from crawler.state.glance import Glance, glance_at
from crawler.state.known import (
    HostDue,
    HostSeen,
    KnownFile,
    KnownReference,
    OriginAnswer,
    PendingVisit,
    PendingWrite,
    StoredText,
    newest_article,
)
from crawler.state.state import State, open_state

__all__ = [
    "URL_SYNTAX",
    "Glance",
    "HostDue",
    "HostSeen",
    "KnownFile",
    "KnownReference",
    "OriginAnswer",
    "PendingVisit",
    "PendingWrite",
    "State",
    "StateError",
    "StateInterrupted",
    "StateLocked",
    "StateLost",
    "StateTooNew",
    "StoredText",
    "glance_at",
    "newest_article",
    "open_state",
    "state_folder",
]
