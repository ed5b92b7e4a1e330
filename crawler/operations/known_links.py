"""Finding the known link of a URL that a person typed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.content import Repository
    from crawler.model.link import Link
    from crawler.session import Session


def find(session: Session, raw: str, repository: Repository | None = None) -> Link | None:
    """The link of a typed URL; None where no article holds it. `repository` spares who asks often reading the site's
    configuration each time."""
    for url in identities(session, raw, repository):
        link = session.state.link_by_url(url)
        if link is not None:
            return link
    return None


def identities(session: Session, raw: str, repository: Repository | None = None) -> Iterator[str]:
    """The URLs under which the state may hold a typed one: as it stands, normalised, as a file of
    the collection, or resolved."""
    from crawler.rules.urls import examine

    yield raw
    # The URL as it stands comes first: reading the site's own configuration takes longer.
    repository = repository or session.repository
    site = repository.address
    yield examine(raw).url
    yield repository.resolve(raw, "", is_image=True).url
    if "//" not in raw:
        yield repository.resolve_text(raw, "").url
    if site is not None:
        yield examine(raw, site).url
    if "//" not in raw:
        yield examine(f"https://{raw}").url
        yield examine(f"http://{raw}").url
