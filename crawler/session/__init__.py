"""One collection opened for work: its configuration, files and state, and what was asked for."""

from crawler.session.session import ArticlesGoneError, NoArticlesError, Session

__all__ = ["ArticlesGoneError", "NoArticlesError", "Session"]
