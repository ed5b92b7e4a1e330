"""Whether an answer that looks well is another owner's page, by what the state knows of the link (rules V18, V19)."""

from __future__ import annotations

from dataclasses import replace

from crawler.extractors.html.document import Document, UnreadPage, parsed
from crawler.extractors.signs.page_owner import calls_itself, found_page, known_page, says_spam
from crawler.model.link import DueLink
from crawler.model.observation import Observation, PageFacts, SoftSign
from crawler.rules.verdict.identity_break import bears_known_title, identity_break
from crawler.rules.verdict.page_state import is_good
from crawler.state import State

MOST_TEXTS = 50
"""Stored texts of one link that are compared: a popular page is related to hundreds of articles."""


class OwnerCheck:
    """The comparison of answers with what is known of their links."""

    def __init__(self, state: State) -> None:
        self._state = state

    def checked(
        self, due: DueLink, seen: Observation, document: Document | UnreadPage | None
    ) -> Observation:
        """The observation, or one without the page's facts where the page is another owner's.

        `document` is the parsed page, at which the visit ended. Most pages cost no query: the state is asked only where
        the page says what spam says, or does not call its site by the host.
        """
        page = seen.page
        if due.wants_image or page is None or document is None:
            return seen
        if not is_good(seen):
            return seen
        why = self._evidence(due, page, document)
        if why is None:
            return seen
        return replace(seen, page=None, sign=SoftSign.HIJACKED, failure_detail=why)

    def _evidence(
        self, due: DueLink, page: PageFacts, document: Document | UnreadPage
    ) -> str | None:
        is_spam = says_spam(page)
        if not is_spam and calls_itself(page, due.url):
            return None
        link = self._state.link(due.id)
        before = link.page if link is not None else None
        if not is_spam and (before is None or before.site_name == page.site_name):
            return None
        texts = self._state.stored_texts(due.id, MOST_TEXTS)
        known = known_page(
            due.url,
            [text.title for text in texts if text.title],
            [text.excerpt for text in texts if text.excerpt],
            [text.published.date().isoformat() for text in texts if text.published],
            before,
        )
        if bears_known_title(known, page, due.url):
            return None
        language = known.seen.lang if known.seen else None
        read = parsed(document)
        return identity_break(known, found_page(read, page, due.url, language)) if read else None
