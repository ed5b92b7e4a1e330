"""Opening and closing the collection of `scrapy crawl`: Scrapy itself would exit with 0, whatever is wrong with the arguments."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any, NoReturn

from crawler.configuration import ConfigurationError
from crawler.model.exit_code import ExitCode
from crawler.model.role import Role
from crawler.reporting.console import printable
from crawler.session import Session
from crawler.state import StateError, StateLocked

STATE_FAILED = "state-failed"
"""Why a run ended whose state could not be used any more; `Session.fault` says more."""


def open_or_exit(options: Mapping[str, Any], roles: frozenset[Role]) -> Session:
    """The session that `-a` arguments name; ends the process with its exit code where there is none."""
    try:
        return Session.open({name: str(text) for name, text in options.items()}, os.environ, roles)
    except ConfigurationError as error:
        _exit(ExitCode.CONFIGURATION, error)
    except StateLocked as error:
        _exit(ExitCode.LOCKED, error)
    except StateError as error:
        _exit(ExitCode.ERROR, error)


def close_and_tell(session: Session) -> None:
    """Close the session, and tell which error of the state ended the run: Scrapy's own commands would not."""
    with session.keeping_fault():
        session.close()
    if session.fault is not None:
        _tell(session.fault)


def _tell(error: Exception) -> None:
    sys.stderr.write(f"linkhealth: {printable(str(error))}\n")


def _exit(code: ExitCode, error: Exception) -> NoReturn:
    _tell(error)
    raise SystemExit(code) from None
