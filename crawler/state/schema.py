"""The tables: one schema for SQLite and PostgreSQL. docs/state.md explains them to people.

A change here needs the next number in `upgrades.py` and a step that brings older databases there.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    event,
    text,
)

from crawler.state.columns import ExactText, Moment, WideInteger

# SQLite counts up by itself only for a column that is declared INTEGER.
_Id = BigInteger().with_variant(Integer, "sqlite")

schema = MetaData()

meta = Table(
    "meta",
    schema,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

runs = Table(
    "runs",
    schema,
    Column("id", _Id, primary_key=True),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Column("finish_reason", ExactText),
    Column("requests", BigInteger, nullable=False),
)

files = Table(
    "files",
    schema,
    Column("id", _Id, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("path", ExactText, nullable=False),
    Column("size", WideInteger),
    Column("mtime_ns", WideInteger),
    Column("ctime_ns", WideInteger),
    Column("inode", WideInteger),
    Column("sha256", Text),
    Column("readable", Boolean, nullable=False),
    Column("title", ExactText),
    Column("excerpt", ExactText),
    Column("published_at", Moment),
    Column("listed", Boolean, nullable=False),
    Column("block", ExactText),
    Column("provider", Text),
    Column("labels", Text),
)

problems = Table(
    "problems",
    schema,
    Column("id", _Id, primary_key=True),
    Column("file_id", _Id, ForeignKey(files.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("line", Integer, nullable=False),
    Column("code", Text, nullable=False),
    Column("message", ExactText, nullable=False),
    # Whether the problem was found at write-back, not when the file was read.
    Column("at_write", Boolean, nullable=False),
)

links = Table(
    "links",
    schema,
    Column("id", _Id, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("host", ExactText, nullable=False),
    Column("due_at", Moment),
    Column("last_run", _Id, ForeignKey(runs.c.id)),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("strikes", Integer, nullable=False),
    Column("since", Moment),
    Column("failing_since", Moment),
    Column("warnings", Text),
    Column("suggestion", Text),
    Column("status", Integer),
    Column("checked_at", Moment),
    Column("url", ExactText, nullable=False),
    Column("final_url", ExactText),
    Column("hops", Text),
    Column("etag", ExactText),
    Column("last_modified", ExactText),
    Column("image", Text),
    Column("page", Text),
    Column("baseline", Text),
    # How far `page` was read and from what; written together with it.
    Column("page_mark", Text),
    # For reading the links of one host page by page, in the order of their ids.
    Index("links_by_host", "host", "id"),
    Index("links_by_due_time", "due_at", "host"),
)

_IS_OWN = text("scope = 'own'")
_OWN_REFERENCES = Index("own_references", "file_id", "ordinal", sqlite_where=_IS_OWN)
references = Table(
    "article_references",
    schema,
    Column("file_id", _Id, ForeignKey(files.c.id, ondelete="CASCADE"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("line", Integer, nullable=False),
    Column("role", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("link_id", _Id, ForeignKey(links.c.id), nullable=False),
    Column("pointer", ExactText, nullable=False),
    Column("raw", ExactText),
    Column("invalid", Text),
    Column("width", BigInteger),
    Column("height", BigInteger),
    Column("is_cached", Boolean),
    Column("published_at", Moment),
    Column("title", ExactText),
    Column("excerpt", ExactText),
    # A covering index: it answers "who refers to this link, and how" without the table.
    Index("references_by_link", "link_id", "scope", "role", "file_id"),
    # An article's own references are few among its related ones (3 % of a real collection).
    _OWN_REFERENCES,
    sqlite_with_rowid=False,
)


@event.listens_for(references, "before_create")
def _as_server_says(_table: Table, connection: Connection, **_: object) -> None:
    """Say to PostgreSQL, too, which rows the partial index has. Said above it would load the server's dialect at each start."""
    if connection.dialect.name == "postgresql":
        _OWN_REFERENCES.dialect_kwargs["postgresql_where"] = _IS_OWN


observations = Table(
    "observations",
    schema,
    Column("id", _Id, primary_key=True),
    Column("link_id", _Id, ForeignKey(links.c.id, ondelete="CASCADE"), nullable=False),
    Column("run_id", _Id, ForeignKey(runs.c.id), nullable=False),
    Column("at", Moment, nullable=False),
    Column("status", Integer),
    Column("failure", Text),
    Column("failure_detail", ExactText),
    Column("hops", Text),
    Column("final_url", ExactText),
    Column("content_type", ExactText),
    Column("etag", ExactText),
    Column("last_modified", ExactText),
    Column("retry_after", Float),
    Column("elapsed", Float),
    Column("bytes_read", BigInteger, nullable=False),
    Column("sign", Text),
    Column("page", Text),
    Column("image", Text),
    Column("inconclusive", Text),
    Column("certificate", Text),
    Column("sibling", Text),
    Column("further", Text),
    Column("page_mark", Text),
    Index("observations_by_link", "link_id", "at"),
)

# Pending observations: their window is still open. A table of its own, because a row of `observations` is
# never changed.
staged_observations = Table(
    "staged_observations",
    schema,
    Column("link_id", _Id, ForeignKey(links.c.id, ondelete="CASCADE"), primary_key=True),
    Column("run_id", _Id, ForeignKey(runs.c.id), nullable=False),
    *(
        Column(column.name, column.type, nullable=column.nullable)
        for column in observations.columns
        if column.name not in ("id", "link_id", "run_id")
    ),
)

# How an origin's robots.txt answered in the last trusted window: the answers of canaries are compared with it.
origin_answers = Table(
    "origin_answers",
    schema,
    Column("key", Text, primary_key=True),
    Column("origin", ExactText, nullable=False),
    Column("status", Integer, nullable=False),
    Column("fingerprint", Text),
    Column("final_url", ExactText),
)

# The certificate that a host showed last, over a verified connection (rule C6).
host_certificates = Table(
    "host_certificates",
    schema,
    Column("key", Text, primary_key=True),
    Column("host", ExactText, nullable=False),
    Column("begins_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
)

verdict_changes = Table(
    "verdict_changes",
    schema,
    Column("id", _Id, primary_key=True),
    Column("link_id", _Id, ForeignKey(links.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("run_id", _Id, ForeignKey(runs.c.id), nullable=False),
    Column("at", Moment, nullable=False),
    Column("old_kind", Text, nullable=False),
    Column("old_reason", Text, nullable=False),
    Column("new_kind", Text, nullable=False),
    Column("new_reason", Text, nullable=False),
    Index("verdict_changes_by_run", "run_id", "link_id"),
)

# What the guard on mass change holds back, as of the last write-back (rule O14).
held_links = Table(
    "held_links",
    schema,
    Column("file_id", _Id, ForeignKey(files.c.id, ondelete="CASCADE"), primary_key=True),
    Column(
        "link_id", _Id, ForeignKey(links.c.id, ondelete="CASCADE"), primary_key=True, index=True
    ),
    # Whether the link was never seen to work.
    Column("is_first", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

accepted_links = Table(
    "accepted_links",
    schema,
    # The key of the link, as of a decision: an acceptance outlives a pruned link.
    Column("key", Text, primary_key=True),
    # The failures that were accepted: it holds as long as they go on.
    Column("failing_since", Moment),
    Column("accepted_at", Moment, nullable=False),
)

pending_writes = Table(
    "pending_writes",
    schema,
    Column("key", Text, primary_key=True),
    Column("path", ExactText, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("block", ExactText),
    Column("planned_at", Moment, nullable=False),
)

decisions = Table(
    "decisions",
    schema,
    # The key of the link, not a foreign key: a decision outlives its link, which may be pruned and come back.
    Column("key", Text, primary_key=True),
    Column("url", ExactText, nullable=False),
    Column("note", ExactText, nullable=False),
    Column("decided_at", Moment, nullable=False),
    Column("until", Moment),
    Column("against_reason", Text),
    Column("against_since", Moment),
)

review_decisions = Table(
    "review_decisions",
    schema,
    # A digest of what the decision is about. Like `decisions` it outlives its link.
    Column("key", Text, primary_key=True),
    # The number of its last change, among those of all.
    Column("version", BigInteger, nullable=False, unique=True),
    Column("stage", Text, nullable=False, index=True),
    Column("cells", Text, nullable=False),
    Column("link", ExactText),
    Column("seen_verdict", ExactText),
    Column("seen_reason", ExactText),
    Column("seen_suggestion", ExactText),
    Column("author", Text, nullable=False),
    Column("changed_at", Moment, nullable=False),
)

# What each target of each channel has been told. A channel that is configured no more keeps its row: it may come back.
told_channels = Table(
    "told_channels",
    schema,
    Column("channel", Text, primary_key=True),
    # Which of the channel's targets; nothing of its address, which may be a secret.
    Column("target", Text, primary_key=True),
    # 0 for the time before the first run.
    Column("run_id", BigInteger, nullable=False),
    Column("told_at", Moment),
    Column("held", ExactText),
)
