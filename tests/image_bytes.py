"""Image headers built by hand, one for each trap: for tests and benchmarks/fuzz_images.py."""

from __future__ import annotations

import gzip
import struct

from crawler.extractors.image.header import Info


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + b"CRC_"


def png(width: int, height: int, *more: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">II5B", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(more)


def directory(
    order: str, *entries: tuple[int, int, int], following: int = 0, many: int = 1
) -> bytes:
    body = struct.pack(order + "H", len(entries))
    for tag, kind, value in entries:
        packed = struct.pack(order + {1: "B3x", 3: "H2x"}.get(kind, "I"), value)
        body += struct.pack(order + "HHI", tag, kind, many) + packed
    return body + struct.pack(order + "I", following)


def ifd(order: str, *entries: tuple[int, int, int], following: int = 0, many: int = 1) -> bytes:
    head = (b"II*\x00" if order == "<" else b"MM\x00*") + struct.pack(order + "I", 8)
    return head + directory(order, *entries, following=following, many=many)


def big_tiff(order: str) -> bytes:
    head = (b"II+\x00" if order == "<" else b"MM\x00+") + struct.pack(order + "HHQ", 8, 0, 16)
    body = struct.pack(order + "Q", 2)
    for tag, value in ((256, 70), (257, 50)):
        body += struct.pack(order + "HHQQ", tag, 16, 1, value)
    return head + body


def tiff_behind(order: str, start: int, *, is_big: bool = False, length: int = 0) -> bytes:
    """A TIFF of 70x50 whose only directory stands at `start`, behind its data, as scanners and cameras write it."""
    if is_big:
        head = (b"II+\x00" if order == "<" else b"MM\x00+") + struct.pack(
            order + "HHQ", 8, 0, start
        )
        found = struct.pack(order + "Q", 2)
        for tag, value in ((256, 70), (257, 50)):
            found += struct.pack(order + "HHQQ", tag, 4, 1, value if order == "<" else value << 32)
    else:
        head = (b"II*\x00" if order == "<" else b"MM\x00*") + struct.pack(order + "I", start)
        found = directory(order, (256, 3, 70), (257, 3, 50), (274, 3, 1))
    return (head.ljust(start, b"\x01") + found).ljust(length, b"\x00")


def heif_behind(data: int, whole: bytes, *, wide: bool = False) -> bytes:
    """AVIF or HEIF with so many bytes of data between `ftyp` and all that follows it in `whole`."""
    length = int.from_bytes(whole[:4], "big")
    header = (
        struct.pack(">I4sQ", 1, b"mdat", data + 16)
        if wide
        else struct.pack(">I4s", data + 8, b"mdat")
    )
    return whole[:length] + header + b"\x01" * data + whole[length:]


def bitmap(width: int, rows: int, header: int = 40) -> bytes:
    """The beginning of a bitmap in an icon: its own sides, its rows those of its mask too."""
    return struct.pack("<Iii", header, width, rows).ljust(header, b"\x00")


def segment(marker: int, data: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data


def jpeg(*before: bytes, sof: int = 0xC0, width: int = 70, height: int = 50) -> bytes:
    frame = struct.pack(">BHHB", 8, height, width, 3) + bytes(9)
    return b"\xff\xd8" + b"".join(before) + segment(sof, frame)


def exif(order: str, orientation: int, kind: int = 3, many: int = 1) -> bytes:
    entry = (274, kind, orientation)
    return segment(0xE1, b"Exif\x00\x00" + ifd(order, (271, 3, 9), entry, many=many))


def gif(width: int, height: int, *blocks: bytes, palette: bytes = b"") -> bytes:
    flags = 0x80 if palette else 0
    return (
        b"GIF89a" + struct.pack("<HHBBB", width, height, flags, 0, 0) + palette + b"".join(blocks)
    )


def frame(left: int, top: int, width: int, height: int, palette: bytes = b"") -> bytes:
    flags = 0x80 if palette else 0
    return b"," + struct.pack("<4HB", left, top, width, height, flags) + palette + b"\x08\x01a\x00"


def extension(label: int, *parts: bytes) -> bytes:
    return b"!" + bytes([label]) + b"".join(bytes([len(part)]) + part for part in parts) + b"\x00"


def box(name: bytes, *parts: bytes, length: int | None = None) -> bytes:
    data = b"".join(parts)
    return struct.pack(">I", 8 + len(data) if length is None else length) + name + data


def heif(
    *properties: bytes,
    brand: bytes = b"avif",
    wide: bool = False,
    item: int = 1,
    size: int | None = None,
    claims: int = 2,
    tables: int = 1,
) -> bytes:
    indices = range(1, len(properties) + 1)
    number = ">I" if wide else ">H"
    entry = struct.pack(number, item) + bytes([len(properties)])
    entry += b"".join(struct.pack(">H", 0x8000 | n) if wide else bytes([0x80 | n]) for n in indices)
    other = struct.pack(number, 9) + b"\x01" + (b"\x00\x01" if wide else b"\x01")
    flags = b"\x01\x00\x00\x01" if wide else bytes(4)
    table = box(b"ipma", flags, struct.pack(">I", claims), other, entry)
    pitm = box(b"pitm", bytes([wide, 0, 0, 0]), struct.pack(number, 1))
    meta = box(
        b"meta",
        bytes(4),
        pitm,
        box(b"iprp", box(b"ipco", *properties), *[table] * tables),
        length=size,
    )
    return box(b"ftyp", brand, bytes(4), b"mif1") + meta


def ispe(width: int, height: int) -> bytes:
    return box(b"ispe", bytes(4), struct.pack(">II", width, height))


def clap(width: int, height: int, below: int = 1, shift: tuple[int, int] = (0, 0)) -> bytes:
    """A crop to so many pixels; its middle is shifted by so many halves of a pixel."""
    return box(
        b"clap", struct.pack(">4IiIiI", width, below, height, below, shift[0], 2, shift[1], 2)
    )


UNTURNED = (1, 0, 0, 0, 1, 0, 0, 0, 1)
SIDEWAYS = (0, 1, 0, -1, 0, 0, 0, 0, 1)


def track(width: int, height: int, matrix: tuple[int, ...] = UNTURNED) -> bytes:
    sides = struct.pack(">II", width << 16, height << 16)
    return box(b"trak", box(b"tkhd", bytes(40), struct.pack(">9i", *matrix), sides))


def tiled(version: int, *, wide: bool, inside: bool) -> bytes:
    """HEIF whose primary item, put together of tiles, has no `ispe`: its own data tells the size."""
    item = ">I" if version > 1 else ">H"
    grid = struct.pack(">4B", 0, wide, 1, 1) + struct.pack(">II" if wide else ">HH", 70, 50)
    infe = box(
        b"infe", bytes([3 if version > 1 else 2, 0, 0, 0]), struct.pack(item, 1), b"\0\0grid\0"
    )
    other = box(
        b"infe", bytes([3 if version > 1 else 2, 0, 0, 0]), struct.pack(item, 9), b"\0\0hvc1\0"
    )
    count = struct.pack(">I" if version else ">H", 2)
    iinf = box(b"iinf", bytes([bool(version), 0, 0, 0]), count, other, infe)
    start = box(b"ftyp", b"heic", bytes(4))
    place = b"".join(
        struct.pack(item, number)
        + (struct.pack(">H", inside) if version else b"")
        + struct.pack(">HIHII", 0, 4 if inside else len(start) + 12, 1, 0, 12)
        for number in (9, 1)
    )
    iloc = box(b"iloc", bytes([version, 0, 0, 0]), b"\x44\x40", struct.pack(item, 2), place)
    pitm = box(b"pitm", bytes([version > 1, 0, 0, 0]), struct.pack(item, 1))
    held = box(b"idat" if inside else b"mdat", b"....", grid)
    iprp = box(b"iprp", box(b"ipco", box(b"irot", b"\x03")), ipma(item, 1))
    meta = box(b"meta", bytes(4), pitm, iloc, iinf, iprp, held if inside else b"")
    return start + meta if inside else start + held + meta


def ipma(item: str, number: int) -> bytes:
    return box(
        b"ipma",
        bytes([item == ">I", 0, 0, 0]),
        struct.pack(">I", 1),
        struct.pack(item, number),
        b"\x01\x81",
    )


def moov(*parts: bytes) -> bytes:
    return box(b"ftyp", b"avis", bytes(4), b"avif") + box(b"moov", *parts)


def bits(*fields: tuple[int, int]) -> bytes:
    value = position = 0
    for number, count in fields:
        value |= number << position
        position += count
    return b"\xff\x0a" + value.to_bytes(12, "little")


def icon(
    kind: int, *sizes: tuple[int, int], data: bytes = b"", length: int = 90_000, start: int = 0
) -> bytes:
    start = start or 6 + 16 * len(sizes)
    entries = b"".join(struct.pack("<8BII", w, h, *bytes(6), length, start) for w, h in sizes)
    return struct.pack("<HHH", 0, kind, len(sizes)) + entries + data


def riff(name: bytes, data: bytes) -> bytes:
    return b"RIFF" + bytes(4) + b"WEBP" + name + struct.pack("<I", len(data)) + data


def bmp(width: int, height: int) -> bytes:
    return b"BM" + bytes(12) + struct.pack("<Iii", 40, width, height)


SMALL_BITMAP = struct.pack("<III12x", 40, 16, 32)
JXL_70_50 = bits((0, 1), (0, 2), (49, 9), (0, 3), (0, 2), (69, 9), (1, 1))
JXL_SMALL = ((1, 1), (5, 5), (3, 3), (0, 1))
"""48 rows, 4 to 3, not all default."""

JXL_BOX = b"\x00\x00\x00\x0cJXL \r\n\x87\n"
JP2_BOX = b"\x00\x00\x00\x0cjP  \r\n\x87\n"
IHDR_2000 = box(b"ihdr", struct.pack(">II", 50, 70), bytes(6))
SIZ_2000 = b"\xff\x4f\xff\x51" + bytes(4) + struct.pack(">4I", 75, 60, 5, 10)
IDAT = chunk(b"IDAT", b"..")
LOOP = extension(0xFF, b"NETSCAPE2.0", b"\x01\x00\x00")
SVG = b"<?xml version='1.0'?><svg width='70' height='50'>"
STILL_JPEG = Info("JPEG", 70, 50, animated=False)
SIZES = ((256, 3, 70), (257, 4, 50))
TWO_BELOW = (
    b"II*\x00\x08\x00\x00\x00\x02\x00"
    + struct.pack("<HHIIHHII", 254, 4, 1, 1, 330, 4, 2, 38)
    + struct.pack("<III", 0, 46, 0)
    + directory("<", *SIZES)
)
"""A small copy whose two others stand in a list elsewhere."""

SIZED: list[tuple[str, bytes, Info]] = [
    ("png", png(70, 50), Info("PNG", 70, 50)),
    ("apng", png(70, 50, chunk(b"acTL", b"\0\0\0\x02....")), Info("PNG", 70, 50, animated=True)),
    ("apng of one frame", png(70, 50, chunk(b"acTL", b"\0\0\0\x01....")), Info("PNG", 70, 50, animated=False)),
    ("apng by a late word", png(70, 50, IDAT, chunk(b"acTL", b"\0\0\0\x02....")), Info("PNG", 70, 50, animated=False)),
    ("still png", png(70, 50, chunk(b"gAMA", b"x"), IDAT), Info("PNG", 70, 50, animated=False)),
    ("png without data", png(70, 50, chunk(b"IEND", b"")), Info("PNG", 70, 50)),
    ("png turned", png(70, 50, chunk(b"eXIf", ifd(">", (274, 3, 6))), IDAT), Info("PNG", 70, 50, 6, animated=False)),
    ("png turned once", png(70, 50, *[chunk(b"eXIf", ifd("<", (274, 3, n))) for n in (8, 1)], IDAT), Info("PNG", 70, 50, 8, animated=False)),
    ("png turned too late", png(70, 50, IDAT, chunk(b"eXIf", ifd(">", (274, 3, 6)))), Info("PNG", 70, 50, animated=False)),
    ("png with a profile", png(70, 50, chunk(b"iCCP", bytes(3_000)), chunk(b"eXIf", ifd(">", (274, 3, 6))), IDAT), Info("PNG", 70, 50, 6, animated=False)),
    ("many chunks", png(70, 50, *[chunk(b"tEXt", b"")] * 1_200), Info("PNG", 70, 50)),
    ("apple png", png(70, 50)[:8] + chunk(b"CgBI", bytes(4)) + png(70, 50)[8:], Info("PNG", 70, 50)),
    ("empty png", png(0, 50), Info("PNG")),
    ("png without header", png(0, 50)[:8] + IDAT * 3, Info("PNG")),
    ("gif", gif(70, 50, frame(0, 0, 70, 50)), Info("GIF", 70, 50)),
    ("gif to the end", gif(70, 50, frame(0, 0, 70, 50), b";"), Info("GIF", 70, 50, animated=False)),
    ("gif with palettes", gif(70, 50, frame(0, 0, 7, 5, bytes(6)), b";", palette=bytes(6)), Info("GIF", 70, 50, animated=False)),
    ("gif of a small frame", gif(70, 50, frame(9, 9, 7, 5)), Info("GIF", 70, 50)),
    ("gif of a large frame", gif(7, 5, extension(0xF9, bytes(4)), frame(10, 20, 60, 30)), Info("GIF", 70, 50)),
    ("gif without screen", gif(0, 0, frame(0, 0, 70, 50)), Info("GIF", 70, 50)),
    ("gif without frame", gif(70, 50, b";"), Info("GIF", 70, 50, animated=False)),
    ("gif with noise", gif(70, 50, b"..."), Info("GIF", 70, 50)),
    ("moving gif", gif(70, 50, LOOP, frame(0, 0, 70, 50)), Info("GIF", 70, 50, animated=True)),
    ("moving gif that loops not", gif(70, 50, frame(0, 0, 70, 50), frame(0, 0, 90, 90)), Info("GIF", 70, 50, animated=True)),
    ("gif of one frame that loops", gif(70, 50, LOOP, frame(0, 0, 70, 50), b";"), Info("GIF", 70, 50, animated=False)),
    ("gif with remarks", gif(70, 50, *[extension(0xFE, b"a")] * 9, extension(0xFF, b"XMP DataXMP", b"x"), frame(0, 0, 70, 50)), Info("GIF", 70, 50)),
    ("gif with many remarks", gif(70, 50, *[extension(0xFE, b"a")] * 4_000), Info("GIF", 70, 50)),
    ("jpeg", jpeg(), STILL_JPEG),
    ("progressive", jpeg(segment(0xFE, b"x" * 99), sof=0xC2), STILL_JPEG),
    ("lossless", jpeg(sof=0xC3), STILL_JPEG),
    ("hierarchical", jpeg(sof=0xDE), STILL_JPEG),
    ("arithmetic", jpeg(segment(0xCC, b"x"), sof=0xC9), STILL_JPEG),
    ("arithmetic lossless", jpeg(sof=0xCF), STILL_JPEG),
    ("jpeg-ls", jpeg(sof=0xF7), STILL_JPEG),
    ("height behind the scan", jpeg(height=0), Info("JPEG", animated=False)),
    ("tables first", jpeg(segment(0xC4, b"x" * 9), segment(0xCC, b"x")), STILL_JPEG),
    ("garbage and filling", jpeg(segment(0xFE, b""), b"\x00\xff\x00\x07\xff\xff\xff\x01"), STILL_JPEG),
    ("thumbnail", jpeg(segment(0xE1, b"Exif\x00\x00" + jpeg(width=9))), STILL_JPEG),
    ("thumbnail behind exif", jpeg(segment(0xE1, b"Exif\x00\x00" + ifd("<", (274, 3, 8)) + jpeg(width=9)), segment(0xE0, b"JFXX" + jpeg(width=9))), Info("JPEG", 70, 50, 8, animated=False)),
    ("several pictures", jpeg(segment(0xE2, b"MPF\x00")) + jpeg(width=9), STILL_JPEG),
    ("exif little", jpeg(exif("<", 6)), Info("JPEG", 70, 50, 6, animated=False)),
    ("exif big", jpeg(exif(">", 8)), Info("JPEG", 70, 50, 8, animated=False)),
    ("exif byte", jpeg(exif(">", 6, 1)), Info("JPEG", 70, 50, 6, animated=False)),
    ("exif long", jpeg(exif(">", 6, 4)), Info("JPEG", 70, 50, 6, animated=False)),
    ("exif of a text", jpeg(exif("<", 6, 2)), STILL_JPEG),
    ("exif of many values", jpeg(exif("<", 6, many=3)), STILL_JPEG),
    ("exif behind xmp", jpeg(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + bytes(40_000)), exif("<", 6)), Info("JPEG", 70, 50, 6, animated=False)),
    ("exif behind profiles", jpeg(*[segment(0xE2, b"ICC_PROFILE\x00" + bytes(60_000))] * 3, exif("<", 6)), Info("JPEG", 70, 50, 6, animated=False)),
    ("exif twice", jpeg(exif("<", 1), exif(">", 6)), STILL_JPEG),
    ("exif nonsense", jpeg(exif(">", 99)), STILL_JPEG),
    ("exif cut", jpeg(segment(0xE1, b"Exif\x00\x00II*\x00\xff\xff\xff\xff")), STILL_JPEG),
    ("exif endless", jpeg(segment(0xE1, b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff")), STILL_JPEG),
    ("exif without order", jpeg(segment(0xE1, b"Exif\x00\x00XX*\x00\x08\x00\x00\x00"), segment(0xE1, b"Exif\x00\x00")), STILL_JPEG),
    ("exif without orientation, then exif", jpeg(segment(0xE1, b"Exif\x00\x00" + ifd("<", (271, 3, 9))), exif("<", 6)), Info("JPEG", 70, 50, 6, animated=False)),
    ("xmp", jpeg(segment(0xE1, b"http://ns")), STILL_JPEG),
    ("no frame", b"\xff\xd8\xff\xda\x00\x02", Info("JPEG")),
    ("short segment", b"\xff\xd8\xff\xe0\x00\x01", Info("JPEG")),
    ("many segments", jpeg(*[segment(0xE2, b"")] * 6_000), Info("JPEG")),
    ("webp lossy", riff(b"VP8 ", b"xxx\x9d\x01\x2a" + struct.pack("<HH", 70, 50)), Info("WEBP", 70, 50, animated=False)),
    ("webp scaled", riff(b"VP8 ", b"xxx\x9d\x01\x2a" + struct.pack("<HH", 70 | 0x4000, 50 | 0x8000)), Info("WEBP", 70, 50, animated=False)),
    ("webp lossless", riff(b"VP8L", b"\x2f" + struct.pack("<I", 69 | 49 << 14)), Info("WEBP", 70, 50, animated=False)),
    ("webp moving", riff(b"VP8X", b"\x02\0\0\0" + b"\x45\0\0" + b"\x31\0\0"), Info("WEBP", 70, 50, animated=True)),
    ("webp with exif", riff(b"VP8X", b"\x08\0\0\0" + b"\x45\0\0" + b"\x31\0\0") + b"EXIF" + struct.pack("<I", 26) + ifd("<", (274, 3, 6)), Info("WEBP", 70, 50, animated=False)),
    ("webp lossy bad", riff(b"VP8 ", bytes(20)), Info("WEBP")),
    ("webp lossless bad", riff(b"VP8L", bytes(20)), Info("WEBP")),
    ("webp unknown", riff(b"VP9 ", bytes(20)), Info("WEBP")),
    ("bmp", bmp(70, 50), Info("BMP", 70, 50)),
    ("bmp top-down", bmp(70, -50), Info("BMP", 70, 50)),
    ("bmp left", bmp(-70, 50), Info("BMP")),
    ("bmp os/2", b"BM" + bytes(12) + struct.pack("<IHH", 12, 70, 50), Info("BMP", 70, 50)),
    ("bmp array", b"BA" + bytes(12) + bmp(70, 50), Info("BMP", 70, 50)),
    ("bmp os/2 2.x", b"BM" + bytes(12) + struct.pack("<Iii", 48, 70, 50), Info("BMP", 70, 50)),
    ("ico", icon(1, (16, 16), (70, 50), data=bytes(24)), Info("ICO", 70, 50)),
    ("ico large", icon(1, (0, 0), (70, 50)), Info("ICO", 256, 256)),
    ("ico lazy", icon(1, (0, 0), data=SMALL_BITMAP, length=99), Info("ICO", 16, 16)),
    ("ico small", icon(1, (0, 0), data=bytes(24), length=99), Info("ICO", 256, 256)),
    ("ico png", icon(1, (70, 50), data=png(512, 512)), Info("ICO", 512, 512)),
    ("ico far", icon(1, (70, 50), start=20_000), Info("ICO", 70, 50)),
    ("cur", icon(2, (70, 50), data=bytes(24)), Info("CUR", 70, 50)),
    ("psd", b"8BPS\x00\x01" + bytes(8) + struct.pack(">II", 50, 70), Info("PSD", 70, 50)),
    ("psb", b"8BPS\x00\x02" + bytes(8) + struct.pack(">II", 50, 700_000), Info("PSD", 700_000, 50)),
    ("tiff little", ifd("<", *SIZES, (274, 3, 6)), Info("TIFF", 70, 50, 6)),
    ("tiff big", ifd(">", *SIZES, (300, 3, 6)), Info("TIFF", 70, 50)),
    ("tiff unsorted", ifd(">", (274, 3, 6), *SIZES), Info("TIFF", 70, 50, 6)),
    ("tiff twice", ifd(">", *SIZES, (256, 3, 9)), Info("TIFF", 70, 50)),
    ("tiff odd type", ifd(">", (256, 2, 70), (257, 4, 50)), Info("TIFF")),
    ("tiff wide type", ifd(">", (256, 16, 70), (257, 4, 50)), Info("TIFF")),
    ("tiff empty", ifd("<"), Info("TIFF")),
    ("tiff of two pages", ifd("<", *SIZES, following=38) + directory("<", (256, 3, 9), (257, 3, 9)), Info("TIFF", 70, 50)),
    ("tiff small copy first", ifd("<", (254, 4, 1), (256, 3, 7), (257, 3, 5), following=50) + directory("<", *SIZES), Info("TIFF", 70, 50)),
    ("tiff whole below", ifd(">", (254, 4, 1), (256, 3, 7), (257, 3, 5), (330, 4, 62)) + directory(">", (254, 4, 0), *SIZES), Info("TIFF", 70, 50)),
    ("tiff two below", TWO_BELOW, Info("TIFF", 70, 50)),
    ("tiff only small copies", ifd("<", (254, 4, 1), *SIZES, (330, 4, 8), following=8), Info("TIFF", 70, 50)),
    ("tiff small copies only", ifd("<", (254, 4, 1), *SIZES, following=50) + directory("<", (254, 4, 1), following=8), Info("TIFF", 70, 50)),
    ("big tiff little", big_tiff("<"), Info("TIFF", 70, 50)),
    ("big tiff big", big_tiff(">"), Info("TIFF", 70, 50)),
    ("avif", heif(ispe(70, 50)), Info("AVIF", 70, 50, animated=False)),
    ("avif to the end", heif(ispe(70, 50), size=0), Info("AVIF", 70, 50, animated=False)),
    ("avif behind its data", heif(ispe(70, 50))[:20] + box(b"mdat", bytes(30_000)) + heif(ispe(70, 50))[20:], Info("AVIF", 70, 50, animated=False)),
    ("heif wide", heif(ispe(70, 50), brand=b"heic", wide=True), Info("HEIF", 70, 50, animated=False)),
    ("heif sequence", heif(ispe(70, 50), brand=b"msf1"), Info("HEIF", 70, 50, animated=True)),
    ("avif turned", heif(ispe(70, 50), box(b"irot", b"\x01")), Info("AVIF", 70, 50, 8, animated=False)),
    ("avif turned twice", heif(ispe(70, 50), box(b"irot", b"\x01"), box(b"irot", b"\x02")), Info("AVIF", 70, 50, 6, animated=False)),
    ("avif upside down", heif(ispe(70, 50), box(b"irot", b"\x02")), Info("AVIF", 70, 50, 3, animated=False)),
    ("avif mirrored", heif(ispe(70, 50), box(b"imir", b"\x01")), Info("AVIF", 70, 50, 2, animated=False)),
    ("avif turned and mirrored", heif(ispe(70, 50), box(b"irot", b"\x03"), box(b"imir", b"\x01")), Info("AVIF", 70, 50, 5, animated=False)),
    ("avif cropped", heif(ispe(70, 50), clap(120, 80, 2, (-10, -10))), Info("AVIF", 70, 50, animated=False, clean=(60, 40))),
    ("avif cropped, then turned", heif(ispe(70, 50), clap(60, 40, 1, (-10, -10)), box(b"irot", b"\x01")), Info("AVIF", 70, 50, 8, animated=False, clean=(60, 40))),
    ("avif turned, then cropped", heif(ispe(70, 50), box(b"irot", b"\x01"), clap(40, 60, 1, (-10, -10))), Info("AVIF", 70, 50, 8, animated=False, clean=(60, 40))),
    ("avif crop of the middle", heif(ispe(70, 50), clap(60, 40)), Info("AVIF", 70, 50, animated=False)),
    ("avif crop of one side", heif(ispe(70, 50), clap(60, 40, 1, (-10, 0))), Info("AVIF", 70, 50, animated=False)),
    ("avif crop by nothing", heif(ispe(70, 50), clap(60, 40)[:-4] + bytes(4)), Info("AVIF", 70, 50, animated=False)),
    ("heif crop of the middle", heif(ispe(70, 50), clap(60, 40), brand=b"heic"), Info("HEIF", 70, 50, animated=False, clean=(60, 40))),
    ("avif crop of half pixels", heif(ispe(70, 50), clap(121, 80, 2)), Info("AVIF", 70, 50, animated=False)),
    ("heif crop of half pixels", heif(ispe(70, 50), clap(121, 79, 2), brand=b"heic"), Info("HEIF", 70, 50, animated=False, clean=(61, 40))),
    ("avif crop of nothing", heif(ispe(70, 50), clap(0, 0)), Info("AVIF", 70, 50, animated=False)),
    ("avif crop of more", heif(ispe(70, 50), clap(71, 50)), Info("AVIF", 70, 50, animated=False)),
    ("avif empty and cropped", heif(ispe(70, 0), clap(60, 1)), Info("AVIF", animated=False)),
    ("avif no property", heif(ispe(70, 50), item=3), Info("AVIF")),
    ("avif property of nothing", heif(ispe(70, 50), box(b"ispe"))[:-1] + b"\x7f", Info("AVIF", 70, 50, animated=False)),
    *[
        (f"heif of tiles {version} {wide} {inside}", tiled(version, wide=wide, inside=inside), Info("HEIF", 70, 50, 6, animated=False))
        for version, wide, inside in ((0, False, False), (1, True, True), (2, False, True), (2, True, False))
    ],
    ("heif of lost tiles", tiled(1, wide=False, inside=True).replace(b"idat", b"free"), Info("HEIF")),
    ("heif of tiles nowhere", tiled(1, wide=False, inside=True).replace(b"iloc", b"free"), Info("HEIF")),
    ("heif of unnamed tiles", tiled(1, wide=False, inside=True).replace(b"iinf", b"free"), Info("HEIF")),
    ("avif moving", moov(box(b"mvhd"), box(b"trak"), track(0, 0), track(70, 50)), Info("AVIF", 70, 50, animated=True)),
    ("avif moving sideways", moov(track(70, 50, SIDEWAYS)), Info("AVIF", 70, 50, 6, animated=True)),
    ("avif short track", moov(box(b"trak", box(b"tkhd", bytes(8)))), Info("AVIF")),
    ("avif no track", moov(), Info("AVIF")),
    ("avif nothing", box(b"ftyp", b"avif", bytes(4)) + box(b"free", length=4), Info("AVIF")),
    ("avif film", box(b"ftyp", b"avis", bytes(4)) + box(b"meta", bytes(4)) + box(b"moov", track(70, 50)), Info("AVIF", 70, 50, animated=True)),
    ("avif long box", heif(ispe(70, 50))[:20] + struct.pack(">I4sQ", 1, b"free", 16) + heif(ispe(70, 50))[20:], Info("AVIF", 70, 50, animated=False)),
    ("jxl", JXL_70_50, Info("JXL", 70, 50, animated=False)),
    ("jxl small", bits((1, 1), (5, 5), (0, 3), (7, 5), (1, 1)), Info("JXL", 64, 48, animated=False)),
    ("jxl ratio", bits((1, 1), (5, 5), (3, 3), (1, 1)), Info("JXL", 64, 48, animated=False)),
    ("jxl turned", bits(*JXL_SMALL, (1, 1), (5, 3)), Info("JXL", 64, 48, 6, animated=False)),
    ("jxl moving", bits(*JXL_SMALL, (1, 1), (0, 3), (0, 1), (0, 1), (1, 1)), Info("JXL", 64, 48, animated=True)),
    ("jxl of another size", bits(*JXL_SMALL, (1, 1), (0, 3), (1, 1), (1, 1), (9, 5), (1, 3), (0, 1), (1, 1)), Info("JXL", 64, 48, animated=True)),
    ("jxl with preview", bits(*JXL_SMALL, (1, 1), (0, 3), (0, 1), (1, 1), (0, 1), (1, 2), (9, 8), (0, 3), (0, 2), (9, 6), (1, 1)), Info("JXL", 64, 48, animated=True)),
    ("jxl with small preview", bits(*JXL_SMALL, (1, 1), (0, 3), (0, 1), (1, 1), (1, 1), (2, 2), (9, 5), (1, 3), (1, 1)), Info("JXL", 64, 48, animated=True)),
    ("jxl plain", bits(*JXL_SMALL, (0, 1)), Info("JXL", 64, 48, animated=False)),
    ("jxl box", JXL_BOX + box(b"jxlc", JXL_70_50), Info("JXL", 70, 50, animated=False)),
    ("jxl to the end", JXL_BOX + box(b"jxlc", JXL_70_50, length=0), Info("JXL", 70, 50, animated=False)),
    ("jxl part", JXL_BOX + box(b"jxll", b"\x05") + box(b"jxlp", bytes(4), JXL_70_50), Info("JXL", 70, 50, animated=False)),
    ("jxl parts", JXL_BOX + box(b"jxlp", bytes(4), JXL_70_50[:3]) + box(b"Exif", b"..") + box(b"jxlp", bytes(4), JXL_70_50[3:]), Info("JXL", 70, 50, animated=False)),
    ("jxl of something else", JXL_BOX + box(b"jxlc", b"...."), Info("JXL")),
    ("jpeg 2000", JP2_BOX + box(b"ftyp", b"jp2 ") + box(b"jp2h", IHDR_2000), Info("JPEG2000", 70, 50)),
    ("jpeg 2000 late", JP2_BOX + box(b"uuid", bytes(99)) + box(b"jp2h", box(b"bpcc"), IHDR_2000), Info("JPEG2000", 70, 50)),
    ("jpeg 2000 bare", SIZ_2000, Info("JPEG2000", 70, 50)),
    ("jpeg 2000 headless", JP2_BOX + box(b"jp2c", SIZ_2000), Info("JPEG2000", 70, 50)),
    ("jpeg 2000 of something else", JP2_BOX + box(b"jp2c", bytes(30)), Info("JPEG2000")),
    ("jpeg 2000 old", JP2_BOX.replace(b"  ", b"\x1a\x1a") + box(b"jp2h", IHDR_2000), Info("JPEG2000", 70, 50)),
    ("jpeg 2000 empty", JP2_BOX + box(b"jp2h"), Info("JPEG2000")),
    ("jpeg 2000 of nothing", JP2_BOX + box(b"free") * 2_100, Info("JPEG2000")),
    ("jxl of nothing", JXL_BOX + box(b"free") * 2_100, Info("JXL")),
    ("svg", SVG, Info("SVG", 70, 50)),
    ("svgz", gzip.compress(SVG), Info("SVG", 70, 50)),
]  # fmt: skip
"""Name, bytes, and the answer where they are all there is."""
