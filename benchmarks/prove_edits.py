"""Edit everything and prove it with PyYAML's own loaders: whole collections, generated files, kills.

    python benchmarks/prove_edits.py [COLLECTION.tar.xz|FOLDER …] [--generated 10000] [--kills 150]

Every file: a block put in, replaced and taken out; single values replaced, added and taken out. Bytes
outside are the same, the rest loads as before, a second time changes nothing, strip restores
(tests/content/edit_oracle.py). Generated files come from Hypothesis (tests/strategies/articles.py).
`--kills` ends a write-back with kill -9 at that many random moments (tests/operations/killing.py).
The exit code is 1 where anything did not hold.
"""

from __future__ import annotations

import argparse
import random
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.content import SpliceRefused, UnreadableArticle, splice
from crawler.content.article_document import Document
from crawler.content.edits import Edit, Edited
from crawler.content.nodes import Scalar
from crawler.content.notations import begins_front_matter
from tests.content.edit_oracle import check_block, check_edits
from tests.operations.killing import kills
from tests.strategies.articles import articles, edits, places, plain

_EDITS_A_FILE = 5
_NEW: tuple[str | int, ...] = (
    "https://new.test/?a=1&b=é#c", "it's: new", "true", 'a "b" 😀', 17,
)  # fmt: skip


def files_of(collection: Path) -> Iterator[tuple[str, bytes]]:
    """Every Markdown file with its bytes."""
    if collection.is_dir():
        for path in sorted(collection.rglob("*.md")):
            yield path.relative_to(collection).as_posix(), path.read_bytes()
        return
    with tarfile.open(collection) as tar:
        for member in tar:
            stream = tar.extractfile(member) if member.isfile() else None
            if stream is not None and member.name.endswith(".md"):
                yield member.name, stream.read()


def some_edits(document: Document, chance: random.Random) -> list[Edit]:
    """Values replaced, taken out and added, anywhere in a file."""
    found = [one for one in places(document) if not one[0].startswith(("linkHealth", "secured"))]
    chosen: list[Edit] = []
    for pointer, node, is_key in chance.sample(found, min(_EDITS_A_FILE, len(found))):
        parent = pointer.rpartition("/")[0]
        kind = chance.randrange(4)
        if kind == 0 and is_key:
            chosen.append(Edit(pointer, plain(node), None))
        elif kind == 1 and is_key:
            key = chance.choice(["width", "ampWebUrl", "added"])
            chosen.append(Edit(f"{parent}/{key}" if parent else key, None, "1: a # b"))
        elif isinstance(node, Scalar):
            chosen.append(Edit(pointer, node.value, chance.choice(_NEW)))
    return chosen


def counted(edited: Edited, counts: Counter[str]) -> None:
    for outcome in edited.outcomes:
        counts[f"edits {outcome.state}"] += 1
        if outcome.code is not None:
            counts[f"  {outcome.code}"] += 1


def prove_collection(collection: Path) -> Counter[str]:
    """Every file of a collection."""
    counts: Counter[str] = Counter()
    chance = random.Random(1)
    for name, data in files_of(collection):
        if not begins_front_matter(data, name):
            counts["files without front matter"] += 1
            continue
        try:
            document = Document(name, data)
        except UnreadableArticle as error:
            counts["files refused"] += 1
            print(f"{name}:{error.problems[0].line}: {error.problems[0].message}")
            refuse_as_well(data)
            continue
        refused = check_block(data)
        if refused is not None:
            print(f"{name}:{refused.line}: {refused.reason}")
        counts["blocks refused" if refused is not None else "blocks in and out"] += 1
        counted(check_edits(data, some_edits(document, chance)), counts)
    return counts


def refuse_as_well(data: bytes) -> None:
    try:
        splice(data, "linkHealth:\n  schema: 1\n")
    except SpliceRefused:
        return
    raise AssertionError("a file that cannot be read was edited")


def prove_generated(number: int) -> Counter[str]:
    """Prove `number` generated files, each of another shape."""
    counts: Counter[str] = Counter()

    @given(st.data())
    @settings(
        max_examples=number, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    def prove(data: st.DataObject) -> None:
        article = data.draw(articles())
        refused = check_block(article)
        counts["blocks refused" if refused is not None else "blocks in and out"] += 1
        document = Document("", article)
        wanted = data.draw(st.lists(edits(document), min_size=1, max_size=4))
        counted(check_edits(article, wanted), counts)

    prove()
    return counts


def show(title: str, counts: Counter[str], began: float) -> None:
    print(f"{title}, {time.perf_counter() - began:.0f} s")
    for name, count in sorted(counts.items(), key=lambda one: (one[0].startswith(" "), one[0])):
        print(f"  {name:<40}{count:>10,}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("collections", nargs="*", type=Path)
    parser.add_argument("--generated", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=150)
    options = parser.parse_args()
    wrong = 0
    for collection in options.collections:
        began = time.perf_counter()
        show(collection.name, prove_collection(collection), began)
    if options.generated:
        began = time.perf_counter()
        show("generated files", prove_generated(options.generated), began)
    if options.kills:
        with tempfile.TemporaryDirectory(prefix="kills-") as folder:
            began = time.perf_counter()
            found = Counter(kills(Path(folder), options.kills))
        show("kills", found, began)
        names = ("torn", "lost writes", "refused", "left behind", "second runs that wrote")
        wrong = sum(found[name] for name in names)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
