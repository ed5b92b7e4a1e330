"""One crawl over many hosts, each with a behaviour of its own: the verdict on every one."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from tests.end_to_end.collection import Collection, Image, Report, article
from tests.web import pages
from tests.web.origin import Counters, Request
from tests.web.rules import Answer, Coding, Drip, Ending, redirect, robots
from tests.web.running import Completed
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-verdicts")

RETRIED = 3
"""Requests of a link whose trouble does not pass: the first and two retries (RULES 2)."""

Answers = Mapping[str, Answer | Sequence[Answer]]


@dataclass(frozen=True)
class Case:
    """One link on the host `NAME.example`, how the web behaves, and what must come of it.

    Keys of `answers` without a host are of the link's own. `requests` are those of the link's own
    URL. `image` is the declared size where the link is an image; `found` are the size findings.
    """

    name: str
    verdict: str
    reason: str
    answers: Answers = field(default_factory=dict)
    path: str = "/news/2020/a-story"
    scheme: str = "https"
    requests: int = 1
    status: int | None = 200
    warnings: tuple[str, ...] = ()
    image: tuple[int, int] | None = None
    found: tuple[tuple[str, str], ...] = ()
    end: str | None = None
    hops: int = 0
    suggestion: str | None = None
    strikes: int = 0
    raw: str | None = None

    @property
    def host(self) -> str:
        return f"{self.name}.example"

    @property
    def url(self) -> str:
        return self.raw or f"{self.scheme}://{self.host}{self.path}"

    @property
    def rules(self) -> dict[str, Answer | Sequence[Answer]]:
        return {
            key if key.startswith("//") or "://" in key else f"//{self.host}{key}": answer
            for key, answer in self.answers.items()
        }

    @property
    def text(self) -> str:
        if self.image is None:
            return article(web=self.url)
        return article(images=[Image(self.url, self.image)])


PATH = "/news/2020/a-story"
PICTURE = "/pictures/one.png"
NOT_FOUND = pages.page("Page not found", body="<p>Sorry.</p>")
FRESH_CONNECTION = {"/robots.txt": Answer(status=404, keep_alive=False)}
"""A request that is reset on a reused connection is sent again at once, as RFC 9110 9.2.2 allows."""
CHALLENGE = Answer(status=403, headers=(("cf-mitigated", "challenge"),))


def answers(status: int, **more: object) -> dict[str, Answer]:
    return {PATH: Answer(status=status, **more)}  # type: ignore[arg-type]


def leads_to(location: str | bytes, status: int = 302) -> dict[str, Answer]:
    return {PATH: redirect(location, status)}


def chain(length: int) -> dict[str, Answer]:
    """A chain of that many redirects, ending at a page."""
    steps = [PATH, *(f"/step-{number}" for number in range(1, length)), "/articles/the-end-of-it"]
    return {here: redirect(there) for here, there in pairwise(steps)}


def rotated_jpeg(width: int, height: int) -> bytes:
    """A JPEG header of these stored dimensions whose EXIF says: turn it by 90 degrees."""
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0)
    tiff = b"MM\0*" + struct.pack(">I", 8) + struct.pack(">H", 1) + entry + struct.pack(">I", 0)
    exif = b"Exif\0\0" + tiff
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\0"
    return (
        b"\xff\xd8\xff\xe1"
        + struct.pack(">H", len(exif) + 2)
        + exif
        + b"\xff\xc0"
        + struct.pack(">H", len(frame) + 2)
        + frame
        + b"\xff\xda\0\x08\x01\x01\0\0\x3f\0"
        + b"\0" * 64
        + b"\xff\xd9"
    )


NOTHING = "unverifiable"

CASES = [
    # ------------------------------------------------------------------------------ statuses
    Case("fine", "alive", "http-200"),
    Case("gone-404", "broken", "http-404", answers(404), status=404, strikes=1),
    Case("gone-410", "broken", "http-410", answers(410), status=410, strikes=1),
    *(
        Case(f"wall-{status}", NOTHING, f"http-{status}", answers(status), status=status)
        for status in (401, 402, 403, 407, 418, 429, 451, 999)
    ),
    Case("error-500", NOTHING, "http-500", answers(500), status=500),
    *(
        Case(
            f"error-{status}",
            NOTHING,
            f"http-{status}",
            answers(status),
            status=status,
            requests=RETRIED,
        )
        for status in (502, 503, 504)
    ),
    Case("passing-503", "alive", "http-200", {PATH: (Answer(status=503), Answer())}, requests=2),
    Case(
        "soon-429",
        "alive",
        "http-200",
        {PATH: (Answer(status=429, headers=(("Retry-After", "1"),)), Answer())},
        requests=2,
    ),
    # ------------------------------------------------------------------------------- redirects
    *(
        Case(
            f"moved-{status}",
            "moved",
            "moved-permanently",
            leads_to("/articles/its-new-place", status),
            end=f"https://moved-{status}.example/articles/its-new-place",
            hops=1,
            suggestion=f"https://moved-{status}.example/articles/its-new-place",
        )
        for status in (301, 308)
    ),
    *(
        Case(
            f"found-{status}",
            "alive",
            "redirect-temporary",
            leads_to("/articles/for-today", status),
            end=f"https://found-{status}.example/articles/for-today",
            hops=1,
        )
        for status in (302, 303, 307)
    ),
    Case(
        "to-https",
        "alive",
        "redirect-trivial",
        {f"http://to-https.example{PATH}": redirect(f"https://to-https.example{PATH}")},
        scheme="http",
        end=f"https://to-https.example{PATH}",
        hops=1,
    ),
    Case(
        "ten-steps",
        "moved",
        "moved-permanently",
        chain(10),
        end="https://ten-steps.example/articles/the-end-of-it",
        hops=10,
        suggestion="https://ten-steps.example/articles/the-end-of-it",
    ),
    Case("eleven-steps", NOTHING, "redirect-too-many", chain(11), status=None, hops=10),
    Case(
        "loop",
        NOTHING,
        "redirect-loop",
        {PATH: redirect("/b"), "/b": redirect(PATH)},
        status=None,
        hops=1,
    ),
    Case("self-loop", NOTHING, "redirect-loop", leads_to(PATH), status=None),
    *(
        Case(name, NOTHING, "redirect-bad-location", leads_to(location), status=None)
        for name, location in (
            ("to-script", "javascript:alert(1)"),
            ("to-half-address", "http://[::1"),
            ("to-bad-port", "http://other.example:99999/"),
            ("to-bad-idn", "http://xn--a/"),
            ("to-no-name", "http://a..example/"),
            ("to-mail", "mailto:somebody@example.org"),
            ("to-file", "file:///etc/passwd"),
        )
    ),
    *(
        Case(name, NOTHING, "address-blocked", leads_to(location), status=None, hops=1)
        for name, location in (
            ("to-loopback", "http://127.0.0.1/admin"),
            ("to-loopback-6", "http://[::1]/admin"),
            ("to-number", "http://2130706433/admin"),
            ("to-metadata", "http://169.254.169.254/latest/meta-data/"),
        )
    ),
    Case(
        "private",
        NOTHING,
        "address-blocked",
        raw="http://10.0.0.1/intranet",
        requests=0,
        status=None,
    ),
    Case(
        "to-home",
        "broken",
        "soft-404-home",
        leads_to("/", 301),
        end="https://to-home.example/",
        hops=1,
        strikes=1,
    ),
    Case(
        "to-not-found",
        "broken",
        "soft-404",
        leads_to("/404"),
        end="https://to-not-found.example/404",
        hops=1,
        strikes=1,
    ),
    Case(
        "to-consent",
        NOTHING,
        "consent-wall",
        leads_to("https://consent.to-consent.example/v2/collectConsent?sessionId=1"),
        end="https://consent.to-consent.example/v2/collectConsent?sessionId=1",
        hops=1,
    ),
    Case(
        "to-login",
        NOTHING,
        "login-wall",
        leads_to("/login?next=1"),
        end="https://to-login.example/login?next=1",
        hops=1,
    ),
    # ------------------------------------------------------------------------------------ pages
    Case("challenge", NOTHING, "bot-wall", {PATH: CHALLENGE}, status=403),
    Case(
        "challenge-200",
        NOTHING,
        "bot-wall",
        {PATH: Answer(headers=(("cf-mitigated", "challenge"),))},
    ),
    Case("soft-404", "broken", "soft-404", {PATH: Answer(body=NOT_FOUND)}, strikes=1),
    # ----------------------------------------------------------------------------------- images
    Case(
        "exact", "alive", "http-200", {PICTURE: Answer(image=(640, 480))}, PICTURE, image=(640, 480)
    ),
    Case(
        "resized",
        "alive",
        "http-200",
        {PICTURE: Answer(image=(320, 240))},
        PICTURE,
        image=(640, 480),
        found=(("size-mismatch", "info"),),
    ),
    Case(
        "other-size",
        "alive",
        "http-200",
        {PICTURE: Answer(image=(400, 400))},
        PICTURE,
        image=(640, 480),
        found=(("size-mismatch", "warning"), ("aspect-mismatch", "warning")),
    ),
    Case(
        "rotated",
        "alive",
        "http-200",
        {"/one.jpg": Answer(body=rotated_jpeg(640, 480), content_type="image/jpeg")},
        "/one.jpg",
        image=(480, 640),
    ),
    Case(
        "page-for-image",
        "broken",
        "html-for-image",
        {PICTURE: Answer(body=pages.page("No image"), content_type="text/html")},
        PICTURE,
        image=(640, 480),
        strikes=1,
    ),
    Case(
        "gone-image",
        "broken",
        "http-404",
        {PICTURE: Answer(status=404)},
        PICTURE,
        image=(640, 480),
        status=404,
        strikes=1,
    ),
    # ------------------------------------------------------------------------------ broken wires
    Case(
        "reset",
        NOTHING,
        "connection-reset",
        {PATH: Answer(ending=Ending.RESET_BEFORE), **FRESH_CONNECTION},
        requests=RETRIED,
        status=None,
        strikes=1,
    ),
    Case(
        "reset-once",
        "alive",
        "http-200",
        {PATH: (Answer(ending=Ending.RESET_BEFORE), Answer()), **FRESH_CONNECTION},
        requests=2,
    ),
    Case(
        "short",
        "alive",
        "http-200",
        {PATH: Answer(ending=Ending.CLOSE_IN_BODY)},
        warnings=("body-incomplete",),
    ),
    Case(
        "corrupt",
        NOTHING,
        "body-undecodable",
        {PATH: Answer(coding=Coding.GZIP, corrupt=True)},
    ),
    Case(
        "drip",
        "alive",
        "http-200",
        {PATH: Answer(body=pages.page("A title", body="slow " * 4000), drip=Drip(200, 0.2))},
        warnings=("body-incomplete",),
    ),
    Case(
        "hanging",
        NOTHING,
        "response-timeout",
        {PATH: Answer(ending=Ending.HANG_BEFORE)},
        requests=RETRIED,
        status=None,
    ),
    # ----------------------------------------------------------------------------------- robots
    Case(
        "denied",
        NOTHING,
        "robots-denied",
        {"/robots.txt": robots("User-agent: linkhealth\nDisallow: /news/\n")},
        requests=0,
        status=None,
    ),
    Case(
        "others-denied",
        "alive",
        "http-200",
        {"/robots.txt": robots("User-agent: otherbot\nDisallow: /\n")},
    ),
    Case(
        "robots-503",
        NOTHING,
        "robots-unreachable",
        {"/robots.txt": Answer(status=503)},
        requests=0,
        status=None,
    ),
    Case(
        "robots-moved",
        NOTHING,
        "robots-denied",
        {
            "/robots.txt": redirect("https://robots-elsewhere.example/robots.txt"),
            "//robots-elsewhere.example/robots.txt": robots("User-agent: *\nDisallow: /news\n"),
        },
        requests=0,
        status=None,
    ),
    Case(
        "robots-hang",
        "alive",
        "http-200",
        {"/robots.txt": Answer(ending=Ending.HANG_BEFORE)},
    ),
]

DEFERRED = [f"https://deferred.example/news/{number}" for number in range(8)]
"""The first answer says: come back in an hour."""
BUSY = [f"https://busy.example/news/{number}" for number in range(40)]
THIRD = "https://third.example/articles/the-same-place"
SAME_END = ["https://first.example/old/one-story", "https://second.example/old/other-story", THIRD]
"""Two links redirect to the third, which is a link too (DESIGN, trap 1)."""
IMPOSSIBLE = {
    "ftp://files.example/a": "unknown-scheme",
    "https://": "no-host",
    "https://bad host.example/": "white-space",
    "https://a^b.example/": "bad-host",
    "https://x.example:99999/": "bad-port",
    "javascript:alert(1)": "unknown-scheme",
    "": "empty",
}


@dataclass(frozen=True)
class Outcome:
    completed: Completed
    report: Report
    requests: list[Request]
    counters: Counters
    second: Completed
    second_requests: int

    def asked(self, url: str) -> int:
        return sum(request.url == url for request in self.requests)


@pytest.fixture(scope="module")
def outcome(module_web: LoopbackWeb, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    collection = _collection(tmp_path_factory.mktemp("collection"))
    rules: dict[str, Answer | Sequence[Answer]] = {
        "//deferred.example/*": Answer(status=429, headers=(("Retry-After", "3600"),)),
        "//busy.example/*": Answer(delay=0.05),
        SAME_END[0]: redirect(THIRD),
        SAME_END[1]: redirect(THIRD, 302),
    }
    for case in CASES:
        rules |= case.rules
    module_web.set_rules(rules)
    limits = ("-s", "LINKHEALTH_BODY_TIMEOUT=2", "-s", "DOWNLOAD_TIMEOUT=3")
    completed = collection.audit(module_web, *limits)
    assert completed.code == 2, completed.stderr
    requests, counters, report = (
        module_web.requests(robots=True),
        module_web.counters(),
        collection.report(),
    )
    module_web.forget()
    second = collection.audit(module_web, "-a", "host=*.example", "--limit", "3", "--due", "all")
    return Outcome(
        completed, report, requests, counters, second, len(module_web.requests(robots=False))
    )


def _collection(root: Path) -> Collection:
    collection = Collection(root)
    for case in CASES:
        collection.add(f"{case.name}.md", case.text)
    for number, url in enumerate([*DEFERRED, *BUSY, *SAME_END]):
        collection.add(f"more/{number}.md", article(web=url))
    for number, url in enumerate(IMPOSSIBLE):
        collection.add(f"impossible/{number}.md", article(web=url))
    return collection


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_verdict(case: Case, outcome: Outcome) -> None:
    entry = outcome.report.url(case.url)
    assert (entry["verdict"], entry["reason"]) == (case.verdict, case.reason)
    assert entry["status"] == case.status
    assert entry["strikes"] == case.strikes
    assert tuple(entry["warnings"]) == case.warnings
    assert len(entry["redirects"]) == case.hops
    if case.end is not None:
        assert entry["final_url"] == case.end
    suggested = entry["suggestion"]
    assert (suggested and suggested["value"]) == case.suggestion
    assert outcome.asked(case.url) == case.requests


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_article_lists_exactly_its_own_findings(case: Case, outcome: Outcome) -> None:
    found = outcome.report.articles[f"{case.name}.md"]
    listed = [(link["url"], link["reason"]) for link in found["dead_links"]]
    assert listed == ([(case.url, case.reason)] if case.verdict == "broken" else [])
    sizes = [(size["reason"], size["level"]) for size in found["image_sizes"]]
    assert sizes == list(case.found)


@pytest.mark.parametrize(("raw", "reason"), IMPOSSIBLE.items())
def test_what_no_crawler_could_visit(raw: str, reason: str, outcome: Outcome) -> None:
    entry = outcome.report.url(raw)
    assert (entry["verdict"], entry["reason"]) == ("invalid", reason)
    assert entry["checked_at"] is None


def test_links_that_end_at_one_place_each_get_a_verdict(outcome: Outcome) -> None:
    found = [outcome.report.url(url) for url in SAME_END]
    assert [entry["verdict"] for entry in found] == ["moved", "alive", "alive"]
    assert [entry["final_url"] for entry in found] == [THIRD] * 3
    assert [outcome.asked(url) for url in SAME_END] == [1, 1, 3]


def test_a_long_retry_after_leaves_the_rest_of_the_host_for_later(outcome: Outcome) -> None:
    verdicts = Counter(outcome.report.url(url)["verdict"] for url in DEFERRED)
    asked = [url for url in DEFERRED if outcome.asked(url)]
    # Two connections may be under way when the answer comes in.
    assert 1 <= len(asked) <= 2
    assert verdicts == {NOTHING: len(asked), "unchecked": len(DEFERRED) - len(asked)}
    assert all(outcome.asked(url) == 1 for url in asked)


def test_a_short_retry_after_is_waited_for(outcome: Outcome) -> None:
    first, second = (r.at for r in outcome.requests if r.url == f"https://soon-429.example{PATH}")
    assert second - first >= 1.0


def test_every_other_link_is_asked_once(outcome: Outcome) -> None:
    assert {url: outcome.asked(url) for url in BUSY} == dict.fromkeys(BUSY, 1)
    assert all(outcome.report.url(url)["verdict"] == "alive" for url in BUSY)


def test_robots_txt_is_asked_once_for_each_origin(outcome: Outcome) -> None:
    asked = Counter(
        f"{request.scheme}://{request.host}"
        for request in outcome.requests
        if request.target == "/robots.txt"
    )
    assert asked.pop("https://robots-hang.example") == RETRIED
    asked_for_links = {f"{r.scheme}://{r.host}" for r in outcome.requests}
    assert set(asked) == asked_for_links - {"https://robots-hang.example"}
    assert set(asked.values()) == {1}


def test_a_host_never_has_more_than_two_connections(outcome: Outcome) -> None:
    assert outcome.counters.most_connections["busy.example"] == 2
    assert max(outcome.counters.most_in_flight.values()) == 2


def test_nothing_private_was_asked(outcome: Outcome) -> None:
    assert {r.host for r in outcome.requests if not r.host.endswith(".example")} == set()


def test_the_summary_counts_what_is_listed(outcome: Outcome) -> None:
    summary = outcome.report.summary
    listed = Counter(entry["verdict"] for entry in outcome.report.document["urls"])
    assert {kind: count for kind, count in summary["by_verdict"].items() if count} == listed
    assert summary["urls"] == len(outcome.report.urls)
    assert summary["newly_dead"] == listed["broken"]
    assert summary["articles"] == len(outcome.report.articles)
    assert outcome.report.document["run"]["finish_reason"] == "finished"


def test_a_limited_run_over_everything_asks_that_many(outcome: Outcome) -> None:
    assert outcome.second.code in (0, 2), outcome.second.stderr
    assert 1 <= outcome.second_requests <= 3 * RETRIED
    assert "Traceback" not in outcome.completed.stderr + outcome.second.stderr
