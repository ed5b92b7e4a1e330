"""Small valid pages and images, derived from a URL or made to measure."""

from __future__ import annotations

import html
import re
import struct
import zlib
from functools import lru_cache
from urllib.parse import unquote

_IMAGE_PATH = re.compile(r"\.(?:png|jpe?g|gif|webp|avif|bmp|ico|svg)$", re.IGNORECASE)
_SIZE_IN_PATH = re.compile(r"(\d{1,4})x(\d{1,4})")
_DEFAULT_SIZE = (1200, 630)
_SENTENCE = "This page was made for a test and says the same thing again, as pages do. "


def page(
    title: str,
    *,
    description: str | None = None,
    canonical: str | None = None,
    image: str | None = None,
    head: str = "",
    body: str = "",
    lang: str = "en",
) -> str:
    """An article page with Open Graph. `head` and `body` are HTML, put in as they are."""
    properties = {
        "og:type": "article",
        "og:title": title,
        "og:description": description,
        "og:url": canonical,
        "og:image": image,
    }
    tags = "\n".join(
        f'<meta property="{name}" content="{html.escape(value)}">'
        for name, value in properties.items()
        if value is not None
    )
    link = f'\n<link rel="canonical" href="{html.escape(canonical)}">' if canonical else ""
    shown = html.escape(title)
    return (
        f'<!doctype html>\n<html lang="{html.escape(lang)}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{shown}</title>\n{tags}{link}\n{head}</head>\n"
        f"<body>\n<h1>{shown}</h1>\n{body or f'<p>{_SENTENCE * 3}</p>'}\n</body>\n</html>\n"
    )


def page_of(scheme: str, host: str, target: str) -> str:
    """The default page of a URL: its title is the words of the last path segment."""
    words = title_of(target) or host
    url = f"{scheme}://{host}{target}"
    return page(words, description=f"About {words}.", canonical=url)


def title_of(target: str) -> str:
    """The words of a request target's last path segment, `the-last-one.html` as `The last one`."""
    segments = [part for part in target.partition("?")[0].split("/") if part]
    if not segments:
        return ""
    stem = unquote(segments[-1], errors="replace").rpartition(".")[0] or unquote(segments[-1])
    words = re.sub(r"[-_+\s]+", " ", stem).strip()
    return words[:1].upper() + words[1:]


def looks_like_image(target: str, accept: str) -> bool:
    """Whether the path's extension or the Accept header asks for an image."""
    if accept.startswith("image/"):
        return True
    return _IMAGE_PATH.search(target.partition("?")[0]) is not None


def size_of(target: str) -> tuple[int, int]:
    """The size that a path names (`logo-50x50.jpg`), else 1200x630."""
    found = _SIZE_IN_PATH.search(target)
    if found is None:
        return _DEFAULT_SIZE
    return max(1, int(found[1])), max(1, int(found[2]))


@lru_cache(maxsize=256)
def png(width: int, height: int) -> bytes:
    """A black PNG of that many pixels, one bit each: no larger than it must be."""
    row = b"\0" * (1 + (width + 7) // 8)
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(row * height, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
