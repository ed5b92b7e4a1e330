"""Spoilt images: real and hand-built ones with bytes, lengths and pieces changed, from a kept seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from crawler.extractors.image.header import STEPS, Info, Need, NotAnImage, probe

SEED = 20_240_501
"""One seed for the short run of the tests and the long one of benchmarks/fuzz_images.py."""

EXTREMES = (0, 1, 2, 7, 8, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_HEAD = 600
"""Most of what a prober reads stands in the first bytes: half of the changes fall there."""


def mutations(bodies: Sequence[bytes], count: int, seed: int = SEED) -> Iterator[bytes]:
    """`count` changed bodies; each is the product of one to four changes of another kind."""
    chance = random.Random(seed)
    for _ in range(count):
        body = chance.choice(bodies)
        for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 4))):
            body = chance.choice(_CHANGES)(body, chance, bodies)
        yield body[: STEPS[-1]]


def answers(body: bytes) -> Iterator[Info | Need | NotAnImage]:
    """What a downloader is told, step by step, until it has its answer."""
    seen = STEPS[0]
    while True:
        answer = probe(body[:seen], complete=seen >= len(body))
        yield answer
        if not isinstance(answer, Need):
            return
        assert answer.total > seen
        seen = answer.total


def _place(body: bytes, chance: random.Random) -> int:
    return chance.randrange(max(1, min(len(body), _HEAD if chance.random() < 0.5 else len(body))))


def _flip(body: bytes, chance: random.Random, bodies: Sequence[bytes]) -> bytes:
    changed = bytearray(body)
    for _ in range(chance.randint(1, 12) if changed else 0):
        changed[_place(body, chance)] = chance.randrange(256)
    return bytes(changed)


def _set_length(body: bytes, chance: random.Random, bodies: Sequence[bytes]) -> bytes:
    at, width = _place(body, chance), chance.choice((1, 2, 4, 8))
    value = chance.choice(EXTREMES) & (1 << 8 * width) - 1
    return body[:at] + value.to_bytes(width, chance.choice(("big", "little"))) + body[at + width :]


def _truncate(body: bytes, chance: random.Random, bodies: Sequence[bytes]) -> bytes:
    return body[: _place(body, chance)]


def _splice(body: bytes, chance: random.Random, bodies: Sequence[bytes]) -> bytes:
    other = chance.choice(bodies)
    return body[: _place(body, chance)] + other[_place(other, chance) :]


def _insert(body: bytes, chance: random.Random, bodies: Sequence[bytes]) -> bytes:
    other, at = chance.choice(bodies), _place(body, chance)
    start = _place(other, chance)
    return body[:at] + other[start : start + chance.randint(1, 2_000)] + body[at:]


def _repeat(body: bytes, chance: random.Random, bodies: Sequence[bytes]) -> bytes:
    """One piece over and over: what a parser's loops cost shows here."""
    at = _place(body, chance)
    piece = body[at : at + chance.choice((1, 2, 4, 8, 12, 16, 20, 64, 500))]
    room = chance.choice((2_000, 20_000, STEPS[-1]))
    return body[:at] + piece * (room // max(1, len(piece))) + body[at:]


def _remove(body: bytes, chance: random.Random, bodies: Sequence[bytes]) -> bytes:
    at = _place(body, chance)
    return body[:at] + body[at + chance.randint(1, 64) :]


_CHANGES = (_flip, _flip, _set_length, _set_length, _truncate, _splice, _insert, _repeat, _remove)
