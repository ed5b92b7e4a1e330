"""Rule I11: until when a signed address holds."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.rules.image.signed_urls import Signer, expiry

END = datetime(2026, 12, 1, tzinfo=UTC)
SECONDS = int(END.timestamp())
HEX = f"{SECONDS:X}"


def policy(document: object, text: bytes | None = None) -> str:
    packed = base64.b64encode(json.dumps(document).encode() if text is None else text).decode()
    return packed.translate(str.maketrans("+=/", "-_~"))


def until(moment: object) -> object:
    return {"Statement": [{"Condition": {"DateLessThan": {"AWS:EpochTime": moment}}}]}


@pytest.mark.parametrize(
    ("url", "signer"),
    [
        (f"https://scontent.fbcdn.net/v/a.jpg?_nc_cat=1&oh=x&oe={HEX}", Signer.FACEBOOK),
        (f"https://scontent-a.cdninstagram.com/a.jpg?oh=x&amp;oe={HEX.lower()}", Signer.FACEBOOK),
        (f"https://media.licdn.com/dms/image/a/0?e={SECONDS}&v=beta&t=abc", Signer.LINKEDIN),
        (f"https://media-exp1.licdn.com/dms/image/a?e={SECONDS}&t=abc", Signer.LINKEDIN),
        (f"https://cdn.discordapp.com/attachments/1/2/a.png?ex={HEX}&is=1&hm=2", Signer.DISCORD),
        (
            "https://b.s3.amazonaws.com/a.jpg?X-Amz-Date=20261130T000000Z&X-Amz-Expires=86400",
            Signer.AMAZON_S3,
        ),
        (
            f"https://b.s3.test/a.jpg?AWSAccessKeyId=K&Expires={SECONDS}&Signature=s",
            Signer.AMAZON_S3,
        ),
        (
            "https://storage.googleapis.com/b/a?X-Goog-Date=20261130T230000Z&X-Goog-Expires=3600",
            Signer.GOOGLE_CLOUD,
        ),
        (f"https://s.test/a?GoogleAccessId=me&Expires={SECONDS}", Signer.GOOGLE_CLOUD),
        (f"https://d1.cloudfront.net/a.jpg?Expires={SECONDS}&Key-Pair-Id=K", Signer.CLOUDFRONT),
        (
            f"https://d1.test/a.jpg?Policy={policy(until(SECONDS))}&Signature=s&Key-Pair-Id=K",
            Signer.CLOUDFRONT,
        ),
        ("https://x.blob.core.windows.net/c/a?se=2026-12-01T00:00:00Z&sig=s", Signer.AZURE),
        ("https://x.blob.core.windows.net/c/a?se=2026-12-01T00%3A00Z&sig=s", Signer.AZURE),
        ("https://x.blob.core.windows.net/c/a?se=2026-12-01&sig=s", Signer.AZURE),
        (f"https://a.test/a.jpg?hdnts=st=1~exp={SECONDS}~acl=/*~hmac=00", Signer.AKAMAI),
        (f"https://a.test/a.jpg?hdnea=exp={SECONDS}~acl=/*~hmac=00", Signer.AKAMAI),
        (f"https://a.test/a.jpg?__token__=exp={SECONDS}~hmac=00", Signer.AKAMAI),
        (f"https://a.test/a.jpg?token=exp%3D{SECONDS}~acl%3D%2F*~hmac%3D00", Signer.AKAMAI),
        (f"https://a.test/a.jpg?exp={SECONDS}~acl=/*~hmac=00", Signer.AKAMAI),
        (f"https://a.test/exp={SECONDS}~acl=%2F1~hmac=00/1/a.jpg", Signer.AKAMAI),
        (f"https://a.test/a.jpg?expires={SECONDS}", Signer.UNKNOWN),
        (f"https://a.test/a.jpg?w=1&exp={SECONDS}000", Signer.UNKNOWN),
        ("https://a.test/a.jpg?expiry=2026-12-01T01:00:00%2B01:00", Signer.UNKNOWN),
        ("https://a.test/a.jpg?expires=20261201T000000Z", Signer.UNKNOWN),
        (f"https://a.test/a.jpg?expires=never&exp={SECONDS}", Signer.UNKNOWN),
    ],
)
def test_the_end_of_a_signed_address(url: str, signer: Signer) -> None:
    found = expiry(url)
    assert found is not None
    assert (found.at, found.signer) == (END, signer)


@pytest.mark.parametrize(
    "url",
    [
        "https://a.test/a.jpg",
        "https://a.test/a.jpg?e=1234",
        f"https://a.test/a.jpg?e={SECONDS}",
        f"https://media.licdn.com/a?e={SECONDS}",
        "https://media.licdn.com/a?e=12345&t=x",
        "https://scontent.fbcdn.net/a.jpg?oe=utf8",
        f"https://www.google.test/search?oe={HEX}",
        f"https://notfbcdn.net/a.jpg?oe={HEX}",
        f"https://cdn.discordapp.com/a.png?ex={HEX}",
        "https://a.test/a.jpg?expires=never",
        "https://a.test/a.jpg?expires=3600",
        "https://a.test/a.jpg?expires=16447017600",  # Firebase's "never": the year 2491
        "https://a.test/a.jpg?exp=0000000001",
        "https://a.test/a.jpg?exp=9999999999",
        "https://a.test/a.jpg?expires=2026-02-30",
        "https://a.test/a.jpg?expires=0001-01-01T00:00:00%2B10:00",
        "https://a.test/a.jpg?expires=٢٠٢٦٠١٠١٠٠",
        "https://a.test/a.jpg?se=2026-12-01T00:00:00Z",  # without a signature
        "https://a.test/a.jpg?se=SE&sig=1",
        "https://b.test/a.jpg?X-Amz-Date=20261130T000000Z",
        "https://b.test/a.jpg?X-Amz-Date=yesterday&X-Amz-Expires=86400",
        "https://b.test/a.jpg?X-Amz-Date=20261330T000000Z&X-Amz-Expires=86400",
        "https://b.test/a.jpg?X-Amz-Date=20261130T000000Z&X-Amz-Expires=999999999",
        "https://b.test/a.jpg?X-Amz-Date=99991231T235959Z&X-Amz-Expires=86400",
        f"https://d1.test/a.jpg?Policy={policy(until(SECONDS))}",
        "https://d1.test/a.jpg?Policy=%%%&Key-Pair-Id=K",
        f"https://d1.test/a.jpg?Policy={policy([])}&Key-Pair-Id=K",
        f"https://d1.test/a.jpg?Policy={policy(until('soon'))}&Key-Pair-Id=K",
        f"https://d1.test/a.jpg?Policy={policy(None, b'[' * 5000)}&Key-Pair-Id=K",
        "https://a.test/a.jpg?token=exp=12~acl=/*~hmac=00",
        f"https://a.test/regexp={SECONDS}~acl=/a.jpg",
        f"https://a.test/exp={SECONDS}~/a.jpg",
        f"https://a.test/a.jpg?url=https%3A%2F%2Fb.test%2F%3Fexpires%3D{SECONDS}",
        f"https://a.test/a.jpg#expires={SECONDS}",
        "https://[::1/a.jpg?expires=1",
        "",
    ],
)
def test_what_only_looks_signed_says_nothing(url: str) -> None:
    assert expiry(url) is None


@given(st.text(max_size=200), st.sampled_from(["expires", "oe", "Policy", "token", "se", "exp"]))
def test_no_text_is_an_error(text: str, name: str) -> None:
    for host in ("a.test", "x.fbcdn.net"):
        found = expiry(f"https://{host}/{text}?{name}={text}&sig=1&Key-Pair-Id=1&{text}")
        assert found is None or found.at.tzinfo is UTC
