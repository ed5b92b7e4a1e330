"""`linkhealth inspect`: what the extractors see in files and at URLs, one JSON line each."""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar, TextIO, cast

from crawler.commands.command_base import CommandBase
from crawler.commands.guard import complain, guarded
from crawler.commands.usage import Usage
from crawler.configuration import Configuration, ConfigurationError, load
from crawler.configuration.errors import quoted
from crawler.content import UnreadableArticle, fields_of, read_article, read_site
from crawler.content.notations import begins_front_matter
from crawler.extractors.html.bounds import MAX_BODY, ContentError
from crawler.model.article import Article, Problem
from crawler.model.exit_code import ExitCode
from crawler.reporting.words.wording import explain
from crawler.rules.credentials import without_credentials

if TYPE_CHECKING:
    from crawler.extractors.page import ExtractedPage
    from crawler.fetching.fetched import Fetched, NotFetchedError
    from crawler.fetching.one_off import Fetch
    from crawler.model.observation import ImageFacts

MAX_FILE = 64_000_000
"""Most bytes that are read of a file; unpacked bytes count, so that a small file cannot fill memory."""

_GZIP = b"\x1f\x8b"
_PACKED_SUFFIX = ".gz"
_WEB = ("http://", "https://")

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Target:
    """One file to look at: `name` as the user gave it, the file, and the URL that it came from."""

    name: str
    path: Path
    url: str = ""
    content_type: str | None = None


@dataclass(frozen=True, slots=True)
class WebTarget:
    """One URL to fetch and look at."""

    url: str


class InputError(Exception):
    """A target cannot be read; `code` is for machines."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Command(Usage, CommandBase):
    """Print candidates and facts of pages, type and size of images, references of articles."""

    examples: ClassVar[tuple[tuple[str, str], ...]] = (
        (
            "linkhealth inspect https://news.example/story",
            "what is read in a page",
        ),
        (
            "linkhealth inspect content/story.md",
            "what is read in an article",
        ),
    )

    requires_project = False
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012 - scrapy's own attribute

    def syntax(self) -> str:
        """The arguments."""
        return "FILE|URL ... [--url URL] [--from LIST.jsonl]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Show what the extractors see in pages, images and articles"

    def long_desc(self) -> str:
        """For --help."""
        return (
            "Prints one line of JSON for each FILE (a saved page, an image, an article) and each "
            "URL, in the order given. A URL is fetched as a browser would, without asking "
            "robots.txt."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add this command's options to Scrapy's."""
        super().add_options(parser)
        parser.add_argument("--url", help="the URL that a single FILE came from")
        parser.add_argument(
            "--from", dest="list", metavar="LIST", help='rows of {"file", "url"}, files beside LIST'
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print one JSON line for each target; the exit code is 0, 1, 3 or 4."""
        with guarded() as ending:
            try:
                targets = list(_targets(args, opts.url, opts.list))
            except InputError as error:
                raise ConfigurationError("arguments", str(error)) from None
            configuration = load(Path.cwd(), {}, os.environ)
            ending.code = self._show(targets, configuration)
        self.exitcode = ending.code

    def _show(
        self, targets: Sequence[Target | WebTarget], configuration: Configuration
    ) -> ExitCode:
        printer = Printer(sys.stdout)
        files = [target for target in targets if isinstance(target, Target)]
        if len(files) == len(targets):
            for target in files:
                printer.print(inspect_file(target, configuration))
            return printer.code
        from crawler.fetching.one_off import run_fetching

        assert self.settings is not None
        job = partial(_each, targets, configuration, printer)
        if not run_fetching(self.settings, configuration, job):
            complain("stopped before the last one")
            return ExitCode.STOPPED_EARLY
        return printer.code


class Printer:
    """Prints records as they come; `code` is 1 as soon as one of them is an error."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._ascii_only = (stream.encoding or "").lower().replace("-", "") != "utf8"
        self.code = ExitCode.FINE

    def print(self, record: Record) -> None:
        """One line."""
        if "error" in record:
            self.code = ExitCode.ERROR
        print(to_line(record, ascii_only=self._ascii_only), file=self._stream, flush=True)


async def _each(
    targets: Sequence[Target | WebTarget],
    configuration: Configuration,
    printer: Printer,
    fetch: Fetch,
) -> None:
    for target in targets:
        if isinstance(target, WebTarget):
            printer.print(await inspect_url(target.url, fetch))
        else:
            printer.print(inspect_file(target, configuration))


async def inspect_url(url: str, fetch: Fetch) -> Record:
    """The record of a URL, as its JSON line shows it."""
    from crawler.fetching.fetched import NotFetchedError

    try:
        fetched = await fetch(url)
    except NotFetchedError as error:
        return {"url": url, "error": error.code, "message": _in_words(error)}
    named: Record = {
        "url": url,
        "final_url": fetched.final_url,
        "status": fetched.status,
        "redirects": [asdict(hop) for hop in fetched.redirects],
    }
    if fetched.certificate is not None:
        named["certificate"] = fetched.certificate.value
    if not 200 <= fetched.status < 300:
        reason = f"http-{fetched.status}"
        return named | {"error": reason, "message": explain(reason).meaning}
    return named | _or_error(lambda: _seen_in(fetched))


def _in_words(error: NotFetchedError) -> str:
    meaning = explain(error.code).meaning
    return f"{meaning} ({error.detail})" if error.detail else meaning


def _seen_in(fetched: Fetched) -> Record:
    """The record of what was fetched. An image's lengths are those of its transfer, as the body may be cut."""
    record = inspect_body(fetched.body[:MAX_BODY], fetched.final_url, fetched.content_type)
    if "image" in record:
        record["image"] |= {"bytes": fetched.total_bytes, "bytes_read": fetched.bytes_read}
    return record


def inspect_file(target: Target, configuration: Configuration) -> Record:
    """The record of a file, as its JSON line shows it."""

    def inspect() -> Record:
        body = read_body(target.path)
        if begins_front_matter(body, target.name):
            return article_record(target.path, body, configuration)
        return inspect_body(body, target.url, target.content_type)

    named = {"file": target.name} | ({"url": target.url} if target.url else {})
    return named | _or_error(inspect)


def _or_error(inspect: Callable[[], Record]) -> Record:
    try:
        return inspect()
    except InputError as error:
        return {"error": error.code, "message": str(error)}
    except ContentError as error:
        return {"error": "content-error", "message": str(error)}


def article_record(path: Path, body: bytes, configuration: Configuration) -> Record:
    """The record of an article file: its references, and its problems."""
    real, root = path.resolve(), Path.cwd()
    if not real.is_relative_to(root):
        root = real.parent
    site = read_site(root, configuration.site_url)
    name = real.relative_to(root).as_posix()
    try:
        field_map = configuration.fields or fields_of(name, body, site)
        article = read_article(name, body, site, field_map)
    except UnreadableArticle as error:
        first = error.problems[0]
        return {
            "error": first.code.value,
            "message": first.message,
            "problems": _problems(error.problems),
        }
    return {"article": _article(article), "problems": _problems(article.problems)}


def _article(article: Article) -> Record:
    references = [
        {
            "line": reference.line,
            "pointer": reference.pointer,
            "role": reference.role.value,
            "scope": reference.scope.value,
            "url": reference.url,
            "invalid": reference.invalid,
        }
        for reference in article.references
    ]
    return {
        "title": article.title,
        "excerpt": article.excerpt,
        "published": article.published.isoformat() if article.published else None,
        "references": references,
    }


def _problems(problems: Sequence[Problem]) -> list[Record]:
    return [
        {"line": problem.line, "code": problem.code.value, "message": problem.message}
        for problem in problems
    ]


def inspect_body(body: bytes, url: str, content_type: str | None) -> Record:
    """The record of a body: a page's or an image's. Raises `InputError` and `ContentError`."""
    # Scrapy imports every command at each start: the extractors load when they are needed.
    from crawler.extractors.image.header import (
        PIECE,
        Info,
        Need,
        NotAnImage,
        Piece,
        probe,
        probe_piece,
        stands_behind,
        to_facts,
    )
    from crawler.extractors.page import extract_page

    answer, read = probe(b""), 0
    while isinstance(answer, Need) and read < len(body):
        read = min(answer.total, len(body))
        answer = probe(body[:read], complete=read == len(body))
    is_unknown = isinstance(answer, Info) and answer.width is None
    behind = stands_behind(body[:read]) if is_unknown else None
    if behind is not None and behind < len(body):
        piece = Piece(behind, body[behind : behind + PIECE])
        answer, read = probe_piece(body[:read], piece) or answer, read + len(piece.data)
    if not isinstance(answer, Need | NotAnImage):
        facts = to_facts(answer, total_bytes=len(body), bytes_read=read, content_type=content_type)
        return image_record(facts)
    kind = answer.kind if isinstance(answer, NotAnImage) else "EMPTY"
    if not _is_page(kind, body):
        raise InputError("not-a-page", f"neither a page nor an image: {kind.lower()}")
    return page_record(extract_page(body, url=url, content_type=content_type))


def page_record(page: ExtractedPage) -> Record:
    """A page's facts, candidates with sources, and its sign where it has one."""
    candidates = {
        field: [{k: v for k, v in one._asdict().items() if v is not None} for one in found]
        for field, found in page.candidates.items()
    }
    facts = asdict(page.facts)
    facts.pop("titles")  # the candidates say the same with their sources
    for name in ("amp_lacks", "content_hash", "words"):
        facts.pop(name)  # for the rules: the page does not state it
    record = {"page": facts, "candidates": candidates}
    return record if page.sign is None else record | {"sign": page.sign.value}


def image_record(image: ImageFacts) -> Record:
    """An image's facts."""
    facts = asdict(image)
    facts.pop("fingerprint")  # for the rules: it compares two images
    return {"image": facts}


def to_line(record: Record, *, ascii_only: bool = False) -> str:
    """One line of JSON whatever the strings hold: no line separators, controls or lone surrogates."""
    text = without_credentials(json.dumps(record, ensure_ascii=ascii_only))
    return "".join(one if one == " " or one.isprintable() else _escaped(one) for one in text)


def _escaped(character: str) -> str:
    return json.dumps(character)[1:-1]


def read_body(path: Path) -> bytes:
    """The bytes of a file, unpacked where it is gzip (`.gz`). Raises `InputError`."""
    try:
        if not path.is_file():
            raise InputError("not-a-file", f"no such file: {path}")
        with _opened(path) as stream:
            body = stream.read(MAX_FILE + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError("corrupt-gzip", f"cannot be unpacked: {error}") from None
    except (OSError, ValueError) as error:
        raise InputError("unreadable", f"cannot be read: {error}") from None
    if len(body) > MAX_FILE:
        raise InputError("too-large", f"more than {MAX_FILE} bytes")
    return body


def _opened(path: Path) -> BinaryIO:
    """The file, unpacked while it is read if its name and its first bytes say that it is packed."""
    if path.suffix == _PACKED_SUFFIX:
        with path.open("rb") as raw:
            if raw.read(len(_GZIP)) == _GZIP:
                return cast("BinaryIO", gzip.open(path))
    return path.open("rb")


def _targets(
    args: Sequence[str], url: str | None, listed: str | None
) -> Iterator[Target | WebTarget]:
    if not args and listed is None:
        raise InputError("usage", "give a FILE, a URL, or a list with --from")
    if url is not None and (len(args) != 1 or _is_url(args[0])):
        raise InputError("usage", "--url goes with exactly one FILE")
    for name in args:
        if name.startswith("-"):
            raise InputError("usage", f"unknown option {quoted(name)}; see --help")
        yield WebTarget(name) if _is_url(name) else Target(name, Path(name), url or "")
    if listed is not None:
        yield from _rows(Path(listed))


def _is_url(name: str) -> bool:
    return name.lower().startswith(_WEB)


def _rows(path: Path) -> Iterator[Target]:
    try:
        lines = read_body(path).decode("utf-8-sig").split("\n")
    except UnicodeDecodeError:
        raise InputError("usage", f"{path} is not UTF-8") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict) or not isinstance(row.get("file"), str):
            raise InputError("usage", f'{path}, line {number}: not a row of {{"file", "url"}}')
        kind, url = row.get("content_type"), row.get("url")
        yield Target(
            name=row["file"],
            path=path.parent / row["file"],
            url=url if isinstance(url, str) else "",
            content_type=kind if isinstance(kind, str) else None,
        )


def _is_page(kind: str, body: bytes) -> bool:
    """Whether a body may be a page: text without a tag is none; any text with a tag is shown as one by browsers."""
    return kind in ("HTML", "XML") or (kind in ("TEXT", "UNKNOWN") and b"<" in body[:4096])
