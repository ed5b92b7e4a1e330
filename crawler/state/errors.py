"""The errors of the state database.

StateError            anything wrong with the database; names it and the next step
├── StateLocked       another run holds it (exit code 75)
└── StateTooNew       a newer version of linkhealth wrote it
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.exc import SQLAlchemyError


class StateError(Exception):
    """The state database cannot be used; the text names it, without a password, and the next step."""


class StateLocked(StateError):  # noqa: N818 - it says what is the case
    """Another run holds the state."""


class StateTooNew(StateError):  # noqa: N818 - it says what is the case
    """The database has a schema that this version does not know."""


_NEXT_STEPS = (
    (
        ("file is not a database", "malformed", "file is encrypted"),
        (
            "the file is damaged: move it away (the next run starts a new one, without history) "
            "or put a copy of it back"
        ),
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
        ("does not exist", "no such table", "no such column"),
        "check the name of the database, and that nothing else keeps its tables there",
    ),
    (
        ("connection", "could not translate", "timeout", "timed out", "failed to resolve"),
        "check that the server runs and that LINKHEALTH_DATABASE_URL is right",
    ),
)
_OTHERWISE = "start again; what was committed before is kept"


def state_error(name: str, error: SQLAlchemyError, secret: str | None = None) -> StateError:
    """The error to show for an error of the driver: `name` is the database as a user knows it.

    `secret` is a password to remove where the driver quotes it.
    """
    cause = getattr(error, "orig", None) or error
    message = " ".join(str(cause).split())
    if secret:
        message = message.replace(secret, "***")
    lowered = message.lower()
    for signs, step in _NEXT_STEPS:
        if any(sign in lowered for sign in signs):
            return StateError(f"{name}: {message}; {step}")
    return StateError(f"{name}: {message}; {_OTHERWISE}")
