"""Waiting rooms: a page that lets its readers in one after another (rule V4)."""

from __future__ import annotations

import re

from crawler.extractors.html.document import Document
from crawler.extractors.signs.gate_words import Subject
from crawler.extractors.signs.gates import tells_of
from crawler.extractors.signs.page_shape import Shape
from crawler.extractors.signs.reloading import reloads_itself

_MOST_OF_QUEUE = 500
"""Visible characters under which a page that reloads itself may be a waiting room; a live ticker has more."""

_MOST_WITHOUT_HEADING = 200
"""The same of a page in whatever language that has neither a heading nor a picture, table, list or frame."""

_CONTENT = (
    "img",
    "table",
    "ul",
    "ol",
    "dl",
    "iframe",
    "video",
    "canvas",
    "svg",
    "object",
    "article",
)

_HOSTS = re.compile(
    r"(?:[\w-]{1,63}\.)+queue-it\.net|wait\.crowdhandler\.com|(?:[\w-]{1,63}\.)*queue-fair\.net"
)
"""Hosts on which nothing but queues are."""

_MARKERS = {
    "__cfwaitingroom": "Cloudflare Waiting Room",
    "cf-waitingroom": "Cloudflare Waiting Room",
    "cfWaitingRoom": "Cloudflare Waiting Room",
    "queueViewModel": "Queue-it",
    "inqueue.queue-it.net": "Queue-it",
    "priorityprotect": "DataDome waiting room",
}
_TITLE = "waiting room powered by cloudflare"
_SUBJECTS = (Subject.WAIT, Subject.ROBOT, Subject.MAINTENANCE)


def evidence(document: Document, shape: Shape) -> str | None:
    """Why a page is a waiting room, None where it is none; asked only of short pages, no articles.

    By the vendors' own hosts, title and scripts; or a page that loads itself again, has little to read and says that it
    is a queue, a check or under repair, or has no heading at all.
    """
    if _HOSTS.fullmatch(document.host) and not document.host.startswith("www."):
        return f"queue: {document.host}"
    if document.title.casefold().strip() == _TITLE:
        return f"title: {document.title[:80]}"
    if len(shape.text) >= _MOST_OF_QUEUE:
        return None
    for marker, name in _MARKERS.items():
        if marker in shape.machinery:
            return name
    if not reloads_itself(document, shape):
        return None
    headings = document.headings or document.subheadings()
    is_bare = (
        len(shape.text) < _MOST_WITHOUT_HEADING and not headings and not _has_content(document)
    )
    if is_bare or any(
        tells_of(text, _SUBJECTS) for text in (document.title, *headings, shape.text)
    ):
        return "reloads itself"
    return None


def _has_content(document: Document) -> bool:
    return document.root is not None and next(document.root.iter(*_CONTENT), None) is not None
