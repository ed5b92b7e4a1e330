"""The state of a collection: references of its files, observations, due links, writes that are planned.

SQLAlchemy Core on SQLite or PostgreSQL; docs/state.md describes the tables.
"""

from crawler.state.article_files import URL_SYNTAX
from crawler.state.connecting import state_folder
from crawler.state.errors import StateError, StateInterrupted, StateLocked, StateLost, StateTooNew
from crawler.state.known import (
    DoneWrite,
    HostDue,
    HostSeen,
    KnownFile,
    KnownReference,
    OriginAnswer,
    PendingVisit,
    PendingWrite,
    RecordedVisit,
    StoredText,
    newest_article,
)
from crawler.state.peek import Peek, peek_at
from crawler.state.state import State, open_state
from crawler.state.stored_articles import StoredArticle, stored_article

__all__ = [
    "URL_SYNTAX",
    "DoneWrite",
    "HostDue",
    "HostSeen",
    "KnownFile",
    "KnownReference",
    "OriginAnswer",
    "Peek",
    "PendingVisit",
    "PendingWrite",
    "RecordedVisit",
    "State",
    "StateError",
    "StateInterrupted",
    "StateLocked",
    "StateLost",
    "StateTooNew",
    "StoredArticle",
    "StoredText",
    "newest_article",
    "open_state",
    "peek_at",
    "state_folder",
    "stored_article",
]
