"""The formats of a report, by the names that `--format` takes, in the order in which help and errors list them."""

from __future__ import annotations

from collections.abc import Mapping

from crawler.reporting.formats.extra import WORKBOOK_WRITER
from crawler.reporting.formats.report_format import ReportFormat

FORMATS: Mapping[str, ReportFormat] = {
    one.name: one
    for one in (
        ReportFormat("json", "json_report", needs_findings=False),
        ReportFormat("csv", "csv_report", lists_findings=True),
        ReportFormat("html", "html_report", needs_page=True, shows_thumbnails=True),
        ReportFormat("xlsx", "xlsx_report", extra=WORKBOOK_WRITER, lists_findings=True),
        ReportFormat("md", "markdown_report"),
        ReportFormat("comment", "comment_report", extension="comment.md"),
        ReportFormat("sarif", "sarif_report"),
        ReportFormat("junit", "junit_report", extension="junit.xml"),
        ReportFormat("atom", "atom_report"),
        ReportFormat("github", "github_report", extension="github.txt"),
        ReportFormat("prom", "prom_report"),
        ReportFormat("email", "email_report", extension="email.html"),
        ReportFormat("slack", "slack_report", extension="slack.json"),
        ReportFormat("teams", "teams_report", extension="teams.json"),
    )
}
