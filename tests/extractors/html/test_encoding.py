from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extractors.html.encoding import declared_encoding, decode, utf8


@pytest.mark.parametrize(
    ("body", "content_type", "encoding"),
    [
        (b"\xef\xbb\xbfabc", "text/html; charset=windows-1252", "utf-8"),
        (b"\xff\xfea\x00", None, "utf-16-le"),
        (b"\xfe\xff\x00a", None, "utf-16-be"),
        (b'<meta charset="utf-8">', "text/html; charset=ISO-8859-1", "cp1252"),
        (b'<meta charset="shift_jis">', "text/html", "cp932"),
        (b'<meta http-equiv="content-type" content="text/html; charset=gb2312">', None, "gb18030"),
        (b'<meta charset="utf-16">', None, "utf-8"),
        (b'<meta charset="no-such">', None, None),
        (b'<meta charset="rot13">', None, None),
        (b"<meta charset=utf-8>", "text/html; charset=base64", "utf-8"),
        (b"x" * 1024 + b"<meta charset=koi8-r>", None, None),
        (b"", None, None),
    ],
)
def test_declaration_is_read_as_browsers_read_it(
    body: bytes, content_type: str | None, encoding: str | None
) -> None:
    assert declared_encoding(body, content_type) == encoding


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("é – €".encode(), "é – €"),
        ("é – €".encode()[:-1], "é – \ufffd"),
        ("é – €".encode("cp1252"), "é – €"),
        (b"\xef\xbb\xbfabc", "abc"),
        (b"", ""),
    ],
)
def test_undeclared_page_is_utf_8_or_western(body: bytes, text: str) -> None:
    assert decode(body)[0] == text


CODECS = ["idna", "punycode", "undefined", "unicode_escape", "hz", "utf-7", "mbcs", "utf-32", "zip"]


@given(body=st.binary(max_size=200), name=st.one_of(st.text(max_size=20), st.sampled_from(CODECS)))
def test_decoding_never_raises(body: bytes, name: str) -> None:
    text, _ = decode(body, f"text/html; charset={name}")
    assert isinstance(text, str)


def test_a_body_that_is_unmistakably_utf_8_outweighs_its_meta() -> None:
    body = b"<meta charset=windows-1251>" + ("Новая пристань открыта. " * 4).encode()
    assert declared_encoding(body, None) == "utf-8"
    assert declared_encoding(body, "text/html; charset=windows-1251") == "cp1251"
    assert declared_encoding(body[:60], None) == "cp1251"
    assert declared_encoding(b"<meta charset=windows-1251>" + b"\xcf\xf0" * 40, None) == "cp1251"


@given(
    body=st.one_of(st.binary(max_size=200), st.text(max_size=100).map(str.encode)),
    mark=st.sampled_from([b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\x00"]),
    charset=st.sampled_from(["utf-8", "windows-1252", "utf-16", "none-such"]),
)
def test_the_bytes_for_the_parser_are_the_decoded_text_without_nul(
    body: bytes, mark: bytes, charset: str
) -> None:
    content_type = f"text/html; charset={charset}"
    text, _ = decode(mark + body, content_type)
    expected = text.replace("\x00", "").encode("utf-8", "replace")
    assert utf8(mark + body, content_type) == expected
