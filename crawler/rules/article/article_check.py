"""A check of an article: the function to add so that one more thing is found about an article's own fields.

A check takes its input (`CheckInput`) and the checks so far, and returns the checks with its own findings.
`CHECKS` (`article_checks.py`) holds the order: a later check builds on what earlier ones found.
The shortest one, which asks for a title:

>>> def titled(given: CheckInput, checks: ArticleChecks) -> ArticleChecks:
...     if given.article.title:
...         return checks
...     finding = FieldFinding("title", 0, "title-missing", Level.INFO, url="")
...     return replace(checks, identity=(*checks.identity, finding))

>>> from dataclasses import replace
>>> from datetime import UTC
>>> from crawler.model.check import FieldFinding, Level
>>> untitled = KnownArticle("a.md", title=None, excerpt=None, published=None, block=None, own=())
>>> run_checks([titled], CheckInput(untitled, Policy(), datetime.now(UTC))).identity[0].reason
'title-missing'

A new `reason` needs its words in `crawler/reporting/words/article_words.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce

from crawler.model.check import ArticleChecks, KnownArticle
from crawler.model.link import Link
from crawler.rules.article.identity import NOTHING_SHARED, SharedPages
from crawler.rules.image.image_uses import NO_SHARED_IMAGES, SharedImages
from crawler.rules.policy import Policy


def nothing_known(_url: str) -> None:
    """No other address was visited."""


def site_unknown(host: str) -> str:
    """Without a list of public suffixes each host is a site of its own."""
    return host


@dataclass(frozen=True, slots=True)
class CheckInput:
    """The input of a check: the article as the state knows it, policy and clock.

    `shared` says which other articles are of the same page, `shared_images` which images are on many articles;
    `known` gives the link of an address that no article holds, None where it was not visited. What happened once is told
    of visits in runs after `news_since`, not at all where that is None.
    `site_of` gives the registrable domain of a host, the host itself where there is none.
    """

    article: KnownArticle
    policy: Policy
    now: datetime
    shared: SharedPages = NOTHING_SHARED
    shared_images: SharedImages = NO_SHARED_IMAGES
    known: Callable[[str], Link | None] = nothing_known
    news_since: int | None = None
    site_of: Callable[[str], str] = site_unknown


ArticleCheck = Callable[[CheckInput, ArticleChecks], ArticleChecks]
"""From the checks so far to the checks with the findings of one more. It is pure, and its result is not stored."""


def run_checks(checks: Iterable[ArticleCheck], given: CheckInput) -> ArticleChecks:
    """The findings of all `checks`, each of which builds on those before it."""
    return reduce(lambda found, check: check(given, found), checks, ArticleChecks())
