"""The data of `report.html`: the whole report, nothing left out, small enough for one file.

A page of the real collection has 400,000 places. So the data is rows of JSON, written into zlib as they come; texts that
repeat stand once in a table and are named by their number, and places are numbers that tell the difference to the place
before (docs/adr/0031). `report.js` reads it; `tests/reporting/page_contents.py` reads it too.

Blocks: `head` (one object: counts, tables, findings of articles), `urls` and `details` (a row for each URL, in the same
order; the trailing zeros of a row are left out), `related` (a row for each file), `texts` (the table of texts).
"""

from __future__ import annotations

import base64
import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Final
from urllib.parse import urlsplit

from crawler.model.change import Change
from crawler.model.held import Held
from crawler.model.observation import ImageFacts, Observation, PageFacts
from crawler.model.reference import Reference, Scope
from crawler.model.report import ArticleEntry, RelatedPlace, Report, RunCounts, UrlEntry
from crawler.model.role import Role
from crawler.model.run import Run
from crawler.model.thumbnail import Thumbnail
from crawler.model.verdict import VerdictKind
from crawler.reporting.finding import Finding, FindingKind
from crawler.reporting.findings import Findings
from crawler.reporting.summary_document import summary_counts
from crawler.reporting.words.cause_words import Cause, cause_of
from crawler.reporting.words.held_words import (
    accept_command,
    held_history,
    held_in_words,
    held_priority,
)
from crawler.reporting.words.priority_words import priority_told
from crawler.reporting.words.visit_words import answer
from crawler.reporting.words.wording import explain
from crawler.reporting.words.written_dates import as_utc, iso_date, iso_time
from crawler.rules.credentials import without_credentials

VERDICTS: Final = tuple(VerdictKind)
CHANGES: Final = (None, *Change)
ROLES: Final = tuple(Role)
_LONG: Final = 24
"""Texts longer than this go into the table; a number is about as long as a shorter one."""
_ENCODER: Final = json.JSONEncoder(ensure_ascii=True, allow_nan=False, separators=(",", ":"))
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TOLD_ELSEWHERE: Final = (FindingKind.DEAD_LINK, FindingKind.MOVED, FindingKind.HELD)
"""By the row of their URL, or by the notice of what is held back."""
_AMP_PARENTS: Final = {Role.AMP_CACHE: (Role.AMP, Role.WEB), Role.AMP: (Role.WEB,)}
"""Of which other address of the same article an address is a form, the nearest first."""

Row = list[Any]


class _Packed:
    """A list in JSON that is compressed while it is written."""

    def __init__(self) -> None:
        self._zlib = zlib.compressobj(6)
        self._packed: list[bytes] = []
        self.rows = 0

    def add(self, row: object) -> None:
        text = without_credentials(_ENCODER.encode(row))
        self._put(("," if self.rows else "[") + text + "\n")
        self.rows += 1

    def done(self) -> str:
        """The whole list, in base64."""
        self._put("]" if self.rows else "[]")
        self._packed.append(self._zlib.flush())
        return base64.b64encode(b"".join(self._packed)).decode("ascii")

    def _put(self, text: str) -> None:
        self._packed.append(self._zlib.compress(text.encode("ascii")))


class _Table:
    """Texts by number, in the order in which they are first named."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        return self._numbers.setdefault(text, len(self._numbers))

    def texts(self) -> list[str]:
        return list(self._numbers)


class PageData:
    """Collects a report as it is read: URLs, then articles; then `blocks` gives the data."""

    def __init__(self) -> None:
        self._urls, self._details, self._texts = _Packed(), _Packed(), _Packed()
        # The hash stands for the text: of a hundred thousand URLs the texts themselves would be memory.
        self._long: dict[int, int] = {}
        self._hosts, self._reasons, self._files = _Table(), _Table(), _Table()
        self._pointers: dict[tuple[str, Role], int] = {}
        self._causes: dict[str, tuple[int, Cause]] = {}
        self._owners: dict[tuple[str, ...], int] = {(): 0}
        self._codes: set[str] = {kind.value for kind in VerdictKind}
        self._by_link: dict[int, int] = {}
        self._by_place: dict[int, int] = {}
        self._forms: dict[tuple[int, Role], int] = {}
        self._articles: dict[int, Row] = {}
        self._related_dead = 0

    # ------------------------------------------------------------------------------ while reading

    def add_url(self, entry: UrlEntry) -> None:
        """Add one URL."""
        link, verdict = entry.link, entry.link.verdict
        number = self._urls.rows
        self._by_link[link.id] = number
        own = [one for one in entry.references if one.scope is Scope.OWN]
        self._codes.update((verdict.reason, *verdict.warnings))
        roles = {one.role for one in entry.references}
        self._urls.add(
            _trimmed(
                [
                    link.url,
                    self._hosts.number(_host(link.url)),
                    VERDICTS.index(verdict.kind),
                    self._reasons.number(verdict.reason),
                    CHANGES.index(entry.change),
                    _minutes(verdict.since),
                    link.status or 0,
                    sum(1 << ROLES.index(role) for role in roles),
                    entry.related_references,
                    verdict.suggestion.value if verdict.suggestion else 0,
                    self._cause(cause_of(verdict)),
                    self._places(own, number, verdict.kind),
                    self._owner(entry.owners),
                    entry.priority.score,
                ]
            )
        )
        self._details.add(self._detail(entry, own))

    def add_article(self, entry: ArticleEntry) -> None:
        """Add one article: its title and its owners."""
        self._related_dead += entry.related_dead_links
        self._articles[self._files.number(entry.path)] = _trimmed(
            [entry.title or 0, self._owner(entry.owners)]
        )

    def _places(self, own: Sequence[Reference], number: int, kind: VerdictKind) -> Row:
        """Where the articles' own references stand: file, line and pointer of each, one after the other."""
        found: Row = []
        for one in own:
            file = self._files.number(one.path)
            found += (file, one.line, self._pointer(one.pointer, one.role))
            if one.role.is_image or kind.is_written_back:
                self._by_place[hash((one.path, one.pointer))] = number
            if one.role in (Role.WEB, Role.AMP, Role.AMP_CACHE):
                self._forms.setdefault((file, one.role), number)
        return found

    def _detail(self, entry: UrlEntry, own: Sequence[Reference]) -> Row:
        link, verdict = entry.link, entry.link.verdict
        decision = entry.decision
        return _trimmed(
            [
                self._text(entry.explanation),
                verdict.rule,
                self._text(link.final_url) if link.final_url != link.url else 0,
                [[self._text(hop.url), hop.status] for hop in link.hops] or 0,
                [self._visit(seen, link.url) for seen in entry.visits] or 0,
                self._page(link.page),
                _image(link.image),
                [decision.note, iso_date(decision.decided_at), iso_date(decision.until)]
                if decision
                else 0,
                [warning.value for warning in verdict.warnings] or 0,
                verdict.strikes,
                _minutes(verdict.failing_since),
                _minutes(link.checked_at),
                _minutes(link.due_at),
                self._declared(own),
                self._text(priority_told(entry.priority)),
            ]
        )

    def _visit(self, seen: Observation, url: str) -> Row:
        if seen.inconclusive is not None:
            self._codes.add(seen.inconclusive.value)
        final = seen.final_url if seen.final_url != url else None
        return _trimmed(
            [
                _minutes(seen.at),
                self._text(answer(seen)),
                [[self._text(hop.url), hop.status] for hop in seen.hops] or 0,
                self._text(final),
                seen.inconclusive.value if seen.inconclusive else 0,
            ]
        )

    def _page(self, page: PageFacts | None) -> Row | int:
        if page is None:
            return 0
        return _trimmed(
            [
                self._text(page.title),
                self._text(page.description),
                page.published or 0,
                self._text(page.image),
                self._text(page.canonical),
                page.modified or 0,
                self._text(page.site_name),
                page.lang or 0,
                self._text(page.amphtml),
            ]
        )

    def _declared(self, own: Sequence[Reference]) -> Row | int:
        """What the first article that describes the page says of it, or the size that it gives an image."""
        for one in own:
            said = one.declared
            if said.width or said.height:
                return [0, 0, 0, said.width or 0, said.height or 0]
            if said.title or said.excerpt or said.published:
                day = iso_date(said.published) or 0
                return _trimmed([self._text(said.title), self._text(said.excerpt), day])
        return 0

    # ---------------------------------------------------------------------------------- at the end

    def blocks(
        self, report: Report, findings: Findings, thumbnails: Mapping[tuple[str, str], Thumbnail]
    ) -> Iterator[tuple[str, str]]:
        """The blocks by name, as base64 of compressed JSON. To be called once, after everything was added."""
        images, notes = self._findings(findings)
        related = self._related(report.related_places())
        head = {
            "content": report.content,
            "generated": iso_time(report.generated_at),
            "run": _run(report.run),
            "summary": summary_counts(report.summary),
            "confirmed_from": iso_date(report.summary.confirmed_from),
            "history": list(map(_run_counts, report.history)),
            "related_dead": self._related_dead,
            "link_pattern": report.link_pattern,
            "verdicts": VERDICTS,
            "changes": CHANGES,
            "roles": ROLES,
            "hosts": self._hosts.texts(),
            "ends": self._ends(report),
            "reasons": self._reasons.texts(),
            "causes": [
                [one.code, one.title, one.advice, int(one.is_of_host)]
                for _, one in self._causes.values()
            ],
            "owners": list(self._owners),
            "files": self._files.texts(),
            "articles": [self._articles.get(n, 0) for n in range(len(self._files.texts()))],
            "pointers": [[at, ROLES.index(role)] for at, role in self._pointers],
            "parents": self._parents(),
            "images": images,
            "notes": notes,
            "held": [_held(one) for one in report.held],
            "words": self._words(),
            "thumbnails": [
                [path, url, one.width, one.height, base64.b64encode(one.jpeg).decode("ascii")]
                for (path, url), one in thumbnails.items()
            ],
        }
        packed = _Packed()
        packed.add(head)
        yield "head", packed.done()
        yield "urls", self._urls.done()
        yield "texts", self._texts.done()
        yield "details", self._details.done()
        yield "related", related

    def _ends(self, report: Report) -> Row:
        """When the certificates of `hosts` end, in their order, with 0 for one that is not known, or has ended since it was
        seen: most have been replaced by then."""
        ends = {
            one.host: _minutes(one.validity.ends_at)
            for one in report.certificates
            if one.validity.ends_at > report.generated_at
        }
        return _trimmed([ends.get(host, 0) for host in self._hosts.texts()])

    def _findings(self, findings: Findings) -> tuple[list[Row], list[Row]]:
        """The findings on images, one row for each image; and those on articles and files."""
        images: dict[int, list[Row]] = defaultdict(list)
        notes: list[Row] = []
        for one in findings.in_file_order():
            number = self._by_place.get(hash((one.path, one.at)))
            if (one.kind is FindingKind.IMAGE and number is not None) or (
                one.kind is FindingKind.DEAD_LINK and number is not None and one.suggestion
            ):
                images[number].append(self._finding(one))
            elif one.kind not in _TOLD_ELSEWHERE:
                notes.append([one.kind.value, *self._finding(one)])
        return [[number, *found] for number, found in sorted(images.items())], notes

    def _finding(self, one: Finding) -> Row:
        self._codes.add(one.reason)
        return _trimmed(
            [
                self._files.number(one.path),
                one.line,
                one.at,
                one.reason,
                one.level.value,
                self._text(one.url),
                self._text(one.declared),
                self._text(one.actual),
                self._text(one.suggestion),
                self._text(one.explanation),
                one.priority,
            ]
        )

    def _related(self, places: Iterable[RelatedPlace]) -> str:
        """A row for each file: its number, then of each place the difference in URL, line and pointer to the place
        before."""
        packed, by_link, pointers = _Packed(), self._by_link, self._pointers
        for path, of_file in groupby(places, key=itemgetter(1)):
            row = [self._files.number(path)]
            url_before = line_before = pointer_before = 0
            for link, _, line, at, role in of_file:
                url = by_link.get(link)
                if url is None:
                    continue
                pointer = pointers.get((at, role))
                if pointer is None:
                    pointer = self._pointer(at, role)
                row += (url - url_before, line - line_before, pointer - pointer_before)
                url_before, line_before, pointer_before = url, line, pointer
            packed.add(row)
        return packed.done()

    def _parents(self) -> Row:
        """Pairs of URLs: an AMP page or its copy in a cache, and the address of the same article that it is a form of."""
        pairs: dict[int, int] = {}
        for (file, role), number in self._forms.items():
            for nearer in _AMP_PARENTS.get(role, ()):
                parent = self._forms.get((file, nearer))
                if parent is not None and parent != number:
                    pairs.setdefault(number, parent)
                    break
        return [number for pair in sorted(pairs.items()) for number in pair]

    def _words(self) -> dict[str, list[str]]:
        found = {code: explain(code) for code in sorted(self._codes)}
        return {code: [words.meaning, words.advice] for code, words in found.items()}

    # -------------------------------------------------------------------------------------- tables

    def _text(self, text: str | None) -> str | int:
        """A text as it stands in a row: a short one itself, a longer one as its number in the table plus one, none as 0."""
        if not text:
            return 0
        if len(text) <= _LONG:
            return text
        number = self._long.get(hash(text))
        if number is None:
            self._texts.add(text)
            number = self._long[hash(text)] = self._texts.rows
        return number

    def _pointer(self, at: str, role: Role) -> int:
        return self._pointers.setdefault((at, role), len(self._pointers))

    def _cause(self, cause: Cause) -> int:
        return self._causes.setdefault(cause.code, (len(self._causes), cause))[0]

    def _owner(self, owners: tuple[str, ...]) -> int:
        return self._owners.setdefault(owners, len(self._owners))


def _trimmed(row: Row) -> Row:
    """A row without the zeros and empty lists at its end."""
    while row and not row[-1]:
        row.pop()
    return row


def _minutes(moment: datetime | None) -> int:
    """Minutes since 1970, 0 for none."""
    return 0 if moment is None else int((as_utc(moment) - _EPOCH).total_seconds() // 60)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _image(image: ImageFacts | None) -> Row | int:
    if image is None:
        return 0
    facts = (image.width, image.height, image.type, image.bytes, image.served_type)
    return _trimmed([fact or 0 for fact in facts])


def _held(held: Held) -> Row:
    return [
        held_in_words(held),
        held_history(held),
        accept_command(held),
        f"host:{held.host} reason:{held.cause}",
        held.host,
        held.cause,
        held_priority(held) or "",
    ]


def _run(run: Run | None) -> dict[str, Any] | None:
    if run is None:
        return None
    return {
        "id": run.id,
        "started": iso_time(run.started_at),
        "finished": iso_time(run.finished_at),
        "reason": run.finish_reason,
        "requests": run.requests,
    }


def _run_counts(one: RunCounts) -> Row:
    return [
        one.run.id,
        iso_date(one.run.started_at),
        one.newly_broken,
        one.newly_dead,
        one.recovered,
        one.broken,
        one.dead,
        one.unverifiable,
    ]
