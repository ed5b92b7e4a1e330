from __future__ import annotations

import pytest

from crawler.rules.typed_sizes import pixels_of


@pytest.mark.parametrize(
    ("text", "pixels"),
    [
        ("640", 640),
        ("1,024", 1024),
        ("1.024", 1024),
        ("1 024", 1024),
        ("1\u00a0024", 1024),
        ("1'024", 1024),
        ("1’024", 1024),
        ("1_024", 1024),
        ("1024.0", 1024),
        ("1,024.00", 1024),
        ("1.024,0", 1024),
        ("1024px", 1024),
        ("1024 PX", 1024),
        ("1024 pixels", 1024),
        (" 640 ", 640),
        ("+640", 640),
        ("640.000", 640),
        ("1.000", 1000),
        ("1,024,768", 1_024_768),
        ("１０２４", 1024),
        ("0", 0),
        ("999999999", 999_999_999),
    ],
)
def test_sizes_as_people_write_them(text: str, pixels: int) -> None:
    assert pixels_of(text) == pixels


@pytest.mark.parametrize(
    "text",
    ["", "px", "auto", "100%", "50em", "1024pt", "640x480", "-640", "1.5", "640,4", "1,02,4", "1,024.768", "1e3",
     "9999999999", "1,024,768,000,000", "64 0", "9" * 5_000],
)  # fmt: skip
def test_what_is_no_size_in_whole_pixels(text: str) -> None:
    assert pixels_of(text) is None
