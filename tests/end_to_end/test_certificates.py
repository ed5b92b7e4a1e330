"""Rules C2 and C4 by whole runs: the verdict on a page behind a bad certificate, and what is kept of the page."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.collection import Collection, Image, Report, article, run_command
from tests.web import pages
from tests.web.origin import Request
from tests.web.rules import Answer, Certificate, Ending, Rules, redirect, robots
from tests.web.running import Completed
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-certificates")

STORY = "/news/2020/a-story"
NEW = "https://new.example/news/2020/the-story"
OTHER_TITLE = pages.page("Quite another title", body="<p>Words.</p>")


@dataclass(frozen=True)
class Case:
    """A link on the host `NAME.example`, that host's certificate, and the expected verdict."""

    name: str
    certificate: Certificate
    verdict: str = "alive"
    reason: str = "http-200"
    warnings: tuple[str, ...] = ()
    answers: dict[str, Answer] = field(default_factory=dict)
    image: bool = False
    freshness: str | None = None
    measured: bool | None = None
    scheme: str = "https"

    @property
    def host(self) -> str:
        return f"{self.name}.example"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}{'/one.png' if self.image else STORY}"

    @property
    def text(self) -> str:
        if self.image:
            return article(images=[Image(self.url, (640, 480))])
        return article("The very title", web=self.url)


KINDS = {
    Certificate.EXPIRED: "certificate-expired",
    Certificate.NOT_YET_VALID: "certificate-not-yet-valid",
    Certificate.SELF_SIGNED: "certificate-self-signed",
    Certificate.UNTRUSTED: "certificate-untrusted",
    Certificate.UNKNOWN_ISSUER: "certificate-untrusted",
    Certificate.INCOMPLETE: "certificate-chain-incomplete",
    Certificate.WRONG_HOST: "certificate-wrong-host",
    Certificate.EXPIRED_WRONG_HOST: "certificate-wrong-host",
    Certificate.NAMELESS: "certificate-wrong-host",
    Certificate.TOO_OLD: "tls-too-old",
}
EXPIRED, SELF_SIGNED = ("certificate-expired",), ("certificate-self-signed",)

CASES = [
    Case("fine", Certificate.VALID),
    *(Case(kind.value, kind, warnings=(code,)) for kind, code in KINDS.items()),
    # never a strike
    Case(
        "gone",
        Certificate.EXPIRED,
        "unverifiable",
        "certificate-expired",
        answers={STORY: Answer(status=404)},
    ),
    Case(
        "no-longer",
        Certificate.WRONG_HOST,
        "unverifiable",
        "certificate-wrong-host",
        answers={STORY: Answer(status=410)},
    ),
    Case(
        "soft",
        Certificate.SELF_SIGNED,
        "unverifiable",
        "certificate-self-signed",
        answers={STORY: Answer(body=pages.page("Page not found", body="<h1>Page not found</h1>"))},
    ),
    Case(
        "home",
        Certificate.UNTRUSTED,
        "unverifiable",
        "certificate-untrusted",
        answers={STORY: redirect("/", 302)},
    ),
    Case(
        "wall",
        Certificate.EXPIRED,
        "unverifiable",
        "http-403",
        EXPIRED,
        answers={STORY: Answer(status=403)},
    ),
    Case("shut", Certificate.REFUSED, "unverifiable", "tls-failed"),
    Case(
        "silent",
        Certificate.SELF_SIGNED,
        "unverifiable",
        "tls-certificate-untrusted",
        answers={STORY: Answer(ending=Ending.RESET_BEFORE)},
    ),
    # a move suggests nothing unless the site itself has answered
    Case("moved", Certificate.VALID, "moved", "moved-permanently", answers={STORY: redirect(NEW)}),
    Case(
        "moved-by-whom",
        Certificate.SELF_SIGNED,
        "alive",
        "http-200",
        SELF_SIGNED,
        answers={STORY: redirect(NEW)},
    ),
    # each hop is verified, or not, on its own
    Case(
        "onward",
        Certificate.VALID,
        "alive",
        "redirect-temporary",
        EXPIRED,
        answers={STORY: redirect(f"https://expired.example{STORY}", 302)},
    ),
    Case(
        "twice",
        Certificate.EXPIRED,
        "alive",
        "redirect-temporary",
        SELF_SIGNED,
        answers={STORY: redirect(f"https://self-signed.example{STORY}", 302)},
    ),
    Case(
        "plain",
        Certificate.EXPIRED,
        "alive",
        "redirect-trivial",
        EXPIRED,
        answers={f"http://plain.example{STORY}": redirect(f"https://plain.example{STORY}")},
        scheme="http",
    ),
    # images
    Case("picture", Certificate.EXPIRED, warnings=EXPIRED, image=True, measured=True),
    Case("painting", Certificate.SELF_SIGNED, warnings=SELF_SIGNED, image=True, measured=False),
    Case(
        "poster",
        Certificate.SELF_SIGNED,
        "unverifiable",
        "certificate-self-signed",
        answers={"/one.png": Answer(body=OTHER_TITLE, content_type="text/html")},
        image=True,
        measured=False,
    ),
    # what the page says of itself
    Case(
        "drifted",
        Certificate.EXPIRED,
        warnings=EXPIRED,
        answers={STORY: Answer(body=OTHER_TITLE)},
        freshness="drifted",
    ),
    Case(
        "foreign",
        Certificate.SELF_SIGNED,
        warnings=SELF_SIGNED,
        answers={STORY: Answer(body=OTHER_TITLE)},
        freshness="unverified",
    ),
    # robots.txt behind the same certificate is read, and obeyed
    Case(
        "forbidding",
        Certificate.EXPIRED,
        "unverifiable",
        "robots-denied",
        answers={"/robots.txt": robots("User-agent: *\nDisallow: /")},
    ),
]
BY_NAME = {case.name: case for case in CASES}


def rules() -> Rules:
    answers = {
        key if "://" in key else f"//{case.host}{key}": answer
        for case in CASES
        for key, answer in case.answers.items()
    }
    answers[NEW] = Answer(body=pages.page("The very title"))
    return Rules(answers, {case.host: case.certificate for case in CASES})


def connect_to(web: LoopbackWeb) -> str:
    return f"too-old.example:443:127.0.0.1:{web.old_https_port},{web.connect_to}"


@dataclass(frozen=True)
class Audited:
    """One run over all cases."""

    collection: Collection
    completed: Completed
    report: Report
    requests: list[Request]


@pytest.fixture(scope="module")
def audited(module_web: LoopbackWeb, tmp_path_factory: pytest.TempPathFactory) -> Audited:
    module_web.set_rules(rules())
    collection = Collection(tmp_path_factory.mktemp("certificates") / "content")
    for case in CASES:
        collection.add(f"{case.name}.md", case.text)
    completed = collection.audit(module_web, LINKHEALTH_CONNECT_TO=connect_to(module_web))
    return Audited(collection, completed, collection.report(), module_web.requests(robots=True))


def entry(audited: Audited, case: Case) -> dict[str, Any]:
    return audited.report.url(case.url)


@pytest.mark.parametrize("name", BY_NAME)
def test_each_page_is_judged_by_rules_1(audited: Audited, name: str) -> None:
    case = BY_NAME[name]
    found = entry(audited, case)
    assert (found["verdict"], found["reason"]) == (case.verdict, case.reason)
    assert found["warnings"] == list(case.warnings)
    assert (found["strikes"], found["failing_since"]) == (0, None)
    assert (found["suggestion"] is not None) is (case.verdict == "moved")


def test_the_run_is_sound(audited: Audited) -> None:
    assert audited.completed.code == 0
    assert "Traceback" not in audited.completed.stderr
    verdicts = {verdict for _, verdict, _ in audited.report.opinions()}
    assert verdicts == {"alive", "moved", "unverifiable"}


@pytest.mark.parametrize("case", [case for case in CASES if case.image], ids=lambda case: case.name)
def test_an_image_is_measured_only_where_the_site_sent_it(audited: Audited, case: Case) -> None:
    assert (entry(audited, case)["image"] is not None) is case.measured


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.freshness], ids=lambda case: case.name
)
def test_a_page_of_an_unproved_server_is_no_drift(audited: Audited, case: Case) -> None:
    found = audited.report.articles[f"{case.name}.md"]
    assert found["freshness"]["state"] == case.freshness
    assert (entry(audited, case)["page"] is None) is (case.freshness == "unverified")


def test_unverified_connections_serve_one_request_each(audited: Audited) -> None:
    """No unverified connection may ever serve a verified request."""
    used = Counter(request.connection for request in audited.requests)
    shared = {
        request.host
        for request in audited.requests
        if request.scheme == "https" and used[request.connection] > 1
    }
    assert not shared & {c.host for c in CASES if c.certificate is not Certificate.VALID}
    assert "fine.example" in shared, "robots.txt and the page: verified ones are used again"


def test_robots_txt_comes_first_all_the_same(audited: Audited) -> None:
    asked = [request.url for request in audited.requests]
    for case in CASES:
        if case.scheme == "https" and case.certificate is not Certificate.REFUSED:
            first = asked.index(f"https://{case.host}/robots.txt")
            assert case.url not in asked[:first], case.name
    assert BY_NAME["forbidding"].url not in asked


def ends(web: LoopbackWeb, collection: Collection) -> dict[str, dict[str, Any] | None]:
    """What `linkhealth hosts` knows of certificates, by host."""
    done = run_command(web, "hosts", str(collection.root), "--json")
    assert done.code == 0, done.stderr
    return {one["host"]: one["certificate"] for one in json.loads(done.stdout)["hosts"]}


def test_until_when_a_good_certificate_is_valid_is_known_of_its_host(
    audited: Audited, module_web: LoopbackWeb
) -> None:
    """Rule C6: from the connections that are there already, and by the certificate of each host alone."""
    found = ends(module_web, audited.collection)
    good = {case.host for case in CASES if case.certificate is Certificate.VALID}
    assert {host for host, known in found.items() if known is not None} == good
    fine = found["fine.example"]
    assert fine is not None
    # The authority of the test web gives 90 days, one of which has gone.
    left = datetime.fromisoformat(fine["ends_at"]) - datetime.now(UTC)
    assert timedelta(days=88) < left < timedelta(days=90)
    assert fine["ends_soon"] is False


def test_a_certificate_that_should_have_been_replaced_is_one_row(
    web: LoopbackWeb, tmp_path: Path
) -> None:
    web.set_rules(Rules({}, {"other.example": Certificate.EXPIRED}))
    collection = Collection(tmp_path / "content")
    for name in ("one", "two"):
        collection.add(f"{name}.md", article(web=f"https://late.example/{name}"))
    collection.add("plain.md", article(web="http://plain.example/"))
    collection.add("other.md", article(web="https://other.example/"))
    late = (datetime.now(UTC) + timedelta(days=70)).isoformat()
    assert collection.audit(web, LINKHEALTH_CLOCK=late).code == 0
    table = (collection.root / ".linkhealth/reports/report.csv").read_text("utf-8-sig")
    (row,) = [one for one in csv.DictReader(table.splitlines()) if one["kind"] == "certificate"]
    assert (row["url"], row["reason"], row["level"], row["path"]) == (
        "late.example",
        "certificate-ends",
        "info",
        "",
    )
    (told,) = collection.report().document["certificates"]
    assert (told["host"], told["ends_at"][:10]) == ("late.example", row["actual"])
    env = {"LINKHEALTH_CLOCK": late}
    shown = run_command(web, "hosts", str(collection.root), env=env).stdout
    assert "it should have been replaced by then" in shown
    assert "plain.example" not in shown


def test_a_host_with_many_links_is_probed_once(web: LoopbackWeb, tmp_path: Path) -> None:
    web.set_rules(Rules({}, {"many.example": Certificate.EXPIRED}))
    collection = Collection(tmp_path / "content")
    urls = [f"https://many.example/story/{number}" for number in range(20)]
    collection.add("many.md", article(related=urls))
    assert collection.audit(web).code == 0
    report = collection.report()
    assert {report.url(url)["verdict"] for url in urls} == {"alive"}
    requests = web.requests(robots=True)
    assert sorted(r.url for r in requests) == sorted([*urls, "https://many.example/robots.txt"])
    # A client that refuses the certificate does not complete the handshake; a probe does.
    assert web.counters().connections == len(requests) + 1
    assert web.counters().most_connections["many.example"] <= 2


def test_a_page_that_says_the_same_for_days_is_never_called_dead(
    web: LoopbackWeb, tmp_path: Path
) -> None:
    web.set_rules(Rules({"*": Answer(status=410)}, {"gone.example": Certificate.EXPIRED}))
    collection = Collection(tmp_path / "content")
    collection.add("gone.md", article(web=f"https://gone.example{STORY}"))
    for day in ("01", "09", "17"):
        clock = f"2030-01-{day}T00:00:00Z"
        completed = collection.audit(web, "-a", "due=all", LINKHEALTH_CLOCK=clock)
        assert completed.code == 0, completed.stderr
        found = collection.report().url(f"https://gone.example{STORY}")
        assert (found["verdict"], found["strikes"]) == ("unverifiable", 0)
    assert b"deadLinks: []" in collection.contents()["gone.md"]
