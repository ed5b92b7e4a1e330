"""What was typed in the place of an address and is none (rule U9): why, and the address that was meant.

Browsers read `www.site.example/x` in a page as a path below it, and so does `crawler.rules.urls`. In an article file it is
a slip. Only what cannot have been meant as it stands is called one; an address that browsers open stays one, whatever it looks
like. A mended address is given only where there is but one way to read it.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from urllib.parse import unquote

from crawler.rules.host_names import is_bare_host, is_host
from crawler.rules.invisible_characters import without_invisible_ends
from crawler.rules.placeholders import is_only_marks, is_placeholder, may_be_a_name
from crawler.rules.urls import LONGEST_URL, InvalidReason, examine

_WEB = re.compile(r"https?:", re.IGNORECASE)
_ODD = re.compile(r"[\s<>\"”]|https?[:/]", re.IGNORECASE)
"""What an ordinary address does not have behind its scheme."""
_UNCLEAN = re.compile(r"[\s<>\"“”]")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_OTHER_SCHEMES = frozenset({
    "about", "blob", "data", "file", "ftp", "ftps", "geo", "hxxp", "hxxps", "javascript", "mailto", "sftp", "sms",
    "tel", "tftp", "urn", "vbscript",
})  # fmt: skip
"""Schemes that are meant, though nobody visits them; `hxxp` is written so that nobody does."""
_ENCODED_SCHEME = re.compile(r"https?%3a(?:%2f){2}", re.IGNORECASE)
_TYPED_SCHEME = re.compile(
    r"(?P<name>[A-Za-z]{2,14}|)(?P<gap>[\s:;.,：；／/\\]{1,8})(?P<rest>[^\s:;.,：；／/\\].*)",
    re.DOTALL,
)
_GAP_OF_A_SCHEME = re.compile(r"[:;：；]|[/\\／]{2}")
_RIGHT_GAP = re.compile(r":[/\\]*[.,;]*")
_DOUBLED = re.compile(
    r"(?:https?(?::[/\\]*|[/\\]{2}))+(?=https?(?::[/\\]|[/\\]{2}))", re.IGNORECASE
)

_URL = re.compile(
    r"(?:https?://|(?<![\w./@-])www\.(?=[^\s.]+\.))(?:\[[0-9a-fA-F:.]+\])?[^\s<>\"`“”„«»‹›「」\[\]{}|\\^]*",
    re.IGNORECASE,
)
_APART = re.compile(r"[\s(\[{<>\"'“„«,;|](?:https?://|www\.\w)", re.IGNORECASE)
_TEXT_FIELD = re.compile(
    r"[?&](?:text|body|message|msg|status|quote|title|summary|description|subject|q|query|s|u|url|link)=[^&#]*\Z",
    re.IGNORECASE,
)
_FOLLOWS = re.compile(
    r"[(\[<\"'“„«]*(?:https?://|www\.\w)|\W+\Z|(?:and|und|et|y|e|en|or|oder)\Z", re.IGNORECASE
)
_GLUED = re.compile(r"(?<=[,;|)\w])(?=https?://)", re.IGNORECASE)
"""An address stuck to the path of another, as in `/xhttps://`. One behind a slash or in a query is a part of it: archives
and redirectors write theirs so."""
_GLUED_HOST = re.compile(r"(?<=[,;|])(?=www\.\w)|" + _GLUED.pattern, re.IGNORECASE)
_LABELLED = re.compile(r"[^/?#.\s]{1,40}[:=<>]+(?=https?://)", re.IGNORECASE)
_FINAL_PUNCTUATION = "?!.,:;*_~'’‘…"
_PAIRS = {
    "<": ">", "[": "]", "(": ")", "{": "}", '"': '"', "'": "'", "`": "`", "*": "*", "_": "_", "~": "~",
    "“": "”", "„": "“”", "‘": "’", "‚": "‘’", "«": "»", "»": "«", "‹": "›", "›": "‹", "「": "」", "『": "』",
    "（": "）", "【": "】", "＜": "＞", "”": "”", "’": "’",
}  # fmt: skip
_MARK_UP = re.compile(
    r"!?\[[^\]]*\]\(.*\)\Z|\[[^\]]+\]:\s|</?[a-z][a-z0-9]*[\s/>]|\[/?(?:url|img|link)[\]=]|\[\[",
    re.IGNORECASE | re.DOTALL,
)
"""A link of Markdown, HTML, BBCode or a wiki, from its first character on."""
_MARK_UP_BEHIND = re.compile(r"[\"'”]\s*/?>|</[a-zA-Z]|<br\b|\[/(?:url|img)\]", re.IGNORECASE)
"""What is left of mark-up behind an address."""
_LONGEST_MARGIN = 100
_TWICE = re.compile(r"([^\s\]]+)\]\(\1\)?")
"""The end of a Markdown link whose text is its address."""
_TEMPLATE = re.compile(r"\{[{%]")
_OTHER_TEMPLATE = re.compile(r"<%|\$\{")
"""Tags that no generator of these files fills in; Liquid's may be, by a theme."""
_PATH = re.compile(r"[./\\?#]")
_PATH_ENDS = re.compile(r"[?#]")
_NAME_OF_A_FILE = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}(?:[?#].*)?\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Slip:
    """A text that is no address. `mended` is the address that was meant, None where that is not plain.

    `may_be_path` says that a page of the site could be called so.
    """

    reason: InvalidReason
    mended: str | None = None
    may_be_path: bool = False


def slip_of(raw: str) -> Slip | None:
    """What is wrong with a text in the place of an address; None where it is to be read as it stands.

    Any text is accepted and nothing is raised.
    """
    text = without_invisible_ends(raw)
    if not text or len(text) > LONGEST_URL:
        return None
    web = _WEB.match(text)
    if web is not None:
        return _of_web_address(text) if _ODD.search(text, web.end()) else _of_scheme(text)
    if _OTHER_TEMPLATE.search(text):
        return Slip(InvalidReason.PLACEHOLDER)
    if _TEMPLATE.search(text):
        return Slip(InvalidReason.PLACEHOLDER) if is_placeholder(text) else None
    if _PATH.match(text):
        return Slip(InvalidReason.PLACEHOLDER) if is_only_marks(text) else None
    named = _SCHEME.match(text)
    if named is not None and named[1].lower() in _OTHER_SCHEMES:
        return None
    return _of_scheme(text) or _of_mark_up(text) or _of_words(text, named) or _of_host(text)


def is_data_url(raw: str) -> bool:
    """Whether a text is a `data:` URL (RFC 2397): it holds what it names, and is no link (rule U10)."""
    if raw.startswith("http"):
        return False
    return without_invisible_ends(raw[:_LONGEST_MARGIN])[:5].lower() == "data:"


def _of_web_address(text: str) -> Slip | None:
    """The slip in a text that begins with `http:` or `https:` and goes on oddly."""
    doubled = _DOUBLED.match(text)
    if doubled is not None:
        inner = text[doubled.end() :]
        slip = _of_scheme(inner)
        mended = slip.mended if slip else _plain(inner)
        return Slip(InvalidReason.UNKNOWN_SCHEME, mended) if mended else None
    slip = _of_scheme(text)
    if slip is not None:
        return slip
    mended = _without_rest_of_mark_up(text)
    if mended is not None:
        return Slip(InvalidReason.MARK_UP, mended)
    if _is_more_than_one(text):
        found = _addresses(_GLUED.sub(" ", text))
        if len(found) > 1:
            return Slip(InvalidReason.SEVERAL_URLS)
        is_twice = bool(found) and text.startswith(found[0])
        reason = InvalidReason.SEVERAL_URLS if is_twice else InvalidReason.NOT_AN_ADDRESS
        return Slip(reason, found[0] if is_twice else None)
    return None


def _is_more_than_one(text: str) -> bool:
    """Whether another address follows the first. In a query there may be texts with addresses of their own, as in those by
    which pages are shared."""
    path = _PATH_ENDS.split(text, maxsplit=1)[0]
    if _GLUED.search(path):
        return True
    first, *more = text.split()
    if len(first) < len(path):
        return _APART.search(text, len(first)) is not None
    return bool(more) and _TEXT_FIELD.search(first) is None and all(map(_FOLLOWS.match, more))


def _without_rest_of_mark_up(text: str) -> str | None:
    """The address before the end of a tag or a closing quote; None where nothing of the kind follows one."""
    twice = _TWICE.fullmatch(text)
    if twice is not None:
        return _plain(twice[1])
    behind = _MARK_UP_BEHIND.search(text)
    if behind is not None:
        return _plain(text[: behind.start()])
    for closing, opening in ((">", "<"), ('"', '"'), ("”", "“„")):
        inside = text[:-1]
        if text.endswith(closing) and not sum(map(inside.count, opening)) % 2:
            return _plain(inside)
    return None


def _of_scheme(text: str) -> Slip | None:
    """A mistyped `https://`."""
    if _ENCODED_SCHEME.match(text):
        return Slip(InvalidReason.UNKNOWN_SCHEME, _plain(unquote(text)))
    typed = _TYPED_SCHEME.fullmatch(text)
    if typed is None or _GAP_OF_A_SCHEME.search(typed["gap"]) is None:
        return None
    name, gap, rest = typed["name"].lower(), typed["gap"], typed["rest"]
    scheme = _meant_scheme(name) if name else ("https" if gap.startswith(":/") else None)
    if scheme is None or (scheme == name and _RIGHT_GAP.fullmatch(gap)):
        return None
    mended = _plain(f"{scheme}://{rest}")
    return Slip(InvalidReason.UNKNOWN_SCHEME, mended) if mended else None


def _meant_scheme(name: str) -> str | None:
    """`http` or `https`, where that is one slip away from the name: a letter too many, too few, wrong or exchanged."""
    doubled = re.fullmatch(r"(?:https?)+?(https?)", name)
    if doubled is not None:
        return doubled[1]
    return next((one for one in ("https", "http") if name == one), None) or next(
        (one for one in ("https", "http") if _is_one_slip_away(name, one)), None
    )


def _is_one_slip_away(typed: str, meant: str) -> bool:
    shorter, longer = sorted((typed, meant), key=len)
    if len(longer) - len(shorter) > 1:
        return False
    start = 0
    while start < len(shorter) and shorter[start] == longer[start]:
        start += 1
    if len(shorter) < len(longer):
        return shorter[start:] == longer[start + 1 :]
    exchanged = typed[start : start + 2][::-1] == meant[start : start + 2]
    return typed[start + 1 :] == meant[start + 1 :] or (
        exchanged and typed[start + 2 :] == meant[start + 2 :]
    )


def _of_mark_up(text: str) -> Slip | None:
    """Mark-up, brackets or quotes around an address."""
    is_mark_up = _MARK_UP.match(text) is not None
    bare = html.unescape(text) if is_mark_up and text.startswith("<") else _unwrapped(text)
    if not is_mark_up and bare == text and text[0] not in _PAIRS:
        return None
    found = _addresses(bare)
    if len(found) == 1:
        return Slip(InvalidReason.MARK_UP, found[0])
    if found:
        return Slip(InvalidReason.SEVERAL_URLS)
    if bare != text and (slip := _of_scheme(bare) or _of_host(bare)):
        return Slip(InvalidReason.MARK_UP, slip.mended)
    return Slip(InvalidReason.MARK_UP) if is_mark_up and not is_placeholder(text) else None


def _of_words(text: str, named: re.Match[str] | None) -> Slip | None:
    """A placeholder, or a text in which addresses may stand."""
    if is_placeholder(text):
        return Slip(InvalidReason.PLACEHOLDER, may_be_path=may_be_a_name(text))
    if not re.search(r"\s", text):
        found = _addresses(_GLUED_HOST.sub(" ", text))
        if len(found) == 1 and _LABELLED.match(text):
            return Slip(InvalidReason.NOT_AN_ADDRESS, found[0])
        return Slip(InvalidReason.SEVERAL_URLS) if len(found) > 1 else None
    if named is not None and not text[named.end()].isspace():
        return None
    found = _addresses(text)
    if len(found) > 1:
        return Slip(InvalidReason.SEVERAL_URLS)
    if found:
        return Slip(InvalidReason.NOT_AN_ADDRESS, found[0])
    if _NAME_OF_A_FILE.search(text):
        return None
    first = text.partition("/")[0]
    is_in_a_folder = first != text and not re.search(r"\s", first)
    return Slip(InvalidReason.NOT_AN_ADDRESS, may_be_path=is_in_a_folder)


def _of_host(text: str) -> Slip | None:
    """An address without `https://`."""
    if not is_bare_host(re.split(r"[/?#]", text, maxsplit=1)[0], has_path="/" in text):
        return None
    mended = _plain(f"https://{text}")
    return Slip(InvalidReason.NO_SCHEME, mended) if mended else None


def _unwrapped(text: str) -> str:
    """The text without the pairs of brackets, quotes and marks around it."""
    while len(text) > 1 and text[-1] in _PAIRS.get(text[0], ""):
        text = without_invisible_ends(text[1:-1])
    return text


def _addresses(text: str) -> list[str]:
    """The plain addresses in a text, each once."""
    found: dict[str, None] = {}
    for match in _URL.finditer(text):
        url = _trimmed(match[0])
        plain = _plain(url if _WEB.match(url) else f"https://{url}")
        if plain is not None:
            found[plain] = None
    return list(found)


def _trimmed(url: str) -> str:
    """The address without the punctuation of its sentence, and without a bracket that is opened before it."""
    while url[-1] in _FINAL_PUNCTUATION or (url[-1] == ")" and url.count(")") > url.count("(")):
        url = url[:-1]
    return url


def _plain(url: str) -> str | None:
    """The address itself, if it can be visited and nothing about it is odd; else None."""
    found = examine(url)
    if found.invalid is not None or _UNCLEAN.search(url) or not is_host(found.host):
        return None
    return url
