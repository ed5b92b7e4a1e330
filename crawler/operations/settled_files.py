"""Whether every file holds what it should: known from the run before, where nothing has changed since.

The blocks of all files follow from the same state and configuration, and on the same day they are the same. Working them out
takes longer than all else that a run does in which nothing is due.
"""

from __future__ import annotations

from crawler.operations.report_basis import digest_of, said_by
from crawler.rules.policy import WriteBack
from crawler.session import Session


def are_settled(session: Session) -> bool:
    """Whether the last write-back left every file as it should be, and nothing that blocks follow from has changed since."""
    state = session.state
    if session.configuration.policy.write_back is WriteBack.SIDECAR or state.pending_writes():
        # Who edits a file of the sidecar changes nothing of the state.
        return False
    before = state.settled()
    return before is not None and before == _basis(session)


def note_settled(session: Session) -> None:
    """Note that every file holds what it should. Raises StateError."""
    session.state.note_settled(_basis(session))


def _basis(session: Session) -> str:
    configuration = session.configuration
    now = configuration.clock.now()
    return digest_of(
        (
            *said_by(session, now),
            str(configuration.accept_mass_change),
            session.state.reading() or "",
            # What a run changed and what is news is told by reports alone.
            session.state.fingerprint(None, 0, now),
        )
    )
