"""One collection opened for work: its configuration, files and state, and what was asked for."""

from crawler.session.session import NoArticlesError, Session

__all__ = ["NoArticlesError", "Session"]
