"""Apply all suggestions to a real collection on a web whose truth is known, and look at every change.

`python benchmarks/apply_to_collection.py COLLECTION.tar.xz [--show N] [--mode connect-to|namespace] [--sample N]`

By a hash of each address the local web knows what became of it (`benchmarks/applied_truths.py`): the same page in another
dress, a move, a section, a stub, a barrier, a casino. After `audit` and `apply --suggested … --write` every value that changed
in a file is held against that. Exits with 1 if a change is one that an editor would take back.
"""

from __future__ import annotations

import argparse
import html
import json
import random
import re
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from benchmarks.applied_pages import moment_of  # noqa: E402 - after the path
from benchmarks.applied_truths import (  # noqa: E402 - after the path
    AMP_KEYS,
    PAGE_KEYS,
    Article,
    KnownWeb,
    Truth,
    counted,
    is_web,
    known_web,
    read_articles,
    with_fragments,
)
from benchmarks.crawl_collection import as_asked  # noqa: E402 - after the path
from benchmarks.unpacking import unpack  # noqa: E402 - after the path
from crawler.rules.article.amp_cache import cache_url  # noqa: E402 - after the path
from tests.web import Completed, LoopbackWeb, NamespaceWeb, Web  # noqa: E402 - after the path

_KINDS = "moves,metadata,images,image-sizes"
_OWN_FOLDER = ".linkhealth"
_FINE = frozenset({0, 2})
_TEXTS = {"title": "title", "excerpt": "excerpt", "publishedDateTime": "published"}
_OBSERVED = """SELECT links.url, observations.hops, observations.final_url, sibling, further
    FROM observations JOIN links ON links.id = observations.link_id"""
_CURLY = str.maketrans("’“”–", '\'""-')
_LEAST = 200
"""An image below that is none that an editor would put into an article."""


@dataclass(frozen=True, slots=True)
class Change:
    """One value that a file has now. `fault` is empty where an editor keeps it; `truth` is the kind of what was true."""

    path: str
    line: int
    at: str
    kind: str
    old: str
    new: str
    truth: str
    fault: str = ""


class Judge:
    """Holds changes of articles against the truth of their addresses."""

    def __init__(self, web: KnownWeb) -> None:
        self._truths = web.truths

    def truth_of(self, raw: str) -> Truth | None:
        """The truth of an address as it stands in a file."""
        return self._truths.get(as_asked(raw)) if is_web(raw) else None

    def changes(self, before: Article, after: Article, content: Path) -> Iterator[Change]:
        """Every changed value of an article."""
        old, new = before.values, after.values
        lines = (content / after.path).read_text(encoding="utf-8", errors="replace").split("\n")
        for at in sorted(old.keys() | new.keys()):
            if old.get(at) != new.get(at):
                was, now = old.get(at, ""), new.get(at, "")
                truth, fault = self._judged(before, after, at)
                yield Change(after.path, _line_of(lines, at, now), at, _kind(at), was, now, truth, fault)  # fmt: skip
        if before.others != after.others:
            yield Change(
                after.path, 0, "", "other", "", "", "", "something else of the file changed"
            )

    def wanted(self, article: Article) -> Iterator[tuple[str, str]]:
        """The kind and place of each change that an editor would want; sizes only where there is a page to compare."""
        for place in article.places:
            truth = self.truth_of(place.raw)
            if truth is not None and truth.moved and place.at != "cdnAmpWebUrl":
                yield truth.kind, place.at
        page = self._page(article)
        if page is not None:
            for name in sorted(page.drift):
                yield page.kind, "images/0/url" if name == "image" else name

    def _page(self, article: Article) -> Truth | None:
        """The truth of the page that an article is compared with."""
        for key in PAGE_KEYS:
            truth = self.truth_of(article.at(key))
            if truth is not None and truth.facts is not None:
                return truth
        return None

    def _pages(self, article: Article) -> list[Truth]:
        found = (self.truth_of(article.at(key)) for key in PAGE_KEYS)
        return [one for one in found if one is not None]

    def _judged(self, before: Article, after: Article, at: str) -> tuple[str, str]:
        """The kind of the truth, and what is wrong with the change."""
        new = after.at(at)
        if at in _TEXTS:
            return self._text(before, at, new)
        if at in PAGE_KEYS or at in AMP_KEYS:
            return self._address(before, after, at)
        if at.rpartition("/")[2] in ("width", "height"):
            return self._length(after, at, new)
        return self._image(before, at, new)

    def _text(self, article: Article, at: str, new: str) -> tuple[str, str]:
        pages = self._pages(article)
        kinds = ", ".join(one.kind for one in pages) or "no page"
        for page in pages:
            if page.facts is None:
                continue
            true = getattr(page.facts, _TEXTS[at])
            if at == "publishedDateTime":
                is_right = moment_of(true) == moment_of(new)
            else:
                is_right = _says(true, new) and _words(new) != _words(article.at(at))
            if is_right:
                return page.kind, ""
        true = "; ".join(getattr(one.facts, _TEXTS[at]) for one in pages if one.facts)
        return (
            kinds,
            f"the page's own is still: {true}" if true else "no page of the article says it",
        )

    def _address(self, before: Article, after: Article, at: str) -> tuple[str, str]:
        old, new = before.at(at), after.at(at)
        truth = self.truth_of(old)
        if at == "cdnAmpWebUrl" and before.at("ampWebUrl") != after.at("ampWebUrl"):
            expected = cache_url(after.at("ampWebUrl"))
            return "follows the AMP page", "" if new == expected else f"not {expected}"
        if truth is None or truth.moved is None:
            return truth.kind if truth else "", "it did not move"
        expected = truth.moved
        _, has_fragment, fragment = old.partition("#")
        if has_fragment and "#" not in expected:
            expected = f"{expected}#{fragment}"
        return truth.kind, "" if new == expected else f"not {expected}"

    def _image(self, before: Article, at: str, new: str) -> tuple[str, str]:
        old = before.at(at)
        truth = self.truth_of(old)
        if truth is not None and truth.moved == new:
            return truth.kind, ""
        over_https = new.startswith("https:") and old == f"http{new.removeprefix('https')}"
        if over_https and truth is not None and truth.size:
            return f"{truth.kind}, over https", ""
        pages = self._pages(before)
        was = truth.kind if truth else "no image before"
        kind = f"{was}; page: {', '.join(one.kind for one in pages)}"
        for page in pages:
            if page.facts is None or page.facts.image != new:
                continue
            size = there.size if (there := self.truth_of(new)) else None
            if size is None:
                return kind, "the new image is none"
            if min(size) < _LEAST:
                return kind, f"the new image has {size[0]}x{size[1]}"
            return kind, ""
        return kind, "it is no image of the article's page"

    def _length(self, after: Article, at: str, new: str) -> tuple[str, str]:
        image, _, side = at.rpartition("/")
        truth = self.truth_of(after.at(f"{image}/url"))
        if truth is None or truth.size is None:
            return truth.kind if truth else "", "no image of a known size"
        true = truth.size[side == "height"]
        return truth.kind, "" if new == str(true) else f"it is {true}"


def _plain(text: str) -> str:
    """A text as a reader sees it."""
    for _ in range(3):
        text = html.unescape(text)
    return " ".join(text.split())


def _says(true: str, new: str) -> bool:
    """Whether a text is the true one, or its beginning as the page itself cuts it."""
    whole, given = _plain(true), _plain(new)
    given, whole = given.translate(_CURLY), whole.translate(_CURLY)
    return given == whole or (given.endswith("…") and whole.startswith(given[:-1]))


def _words(text: str) -> list[str]:
    """The words alone: whoever changes only the rest changes nothing."""
    return re.findall(r"\w+", _plain(text).casefold())


def _kind(at: str) -> str:
    name = at.rpartition("/")[2]
    if name in ("width", "height"):
        return "size"
    if name == "url":
        return "image"
    return "address" if name.endswith("Url") else name


def _line_of(lines: Sequence[str], at: str, new: str) -> int:
    key = at.rpartition("/")[2]
    for number, line in enumerate(lines, start=1):
        name, _, rest = line.strip().removeprefix("- ").partition(":")
        if name == key and (not new or new[:40] in rest or name in _TEXTS):
            return number
    return 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that was found."""

    articles: int
    urls: int
    changes: list[Change]
    missed: list[tuple[str, str]]
    verdicts: list[tuple[str, int]]
    further: list[tuple[str, int]]
    steps: list[tuple[str, float, int]]
    refused: list[str]


class Bench:
    """One collection in one web."""

    def __init__(self, web: Web, content: Path, options: argparse.Namespace) -> None:
        self._web = web
        self._content = content
        self._options = options
        self._steps: list[tuple[str, float, int]] = []

    def run(self) -> Outcome:
        """Audit and apply, then compare."""
        with_fragments(self._content)
        articles = list(read_articles(self._content))
        known = known_web(articles)
        self._web.set_rules(known.answers)
        self._web.forget()
        folder = str(self._content)
        self._step("audit", "audit", folder, "--fail-on", "never", "--accept-mass-change", "--format", "json")  # fmt: skip
        further = self._further()
        applied = self._step(
            "apply", "apply", "--content", folder, "--suggested", self._options.kinds, "--write", "--max-files", "1000000"
        )  # fmt: skip
        judge = Judge(known)
        before = {one.path: one for one in articles}
        changes: list[Change] = []
        after: dict[str, Article] = {}
        for article in read_articles(self._content):
            after[article.path] = article
            changes += judge.changes(before[article.path], article, self._content)
        lost = before.keys() - after.keys()
        changes += [Change(path, 0, "", "other", "", "", "", "the file cannot be read any more") for path in sorted(lost)]  # fmt: skip
        missed = [
            (kind, at)
            for path, article in before.items()
            for kind, at in judge.wanted(article)
            if path in after and after[path].at(at) == article.at(at)
        ]
        refused = [line for line in applied.stderr.splitlines() if "not done" in line]
        return Outcome(
            len(articles), len(known.truths), changes, missed, self._verdicts(), further, self._steps, refused
        )  # fmt: skip

    def _step(self, name: str, *arguments: str) -> Completed:
        completed = self._web.run(
            [sys.executable, "-m", "crawler", *arguments],
            cwd=PROJECT,
            env=self._web.environment(LINKHEALTH_HOST_DELAY="0"),
            timeout=self._options.timeout,
        )
        if completed.code not in _FINE:
            sys.stderr.write(completed.stderr[-4000:])
            raise SystemExit(f"{name} ended with exit code {completed.code}")
        self._steps.append((name, round(completed.seconds, 1), round(completed.peak_rss / 1e6)))
        return completed

    def _stored(self, query: str) -> list[tuple[str, ...]]:
        with closing(sqlite3.connect(self._content / _OWN_FOLDER / "state.sqlite3")) as state:
            return list(state.execute(query))

    def _verdicts(self) -> list[tuple[str, int]]:
        report = self._content / _OWN_FOLDER / "reports" / "report.json"
        urls = json.loads(report.read_text(encoding="utf-8"))["urls"]
        return counted(one["verdict"] for one in urls)

    def _further(self) -> list[tuple[str, int]]:
        """The requests beyond one for each link and each of its redirects, by what they were for."""
        seen = Counter(request.url for request in self._web.requests())
        folders: set[str] = set()
        fronts: set[str] = set()
        others: Counter[str] = Counter()
        expected: Counter[str] = Counter()
        for url, hops, end, sibling, further in self._stored(_OBSERVED):
            led = [address for address, _ in json.loads(hops)] if hops else [url]
            expected.update(map(as_asked, {*led, end or url}))
            if sibling:
                folders.add(as_asked(json.loads(sibling)[0]))
            given = json.loads(further) if further else {}
            if given.get("front"):
                fronts.add(as_asked(given["front"][0]))
            others["https in place of http"] += bool(given.get("over_https"))
            others["without session or tracking (taken)"] += bool(given.get("clean_url"))
            others["by language (held back)"] += bool(given.get("by_language"))
            others["asked again last"] += bool(given.get("is_lasting"))
        languages = sum(
            not request.headers.get("accept-language", "en").startswith("en")
            for request in self._web.requests()
        )
        rest = seen - expected
        by_kind = Counter({
            "requests": seen.total(),
            "robots.txt": len(self._web.requests(robots=True)) - seen.total(),
            "links and their redirects": (seen & expected).total(),
            "beyond them": rest.total(),
            "in another language": languages,
            "folders' probes": sum(rest[url] for url in folders),
            "front pages": sum(rest[url] for url in fronts),
        })  # fmt: skip
        return [*by_kind.items(), *others.items()]


def show(outcome: Outcome, options: argparse.Namespace) -> int:
    """Print it for a person; returns how many changes are wrong."""
    wrong = [one for one in outcome.changes if one.fault]
    print(f"{outcome.articles} articles, {outcome.urls} addresses with a known truth")
    for name, seconds, megabytes in outcome.steps:
        print(f"{name}: {seconds} s, {megabytes} MB")
    for title, pairs in (("verdicts", outcome.verdicts), ("requests", outcome.further)):
        print(f"{title}: " + ", ".join(f"{name} {count}" for name, count in pairs))
    print("\nchanges by field: " + ", ".join(f"{name} {n}" for name, n in counted(one.kind for one in outcome.changes)))  # fmt: skip
    print("\nby what was true, and field: right, wrong")
    totals = Counter((one.truth, one.kind, bool(one.fault)) for one in outcome.changes)
    for truth, kind in sorted({(one[0], one[1]) for one in totals}):
        print(f"  {truth[:70]:70} {kind:18} {totals[truth, kind, False]:5} {totals[truth, kind, True]:5}")  # fmt: skip
    print("\nmissed: " + (", ".join(f"{name} {n}" for name, n in counted(f"{kind} ({at})" for kind, at in outcome.missed)) or "none"))  # fmt: skip
    for line in outcome.refused[: options.most]:
        print(line)
    print(f"\n{len(wrong)} of {len(outcome.changes)} changes are wrong")
    for one in wrong[: options.most]:
        print(f"WRONG {_told(one)}\n      truth: {one.truth}: {one.fault}")
    if options.show:
        print(f"\na sample of {options.show}")
        for one in sample(outcome.changes, options.show):
            print(f"{'WRONG ' if one.fault else ''}{_told(one)} [{one.truth}]")
    return len(wrong)


def _told(one: Change) -> str:
    return f"{one.path}:{one.line} {one.at}: {one.old[:160]!r} -> {one.new[:160]!r}"


def sample(changes: Sequence[Change], size: int) -> list[Change]:
    """Changes of every kind: of each pair of truth and field as many in turn, always the same ones."""
    chance = random.Random(12)
    of_kind: dict[tuple[str, str], list[Change]] = {}
    for one in changes:
        of_kind.setdefault((one.truth, one.kind), []).append(one)
    for several in of_kind.values():
        chance.shuffle(several)
    found: list[Change] = []
    while len(found) < size and any(of_kind.values()):
        for several in of_kind.values():
            if several and len(found) < size:
                found.append(several.pop())
    return found


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("collection", type=Path, help="a tar archive or a folder of article files")
    parser.add_argument("--mode", choices=("namespace", "connect-to"), default="connect-to")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="only N files")
    parser.add_argument("--kinds", default=_KINDS, help=f"the kinds to apply ({_KINDS})")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N of the changes")
    parser.add_argument("--most", type=int, default=200, metavar="N", help="wrong ones to print")
    parser.add_argument("--timeout", type=float, default=1800.0, metavar="SECONDS", help="a step's")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result there too")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse(arguments)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="applied-") as folder:
        content = Path(folder)
        unpack(options.collection, content, options.sample)
        with (NamespaceWeb if options.mode == "namespace" else LoopbackWeb)() as web:
            outcome = Bench(web, content, options).run()
    wrong = show(outcome, options)
    if options.json is not None:
        options.json.write_text(json.dumps(asdict(outcome), indent=1) + "\n", encoding="utf-8")
    print(f"\n{time.perf_counter() - began:.1f} s altogether")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
