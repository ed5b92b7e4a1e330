"""`linkhealth inspect`: what the extractors see in a file, one JSON line each."""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO, cast

from scrapy.commands import ScrapyCommand

from crawler.model.exit_code import ExitCode

if TYPE_CHECKING:
    from crawler.extractors.page import ExtractedPage
    from crawler.model.observation import ImageFacts

MAX_FILE = 64_000_000
"""Most bytes that are read of a file; what is unpacked counts, so that a small file cannot fill memory."""

_GZIP = b"\x1f\x8b"
_ARTICLE = (b"---\n", b"---\r\n")
_PACKED_SUFFIX = ".gz"


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to look at: `name` as the user gave it, the file, and the URL that it came from."""

    name: str
    path: Path
    url: str = ""
    content_type: str | None = None


class InputError(Exception):
    """A target cannot be read; `code` is a word for machines."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Command(ScrapyCommand):
    """Print candidates and facts of pages, type and size of images."""

    requires_project = False
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012 - scrapy's own attribute

    def syntax(self) -> str:
        """The arguments."""
        return "FILE ... [--url URL] [--from LIST.jsonl]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Show what the extractors see in pages and images"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The options of this command beside Scrapy's."""
        super().add_options(parser)
        parser.add_argument("--url", help="the URL that a single FILE came from")
        parser.add_argument(
            "--from", dest="list", metavar="LIST", help='rows of {"file", "url"}, files beside LIST'
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print one JSON line for each target; the exit code is 0, 1 or 3."""
        try:
            targets = list(_targets(args, opts.url, opts.list))
        except InputError as error:
            text = "".join(one if one.isprintable() else _escaped(one) for one in str(error))
            print(f"linkhealth: {text}", file=sys.stderr)
            self.exitcode = ExitCode.CONFIGURATION
            return
        for target in targets:
            seen = inspect_target(target)
            if "error" in seen:
                self.exitcode = ExitCode.ERROR
            print(to_line(seen, ascii_only=not _is_utf8(sys.stdout)), flush=True)


def inspect_target(target: Target) -> dict[str, Any]:
    """What the extractors see in one target, as the JSON line shows it."""
    # Scrapy imports every command at each start: the extractors load when they are needed.
    from crawler.extractors.page import ContentError

    named = {"file": target.name} | ({"url": target.url} if target.url else {})
    try:
        return named | inspect_body(read_body(target.path), target.url, target.content_type)
    except InputError as error:
        return named | {"error": error.code, "message": str(error)}
    except ContentError as error:
        return named | {"error": "content-error", "message": str(error)}


def inspect_body(body: bytes, url: str, content_type: str | None) -> dict[str, Any]:
    """What a body is: a page's record or an image's. Raises `InputError` and `ContentError`."""
    from crawler.extractors.image_header import Need, NotAnImage, probe, to_facts
    from crawler.extractors.page import extract_page

    if body.startswith(_ARTICLE):
        raise InputError("article", "an article file; give the page or the image itself")
    answer, read = probe(b""), 0
    while isinstance(answer, Need) and read < len(body):
        read = min(answer.total, len(body))
        answer = probe(body[:read], complete=read == len(body))
    if not isinstance(answer, Need | NotAnImage):
        return image_record(to_facts(answer, total_bytes=len(body), bytes_read=read))
    kind = answer.kind if isinstance(answer, NotAnImage) else "EMPTY"
    if not _is_page(kind, body):
        raise InputError("not-a-page", f"neither a page nor an image: {kind.lower()}")
    return page_record(extract_page(body, url=url, content_type=content_type))


def page_record(page: ExtractedPage) -> dict[str, Any]:
    """A page's facts, candidates with sources, and its sign where it has one."""
    candidates = {
        field: [{"value": one.value, "source": one.source} for one in found]
        for field, found in page.candidates.items()
    }
    facts = asdict(page.facts)
    facts.pop("titles")  # the candidates say the same with their sources
    record = {"page": facts, "candidates": candidates}
    return record if page.sign is None else record | {"sign": page.sign.value}


def image_record(image: ImageFacts) -> dict[str, Any]:
    """An image's facts."""
    return {"image": asdict(image)}


def to_line(record: dict[str, Any], *, ascii_only: bool = False) -> str:
    """One line of JSON whatever the strings hold: no line separators, controls or lone surrogates."""
    text = json.dumps(record, ensure_ascii=ascii_only)
    return "".join(one if one == " " or one.isprintable() else _escaped(one) for one in text)


def _escaped(character: str) -> str:
    return json.dumps(character)[1:-1]


def _is_utf8(stream: TextIO) -> bool:
    return (stream.encoding or "").lower().replace("-", "") == "utf8"


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
    """The file, unpacked on the way if its name and its first bytes say that it is packed."""
    if path.suffix == _PACKED_SUFFIX:
        with path.open("rb") as raw:
            if raw.read(len(_GZIP)) == _GZIP:
                return cast("BinaryIO", gzip.open(path))
    return path.open("rb")


def _targets(args: Sequence[str], url: str | None, listed: str | None) -> Iterator[Target]:
    if not args and listed is None:
        raise InputError("usage", "give a FILE, or a list with --from")
    if url is not None and len(args) != 1:
        raise InputError("usage", "--url goes with exactly one FILE")
    for name in args:
        if name.startswith("-"):
            raise InputError("usage", f"unknown option {name}")
        if name.lower().startswith(("http://", "https://")):
            raise InputError("usage", f"{name} is a URL; save the page and give the file")
        yield Target(name, Path(name), url or "")
    if listed is not None:
        yield from _rows(Path(listed))


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
    """Text without a tag is no page; anything with one may be, as browsers show it as such."""
    return kind in ("HTML", "XML") or (kind in ("TEXT", "UNKNOWN") and b"<" in body[:4096])
