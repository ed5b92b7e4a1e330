"""What each channel of messages has been told, target by target."""

from __future__ import annotations

import json

from sqlalchemy import select

from crawler.model.notification import Told
from crawler.state.errors import DamagedValueError
from crawler.state.part import Part, insert_on_conflict, transaction
from crawler.state.schema import told_channels


class ToldChannels(Part):
    """Read what was told last, and note what has been told."""

    @transaction
    def told(self, channel: str, target: str) -> Told | None:
        """What a target of a channel has been told; None for one that nobody has told anything, or tried to."""
        columns = (told_channels.c.run_id, told_channels.c.told_at, told_channels.c.held)
        statement = select(*columns).where(
            told_channels.c.channel == channel, told_channels.c.target == target
        )
        with self._database.at_once() as connection:
            row = connection.execute(statement).one_or_none()
            return None if row is None else Told(row[0], row[1], _groups(row[2]))

    @transaction
    def note_told(self, channel: str, target: str, told: Told) -> None:
        """Note what a target has been told by now."""
        values = {
            "run_id": told.run,
            "told_at": told.at,
            "held": json.dumps(sorted(told.held)) if told.held else None,
        }
        with self._database.write() as connection:
            statement = insert_on_conflict(connection, told_channels).values(
                channel=channel, target=target, **values
            )
            keys = (told_channels.c.channel, told_channels.c.target)
            connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=values))


def _groups(stored: str | None) -> frozenset[tuple[str, str]]:
    if stored is None:
        return frozenset()
    try:
        return frozenset((str(host), str(cause)) for host, cause in json.loads(stored))
    except (ValueError, TypeError) as error:
        raise DamagedValueError(f"what a channel was told cannot be read ({error})") from error
