"""The errors of the state database.

StateError                anything wrong with the database; names it and the next step
├── StateLocked           another run holds it (exit code 75)
├── StateTooNew           a newer version of linkhealth wrote it
└── StateLost             it went away while a run was at work, or another run took it (exit code 6)
    └── StateInterrupted  the server ended a connection: the transaction may be made again
"""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, SQLAlchemyError


class StateError(Exception):
    """The state database cannot be used; the text names it, without a password, and the next step."""


class StateLocked(StateError):  # noqa: N818 - it says what is the case
    """Another run holds the state."""


class StateTooNew(StateError):  # noqa: N818 - it says what is the case
    """The database has a schema that this version does not know."""


class StateLost(StateError):  # noqa: N818 - it says what is the case
    """The state has gone from under a run: nothing more may be written."""


class StateInterrupted(StateLost):
    """The server ended a connection. Whether the transaction took effect is not known; it can be made again."""


class DamagedValueError(Exception):
    """A value of the database has a form that nothing of ours ever wrote."""


_LONGEST_MESSAGE = 300
"""Characters of a driver's message, which may quote a whole value."""
_DAMAGED = "is damaged: move it away (the next run starts a new one, without history) or put a copy of it back"
_NEXT_STEPS = (
    (
        (
            "file is not a database",
            "malformed",
            "file is encrypted",
            "could not decode",
            "invalid page",
            "could not read block",
        ),
        f"the file {_DAMAGED}",
    ),
    (
        ("readonly", "read-only", "unable to open", "attempt to write"),
        "check that the folder exists and may be written by this user",
    ),
    (("disk is full", "no space left"), "free some space and start again: nothing is lost"),
    (("disk i/o error",), "check the disk and the rights on the folder, then start again"),
    (("database is locked",), "another program is writing to it: wait for its end and start again"),
    (
        ("password authentication", "no password supplied", "role ", "permission denied"),
        "check the user, its password and its rights on the database",
    ),
    (
        ("no such table", "no such column", 'relation "', 'column "'),
        f"the state {_DAMAGED}",
    ),
    (("does not exist",), "check the name of the database"),
    (
        ("connection", "could not translate", "timeout", "timed out", "failed to resolve"),
        "check that the server runs and that LINKHEALTH_DATABASE_URL is right",
    ),
)
_OTHERWISE = "start again; what was committed before is kept"


def state_error(name: str, error: SQLAlchemyError, secret: str | None = None) -> StateError:
    """The error to show for an error of the driver: `name` is the database as a user knows it.

    `StateInterrupted` where the server ended the connection.

    `secret` is a password to remove where the driver quotes it.
    """
    cause = getattr(error, "orig", None) or error
    message = " ".join(str(cause).split())
    if secret:
        message = message.replace(secret, "***")
    if len(message) > _LONGEST_MESSAGE:
        message = f"{message[:_LONGEST_MESSAGE]}…"
    lowered = message.lower()
    found = (step for signs, step in _NEXT_STEPS if any(sign in lowered for sign in signs))
    kind = StateInterrupted if is_interruption(error) else StateError
    return kind(f"{name}: {message}; {next(found, _OTHERWISE)}")


def damaged(name: str, what: str) -> StateError:
    """The error of a database in which something is missing; `what` says it."""
    return StateError(f"{name}: {what}; the state {_DAMAGED}")


def is_interruption(error: SQLAlchemyError) -> bool:
    """Whether the server ended the connection, rather than refused a statement.

    SQLSTATE classes 08 (connection exception) and 57P (operator intervention: shut down, crashed, starting up),
    https://www.postgresql.org/docs/current/errcodes-appendix.html.
    """
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None) or ""
    return error.connection_invalidated or state.startswith(("08", "57P"))
