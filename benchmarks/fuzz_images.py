"""Whether spoilt images ever raise in the image prober, and what the slowest step costs.

    python benchmarks/fuzz_images.py FOLDER [--count 300000] [--seed N] [--keep FILE]

FOLDER holds `index.jsonl` with the `path` of each image. Those and the hand-built headers of the tests
are changed (bytes, lengths, cuts, splices, repeats) and each is probed as a downloader does: 16 KB,
then 64, then 256. The exit code is 1 after an exception or a step of more than 100 ms of processor
time; `--keep` writes the slowest input.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import sys
import time
import traceback
import tracemalloc
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from crawler.extractors.image.header import STEPS, Info, Need, probe
from tests.image_bytes import SIZED
from tests.image_mutations import SEED, mutations

MOST_MS = 100.0
_TRACED = 97
"""One in so many inputs is measured for memory, as tracing would distort the times of all."""


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=300_000)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--keep", type=Path, metavar="FILE")
    options = parser.parse_args()
    bodies = [row[1] for row in SIZED] + real(options.folder)
    print(f"{len(bodies)} bodies, {options.count} inputs, seed {options.seed}")
    answers: Counter[str] = Counter()
    times: list[float] = []
    raised, slowest, worst = 0, 0.0, b""
    peak = 0
    for number, body in enumerate(mutations(bodies, options.count, options.seed)):
        try:
            milliseconds, answer = probed(body)
        except Exception:  # noqa: BLE001 - finding those is what it is for
            raised += 1
            traceback.print_exc()
            print(f"  raised by input {number} of this seed: {body[:64]!r}")
            continue
        answers[answer] += 1
        times.append(milliseconds)
        if milliseconds > slowest:
            slowest, worst = milliseconds, body
        if number % _TRACED == 0:
            peak = max(peak, allocated(body))
    if options.keep:
        options.keep.write_bytes(worst)
    times.sort()
    print("answers: " + ", ".join(f"{kind} {count}" for kind, count in answers.most_common()))
    print(f"exceptions: {raised}")
    print(f"step, CPU ms: median {times[len(times) // 2]:.3f}, p99 {times[-len(times) // 100]:.3f}")
    digest = hashlib.sha256(worst).hexdigest()[:16]
    print(f"slowest step, CPU ms: {slowest:.1f}")
    print(f"  of {len(worst)} bytes, sha256 {digest}, beginning {worst[:24]!r}")
    print(f"peak memory of one step, MB: {peak / 1e6:.2f}")
    whole = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1 if sys.platform == "darwin" else 1024
    )
    print(f"peak memory of the process, MB: {whole:.0f}")
    return 1 if raised or slowest > MOST_MS else 0


def real(folder: Path) -> list[bytes]:
    """The beginnings of the real images."""
    found = []
    with (folder / "index.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            with (folder / json.loads(line)["path"]).open("rb") as file:
                found.append(file.read(STEPS[-1]))
    return found


def probed(body: bytes) -> tuple[float, str]:
    """The processor time of the slowest step in milliseconds, and the kind of the last answer."""
    slowest, seen = 0.0, STEPS[0]
    while True:
        part, complete = body[:seen], seen >= len(body)
        began = time.process_time()
        answer = probe(part, complete=complete)
        slowest = max(slowest, (time.process_time() - began) * 1e3)
        if not isinstance(answer, Need):
            known = "" if not isinstance(answer, Info) or answer.width else " without size"
            return slowest, type(answer).__name__ + known
        if answer.total <= seen:
            raise AssertionError(answer)
        seen = answer.total


def allocated(body: bytes) -> int:
    """The peak of bytes that a probe of the whole body allocates, without the body itself."""
    tracemalloc.start()
    probe(body, complete=True)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


if __name__ == "__main__":
    sys.exit(main())
