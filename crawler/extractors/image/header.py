"""An image's type and size from its first bytes.

A downloader calls `probe` with what it has and stops at the answer; nothing is decoded, no size in a
header allocates anything, and no input raises. Once a size is answered, more bytes do not change it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from crawler.extractors.image import boxes, heif, raster, tagged
from crawler.extractors.image.jxl import jxl_codestream
from crawler.extractors.image.prober_answer import (
    PIECE,
    STEPS,
    Info,
    Malformed,
    Need,
    NotAnImage,
    Piece,
    TooShort,
)
from crawler.extractors.image.svg import svg, svgz
from crawler.model.observation import ImageFacts

__all__ = [
    "PIECE",
    "STEPS",
    "Info",
    "Need",
    "NotAnImage",
    "Piece",
    "fingerprint",
    "probe",
    "probe_piece",
    "sniff",
    "stands_behind",
    "to_facts",
]

_Reader = Callable[[bytes], Info]

_READERS: tuple[tuple[bytes, str, _Reader], ...] = (
    (b"\xff\xd8\xff", "JPEG", tagged.jpeg),
    (b"\x89PNG\r\n\x1a\n", "PNG", raster.png),
    (b"GIF87a", "GIF", raster.gif),
    (b"GIF89a", "GIF", raster.gif),
    (b"II*\x00", "TIFF", tagged.tiff),
    (b"MM\x00*", "TIFF", tagged.tiff),
    (b"II+\x00", "TIFF", tagged.tiff),
    (b"MM\x00+", "TIFF", tagged.tiff),
    (b"8BPS\x00\x01", "PSD", raster.psd),
    (b"8BPS\x00\x02", "PSD", raster.psd),
    (b"\xff\x0a", "JXL", jxl_codestream),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "JXL", boxes.jxl_container),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "JPEG2000", boxes.jpeg2000),
    (b"\x00\x00\x00\x0cjP\x1a\x1a\r\n\x87\n", "JPEG2000", boxes.jpeg2000),
    (b"\xff\x4f\xff\x51", "JPEG2000", raster.jpeg2000_codestream),
)
"""(signature, type, reader); no signature is the start of another."""

FINGERPRINTED = 1024
"""Bytes at the beginning of an image that distinguish it from others of its length; the first piece received
holds as many."""

_LONGEST_MEDIA_TYPE = 100
_LONGEST_SIGNATURE = 16
_BMP_HEADERS = frozenset({12, *range(16, 65), 108, 124})
"""Lengths that a BMP's second header may have; OS/2 2.x writes any from 16 to 64 bytes."""

_FTYP_MOST = 512

_GZIP = b"\x1f\x8b"
_OTHERS = (
    (b"%PDF-", "PDF"), (_GZIP, "GZIP"), (b"PK\x03\x04", "ZIP"), (b"\x1aE\xdf\xa3", "WEBM"),
    (b"ID3", "MP3"), (b"OggS", "OGG"), (b"RIFF", "RIFF"), (b"BZh", "BZIP2"),
    (b"\x28\xb5\x2f\xfd", "ZSTD"), (b"\xfd7zXZ\x00", "XZ"), (b"wOFF", "FONT"), (b"wOF2", "FONT"),
)  # fmt: skip
# Groups are not possessive: before Python 3.11.5 those keep what a failed round consumed.
_HTML = re.compile(
    rb"(?:\s++|\xef\xbb\xbf|<!--[^-]*+(?:-(?!->)[^-]*+)*-->|<\?xml[^>]*+>)*"
    rb"<(?:!doctype\s+html|html|head|body|script|style|title|meta|link|iframe|h1|div|font|table|a|br|p|noscript|main|span)"
    rb"(?=[\s>/])",
    re.IGNORECASE,
)
_SNIFFED = 4_096
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def probe(head: bytes, *, complete: bool = False) -> Info | Need | NotAnImage:
    """The answer for the bytes so far.

    `complete` says that no more bytes will come. `Need` asks for the next of `STEPS`; after the last
    an image of known type comes back with its size None. Never raises; time is linear in `head`.
    """
    head = head[: STEPS[-1]]
    kind, reader = _recognise(head)
    if reader is None:
        return _unknown(head, complete)
    try:
        return reader(head)
    except TooShort as short:
        total = _next_step(len(head), short.total)
        if complete or total is None:
            return short.known or Info(kind)
        return Need(total)
    except Malformed:
        return Info(kind)


def stands_behind(head: bytes) -> int | None:
    """Where the rest of a directory begins that stands behind the data, further on than `STEPS` reach: of a TIFF, or the `meta`
    or `moov` of AVIF and HEIF. None for no such place. Never raises."""
    try:
        _with_piece(head[: STEPS[-1]], None)
    except TooShort as short:
        if short.start is not None and short.total > STEPS[-1]:
            return short.start
    except Malformed:
        pass
    return None


def probe_piece(head: bytes, piece: Piece) -> Info | None:
    """The answer with the piece of the file that begins where `stands_behind` said; None where it does not hold one.

    Never raises.
    """
    try:
        found = _with_piece(head[: STEPS[-1]], piece)
    except (TooShort, Malformed):
        return None
    return found if found is not None and found.width is not None else None


def _with_piece(head: bytes, piece: Piece | None) -> Info | None:
    kind, _ = _recognise(head)
    if kind == "TIFF":
        return tagged.tiff(head, piece)
    if kind in ("AVIF", "HEIF"):
        return heif.heif(head, kind, piece)
    return None


def sniff(head: bytes) -> str | None:
    """The kind of bytes that are no image (`HTML`, `PDF`, `TEXT`, …); None where it is unknown."""
    for signature, kind in _OTHERS:
        if head.startswith(signature):
            return kind
    if head[4:8] == b"ftyp":
        return "MP4"
    start = head[:_SNIFFED]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start[2:].replace(b"\x00", b"")
    if _HTML.match(start):
        return "HTML"
    if not start or _CONTROL.search(start):
        return None
    first = start.lstrip()[:1]
    if first in (b"{", b"["):
        return "JSON"
    return "XML" if start.lstrip().startswith(b"<?xml") else "TEXT"


def to_facts(
    result: Info | Need | NotAnImage,
    *,
    total_bytes: int | None,
    bytes_read: int,
    head: bytes = b"",
    content_type: str | None = None,
) -> ImageFacts:
    """The observation's facts. Something that is no image has its kind as type (`HTML`) and no size.

    `total_bytes` is the length of the whole where it is known, `head` its first bytes, `content_type` the
    header verbatim.
    """
    served = (content_type or "").partition(";")[0].strip().lower()[:_LONGEST_MEDIA_TYPE] or None
    if isinstance(result, Info):
        return ImageFacts(
            result.type,
            result.displayed_width,
            result.displayed_height,
            total_bytes,
            bytes_read,
            stored_width=result.width,
            stored_height=result.height,
            animated=result.animated,
            served_type=served,
            fingerprint=fingerprint(head, total_bytes),
        )
    kind = None
    if isinstance(result, NotAnImage) and result.kind != "UNKNOWN":
        kind = result.kind
    return ImageFacts(kind, None, None, total_bytes, bytes_read, served_type=served)


def fingerprint(head: bytes, total_bytes: int | None) -> str | None:
    """A hash that two images of the same content share: their length and their first `FINGERPRINTED` bytes.

    None where the length is not known: the first bytes of two pictures of one camera may be the same.
    """
    if total_bytes is None or len(head) < min(total_bytes, FINGERPRINTED):
        return None
    digest = hashlib.sha256(head[:FINGERPRINTED]).hexdigest()
    return f"{total_bytes}:{digest[:16]}"


def _recognise(head: bytes) -> tuple[str, _Reader | None]:
    for signature, kind, reader in _READERS:
        if head.startswith(signature):
            return kind, reader
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP", raster.webp
    bitmap = head[14:] if head[:2] == b"BA" else head  # several in one file
    if bitmap[:2] == b"BM" and int.from_bytes(bitmap[14:18], "little") in _BMP_HEADERS:
        return "BMP", raster.bmp
    if head[:4] in (b"\x00\x00\x01\x00", b"\x00\x00\x02\x00") and _is_icon(head):
        return "ICO" if head[2] == 1 else "CUR", raster.icon
    if head[4:8] == b"ftyp" and len(head) >= min(int.from_bytes(head[:4], "big"), _FTYP_MOST):
        kind = heif.brand(head) or ""
        return kind, (lambda data: heif.heif(data, kind)) if kind else None
    return "", None


def _is_icon(head: bytes) -> bool:
    """Four bytes are a weak signature: the first entry must make sense (its reserved byte is 0)."""
    return len(head) >= 22 and int.from_bytes(head[4:6], "little") > 0 and head[9] in (0, 255)


def _unknown(head: bytes, complete: bool) -> Info | Need | NotAnImage:
    try:
        found = _as_svg(head)
        if found is not None:
            return found
    except TooShort as short:
        total = _next_step(len(head), short.total)
        if not complete and total is not None and (kind := sniff(head)) != "HTML":
            return Need(total)
        kind = sniff(head)
        if kind == "HTML":
            return NotAnImage(kind)
        # The root is missing: text that begins like an SVG is one of unknown size.
        return Info("SVG") if b"<svg" in head[:_SNIFFED] else NotAnImage(kind or "UNKNOWN")
    if not complete and _is_undecided(head):
        return Need(STEPS[0])
    return NotAnImage(sniff(head) or "UNKNOWN")


def _as_svg(head: bytes) -> Info | None:
    if head.startswith(_GZIP):
        return svgz(head)
    return svg(head) if _may_be_text(head) else None


def _may_be_text(head: bytes) -> bool:
    start = head[:_SNIFFED].removeprefix(b"\xef\xbb\xbf").lstrip()
    return not start or start[:1] == b"<" or start[:2] in (b"\xff\xfe", b"\xfe\xff", b"\x00<")


def _is_undecided(head: bytes) -> bool:
    """Whether the bytes are too few to decide: a signature, `ftyp`, a bitmap in an array of them or an icon's
    first entry is cut."""
    if len(head) < _LONGEST_SIGNATURE:
        return True
    if head[4:8] == b"ftyp":
        return len(head) < min(int.from_bytes(head[:4], "big"), _FTYP_MOST)
    if head[:2] == b"BA":
        return len(head) < 32
    return len(head) < 22 and head[:3] == b"\x00\x00" + head[2:3]


def _next_step(have: int, wanted: int) -> int | None:
    return next((step for step in STEPS if step >= wanted and step > have), None)
