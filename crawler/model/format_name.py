"""The names of the formats of reports, by which the configuration and the command line ask for them."""

from __future__ import annotations

from enum import StrEnum


class FormatName(StrEnum):
    """One format. What it writes, and with what, is in `crawler/reporting/formats/registry.py`."""

    JSON = "json"
    CSV = "csv"
    HTML = "html"
    XLSX = "xlsx"
    MD = "md"
    COMMENT = "comment"
    SARIF = "sarif"
    JUNIT = "junit"
    ATOM = "atom"
    GITHUB = "github"
    PROM = "prom"
    EMAIL = "email"
    SLACK = "slack"
    TEAMS = "teams"


DEFAULT_FORMATS = (FormatName.JSON, FormatName.CSV, FormatName.HTML)
"""Those that are written where nobody asks for others."""
