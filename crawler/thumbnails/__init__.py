"""Thumbnails of outside images: decoded in a process of its own, because that may crash."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from crawler.extractors.image.header import STEPS, Info, probe
from crawler.model.thumbnail import Thumbnail
from crawler.thumbnails.decoder import FORMATS, LARGEST_RESULT, MOST_PIXELS, SIDE

LARGEST_IMAGE = 8_000_000
"""Bytes. Larger images have a finding anyway (rules I8, I19)."""

_PROGRAM = Path(__file__).with_name("decoder.py")


@dataclass(frozen=True, slots=True)
class Decoder:
    """The program that decodes, and its time limit in seconds. It sets its own limits of memory and CPU time."""

    program: Path = _PROGRAM
    seconds: float = 20.0


def is_available() -> bool:
    """Whether Pillow is installed: it is an extra (`thumbnails`)."""
    return importlib.util.find_spec("PIL") is not None


def thumbnail_of(data: bytes, decoder: Decoder = Decoder()) -> Thumbnail | None:
    """The thumbnail of an image; None for data that is no image of a known format, too large or damaged, and
    where the decoder reaches a limit. No content of `data` raises."""
    answer = probe(data[: STEPS[-1]], complete=True)
    if len(data) > LARGEST_IMAGE or not _may_be_decoded(answer):
        return None
    # Files, not pipes: the limit of the size of output (RLIMIT_FSIZE) holds for files only.
    with TemporaryFile() as given, TemporaryFile() as made:
        given.write(data)
        given.seek(0)
        try:
            ended = subprocess.run(  # noqa: S603 - our own program, and no shell
                [sys.executable, "-I", decoder.program],
                stdin=given,
                stdout=made,
                stderr=subprocess.DEVNULL,
                env={},
                timeout=decoder.seconds,
                start_new_session=True,
                check=False,
            )
        except (subprocess.TimeoutExpired, OSError):
            return None
        if ended.returncode != 0:
            return None
        made.seek(0)
        return _checked(made.read(LARGEST_RESULT + 1))


def _may_be_decoded(answer: object) -> bool:
    return (
        isinstance(answer, Info)
        and answer.type in FORMATS
        and answer.width is not None
        and answer.height is not None
        and answer.width * answer.height <= MOST_PIXELS
    )


def _checked(jpeg: bytes) -> Thumbnail | None:
    """The decoder's output where it is a JPEG within the limits, else None: the decoder is not trusted."""
    answer = probe(jpeg, complete=True)
    if not isinstance(answer, Info) or answer.type != "JPEG" or len(jpeg) > LARGEST_RESULT:
        return None
    width, height = answer.width, answer.height
    if width is None or height is None or max(width, height) > SIDE:
        return None
    return Thumbnail(width, height, jpeg)
