"""Reports: verdicts and checks as files that a program or an editor reads (docs/reports.md).

What writes them loads when it is needed: commands ask here for names alone, at each start.
"""

from crawler.reporting.formats.extra import MissingExtraError
from crawler.reporting.formats.registry import FORMATS
from crawler.reporting.formats.report_format import ReportFormat
from crawler.reporting.writing import write

__all__ = ["FORMATS", "MissingExtraError", "ReportFormat", "write"]
