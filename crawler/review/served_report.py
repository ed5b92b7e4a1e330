"""The page: `report.html` as it is written into files, told that it is served and may ask this server."""

from __future__ import annotations

import re
from html import escape, unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from crawler.operations.report_assembly import assemble
from crawler.reporting import FORMATS, write
from crawler.session import Session

API: Final = "api"
"""Where the page asks, relative to its own address: the secret stands nowhere in it, and so in no saved copy."""
MARK: Final = f'<meta name="linkhealth-review" content="{API}">'.encode()
_POLICY: Final = re.compile(rb'(<meta http-equiv="Content-Security-Policy" content=")([^"]*)(">)')
_FORMAT: Final = FORMATS["html"]


def served_report(session: Session) -> tuple[bytes, str]:
    """The page of the collection as it is now, and its content security policy. Raises StateError, OSError."""
    state = session.state
    with TemporaryDirectory(prefix="linkhealth-review-") as folder:
        path = state.again(
            lambda: write(assemble(session, state.last_run()), [_FORMAT], Path(folder))[0]
        )
        page = path.read_bytes()
    return told(page)


def told(page: bytes) -> tuple[bytes, str]:
    """A report with the mark of a served one, and the policy under which it may ask its own server and nobody else."""
    found = _POLICY.search(page)
    if found is None:
        raise ValueError("the report names no content security policy")
    directives = dict(
        one.strip().partition(" ")[::2]
        for one in unescape(found[2].decode()).split(";")
        if one.strip()
    )
    policy = directives | {"connect-src": "'self'"}
    text = "; ".join(f"{name} {value}".rstrip() for name, value in policy.items())
    meta = found[1] + escape(text, quote=False).encode() + found[3] + MARK
    # What a document may not say of itself goes into the header alone.
    return page[: found.start()] + meta + page[found.end() :], f"{text}; frame-ancestors 'none'"
