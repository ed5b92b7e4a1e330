"""The certificates of hosts, as they were seen last (rule C6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, exists, insert, select

from crawler.model.host_certificate import HostCertificate, Validity
from crawler.model.portion import Within
from crawler.state.columns import digest
from crawler.state.part import ONE, Part, among, chunks, is_reported, is_within, transaction
from crawler.state.schema import host_certificates, links, references


class HostCertificates(Part):
    """One certificate for each host of the collection that has shown one."""

    @transaction
    def note_certificates(self, found: Mapping[str, Validity | None], now: datetime) -> None:
        """Replace what is known of these hosts; None where what was known holds no more. Hosts of no link are left out."""
        with self._database.write() as connection:
            for chunk in chunks(found.items()):
                keys = {digest(host): host for host, _ in chunk}
                connection.execute(
                    delete(host_certificates).where(
                        among(connection, host_certificates.c.key, keys)
                    )
                )
                of_links = select(links.c.host).where(
                    among(connection, links.c.host, list(keys.values()))
                )
                known = set(connection.execute(of_links.distinct()).scalars())
                rows = [
                    {
                        "key": digest(host),
                        "host": host,
                        "begins_at": validity.begins_at,
                        "ends_at": validity.ends_at,
                        "seen_at": now,
                    }
                    for host, validity in chunk
                    if validity is not None and host in known
                ]
                if rows:
                    connection.execute(insert(host_certificates), rows)

    @transaction
    def host_certificates(self, asked: Within = None) -> list[HostCertificate]:
        """What is known of the hosts of links that reports list, by host; with `asked` only of those in this file."""
        columns = host_certificates.c
        of_reported = (
            exists(ONE)
            .select_from(links.join(references))
            .where(links.c.host == columns.host, is_within(asked), is_reported())
        )
        statement = (
            select(columns.host, columns.begins_at, columns.ends_at, columns.seen_at)
            .where(of_reported)
            .order_by(columns.host)
        )
        with self._database.read() as connection:
            return [
                HostCertificate(host, Validity(begins_at, ends_at), seen_at)
                for host, begins_at, ends_at, seen_at in connection.execute(statement)
            ]
