"""A private certificate authority that makes a certificate for any host when it is asked for."""

from __future__ import annotations

import ssl
import warnings
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import (
    AuthorityInformationAccessOID,
    ExtendedKeyUsageOID,
    NameOID,
)

from tests.web.rules import Certificate

_DAY = timedelta(days=1)
_UNNAMED = ("localhost", "127.0.0.1", "::1")
"""Names in the certificate for a client that names no host, because it connects to an address."""
_NOBODY = "someone-else.invalid"
_WHERE_ITS_ISSUER_IS = x509.AuthorityInformationAccess(
    [
        x509.AccessDescription(
            AuthorityInformationAccessOID.CA_ISSUERS,
            x509.UniformResourceIdentifier("http://authority.invalid/in-between.cer"),
        )
    ]
)

_Key = ec.EllipticCurvePrivateKey


class Authority:
    """Certificates in `folder`: `authority.pem` to be trusted, one file per host made on demand.

    All leaves share one key: a test web has nothing to hide and keys cost time.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._leaf_key = ec.generate_private_key(ec.SECP256R1())
        self._leaf_key_pem = self._leaf_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        self._name = _name("Authority of a test web")
        self._certificate = self._issue_authority(self._name, self._key, self._name, self._key)
        self._contexts: dict[tuple[str, Certificate], ssl.SSLContext] = {}
        self.path = folder / "authority.pem"
        self.path.write_bytes(_pem(self._certificate))

    def context(self, host: str | None, kind: Certificate = Certificate.VALID) -> ssl.SSLContext:
        """The server context for a host of the handshake, None for a client that named none."""
        key = (host or "", kind)
        if key not in self._contexts:
            path = self._folder / f"leaf-{len(self._contexts)}.pem"
            path.write_bytes(self._leaf_key_pem + self._chain(host, kind))
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(path)
            if kind is Certificate.TOO_OLD:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", DeprecationWarning)
                    context.minimum_version = ssl.TLSVersion.TLSv1
                    context.maximum_version = ssl.TLSVersion.TLSv1_1
                context.set_ciphers("DEFAULT@SECLEVEL=0")
            self._contexts[key] = context
        return self._contexts[key]

    def _chain(self, host: str | None, kind: Certificate) -> bytes:
        """The certificates that a host of this kind sends."""
        names: tuple[str, ...] = (host,) if host else _UNNAMED
        match kind:
            case Certificate.SELF_SIGNED:
                own = _name(names[0][:64])
                return _pem(self._issue_leaf(names, own, self._leaf_key, subject=own))
            case Certificate.UNTRUSTED | Certificate.UNKNOWN_ISSUER:
                key = ec.generate_private_key(ec.SECP256R1())
                name = _name("An authority that nobody knows")
                leaf = _pem(self._issue_leaf(names, name, key))
                if kind is Certificate.UNKNOWN_ISSUER:
                    return leaf
                return leaf + _pem(self._issue_authority(name, key, name, key))
            case Certificate.INCOMPLETE:
                key = ec.generate_private_key(ec.SECP256R1())
                return _pem(self._issue_leaf(names, _name("In between"), key, published=True))
            case Certificate.WRONG_HOST | Certificate.EXPIRED_WRONG_HOST:
                names = (_NOBODY,)
            case Certificate.NAMELESS:
                names = ()
            case _:
                pass
        start = datetime.now(UTC) - _DAY
        if kind in (Certificate.EXPIRED, Certificate.EXPIRED_WRONG_HOST):
            start -= 400 * _DAY
        elif kind is Certificate.NOT_YET_VALID:
            start += 30 * _DAY
        return _pem(self._issue_leaf(names, self._name, self._key, start=start))

    def _issue_leaf(
        self,
        names: tuple[str, ...],
        issuer: x509.Name,
        key: _Key,
        *,
        subject: x509.Name | None = None,
        start: datetime | None = None,
        published: bool = False,
    ) -> x509.Certificate:
        """A host's certificate; with `published` it says where its issuer's certificate is, as public authorities do."""
        start = start or datetime.now(UTC) - _DAY
        builder = (
            _builder(subject or _name("A host of a test web"), issuer, self._leaf_key, start)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
            .add_extension(_issuer_key(key), critical=False)
        )
        if names:
            alternatives = x509.SubjectAlternativeName([_alternative(name) for name in names])
            builder = builder.add_extension(alternatives, critical=False)
        if published:
            builder = builder.add_extension(_WHERE_ITS_ISSUER_IS, critical=False)
        return builder.sign(key, hashes.SHA256())

    def _issue_authority(
        self, subject: x509.Name, key: _Key, issuer: x509.Name, issuer_key: _Key
    ) -> x509.Certificate:
        usage = x509.KeyUsage(
            digital_signature=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        identity = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        return (
            _builder(subject, issuer, key, datetime.now(UTC) - _DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(identity, critical=False)
            .sign(issuer_key, hashes.SHA256())
        )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: _Key, start: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + 90 * _DAY)
    )


def _issuer_key(key: _Key) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
