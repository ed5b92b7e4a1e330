"""One collection opened for work: its configuration, files and state, and what was asked for."""

from crawler.session.session import CRAWLED_ROLES, NoArticlesError, Session

__all__ = ["CRAWLED_ROLES", "NoArticlesError", "Session"]
