"""The formats of a report, by the names that `--format` takes, in the order in which help and errors list them."""

from __future__ import annotations

from collections.abc import Mapping

from crawler.reporting.formats.extra import WORKBOOKS
from crawler.reporting.formats.report_format import ReportFormat

FORMATS: Mapping[str, ReportFormat] = {
    one.name: one
    for one in (
        ReportFormat("json", "json_report", is_default=True, needs_findings=False),
        ReportFormat("csv", "csv_report", is_default=True),
        ReportFormat(
            "html", "html_report", is_default=True, needs_page=True, shows_thumbnails=True
        ),
        ReportFormat("xlsx", "xlsx_report", extra=WORKBOOKS),
    )
}
