"""Pruning: observations are deleted by age, but never those that a verdict needs (rule R10)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, or_, select

from crawler.state.part import ONE, Part, transaction
from crawler.state.schema import host_certificates, links, observations, references

_ALWAYS_KEPT = 20
_UNREFERENCED = timedelta(days=365)


class Pruning(Part):
    """Deletes old observations and links, so that the database does not grow for ever."""

    @transaction
    def prune(self, now: datetime, keep: timedelta) -> None:
        """Delete observations older than `keep`, except the newest 20 of each link.

        A link without references is deleted a year after its last visit, or at once where it
        was never visited. Nothing is kept of a host without links.
        """
        with self._database.write() as connection:
            old = observations.c.at < now - keep
            newer = func.row_number().over(
                partition_by=observations.c.link_id,
                order_by=(observations.c.at.desc(), observations.c.id.desc()),
            )
            with_old = select(observations.c.link_id).where(old)
            ranked = (
                select(observations.c.id, newer.label("rank"))
                .where(observations.c.link_id.in_(with_old))
                .subquery()
            )
            beyond = select(ranked.c.id).where(ranked.c.rank > _ALWAYS_KEPT)
            connection.execute(delete(observations).where(old, observations.c.id.in_(beyond)))
            connection.execute(
                delete(links).where(
                    ~exists(ONE).where(references.c.link_id == links.c.id),
                    or_(links.c.checked_at.is_(None), links.c.checked_at < now - _UNREFERENCED),
                )
            )
            of_links = exists(ONE).where(links.c.host == host_certificates.c.host)
            connection.execute(delete(host_certificates).where(~of_links))
