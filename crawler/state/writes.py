"""Writes into files: planned in the state first, so that the run after a killed one can finish or drop them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Table, delete, insert, select, update

from crawler.model.article import FileStamp, Problem
from crawler.state.columns import digest
from crawler.state.known import PendingWrite
from crawler.state.noted import note, noted
from crawler.state.part import Part, among, chunks, is_file, transaction
from crawler.state.rows import problem_columns, stamp_columns
from crawler.state.schema import files, pending_writes, problems, references

_SETTLED = "settled"


class Writes(Part):
    """The planned writes of blocks into files."""

    @transaction
    def plan_writes(self, writes: Sequence[PendingWrite]) -> None:
        """Save planned writes, all or none; each replaces an earlier one for the same file."""
        with self._database.write() as connection:
            for chunk in chunks(writes):
                rows = {
                    digest(write.path): {
                        "key": digest(write.path),
                        "path": write.path,
                        "sha256": write.sha256,
                        "block": write.block,
                        "planned_at": write.planned_at,
                    }
                    for write in chunk
                }
                connection.execute(
                    delete(pending_writes).where(among(connection, pending_writes.c.key, rows))
                )
                connection.execute(insert(pending_writes), list(rows.values()))

    @transaction
    def pending_writes(self) -> list[PendingWrite]:
        """The planned writes that have not been completed or dropped, by path."""
        columns = pending_writes.c
        statement = select(columns.path, columns.sha256, columns.block, columns.planned_at)
        with self._database.read() as connection:
            rows = connection.execute(statement.order_by(columns.path))
            return [PendingWrite(*row) for row in rows]

    @transaction
    def complete_write(
        self,
        path: str,
        stamp: FileStamp,
        block: str | None,
        shift_from_line: int,
        shift_by: int,
    ) -> None:
        """Note that a planned write is done: the file has this stamp and block now, and no problem with writing.

        References and problems at `shift_from_line` or below moved by `shift_by` lines (negative: up).
        """
        with self._database.write() as connection:
            connection.execute(delete(pending_writes).where(pending_writes.c.key == digest(path)))
            known = connection.execute(
                select(files.c.id, files.c.sha256).where(is_file(path))
            ).one_or_none()
            if known is None:
                return
            file_id, before = known
            connection.execute(
                update(files)
                .where(files.c.id == file_id)
                .values(block=block, **stamp_columns(stamp))
            )
            refused = problems.c.file_id == file_id, problems.c.at_write
            connection.execute(delete(problems).where(*refused))
            # With the hash that the file has now, this has been noted before: lines move once.
            if shift_by and before != stamp.sha256:
                for table in (references, problems):
                    _shift(connection, table, file_id, shift_from_line, shift_by)

    @transaction
    def drop_write(self, path: str) -> None:
        """Delete a planned write that will not be done."""
        with self._database.write() as connection:
            connection.execute(delete(pending_writes).where(pending_writes.c.key == digest(path)))

    @transaction
    def settled(self) -> str | None:
        """The digest of what the files were written from when each of them held what it should; None for never."""
        with self._database.read() as connection:
            return noted(connection, _SETTLED)

    @transaction
    def note_settled(self, basis: str) -> None:
        """Note that every file holds what follows from this basis."""
        with self._database.write() as connection:
            note(connection, {_SETTLED: basis})

    @transaction
    def save_write_problems(self, found: Sequence[Problem]) -> None:
        """Save why files could not be written; this replaces earlier write problems of these files.

        They stay until the file is written (`complete_write`) or read again because it changed. Problems of
        files that the state does not know are left out.
        """
        by_path: dict[str, list[Problem]] = {}
        for problem in found:
            by_path.setdefault(problem.path, []).append(problem)
        with self._database.write() as connection:
            for chunk in chunks(by_path):
                keys = [digest(path) for path in chunk]
                statement = select(files.c.path, files.c.id).where(
                    among(connection, files.c.key, keys)
                )
                ids: dict[str, int] = dict(connection.execute(statement).all())
                connection.execute(
                    delete(problems).where(
                        among(connection, problems.c.file_id, list(ids.values())),
                        problems.c.at_write,
                    )
                )
                rows = [
                    problem_columns(file_id, problem, at_write=True)
                    for path, file_id in ids.items()
                    for problem in by_path[path]
                ]
                if rows:
                    connection.execute(insert(problems), rows)


def _shift(connection: Connection, table: Table, file_id: int, first: int, by: int) -> None:
    connection.execute(
        update(table)
        .where(table.c.file_id == file_id, table.c.line >= max(first, 1))
        .values(line=table.c.line + by)
    )
