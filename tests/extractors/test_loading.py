"""Nothing that reading a page needs is imported or opened in the middle of a crawl."""

from __future__ import annotations

import sys

import pytest

from tests.time_limits import HANG
from tests.web.process import PROJECT
from tests.web.running import clean_environment, run

READING = """
import os, resource
from crawler.extractors.html.document import read_document
from crawler.extractors.loading import load_all
from crawler.extractors.page import extract_document
from crawler.extractors.registered_domain import site_of

load_all()
highest = max(map(int, os.listdir("/dev/fd")))
resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
try:
    open("/dev/null")
except OSError:
    pass
else:
    raise SystemExit("descriptors are left")
for kind in ("utf-8", "windows-1251", "gb18030", "shift_jis", "euc-kr", "iso-8859-2"):
    page = b"<html><title>A title</title><h1>A title</h1><p>We wrote this on May 5, 2021."
    document = read_document(page, url="https://www.a.co.uk/b", content_type=f"text/html; charset={kind}")
    extract_document(document, "https://www.a.co.uk/b")
assert site_of("www.a.co.uk") == "a.co.uk"
"""


@pytest.mark.process
def test_pages_are_read_without_a_descriptor_left() -> None:
    ended = run(
        [sys.executable, "-c", READING],
        env={**clean_environment(), "PYTHONPATH": str(PROJECT)},
        timeout=HANG,
    )
    assert ended.code == 0, ended.stderr
