"""Makes a thumbnail of one image, in a process of its own: an image on stdin, a JPEG on stdout.

`crawler.thumbnails` runs this file by its path; it imports nothing of this project. Any failure, a limit
included, ends the process with another code than 0.
"""

from __future__ import annotations

import contextlib
import resource
import sys
import warnings

SIDE = 160
"""Pixels of the longer side, at most."""
MOST_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP")
MEMORY = 768 << 20
"""Bytes of address space: 50 megapixels take 200 MB, and as much again while they are scaled."""
CPU_SECONDS = 10
LARGEST_RESULT = 128 << 10

_SMALL_ENOUGH_TO_CONVERT = 4_000_000


def limit() -> None:
    """Set the limits of this process; those that a system does not have are skipped."""
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST_RESULT),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def forbid_sockets() -> None:
    """Refuse every use of a socket in this process (rule B11): an image needs none."""

    def refuse(event: str, _: object) -> None:
        if event.startswith("socket."):
            raise PermissionError(event)

    sys.addaudithook(refuse)


def main() -> None:
    """Make the thumbnail."""
    # Python would cut what it keeps of a large module at the limit of output, and find it broken ever after.
    sys.dont_write_bytecode = True
    limit()
    forbid_sockets()
    # Imported by name, so that Pillow does not load the plug-ins of all formats.
    from PIL import AvifImagePlugin, Image, ImageOps, WebPImagePlugin

    _ = AvifImagePlugin, WebPImagePlugin
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with Image.open(sys.stdin.buffer, formats=FORMATS) as opened:
        image: Image.Image = opened
        image.draft("RGB", (2 * SIDE, 2 * SIDE))
        is_small = image.width * image.height <= _SMALL_ENOUGH_TO_CONVERT
        if image.mode in ("1", "P") and is_small:
            # An image with a palette cannot be scaled smoothly.
            image = image.convert("RGBA")
        image.thumbnail((SIDE, SIDE))
        image = ImageOps.exif_transpose(image)
        # A new image: no metadata of the old one is copied.
        made = Image.new("RGB", image.size, "white")
        if image.has_transparency_data:
            image = image.convert("RGBA")
            made.paste(image, mask=image.getchannel("A"))
        else:
            made.paste(image.convert("RGB"))
    made.save(sys.stdout.buffer, "JPEG", quality=75)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
