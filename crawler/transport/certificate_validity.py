"""How long the certificate of a connection is valid, from the connection that is there already (rule C6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.model.host_certificate import Validity
from crawler.transport.transfer import Transfer

if TYPE_CHECKING:
    from scrapy.http import Response


def note_validity(transfer: Transfer, response: Response) -> None:
    """Note it where it is asked for, and the answer came over TLS. A certificate that cannot be read says nothing."""
    if not transfer.wants_validity or response.certificate is None:
        return
    try:
        certificate = response.certificate.original.to_cryptography()
        transfer.validity = Validity(
            certificate.not_valid_before_utc, certificate.not_valid_after_utc
        )
    except ValueError:
        # Outside bytes: what OpenSSL lets pass, this reader may refuse.
        transfer.validity = None
