"""What a media type and a file's name say of an image's format, against its first bytes (rule I9).

Only a claim that is understood can be wrong: `application/octet-stream`, a type that nobody knows and a name
without an ending say nothing.
"""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

NO_IMAGES = frozenset({
    "BZIP2", "FONT", "GZIP", "JSON", "MP3", "MP4", "OGG", "PDF", "RIFF", "TEXT", "WEBM", "XML", "XZ",
    "ZIP", "ZSTD",
})  # fmt: skip
"""Kinds of what the first bytes show to be something else; HTML in an image's place is a verdict of its own."""

_NAMES = {
    "AVIF": ("avif", "avifs", "avif-sequence"),
    "BMP": ("bmp", "dib", "ms-bmp", "bitmap", "win-bitmap"),
    "GIF": ("gif",),
    "HEIF": ("heif", "heic", "hif", "heif-sequence", "heic-sequence"),
    "ICO": ("ico", "cur", "icon", "vnd.microsoft.icon"),
    "JPEG": ("jpg", "jpeg", "jpe", "jfif", "pjpeg", "pjp", "mpo"),
    "JPEG2000": ("jp2", "j2k", "jpf", "jpx", "jpm", "jpeg2000"),
    "JXL": ("jxl",),
    "PNG": ("png", "apng"),
    "PSD": ("psd", "vnd.adobe.photoshop", "photoshop"),
    "SVG": ("svg", "svg+xml", "svgz"),
    "TIFF": ("tif", "tiff"),
    "WEBP": ("webp",),
}
"""Endings of file names and subtypes of `image/`, `x-` taken off, by format."""
_FORMATS = {name: kind for kind, names in _NAMES.items() for name in names}
_SAME = {"CUR": "ICO", "MPO": "JPEG", "HEIF": "AVIF"}
"""Formats of one family: one container holds both AVIF and HEIF, and either brand may come first."""
FORMATS = frozenset(_NAMES) | frozenset(_SAME)
_NO_CLAIM = frozenset({"application", "binary", "multipart", "unknown"})
_NEGOTIATED = frozenset({"WEBP", "AVIF", "JXL"})
"""What servers send in the place of a JPEG or PNG to those who take it."""
_LIKE_ICONS = frozenset({"PNG", "BMP", "GIF", "JPEG"})
"""What every browser takes for a `favicon.ico`."""


def served_otherwise(found: str, served: str | None) -> bool:
    """Whether the server's media type (lower case, no parameters) contradicts the format of the bytes."""
    family, _, subtype = (served or "").partition("/")
    if family == "image":
        claimed = _FORMATS.get(subtype.removeprefix("x-"))
        return claimed is not None and not _agree(found, claimed)
    # A text, a sound: browsers that are told not to guess show no image.
    return bool(subtype) and family not in _NO_CLAIM


def named_otherwise(found: str, url: str) -> bool:
    """Whether the file's name in an address contradicts the format, whatever servers negotiate."""
    claimed = _FORMATS.get(ending(url))
    return claimed is not None and found not in _NEGOTIATED and not _agree(found, claimed)


def served_as_found(found: str, served: str | None) -> bool:
    """Whether the server says which format it is, and rightly."""
    family, _, subtype = (served or "").partition("/")
    claimed = _FORMATS.get(subtype.removeprefix("x-")) if family == "image" else None
    return claimed is not None and _agree(found, claimed)


def ending(url: str) -> str:
    """The ending of the file's name in an address, lower case; the empty text for none."""
    try:
        name = unquote(urlsplit(url).path).rsplit("/", 1)[-1]
    except ValueError:
        return ""
    return name.rpartition(".")[2].lower()


def _agree(found: str, claimed: str) -> bool:
    if claimed == "ICO" and found in _LIKE_ICONS:
        return True
    return _SAME.get(found, found) == _SAME.get(claimed, claimed)
