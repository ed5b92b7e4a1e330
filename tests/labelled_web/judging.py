"""The crawls over the labelled web, and the comparison of their results with the labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crawler.model.check import DECLARED_SIZE
from tests.end_to_end.collection import Collection, Report
from tests.labelled_web import days
from tests.labelled_web.case import Case, Class, Label
from tests.labelled_web.table import DAYS, LOOPBACK, TRUE_NAMES
from tests.time_limits import HANG
from tests.web.namespace import NamespaceWeb
from tests.web.origin import Request
from tests.web.rules import Answer, Rules
from tests.web.running import Completed
from tests.web.web import LoopbackWeb, Web

_OPTIONS = (
    "--fail-on", "never", "-a", "write_back=no",
    "-s", "DOWNLOAD_TIMEOUT=14", "-s", "LINKHEALTH_BODY_TIMEOUT=12", "-s", "LINKHEALTH_CONNECT_TIMEOUT=1",
)  # fmt: skip
"""Short limits, so that a hanging answer does not delay the crawl. Nothing is written back: the collection is made
of broken links."""
_HOSTS_AT_ONCE = "48"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One crawl: its result for every URL, its exit, and its requests."""

    completed: Completed
    report: Report
    requests: Sequence[Request]

    def found(self, url: str) -> dict[str, Any]:
        """The report's entry of a link; raises KeyError."""
        return self.report.url(url)

    def said(self, url: str) -> Label:
        """The result of a link, as a label."""
        entry = self.found(url)
        suggested = entry["suggestion"]
        return Label(
            entry["verdict"],
            entry["reason"],
            tuple(entry["warnings"]),
            suggested["value"] if suggested else None,
        )

    def asked(self, url: str) -> int:
        """The number of requests for a URL."""
        return sum(request.url == url for request in self.requests)


@dataclass(slots=True)
class Score:
    """The counts of a class; `alarms` are links called broken or dead that must not be."""

    met: int = 0
    missed: list[str] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)

    @property
    def cases(self) -> int:
        """The number of labels."""
        return self.met + len(self.missed)


def judge_loopback(web: LoopbackWeb, folder: Path) -> Judgement:
    """Crawl the cases that need no name server, then those of the second visit again."""
    collection = _collection(folder, LOOPBACK)
    web.set_rules(_rules(LOOPBACK))
    web.forget()
    first = _audit(collection, web)
    asked = web.requests(robots=True)
    web.forget()
    report = collection.report()
    second = _audit(collection, web, "-a", "host=again-*", "-a", "due=all")
    again = {case.url for case in LOOPBACK if case.kind is Class.CONDITIONAL}
    requests = [request for request in asked if request.url not in again] + web.requests()
    newer = [entry for entry in collection.report().document["urls"] if entry["url"] in again]
    kept = [entry for entry in report.document["urls"] if entry["url"] not in again]
    document = {**report.document, "urls": [*kept, *newer]}
    return Judgement(first if first.code else second, Report(document), requests)


def judge_true_names(web: NamespaceWeb, folder: Path) -> Judgement:
    """Crawl the cases that are about names and addresses."""
    collection = _collection(folder, TRUE_NAMES)
    web.set_names({name: known for case in TRUE_NAMES for name, known in case.names.items()})
    web.set_rules(_rules(TRUE_NAMES))
    web.forget()
    completed = _audit(collection, web)
    return Judgement(completed, collection.report(), web.requests(robots=True))


def judge_days(web: LoopbackWeb, folder: Path) -> Mapping[int, Judgement]:
    """Audit the links of `days` on each of its days."""
    collection = Collection(folder)
    for case in DAYS:
        collection.add(f"{case.name}.md", case.text)
    found = {}
    for day in days.DAYS:
        web.set_rules(days.answers_on(DAYS, day))
        web.forget()
        completed = _audit(collection, web, "-a", "due=all", LINKHEALTH_CLOCK=days.clock(day))
        found[day] = Judgement(completed, collection.report(), web.requests())
    return found


def differences(case: Case, judgement: Judgement) -> list[str]:
    """The differences between a link's result and its label and other expected fields; empty for
    none."""
    wanted = Label(
        case.label.verdict,
        case.label.reason,
        case.label.warnings,
        case.absolute(case.label.suggestion),
    )
    said = judgement.said(case.visited)
    entry = judgement.found(case.visited)
    sizes = [
        (size["reason"], size["level"])
        for size in judgement.report.articles[case.file]["image_sizes"]
        if size["url"] == case.visited and size["reason"] in DECLARED_SIZE
    ]
    seen: dict[str, tuple[object, object]] = {
        "label": (wanted, said),
        "status": (case.seen.status, entry["status"]),
        "end": (case.absolute(case.seen.end), entry["final_url"]),
        "hops": (case.seen.hops, len(entry["redirects"])),
        "strikes": (case.seen.strikes, entry["strikes"]),
        "requests": (case.seen.requests, _requests(case, said, judgement.asked(case.visited))),
        "sizes": (case.seen.sizes, tuple(sizes)),
        "freshness": (case.seen.freshness, _freshness(judgement.report.articles[case.file])),
        "published": (case.seen.published, ((entry["page"] or {}).get("published") or "")[:10]),
    }
    return [
        f"{name}: {found} in place of {expected}"
        for name, (expected, found) in seen.items()
        if expected is not None and found != expected
    ]


def _requests(case: Case, said: Label, asked: int) -> int:
    """How often a link was asked, but for the second look at one that failed in a burst (rule O16): so crowded a web has
    some."""
    expected = case.seen.requests
    has_failed = said.verdict in ("broken", "failing")
    if expected is not None and has_failed and expected < asked <= 2 * expected:
        return expected
    return asked


def _freshness(article: dict[str, Any]) -> str | None:
    found = article["freshness"]
    return found["state"] if found else None


def met(label: Label, said: Label) -> bool:
    """Whether verdict and reason are those of the label."""
    return (said.verdict, said.reason) == (label.verdict, label.reason)


def is_false_alarm(label: Label, said: Label) -> bool:
    """Whether a live or unverifiable link was called broken or dead."""
    return label.forbids_alarm and said.verdict in ("broken", "dead")


def score(
    judged: Iterable[tuple[Sequence[Case], Judgement]], over_days: Mapping[int, Judgement]
) -> dict[Class, Score]:
    """The scores of every class, those over days too: one label for each day that has one."""
    scores: dict[Class, Score] = defaultdict(Score)
    for cases, judgement in judged:
        for case in cases:
            _count(scores[case.kind], case.name, case.label, judgement.said(case.visited))
    for day, judgement in over_days.items():
        for day_case in DAYS:
            if (label := day_case.labels.get(day)) is not None:
                name = f"{day_case.name} on day {day}"
                _count(scores[Class.DAYS], name, label, judgement.said(day_case.url))
    return scores


def _count(score: Score, name: str, label: Label, said: Label) -> None:
    if met(label, said):
        score.met += 1
    else:
        score.missed.append(name)
    if is_false_alarm(label, said):
        score.alarms.append(name)


def _audit(collection: Collection, web: Web, *arguments: str, **env: str) -> Completed:
    return collection.audit(
        web, *_OPTIONS, *arguments, timeout=HANG, LINKHEALTH_IN_FLIGHT=_HOSTS_AT_ONCE, **env
    )


def _collection(folder: Path, cases: Sequence[Case]) -> Collection:
    collection = Collection(folder)
    for case in cases:
        collection.add(case.file, case.text)
    return collection


def _rules(cases: Sequence[Case]) -> Rules:
    """The rules of all cases: an address that no case names answers 404, as on a sound site."""
    answers: dict[str, Answer | Sequence[Answer]] = {"*": Answer(status=404)}
    certificates = {}
    for case in cases:
        answers |= case.rules
        if case.certificate is not None:
            certificates[case.host] = case.certificate
    return Rules(answers, certificates)
