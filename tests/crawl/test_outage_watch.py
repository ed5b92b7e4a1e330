"""The state machine between looks, windows and pauses (docs/outage.md), turn by turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.configuration import ConnectTo
from crawler.crawl.outage_watch import (
    LOOK_SECONDS,
    MOST_IN_WINDOW,
    MOST_STAGED,
    Before,
    OutageWatch,
    Turn,
    is_mapped,
)
from crawler.fetching.visit import CanaryVisit
from crawler.model.observation import FailureKind, Observation, PageFacts
from crawler.rules.outage.windows import WindowVerdict
from crawler.rules.policy import OutagePolicy
from crawler.state import HostSeen, OriginAnswer

START = datetime(2026, 11, 22, 3, tzinfo=UTC)
RUN = 9
MISSING = OriginAnswer(404)
PORTAL = OriginAnswer(200, "page:0000000a0000000b0000000c")
POLICY = OutagePolicy(pauses=(timedelta(seconds=60), timedelta(seconds=300)))


@dataclass
class Bench:
    """A watch with a clock of its own."""

    hosts: int = 6
    answers: dict[str, OriginAnswer] = field(default_factory=dict)
    configured: tuple[str, ...] = ()
    visits: int = 100
    usual: bool | None = None
    mapped: bool = False
    ended: datetime | None = None
    policy: OutagePolicy = POLICY
    now: float = 1_000.0
    skew: timedelta = timedelta(0)

    def __post_init__(self) -> None:
        seen = [
            HostSeen(f"h{number}.test", f"https://h{number}.test/story", RUN - 1, True)
            for number in range(self.hosts)
        ]
        self.watch = OutageWatch(
            self.policy,
            Before(seen, self.answers, self.ended),
            run=RUN,
            visits=self.visits,
            configured=self.configured,
            wall=self.wall,
            now=self.now,
            is_usual=lambda _link, _seen, _title: self.usual,
            is_mapped=lambda _url: self.mapped,
        )

    def wall(self) -> datetime:
        return START + timedelta(seconds=self.now - 1_000.0) + self.skew

    def turn(self, seconds: float = 0.0, *, idle: bool = False) -> Turn:
        self.now += seconds
        return self.watch.turn(self.now, idle=idle)

    def begin(self) -> Turn:
        return self.watch.begin(self.now)

    def answer(self, canaries: Sequence[CanaryVisit], given: OriginAnswer | FailureKind) -> None:
        for visit in canaries:
            seen = Observation(visit.url, self.wall(), RUN)
            if isinstance(given, FailureKind):
                self.watch.canary_answered(visit, None, replace(seen, failure=given))
            else:
                end = given.final_url or visit.url
                seen = replace(seen, status=given.status, final_url=end)
                self.watch.canary_answered(visit, given, seen)

    def open(self) -> None:
        """Past a first look at which all is well."""
        self.answer(self.begin().canaries, MISSING)
        assert self.turn() == Turn()

    def visit(self, host: str, *, mark: str | None = None, **seen: object) -> None:
        url = f"https://{host}/story"
        observed = Observation(url, self.wall(), RUN, final_url=url)
        self.watch.note(1, replace(observed, **seen), mark)  # type: ignore[arg-type]


def test_a_first_run_has_nobody_to_ask() -> None:
    bench = Bench(hosts=0)
    assert bench.begin() == Turn()
    bench.visit("a.test", status=404)
    assert bench.turn(61) == Turn(), "one site is not enough to judge: the window stays open"
    last = bench.turn(idle=True)
    assert last == Turn(release=WindowVerdict.TRUSTED, links=False, ended=True)
    assert bench.turn() == Turn(links=False, ended=True)


def test_a_window_of_one_large_site_is_closed_all_the_same() -> None:
    bench = Bench(hosts=0)
    bench.begin()
    for _ in range(MOST_IN_WINDOW - 1):
        bench.visit("a.test", status=200)
    assert bench.turn(61) == Turn()
    bench.visit("a.test", status=200)
    assert bench.turn(61) == Turn(release=WindowVerdict.TRUSTED)


def test_a_window_closes_by_its_visits_and_then_holds_back_links() -> None:
    bench = Bench()
    bench.answer(bench.begin().canaries, MISSING)
    assert bench.turn() == Turn()
    for number in range(MOST_IN_WINDOW):
        assert bench.watch.wait(0.0) != 0.0
        bench.visit(f"site-{number}.test", status=200)
    assert bench.watch.wait(0.0) == 0.0
    look = bench.turn(1)
    assert look.canaries
    assert look.links
    for number in range(MOST_STAGED - MOST_IN_WINDOW):
        assert bench.turn().links
        bench.visit(f"more-{number}.test", status=200)
    assert not bench.turn().links
    bench.answer(look.canaries, MISSING)
    assert bench.turn() == Turn(release=WindowVerdict.TRUSTED)


def test_links_wait_for_the_first_look() -> None:
    bench = Bench()
    first = bench.begin()
    assert {visit.url for visit in first.canaries} == {
        f"https://h{number}.test/robots.txt" for number in range(6)
    }
    assert first.links is False
    assert bench.turn() == Turn(links=False)
    bench.answer(first.canaries, MISSING)
    assert bench.turn() == Turn()
    assert not bench.watch.is_paused


def test_a_look_waits_for_a_slow_canary_only_so_long() -> None:
    bench = Bench()
    first = bench.begin()
    bench.answer(first.canaries[1:], MISSING)
    assert bench.turn(LOOK_SECONDS - 0.1) == Turn(links=False)
    assert bench.watch.wait(bench.now) == pytest.approx(0.1)
    assert bench.turn(0.2) == Turn()


def test_windows_follow_each_other() -> None:
    bench = Bench()
    bench.open()
    assert bench.watch.wait(bench.now) == 60.0
    assert bench.turn(59) == Turn()
    bench.visit("h0.test", status=200)
    look = bench.turn(1)
    assert look.links is True
    assert len(look.canaries) == 6
    assert bench.turn() == Turn(), "visits go on while canaries are asked"
    bench.answer(look.canaries, MISSING)
    assert bench.turn() == Turn(release=WindowVerdict.TRUSTED)
    assert bench.watch.trusted_answers() == {
        f"https://h{number}.test": MISSING for number in range(6)
    }
    assert bench.watch.trusted_answers() == {}
    last = bench.turn(idle=True)
    assert (last.links, len(last.canaries)) == (False, 6)
    bench.answer(last.canaries, MISSING)
    assert bench.turn() == Turn(release=WindowVerdict.TRUSTED, links=False, ended=True)


def test_a_network_that_is_down_is_waited_for_longer_each_time() -> None:
    bench = Bench()
    bench.answer(bench.begin().canaries, FailureKind.CONNECT_NO_ROUTE)
    assert bench.turn() == Turn(links=False)
    assert bench.watch.is_paused
    assert bench.watch.wait(bench.now) == 60.0
    assert bench.turn(59) == Turn(links=False)
    again = bench.turn(1)
    bench.answer(again.canaries, FailureKind.CONNECT_NO_ROUTE)
    assert bench.turn() == Turn(links=False)
    assert bench.watch.wait(bench.now) == 300.0
    third = bench.turn(300)
    bench.answer(third.canaries, FailureKind.CONNECT_NO_ROUTE)
    stopped = bench.turn()
    assert stopped.ended
    assert stopped.stop is not None
    assert stopped.stop.verdict is WindowVerdict.OWN_NETWORK_DOWN
    assert bench.watch.wait(bench.now) is None
    assert bench.watch.cut_off(bench.now) is WindowVerdict.OWN_NETWORK_DOWN


def test_a_network_that_comes_back_is_used_and_forgiven() -> None:
    bench = Bench()
    bench.open()
    bench.visit("h0.test", failure=FailureKind.DNS_UNAVAILABLE)
    look = bench.turn(60)
    bench.answer(look.canaries, FailureKind.DNS_UNAVAILABLE)
    assert bench.turn() == Turn(release=WindowVerdict.OWN_NETWORK_DOWN, links=False)
    assert bench.watch.trusted_answers() == {}
    again = bench.turn(60)
    bench.answer(again.canaries, MISSING)
    assert bench.turn() == Turn()
    look = bench.turn(60)
    bench.answer(look.canaries, MISSING)
    assert bench.turn() == Turn(release=WindowVerdict.TRUSTED)
    look = bench.turn(60)
    bench.answer(look.canaries, FailureKind.CONNECT_TIMEOUT)
    assert bench.turn().release is WindowVerdict.OWN_NETWORK_DOWN
    assert bench.watch.wait(bench.now) == 60.0, "the first pause again: the window between was good"


def test_the_last_window_may_be_the_bad_one() -> None:
    bench = Bench()
    bench.open()
    bench.visit("h0.test", status=404)
    last = bench.turn(idle=True)
    bench.answer(last.canaries, FailureKind.DNS_UNAVAILABLE)
    ended = bench.turn()
    assert (ended.release, ended.ended) == (WindowVerdict.OWN_NETWORK_DOWN, True)
    assert ended.stop is bench.watch.finding


def test_a_wrong_clock_is_not_waited_for() -> None:
    bench = Bench(ended=START + timedelta(days=1))
    bench.answer(bench.begin().canaries, MISSING)
    stopped = bench.turn()
    assert stopped.stop is not None
    assert stopped.stop.verdict is WindowVerdict.CLOCK_JUMPED


def test_a_clock_that_is_set_while_the_run_goes_on() -> None:
    bench = Bench()
    bench.open()
    bench.skew = timedelta(days=3)
    look = bench.turn(60)
    bench.answer(look.canaries, MISSING)
    ended = bench.turn()
    assert (ended.release, ended.ended) == (WindowVerdict.CLOCK_JUMPED, True)


@pytest.mark.parametrize(
    ("mapped", "known", "verdict"),
    [
        (False, {}, WindowVerdict.TRUSTED),
        (True, {}, WindowVerdict.TRUSTED),
        (True, dict.fromkeys(range(6), PORTAL), WindowVerdict.TRUSTED),
        (True, dict.fromkeys(range(6), MISSING), WindowVerdict.PORTAL),
    ],
    ids=["over verified https", "where the operator leads", "as always", "as never before"],
)
def test_one_page_from_every_canary(
    mapped: bool, known: dict[int, OriginAnswer], verdict: WindowVerdict
) -> None:
    answers = {f"https://h{number}.test": answer for number, answer in known.items()}
    bench = Bench(mapped=mapped, answers=answers)
    bench.answer(bench.begin().canaries, PORTAL)
    bench.turn()
    assert bench.watch.finding.verdict is verdict


@pytest.mark.parametrize(
    ("usual", "verdict"),
    [(None, WindowVerdict.TRUSTED), (True, WindowVerdict.TRUSTED), (False, WindowVerdict.PORTAL)],
)
def test_one_page_from_every_visit(usual: bool | None, verdict: WindowVerdict) -> None:
    """Of what nobody has seen before, a verified connection says whose it is."""
    bench = Bench(hosts=0, usual=usual)
    bench.begin()
    page = PageFacts(title="Welcome")
    for number in range(6):
        bench.visit(f"v{number}.test", mark="title Welcome", status=200, page=page)
    bench.turn(idle=True)
    assert bench.watch.finding.verdict is verdict


def test_one_foreign_end_of_every_visit() -> None:
    bench = Bench(hosts=0, mapped=True)
    bench.begin()
    for number in range(6):
        bench.visit(f"v{number}.test", status=200, final_url="http://login.hotel.test/")
    bench.turn(idle=True)
    assert bench.watch.finding.verdict is WindowVerdict.PORTAL


@pytest.mark.parametrize(("visits", "asked"), [(0, 5), (40, 5), (80, 8), (10_000, 20)])
def test_few_visits_ask_few_canaries(visits: int, asked: int) -> None:
    bench = Bench(hosts=40, visits=visits)
    assert len(bench.begin().canaries) == asked


def test_configured_canaries_come_first_and_once() -> None:
    bench = Bench(hosts=1, configured=("https://h0.test", "http://other.test:8080"))
    urls = [visit.url for visit in bench.begin().canaries]
    assert urls == ["https://h0.test/robots.txt", "http://other.test:8080/robots.txt"]


def test_a_host_that_always_refuses_is_no_canary() -> None:
    bench = Bench(hosts=2, answers={"https://h0.test": OriginAnswer(403)})
    assert [visit.origin for visit in bench.begin().canaries] == ["https://h1.test"]


def test_a_run_that_is_cut_off_judges_what_it_has() -> None:
    bench = Bench()
    bench.open()
    bench.visit("h0.test", status=404)
    assert bench.watch.cut_off(bench.now) is WindowVerdict.TRUSTED


@pytest.mark.parametrize(
    ("rules", "url", "mapped"),
    [
        ("", "https://a.test/", False),
        (":443:127.0.0.1:8443", "https://a.test/", True),
        (":443:127.0.0.1:8443", "http://a.test/", False),
        ("a.test:80:127.0.0.1:8080", "http://a.test/x", True),
        ("a.test:80:127.0.0.1:8080", "http://b.test/x", False),
        (":8080:127.0.0.1:1", "http://a.test:8080/", True),
    ],
)
def test_what_the_operator_leads_elsewhere(rules: str, url: str, mapped: bool) -> None:
    assert is_mapped(ConnectTo.parse(rules), url) is mapped
