"""The registrable domain of a host: what its owner registered, below a public suffix.

By the public suffix list that comes with the library: nothing is fetched and nothing cached.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tldextract import TLDExtract


@lru_cache(maxsize=1)
def extractor() -> TLDExtract:
    """The list, read once, on first use."""
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None)


@lru_cache(maxsize=4096)
def site_of(host: str) -> str:
    """`news.bbc.co.uk` gives `bbc.co.uk`; the host itself where there is no registrable domain."""
    return extractor().extract_str(host).top_domain_under_public_suffix or host
