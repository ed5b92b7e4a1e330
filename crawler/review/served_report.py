"""The page: `report.html` as it is written into files, told that it is served and may ask this server."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from crawler.operations.articles_apart import ArticlesApart
from crawler.operations.report_assembly import assemble
from crawler.reporting import FORMATS, write
from crawler.session import Session

API: Final = "api"
"""Where the page asks, relative to its own address: the secret stands nowhere in it, and so in no saved copy."""
_POLICY: Final = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')


def served_report(session: Session) -> tuple[bytes, str]:
    """The page of the collection as it is now, and its content security policy. Raises StateError, OSError."""
    state = session.state
    with TemporaryDirectory(prefix="linkhealth-review-") as folder:

        def written() -> Path:
            with ArticlesApart(session) as apart:
                report = assemble(session, state.last_run(), apart=apart)
                return write(report, [FORMATS["html"]], Path(folder), review=API)[0]

        page = state.again(written).read_bytes()
    found = _POLICY.search(page)
    assert found is not None
    # What a document may not say of itself stands in the header alone.
    return page, f"{unescape(found[1].decode())}; frame-ancestors 'none'"
