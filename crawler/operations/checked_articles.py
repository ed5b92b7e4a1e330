"""The articles of a state with their checks, one after the other: what takes longest of a report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from crawler.model.check import ArticleChecks, LinkedReference
from crawler.operations.checking import CheckScope, checks_from
from crawler.rules.image.image_checks import image_checks
from crawler.state import State


class CheckedArticle(NamedTuple):
    """One article, its title as it stands in the file, what its checks say, and how many findings the images of its related
    articles have."""

    path: str
    title: str | None
    checks: ArticleChecks
    related_image_sizes: int


@dataclass(frozen=True, slots=True)
class ArticlesTask:
    """Which articles, for another process. `database_url` None stands for the state below `root`."""

    root: Path
    database_url: str | None
    scope: CheckScope


def checked_articles(
    state: State, scope: CheckScope, sizes: Mapping[str, int] | None = None
) -> Iterator[CheckedArticle]:
    """Every article of the state, or those of the scope, by path. Raises StateError.

    `sizes` are those of `related_image_sizes`, where they are known.
    """
    check = checks_from(state, scope)
    known = related_image_sizes(state, scope) if sizes is None else sizes
    for article in state.known_articles(scope.asked):
        found = known.get(article.path, 0)
        yield CheckedArticle(article.path, article.title, check(article), found)


def related_image_sizes(state: State, scope: CheckScope) -> Mapping[str, int]:
    """How many findings the images of related articles have, by the path of the article that names them. Raises StateError."""

    def findings(linked: LinkedReference) -> int:
        checks = image_checks([linked], scope.policy.images, scope.now)
        return sum(one.is_counted for one in checks)

    return state.related_image_sums(findings, scope.asked)
