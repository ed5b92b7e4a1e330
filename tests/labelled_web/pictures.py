"""Images: a page where one should be (rule V10), and their sizes (rules I1 and I4)."""

from __future__ import annotations

import struct

from tests.labelled_web.case import (
    ALIVE,
    HOME,
    PICTURE,
    TRIVIAL,
    Case,
    Class,
    Label,
    Seen,
    moved,
    unverifiable,
)
from tests.web import pages
from tests.web.rules import Answer, Coding, Ending, redirect

_SIZE = (640, 480)
_PAGE = Label("broken", "html-for-image")
_HTML = "text/html; charset=utf-8"


def _jpeg_on_its_side(width: int, height: int) -> bytes:
    """A JPEG header of these stored dimensions whose EXIF orientation turns it by 90 degrees."""
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0)
    tiff = b"MM\0*" + struct.pack(">I", 8) + struct.pack(">H", 1) + entry + struct.pack(">I", 0)
    exif = b"Exif\0\0" + tiff
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\0"
    return (
        b"\xff\xd8\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
        + b"\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame
        + b"\xff\xda\0\x08\x01\x01\0\0\x3f\0" + b"\0" * 64 + b"\xff\xd9"
    )  # fmt: skip


def _image(
    name: str,
    label: Label,
    answer: Answer,
    *,
    sizes: tuple[tuple[str, str], ...] | None = None,
    declared: tuple[int, int] = _SIZE,
    path: str = PICTURE,
) -> Case:
    strikes = 1 if label.verdict == "broken" else 0
    return Case(
        Class.IMAGES,
        f"image-{name}",
        label,
        {path: answer},
        path,
        image=declared,
        seen=Seen(sizes=sizes, strikes=strikes, requests=1),
    )


_SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480"><rect/></svg>'
_PNG = pages.png(*_SIZE)

CASES = (
    _image("exact", ALIVE, Answer(image=_SIZE), sizes=()),
    _image("resized", ALIVE, Answer(image=(320, 240)), sizes=(("size-mismatch", "info"),)),
    _image(
        "other-size", ALIVE, Answer(image=(400, 400)),
        sizes=(("size-mismatch", "warning"), ("aspect-mismatch", "warning")),
    ),
    _image(
        "rotated", ALIVE, Answer(body=_jpeg_on_its_side(640, 480), content_type="image/jpeg"),
        sizes=(), declared=(480, 640), path="/pictures/one.jpg",
    ),
    _image("svg", ALIVE, Answer(body=_SVG, content_type="image/svg+xml"), path="/pictures/pier.svg"),
    _image("as-octets", ALIVE, Answer(body=_PNG, content_type="application/octet-stream"), sizes=()),
    _image("as-html", ALIVE, Answer(body=_PNG, content_type="text/html"), sizes=()),
    _image("without-type", ALIVE, Answer(body=_PNG, headers=(("Content-Type", ""),)), sizes=()),
    _image("gzip", ALIVE, Answer(body=_PNG, coding=Coding.GZIP, content_type="image/png"), sizes=()),
    _image("no-ranges", ALIVE, Answer(image=_SIZE, ranges=False), sizes=()),
    _image("cut", ALIVE, Answer(body=_PNG[:40], content_type="image/png")),
    _image("empty", ALIVE, Answer(body="", content_type="image/png")),
    _image("text", ALIVE, Answer(body="no image here", content_type="text/plain")),
    _image("json", ALIVE, Answer(body='{"error":"gone"}', content_type="application/json")),
    _image("tiny", ALIVE, Answer(image=(1, 1))),
    _image("page", _PAGE, Answer(body=pages.page("No image"), content_type=_HTML)),
    _image("page-as-png", _PAGE, Answer(body=pages.page("No image"), content_type="image/png")),
    _image(
        "not-found-page", _PAGE,
        Answer(body="<html><title>Page not found</title><h1>Page not found</h1></html>", content_type=_HTML),
    ),
    _image("fragment-of-html", _PAGE, Answer(body="<p>Gone</p>", content_type=_HTML)),
    _image("404", Label("broken", "http-404"), Answer(status=404)),
    _image(
        "404-with-a-picture", Label("broken", "http-404"),
        Answer(status=404, body=_PNG, content_type="image/png"),
    ),
    _image("410", Label("broken", "http-410"), Answer(status=410)),
    _image("403", unverifiable(403), Answer(status=403)),
    _image(
        "s3-denied", unverifiable(403),
        Answer(status=403, body="<Error><Code>AccessDenied</Code></Error>", content_type="application/xml"),
    ),
    _image(
        "s3-no-such-key", Label("broken", "http-404"),
        Answer(status=404, body="<Error><Code>NoSuchKey</Code></Error>", content_type="application/xml"),
    ),
    _image("503", unverifiable(503), Answer(status=503, headers=(("Retry-After", "3600"),))),
    Case(
        Class.IMAGES, "image-moved", moved("https://cdn.image-moved.example/p/pier.png"),
        {
            PICTURE: redirect("https://cdn.image-moved.example/p/pier.png"),
            "//cdn.image-moved.example/p/pier.png": Answer(image=_SIZE),
        },
        PICTURE, image=_SIZE, seen=Seen(sizes=()),
    ),
    Case(
        Class.IMAGES, "image-https", TRIVIAL,
        {f"http://image-https.example{PICTURE}": redirect(f"https://image-https.example{PICTURE}")},
        PICTURE, "http", image=_SIZE, seen=Seen(sizes=()),
    ),
    Case(
        Class.IMAGES, "image-to-home", HOME,
        {PICTURE: redirect("/", 302), "/": Answer(body=pages.page("Home"))},
        PICTURE, image=_SIZE,
    ),
    Case(
        Class.IMAGES, "image-to-login", unverifiable("login-wall"),
        {PICTURE: redirect("/login?next=x", 302), "/login?next=x": Answer(body=pages.page("Log in"))},
        PICTURE, image=_SIZE,
    ),
    Case(
        Class.IMAGES, "image-to-placeholder", Label("alive", "redirect-temporary"),
        {PICTURE: redirect("/default.png", 302), "/default.png": Answer(image=_SIZE)},
        PICTURE, image=_SIZE,
    ),
    Case(
        Class.IMAGES, "image-reset", unverifiable("connection-reset"),
        {PICTURE: Answer(ending=Ending.RESET_BEFORE), "/robots.txt": Answer(status=404, keep_alive=False)},
        PICTURE, image=_SIZE,
    ),
    Case(
        Class.IMAGES, "image-short", Label("alive", "http-200", ("body-incomplete",)),
        {PICTURE: Answer(body=_PNG[:33] * 2, content_type="image/png", ending=Ending.CLOSE_IN_BODY)},
        PICTURE, image=_SIZE,
    ),
)  # fmt: skip
