"""Writes into files: planned in the state first, so that the run after a killed one can finish or drop them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from crawler.model.article import FileStamp, Problem
from crawler.state.columns import digest
from crawler.state.known import DoneWrite, PendingWrite
from crawler.state.noted import note, noted
from crawler.state.part import Part, among, chunks, transaction
from crawler.state.rows import problem_columns, stamp_columns
from crawler.state.schema import files, pending_writes, problems, references

_SETTLED = "settled"
_HAS_BLOCK = (
    update(files)
    .where(files.c.id == bindparam("of"))
    .values({name: bindparam(name) for name in ("block", *stamp_columns(None))})
)
_SHIFTED = tuple(
    update(table)
    .where(table.c.file_id == bindparam("of"), table.c.line >= bindparam("first"))
    .values(line=table.c.line + bindparam("by"))
    for table in (references, problems)
)


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

    def complete_write(
        self,
        path: str,
        stamp: FileStamp,
        block: str | None,
        shift_from_line: int,
        shift_by: int,
    ) -> None:
        """`complete_writes` of one."""
        self.complete_writes([DoneWrite(path, stamp, block, shift_from_line, shift_by)])

    @transaction
    def complete_writes(self, done: Sequence[DoneWrite]) -> None:
        """Note that planned writes are done, all or none: their files have no problem with writing any more."""
        by_key = {digest(one.path): one for one in done}
        with self._database.write() as connection:
            for keys in chunks(by_key):
                _complete(connection, {key: by_key[key] for key in keys})

    def drop_write(self, path: str) -> None:
        """Delete a planned write that will not be done."""
        self.drop_writes([path])

    @transaction
    def drop_writes(self, paths: Sequence[str]) -> None:
        """Delete planned writes that will not be done."""
        with self._database.write() as connection:
            for keys in chunks(digest(path) for path in paths):
                connection.execute(
                    delete(pending_writes).where(among(connection, pending_writes.c.key, keys))
                )

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


def _complete(connection: Connection, done: Mapping[str, DoneWrite]) -> None:
    connection.execute(delete(pending_writes).where(among(connection, pending_writes.c.key, done)))
    known = connection.execute(
        select(files.c.id, files.c.key, files.c.sha256).where(among(connection, files.c.key, done))
    ).all()
    if not known:
        return
    rows = [
        {"of": file_id, "block": done[key].block, **stamp_columns(done[key].stamp)}
        for file_id, key, _ in known
    ]
    connection.execute(_HAS_BLOCK, rows)
    ids = [file_id for file_id, _, _ in known]
    at_write = among(connection, problems.c.file_id, ids), problems.c.at_write
    connection.execute(delete(problems).where(*at_write))
    # With the hash that the file has now, this has been noted before: lines move once.
    moved = [
        {"of": file_id, "first": max(done[key].line, 1), "by": done[key].shift}
        for file_id, key, before in known
        if done[key].shift and before != done[key].stamp.sha256
    ]
    if moved:
        for statement in _SHIFTED:
            connection.execute(statement, moved)
