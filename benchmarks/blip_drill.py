"""A blip under a real run: for some seconds the name server says that no name exists, or every site gives one error.

    python benchmarks/blip_drill.py [--hosts 700] [--seconds 6] [--kind nxdomain] [--first] [--second-look 60]

In a private network namespace (root, or user namespaces) the hosts, one link each, are visited when all is well, and again
with a blip in the middle of the run; five of them are truly gone then. With --first the blip is in the first run. The exit code
is 1 where a link is called broken that is not gone, or a file was written for one.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(PROJECT)]

from tests.end_to_end.collection import Collection, article  # noqa: E402 - after the path
from tests.web.nameserver import Name, Names, Outcome  # noqa: E402
from tests.web.namespace import EVERYTHING, REFUSING, NamespaceWeb  # noqa: E402
from tests.web.rules import Answer, Ending, Rules  # noqa: E402

LIMIT = 1_200.0
"""Seconds that a run may take at most."""
TRULY_GONE = 5
NAMES = {
    "nxdomain": Name(outcome=Outcome.NXDOMAIN),
    "nodata": Name(outcome=Outcome.NODATA),
    "refused": Name(addresses=(REFUSING,)),
}
ANSWERS = {
    "404": Answer(status=404),
    "410": Answer(status=410),
    "reset": Answer(ending=Ending.RESET_BEFORE),
    "page": Answer(status=404, body="<title>Gone fishing</title><p>Back soon."),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hosts", type=int, default=700)
    parser.add_argument("--seconds", type=float, default=6.0, help="how long the blip lasts")
    parser.add_argument("--kind", choices=[*NAMES, *ANSWERS], default="nxdomain")
    parser.add_argument("--first", action="store_true", help="the blip is in the first run")
    parser.add_argument("--second-look", type=float, default=60.0, help="seconds until it")
    options = parser.parse_args()
    hosts = [f"host-{number}.example" for number in range(options.hosts)]
    gone = hosts[:: max(1, options.hosts // TRULY_GONE)]
    with tempfile.TemporaryDirectory() as folder, NamespaceWeb() as web:
        collection = Collection(Path(folder) / "content")
        for host in hosts:
            collection.add(f"{host}.md", article(f"A story of {host}", web=_link(host)))
        if not options.first:
            _told("before", _audit(web, collection, "2026-03-01T12:00:00Z", options.second_look))
            web.forget()
        before = collection.contents()
        is_wrong = _with_blip(web, collection, hosts, gone, options)
        written = {name for name, data in collection.contents().items() if data != before[name]} - {
            f"{host}.md" for host in gone
        }
    print(f"files written for what is not gone: {0 if options.first else len(written)}")
    return 1 if is_wrong or (written and not options.first) else 0


def _with_blip(
    web: NamespaceWeb,
    collection: Collection,
    hosts: list[str],
    gone: list[str],
    options: argparse.Namespace,
) -> bool:
    """Run with a blip; whether a link was called broken that is not gone."""
    lost = {_link(host): Answer(status=404) for host in gone}
    well = Rules({"*": Answer(), **lost})
    web.set_rules(well)
    over = threading.Event()

    def blip() -> None:
        while web.counters().requests < len(hosts) // 2 and not over.is_set():
            time.sleep(0.02)
        _fail(web, hosts, options.kind)
        begun = time.monotonic()
        over.wait(options.seconds)
        web.set_names(EVERYTHING)
        web.set_rules(well)
        print(f"a blip of {options.kind} for {time.monotonic() - begun:.1f} s")

    thread = threading.Thread(target=blip)
    thread.start()
    ended = _audit(web, collection, "2026-08-01T12:00:00Z", options.second_look)
    over.set()
    thread.join()
    _told("with the blip", ended)
    report = collection.report()
    broken = {url for url, verdict, _ in report.opinions() if verdict in ("broken", "dead")}
    false = broken - {_link(host) for host in gone}
    print(f"broken: {len(broken)} of {len(gone)} that are gone, {len(false)} that are not")
    counts = {kind: count for kind, count in report.summary["by_verdict"].items() if count}
    print(f"verdicts: {counts}")
    return bool(false)


def _fail(web: NamespaceWeb, hosts: list[str], kind: str) -> None:
    if kind in NAMES:
        web.set_names(Names(NAMES[kind]))
        return
    answer = ANSWERS[kind]
    robots = {f"//{host}/robots.txt": answer for host in hosts}
    web.set_rules(Rules({"*": answer, **robots}))


def _audit(
    web: NamespaceWeb, collection: Collection, clock: str, second_look: float
) -> tuple[int, float, str]:
    ended = collection.audit(
        web,
        timeout=LIMIT,
        LINKHEALTH_CLOCK=clock,
        LINKHEALTH_SECOND_LOOK=f"{second_look:g}",
        LINKHEALTH_NETWORK_PAUSES="1",
    )
    return ended.code, ended.seconds, ended.stderr.strip()


def _told(name: str, ended: tuple[int, float, str]) -> None:
    code, seconds, said = ended
    print(f"{name}: exit code {code} after {seconds:.0f} s {said[-200:]}")


def _link(host: str) -> str:
    return f"https://{host}/news/2020/a-story"


if __name__ == "__main__":
    raise SystemExit(main())
