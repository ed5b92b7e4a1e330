"""Whether two addresses are those of one picture: sizes, formats and services that hand pictures on make no other one (rule F5).

The name of the picture's file decides, since sites move their pictures: without the size that software writes into it, taken from
the address within the address where a service has it there. A name that says nothing (`1200.jpg`, `original.png`) is none: then the
next folder above decides, and for a script what it is asked for.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qsl, unquote, urlsplit

_MOST_WRAPPINGS = 4
_LONGEST = 8_000
_ASKED_FOR = frozenset({
    "url", "src", "source", "image", "img", "u", "uri", "file", "href", "imageurl", "image_url", "imgurl", "img_url", "path", "i",
    "original", "picture", "photo", "remote", "link",
})  # fmt: skip
"""Parameters in which services take the address of a picture."""
_TYPES = "jpe?g|jpe|jfif|pjpeg|png|gif|webp|avif|heic|heif|bmp|tiff?|svg|ico|jxl|jp2|img|apng"
_TYPE = re.compile(rf"(?:\.(?:{_TYPES}|progressive|optimal|pagespeed|ic|transform))+$")
_FILE = re.compile(rf".+\.(?:{_TYPES})")
_SCRIPT = re.compile(r".+\.(?:php\d?|aspx?|ashx|axd|cgi|jspx?|do|dll|pl|cfm)")
_BEFORE_NAME = re.compile(
    r"(?:thumb[-_]|small[-_]|large[-_]|medium[-_]|\d{2,4}px-|lossy-page\d-\d{2,4}px-)"
)
"""What software writes before a name: MediaWiki and older galleries."""
_SIZE = r"\d{2,5}x\d{2,5}|\d{2,5}x|x\d{2,5}|(?:w|h)\d{2,4}|\d{2,4}(?:w|h|px)|16x9|9x16|4x3|3x4|3x2|2x3|2x1|1x1|21x9"
_SIZE_NAMES = "large|medium|small|thumb|thumbnail|grande|compact|scaled|fullsize|original|orig|resized|cropped|retina|hires|xxl|xl|lg|md|sm|xs"
_NEW_YORK = r"articlelarge|facebookjumbo|superjumbo|jumbo|videosixteenbyninejumbo\d*|videosixteenbynine\d*|(?:medium|small|square|large)?threebytwo\w*"
_AFTER_NAME = re.compile(
    rf"(?:"
    rf"[-_.](?:{_SIZE})(?:[-_](?:crop(?:[-_](?:center|top|bottom|left|right))?|c|q\d{{2,3}}|resize|fill|fit|smart))*"
    rf"|[-_.](?:{_SIZE_NAMES}|{_NEW_YORK})"
    r"|@[1-4]x"
    r"|-e\d{10,13}"  # WordPress: edited
    r"|-scaled"
    r"|_\d_\d{2,4}x\d{2,4}"  # Discourse
    r"|_hu_?[0-9a-f]{12,}.*"  # Hugo
    r"|(?<=[0-9a-f]{10})_[stmnzclbhko]"  # Flickr
    r"|\.[0-9a-f]{8,32}"  # a build's fingerprint
    r"|-[0-9a-f]{32,64}"
    r")$"
)
_TUMBLR = re.compile(r"(tumblr_.+)_(?:75sq|100|250|400|500|540|640|1280)$")
_GOOGLE = re.compile(r"=[a-z]{1,2}\d*(?:-[a-z]{1,4}\d*)*$")
"""The size behind a name on Google's servers of pictures (`=w1200-h630-p`)."""
_SAYS_NOTHING = re.compile(
    r"\d{1,4}|\d{2,5}x-?\d{0,5}|x\d+|(?:maxres|hq|mq|sd)?default|hq720|[0-3]|mq[123]|"
    rf"(?:{_SIZE_NAMES}|image|images|img|photo|picture|pic|cover|thumbs|public|download|get|show|view|resize|raw|full|max|native|master|crop|main"
    r"|index|th|media|header|hero|featured|preview|poster|file|render|content|rendition|renditions|jcr:content|_jcr_content|square|web|standard"
    r"|wp-content|uploads?|files|assets|static|storage|sites|all|themes|data|cdn|img_?s|pics|photos|pictures|gallery|news|blog)"
)
"""Names and folders that any picture may have."""
_SETTING = re.compile(
    r"[a-z]{1,3}_[^,]+(?:,[a-z]{1,3}_[^,]+)*|[a-z]{1,12}[=:][^,]*(?:,[a-z]{1,12}[=:-][^,]*)*|tr:.*|filters:.*|s\d{2,4}(?:-[a-z0-9]+)*|w\d{2,4}(?:-h\d{2,4})?(?:-[a-z0-9]+)*"
    r"|\d+x\d+|\d+,\d*|,\d+|v\d{6,}|fit-in|smart|unsafe|insecure|plain|pct:\d+|\d+(?:_\d+){3}|(?:rs|g|q|f|ex|el|fill|fit|bg):.*|q\d{2,3}|cq5dam\..*|.*coreimg.*"
)
"""A folder that says how a picture is to be changed: Cloudinary, ImageKit, Thumbor, imgproxy, IIIF, Google, Experience Manager."""
_CHANGES = re.compile(
    r"(?:max|min)?[-_]?(?:w|h|width|height|size|sz|s|q|qlt|quality|fit|crop|auto|format|fm|dpr|resize|resizew?|scale|ssl|strip|v|ver|version"
    r"|t|ts|time|itok|sig|signature|token|hash|cb|cache|bust|rect|ar|fl|op|mode|zoom|bg|usm|blur|sharp|output|o|zc|r|x|y"
    r"|c|pid|rs|ixlib|ixid|im|imwidth|expires|key|wid|hei|dim|profile|type|l|disposition|lang|utm_\w+)",
)
"""Parameters that change a picture or how it is fetched, and do not choose it."""
_EMBEDDED = re.compile(r"aHR0c[\w-]{8,}={0,2}")
_WITHIN = re.compile(r"/(https?:/{1,2}.+)$", re.IGNORECASE)


def same_picture(one: str, other: str) -> bool:
    """Whether two addresses are those of one picture; not where one of them names none. Never raises."""
    name = picture_key(one)
    return bool(name) and name == picture_key(other)


def picture_key(url: str) -> str:
    """What two addresses of one picture have in common; empty where an address names no picture. Never raises."""
    try:
        parts = urlsplit(_innermost(url[:_LONGEST]))
        query = parse_qsl(parts.query, max_num_fields=50)
    except ValueError:
        return ""
    names = _segments(parts.path)
    return _told(names, query)


def _innermost(url: str) -> str:
    """The address of the picture itself, where a service has it in its own."""
    for _ in range(_MOST_WRAPPINGS):
        inner = next(_wrapped(url), "")
        if not inner:
            break
        url = inner
    return url


def _wrapped(url: str) -> Iterator[str]:
    parts = urlsplit(url)
    path = _unquoted(parts.path)
    within = _WITHIN.search(path)
    if within is not None:
        # What follows the address within belongs to it, unless it is written into the path.
        yield within[1] if "?" in within[1] or not parts.query else f"{within[1]}?{parts.query}"
    if not _FILE.fullmatch(path.casefold()):
        for name, value in parse_qsl(parts.query, max_num_fields=50):
            if name.casefold() in _ASKED_FOR and _is_address(value):
                yield value
    embedded = _EMBEDDED.search(path)
    if embedded is not None:
        code = embedded[0].rstrip("=")
        yield urlsafe_b64decode(code + "=" * (-len(code) % 4)).decode("utf-8", "replace")


def _is_address(text: str) -> bool:
    path = _unquoted(text).partition("?")[0]
    return "://" in text or path.startswith("/") or _FILE.fullmatch(path.casefold()) is not None


def _unquoted(text: str) -> str:
    for _ in range(_MOST_WRAPPINGS):
        before, text = text, unquote(text)
        if text == before:
            break
    return text


def _segments(path: str) -> list[str]:
    """The parts of a path up to the picture's file: what follows says how it is to be changed."""
    found = [part for part in _unquoted(path).partition("?")[0].casefold().split("/") if part]
    if "-" in found:  # Uploadcare
        found = found[: found.index("-")]
    for at, part in enumerate(found[:-1]):
        if _FILE.fullmatch(part):
            return found[: at + 1]
    return found


def _told(names: Sequence[str], query: Sequence[tuple[str, str]]) -> str:
    """The last part of a path that says something, else what a script is asked for."""
    last = names[-1] if names else ""
    if _SCRIPT.fullmatch(last) or (_SAYS_NOTHING.fullmatch(last) and query):
        chosen = [(name, value) for name, value in query if not _CHANGES.fullmatch(name.casefold())]
        if chosen:
            return f"{last}?{sorted(chosen)}"
    for part in reversed(names):
        name = _bare(part)
        is_setting = not _FILE.fullmatch(part) and _SETTING.fullmatch(part)
        if name and not is_setting and not _SAYS_NOTHING.fullmatch(name):
            return name
    return _bare(last) or last


def _bare(name: str) -> str:
    """A file's name without its type, its size and what else software appends."""
    name = _GOOGLE.sub("", re.sub(r"@(?:png|jpe?g|webp|avif)$", "", name))
    name = _TYPE.sub("", name)
    if tumblr := _TUMBLR.fullmatch(name):
        return tumblr[1]
    for _ in range(_MOST_WRAPPINGS):
        shorter = _TYPE.sub("", _AFTER_NAME.sub("", name))
        if shorter in ("", name):
            break
        name = shorter
    return _BEFORE_NAME.sub("", name, count=1) or name
