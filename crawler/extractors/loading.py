"""What reading a page imports or opens when it is first needed, loaded at once.

In the middle of a crawl an import may find no descriptor left, and then every page fails at it.
"""

from __future__ import annotations

import codecs
from contextlib import suppress

from crawler.extractors.code_version import code_version
from crawler.extractors.html.document import read_document
from crawler.extractors.page import extract_document
from crawler.extractors.registered_domain import site_of

_ENCODINGS = (
    *(
        "utf-8",
        "utf-16-le",
        "utf-16-be",
        "big5hkscs",
        "cp932",
        "cp949",
        "euc_jp",
        "euc_kr",
        "gb18030",
    ),
    *("iso2022_jp", "koi8_r", "koi8_u", "mac_roman", "mac_cyrillic", "shift_jis", "cp866", "cp874"),
    *(f"cp125{number}" for number in range(9)),
    *(f"iso8859_{number}" for number in (*range(1, 12), *range(13, 17))),
)
"""The encodings that browsers know (Encoding standard, 4.2), by Python's names: each is a module."""

_PAGE = b"""<!doctype html><html lang="en"><head><title>A page</title><meta property="og:title" content="A page">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "A page"}</script></head>
<body itemscope itemtype="http://schema.org/Article"><h1>A page</h1><p>Published on 3 March 2024 by us.</p></body></html>"""


def load_all() -> None:
    """Read one small page with all that the extractors look for; takes a third of a second."""
    for name in _ENCODINGS:
        with suppress(LookupError):
            codecs.lookup(name)
    url = "https://www.example.com/2024/03/page"
    extract_document(read_document(_PAGE, url=url, content_type="text/html"), url)
    site_of("www.example.com")
    code_version()
