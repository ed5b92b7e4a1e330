from __future__ import annotations

import doctest
import inspect
import io
import re
from importlib import import_module
from pathlib import Path
from typing import get_type_hints

import pytest

from crawler.reporting import FORMATS, ReportFormat
from crawler.reporting.findings import gathered
from crawler.reporting.formats import report_format
from crawler.reporting.formats.report_format import ReportContent, Writer
from tests.reporting.formats.test_csv_report import dead_report


@pytest.mark.parametrize("chosen", FORMATS.values(), ids=FORMATS)
def test_every_module_of_a_format_has_its_writer(chosen: ReportFormat) -> None:
    writer = import_module(f"crawler.reporting.formats.{chosen.module}").write
    assert list(inspect.signature(writer).parameters) == ["content", "stream"]
    wanted = get_type_hints(Writer.__call__)
    assert get_type_hints(writer) == wanted


def test_the_example_of_a_format_writes_a_report() -> None:
    found: dict[str, object] = vars(report_format).copy()
    (example,) = doctest.DocTestFinder(recurse=False).find(report_format, globs=found)
    assert doctest.DocTestRunner().run(example, clear_globs=False) == (0, 2)
    write = example.globs["write"]
    report = dead_report("https://a.test/", "T")
    with gathered(report) as findings:
        write(ReportContent(report, findings), stream := io.BytesIO())
    assert stream.getvalue() == b"a.md:5: http-404\n"


def test_a_format_that_says_it_needs_no_findings_gets_none() -> None:
    with pytest.raises(LookupError, match="needs none"):
        _ = ReportContent(dead_report("https://a.test/", "T")).findings


def test_the_page_of_documentation_names_every_format_and_its_file(project: Path) -> None:
    text = (project / "docs" / "reports.md").read_text("utf-8")
    top = text.split("\n## ")[0]
    others = dict(re.findall(r"^\| `([\w.]+)` \| `(\w+)` \|", top, re.MULTILINE))
    assert others == {one.file_name: one.name for one in FORMATS.values() if not one.is_default}
