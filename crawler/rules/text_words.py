"""The words of a text, by which two texts are compared whatever their language, and a small sketch of them to keep."""

from __future__ import annotations

import re
import unicodedata
from base64 import b64decode, b64encode
from dataclasses import dataclass
from itertools import chain, filterfalse, pairwise
from zlib import crc32

LONGEST_TEXT = 200_000
"""Characters of a text that are read; the longest of 1,231 real pages has fewer."""

_LONGEST_SHORT = 3
"""Letters of a short word, in a script that parts words by spaces."""

_KEPT, _KEPT_SHORT = 64, 32
"""Words of a sketch: telling ones, and short ones."""

_BYTES = 3
_MASK = (1 << 8 * _BYTES) - 1
"""Of the hash of a word in a sketch. By chance alone one word in 16,000 of a page of 1,000 words is taken for another."""

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
)
_INDIC = "\u0900-\u0963\u0970-\u0dff"
_WORD = re.compile(rf"[{_UNSPACED}]+|[{_INDIC}]+|\d{{3,}}|(?:(?![{_UNSPACED}{_INDIC}])[^\W\d_])+")
_ASCII_WORD = re.compile(r"[a-z]+|\d{3,}")
"""The same for a text of ASCII alone."""
_ASCII_PARTS = bytes(
    ord(one.lower()) if one.isalnum() else 32 for one in map(chr, range(0x80))
) + bytes(0x80)
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_YEAR = re.compile(r"(?:19|20)\d\d")
"""A year stands in every text of that year."""


@dataclass(frozen=True, slots=True)
class TextWords:
    """The different words of a text. `telling` may say what the text is about; `short` are the others, most of which
    stand in every text of a language."""

    telling: frozenset[str] = frozenset()
    short: frozenset[str] = frozenset()


NO_WORDS = TextWords()


@dataclass(frozen=True, slots=True)
class Shared:
    """How many of `known` words, telling and short ones, were `found` in another text."""

    found: int
    known: int
    found_short: int = 0
    known_short: int = 0

    @property
    def share(self) -> float:
        """The share of the telling words that were found; 0 where none is known."""
        return self.found / self.known if self.known else 0.0

    @property
    def share_of_short(self) -> float:
        """The share of the short words that were found; 0 where none is known."""
        return self.found_short / self.known_short if self.known_short else 0.0


def words_of(text: str) -> TextWords:
    """The different words of a text, folded; a number of three digits or more is a word, but no year.

    Thai, Khmer, Chinese, Japanese and their like do not part words, and Korean joins endings to them: there every two
    characters that stand together are a word.
    """
    read, pairs, runs = text[:LONGEST_TEXT], set[str](), set[str]()
    if not read.isascii():
        # No word goes over a space, and most stand several times in a text: each is folded and taken apart once.
        parts = set(read.split())
        others = set(filterfalse(str.isascii, parts))
        folded = unicodedata.normalize("NFKC", " ".join(others)).casefold()
        runs.update(chain.from_iterable(map(_WORD.findall, set(folded.split()))))
        unspaced = {run for run in runs if _IS_UNSPACED.match(run)}
        pairs.update("".join(pair) for run in unspaced for pair in pairwise(run))
        runs -= unspaced
        read = " ".join(parts - others)
    runs |= _ascii_words(read)
    numbers = {run for run in filterfalse(str.isalpha, runs) if run[0].isdigit()}
    telling = {run for run in runs if len(run) > _LONGEST_SHORT} | numbers
    years = set(filter(_YEAR.fullmatch, numbers))
    return TextWords(frozenset(telling - years | pairs), frozenset(runs - telling))


def _ascii_words(text: str) -> set[str]:
    """The words of a text of ASCII. Nearly all parts are words as they stand: to search for words takes several times as
    long."""
    # As octets, because one pass then lowers and parts, and only the different words become texts.
    octets = set(text.encode("ascii").translate(_ASCII_PARTS).split())
    parts = set(b" ".join(octets).decode("ascii").split())
    words = set(filter(str.isalpha, parts))
    words.update(chain.from_iterable(map(_ASCII_WORD.findall, parts - words)))
    return words


def shared_words(known: TextWords, found: TextWords) -> Shared:
    """How many words of one text stand in another."""
    return Shared(
        len(known.telling & found.telling),
        len(known.telling),
        len(known.short & found.short),
        len(known.short),
    )


def sketch_of(words: TextWords) -> str | None:
    """A sample of the words, as short as it can be kept: at most 386 characters. None where there are no words.

    Which words are taken depends on the words alone (the smallest hashes; Broder 1997).
    """
    if not words.telling and not words.short:
        return None
    parts = ((words.telling, _KEPT), (words.short, _KEPT_SHORT))
    return ".".join(b64encode(_sample(part, kept)).decode() for part, kept in parts)


def shared_with_sketch(sketch: str | None, found: TextWords) -> Shared:
    """How many words of a sketch stand in a text; none are known where the sketch cannot be read."""
    telling, _, short = (sketch or "").partition(".")
    kept, kept_short = _hashes(telling), _hashes(short)
    return Shared(
        len(kept.intersection(map(_hash, found.telling))),
        len(kept),
        len(kept_short.intersection(map(_hash, found.short))),
        len(kept_short),
    )


def shared_by_sketches(one: str | None, other: str | None) -> Shared:
    """How many of a sample of the telling words of two texts stand in both; none are known where neither has any.

    The smallest hashes of both together are a sample of all their words (Broder 1997).
    """
    first, second = (_hashes((sketch or "").partition(".")[0]) for sketch in (one, other))
    sample = sorted(first | second)[:_KEPT]
    return Shared(len(first & second & set(sample)), len(sample))


def _hashes(text: str) -> frozenset[bytes]:
    try:
        kept = b64decode(text, validate=True)
    except ValueError:
        return frozenset()
    return frozenset(kept[at : at + _BYTES] for at in range(0, len(kept), _BYTES))


def _sample(words: frozenset[str], kept: int) -> bytes:
    """The smallest hashes of some words. Each is as `_hash` makes it; all words are encoded at once, as that costs less."""
    if not words:
        return b""
    encoded = "\n".join(words).encode("utf-8", "surrogatepass").split(b"\n")
    smallest = sorted([number & _MASK for number in map(crc32, encoded)])[:kept]
    return b"".join([number.to_bytes(_BYTES, "big") for number in smallest])


def _hash(word: str) -> bytes:
    return crc32(word.encode("utf-8", "surrogatepass")).to_bytes(4, "big")[-_BYTES:]
