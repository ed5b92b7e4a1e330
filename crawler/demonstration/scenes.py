"""The demonstration's web: for every URL, its answer in each round and the verdict that is expected.

A URL that the collection names answers as its file says, unless `surprises` says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from crawler.demonstration.changes import usual
from crawler.demonstration.sample import COLLECTION, mentions
from crawler.demonstration.scripted_answers import Answer
from crawler.demonstration.surprises import SURPRISES
from crawler.model.verdict import VerdictKind

ROUNDS = (1, 2)


@dataclass(frozen=True, slots=True)
class Scene:
    """One URL with its answer and the expected verdict in each of the two rounds.

    An answer of None means that the URL cannot be requested. `verdicts` is None for a URL that no file
    names: the end of a redirect, a robots.txt.
    """

    url: str
    answers: tuple[Answer | None, Answer | None]
    verdicts: tuple[VerdictKind, VerdictKind] | None

    def answer(self, number: int) -> Answer | None:
        """The answer in round 1 or 2."""
        return self.answers[number - 1]

    def verdict(self, number: int) -> VerdictKind | None:
        """The verdict that is expected in round 1 or 2."""
        return None if self.verdicts is None else self.verdicts[number - 1]


def load_scenes(collection: Path = COLLECTION) -> Mapping[str, Scene]:
    """All scenes by URL, for the files of `collection`."""
    mentioned = {mention.url: mention for mention in reversed(list(mentions(collection)))}
    scenes: dict[str, Scene] = {}
    for url in mentioned:
        answer = usual(url, mentioned)
        scenes[url] = Scene(url, (answer, answer), (VerdictKind.ALIVE, VerdictKind.ALIVE))
    for surprise in SURPRISES:
        url = surprise.url
        first = surprise.first(url, mentioned)
        second = first if surprise.second is None else surprise.second(url, mentioned)
        scenes[url] = Scene(url, (first, second), surprise.verdicts if url in mentioned else None)
    return MappingProxyType(scenes)


def host_names(scenes: Iterable[Scene]) -> frozenset[str]:
    """The hosts that answer, for their certificate."""
    return frozenset(
        host
        for scene in scenes
        if scene.answers != (None, None) and (host := urlsplit(scene.url).hostname) is not None
    )
