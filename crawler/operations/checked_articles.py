"""The articles of a state with their checks, one after the other: what takes longest of a report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from crawler.model.check import ArticleChecks
from crawler.operations.checking import CheckScope, checks_from
from crawler.state import State


class CheckedArticle(NamedTuple):
    """One article, its title as it stands in the file, and what its checks say."""

    path: str
    title: str | None
    checks: ArticleChecks


@dataclass(frozen=True, slots=True)
class ArticlesTask:
    """Which articles, for another process. `database_url` None stands for the state below `root`."""

    root: Path
    database_url: str | None
    scope: CheckScope


def checked_articles(state: State, scope: CheckScope) -> Iterator[CheckedArticle]:
    """Every article of the state, or those of the scope, by path. Raises StateError."""
    check = checks_from(state, scope)
    for article in state.known_articles(scope.asked):
        yield CheckedArticle(article.path, article.title, check(article))
