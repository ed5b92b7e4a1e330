"""Second looks in whole crawls, on a clock of their own (rules O9, O16, O17)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from crawler.crawl.crawl_progress import CrawlProgress
from crawler.crawl.name_trial import SURELY_THERE, NameTrial
from crawler.crawl.second_looks import SecondLooks, Standing, standing
from crawler.crawl.steps import LookUp
from crawler.fetching.answer import Answer
from crawler.model.link import DueLink
from crawler.model.observation import FailureKind, Inconclusive, Observation
from crawler.model.verdict import Verdict, VerdictKind
from crawler.rules.outage.second_look import FirstFailure
from crawler.rules.outage.windows import Names, WindowVerdict
from crawler.rules.policy import OutagePolicy
from tests.crawl.own_clock import START, Given, Run, Web, page, robots, write

NXDOMAIN = FailureKind.DNS_NXDOMAIN
GONE = Answer(404)
DAYS = 86_400.0 * 200
"""Seconds after which every link is due again."""
RULES = robots("User-agent: *\nDisallow:\n")


def url(number: int) -> str:
    return f"https://h{number}.test/a/story"


URLS = [url(number) for number in range(8)]
WELL: dict[str, Given | Sequence[Given]] = {
    f"https://h{number}.test/robots.txt": RULES for number in range(8)
}


@pytest.fixture
def known(tmp_path: Path) -> Path:
    """A collection after a run in which all was well."""
    folder = write(tmp_path / "content", URLS, "retries: 0\n")
    with Run(folder, Web(dict(WELL))).to_its_end():
        pass
    return folder


def later(folder: Path, answers: dict[str, Given | Sequence[Given]]) -> Run:
    return Run(folder, Web(WELL | answers), begins=DAYS).to_its_end()


@pytest.mark.parametrize("failure", [NXDOMAIN, FailureKind.DNS_NODATA, GONE, Answer(410)])
def test_a_failure_that_passes_is_nothing(known: Path, failure: Given) -> None:
    with later(known, {url(1): [failure, page()]}) as run:
        assert run.verdict(url(1)) == ("alive", "http-200")
        assert run.finding is None
        first, second = run.asked(url(1))
        assert second - first >= 60.0
        assert run.seconds < 70.0


def test_a_failure_that_stays_counts_in_the_same_run(known: Path) -> None:
    with later(known, {url(1): GONE}) as run:
        assert run.verdict(url(1))[0] == "broken"
        assert len(run.asked(url(1))) == 2
        assert run.committed.count(url(1)) == 1
    with Run(known, Web(WELL | {url(1): GONE}), begins=2 * DAYS).to_its_end() as run:
        assert len(run.asked(url(1))) == 1, "it is no first failure any more"


def test_two_sites_with_one_error_page_are_gone_all_the_same(known: Path) -> None:
    """Servers of one make share it: it was said twice, and the canaries are well."""
    nginx = Answer(404, {b"content-type": b"text/html"}, b"<h1>404 Not Found</h1><hr>nginx")
    with later(known, {url(1): nginx, url(2): nginx}) as run:
        assert run.verdict(url(1))[0] == run.verdict(url(2))[0] == "broken"


def test_a_second_look_behind_a_page_before_several_sites_is_unconfirmed(known: Path) -> None:
    portal = page(b"<html><head><title>Log in</title></head><p>Please.")
    failing: dict[str, Given | Sequence[Given]] = {url(n): [GONE, portal] for n in (1, 2, 3)}
    with later(known, failing) as run:
        for number in (1, 2, 3):
            history = run.session.state.history(run.link(url(number)).id)
            assert history[-1].inconclusive is not None
        assert run.verdict(url(1))[0] == "alive"


def test_a_page_that_two_sites_newly_share_is_asked_again(known: Path) -> None:
    portal = page(b"<html><head><title>Log in</title></head><p>Please.")
    passing: dict[str, Given | Sequence[Given]] = {url(n): [portal, page()] for n in (1, 2)}
    with later(known, passing) as run:
        for number in (1, 2):
            assert len(run.asked(url(number))) == 2
            link = run.link(url(number))
            assert link.page is not None
            assert link.page.title == "A title"


def test_a_run_without_a_first_failure_does_not_wait(known: Path) -> None:
    with later(known, {url(1): Answer(403), url(2): Answer(500)}) as run:
        assert run.seconds < 20.0
        assert len(run.asked(url(1))) == 1


def test_a_newcomer_does_not_wait(tmp_path: Path) -> None:
    folder = write(tmp_path / "content", URLS, "retries: 0\n")
    with Run(folder, Web(WELL | {url(1): GONE, url(5): NXDOMAIN})).to_its_end() as run:
        assert run.verdict(url(1))[0] == run.verdict(url(5))[0] == "broken"
        assert run.seconds < 20.0


def test_a_newcomer_with_hardly_anything_but_dead_links_does_not_wait(tmp_path: Path) -> None:
    folder = write(tmp_path / "content", URLS[:3], "retries: 0\n")
    with Run(folder, Web(WELL | {url(0): GONE, url(1): GONE})).to_its_end() as run:
        assert run.verdict(url(0))[0] == run.verdict(url(1))[0] == "broken"
        assert run.seconds < 20.0


def test_two_failures_that_differ_are_unconfirmed(known: Path) -> None:
    with later(known, {url(1): [NXDOMAIN, GONE]}) as run:
        assert run.verdict(url(1))[0] == "alive"
        history = run.session.state.history(run.link(url(1)).id)
        assert history[-1].inconclusive is Inconclusive.UNCONFIRMED
    with Run(known, Web(WELL | {url(1): page()}), begins=DAYS + 86_400).to_its_end() as run:
        assert len(run.asked(url(1))) == 1, "it is due in the next run"


def test_a_second_look_in_an_outage_is_no_evidence(known: Path) -> None:
    """The canaries answered at the beginning; when the second look fails they do not."""
    lost = {f"https://h{number}.test/robots.txt": [RULES, GONE] for number in range(8)}
    with later(known, {url(1): GONE, **lost}) as run:
        assert run.finding is not None
        assert run.finding.verdict in (WindowVerdict.OWN_NETWORK_DOWN, WindowVerdict.PORTAL)
        assert run.verdict(url(1))[0] == "alive"


def test_three_links_speak_for_their_host(tmp_path: Path) -> None:
    many = [f"https://h0.test/a/story-{number}" for number in range(9)]
    folder = write(tmp_path / "content", [*many, *URLS], "retries: 0\nhost_delay: 0\n")
    with Run(folder, Web(dict(WELL))).to_its_end():
        pass
    with later(folder, dict.fromkeys(many, GONE)) as run:
        assert {run.verdict(one)[0] for one in many} == {"broken"}
        assert sum(len(run.asked(one)) for one in many) == len(many) + 3
    passing: dict[str, Given | Sequence[Given]] = {one: [GONE, page()] for one in URLS}
    with Run(folder, Web(WELL | passing), begins=3 * DAYS).to_its_end() as run:
        assert {run.verdict(one)[0] for one in URLS} == {"alive"}


def test_a_run_that_is_cut_off_leaves_no_first_failure(known: Path) -> None:
    with Run(known, Web(WELL | {url(1): GONE}), begins=DAYS) as run:
        for _ in run.crawl.take_in():
            pass
        for step in run.crawl.steps():
            run.carry_out(step)
            if run.crawl.progress().waiting_again:
                break
        run.crawl.close("shutdown", 0)
        assert run.verdict(url(1))[0] == "alive"
        history = run.session.state.history(run.link(url(1)).id)
        assert history[-1].inconclusive is Inconclusive.UNCONFIRMED


def test_the_status_line_says_what_the_run_waits_for() -> None:
    waiting = CrawlProgress(
        has_begun=True, visited=9, planned=9, waiting_again=3, asked_again_in=41
    )
    assert waiting.sentence(2).endswith("3 new failures are asked again in 41 s")
    busy = CrawlProgress(has_begun=True, visited=5, planned=9, waiting_again=3)
    assert "asked again" not in busy.sentence(2)


@pytest.mark.parametrize(
    ("kind", "reason", "visited", "expected"),
    [
        (VerdictKind.UNCHECKED, "unchecked", False, Standing()),
        (VerdictKind.ALIVE, "http-200", True, Standing(was_well=True)),
        (VerdictKind.UNVERIFIABLE, "http-403", True, Standing(was_well=True)),
        (VerdictKind.BROKEN, "http-404", True, Standing(broken_by=FirstFailure.GONE)),
        (VerdictKind.DEAD, "dns-nxdomain", True, Standing(broken_by=FirstFailure.NAME)),
        (VerdictKind.BROKEN, "soft-404", True, Standing()),
    ],
)
def test_how_a_link_stands(
    kind: VerdictKind, reason: str, visited: bool, expected: Standing
) -> None:
    verdict = Verdict(kind=kind, reason=reason, rule="x")
    assert standing(verdict, was_visited=visited) == expected


def test_what_no_second_look_was_made_for_is_unconfirmed() -> None:
    looks = SecondLooks(
        OutagePolicy(second_looks_of_host=0),
        standing=lambda _link: Standing(was_well=True),
        is_alive_host=lambda _host: True,
    )
    seen = Observation(url(1), START, 1, failure=NXDOMAIN)
    due = DueLink(1, url(1), "h1.test", wants_image=False)
    looks.note(1, seen, 10.0)
    assert looks.ask({1: (due, seen)}, looks.doubted(more=False)) == []
    assert looks.waiting == {1}
    assert [(one.id, kept.inconclusive) for one, kept in looks.flush()] == [
        (1, Inconclusive.UNCONFIRMED)
    ]
    assert looks.waiting == set()
    assert looks.heard(1, seen).seen is seen


# names that are asked for trial


@pytest.mark.parametrize(
    ("address", "asks"),
    [
        ("https://[2001:db8::1]/a", False),
        ("http://93.184.215.14/a", False),
        ("https://a.test/a", True),
        ("https://a.test:8443/a", True),
    ],
)
def test_names_are_asked_for_where_a_link_has_one(address: str, asks: bool, tmp_path: Path) -> None:
    folder = write(tmp_path / "content", [address])
    with Run(folder, Web(), addresses=lambda _url: ()) as run:
        for _ in run.crawl.take_in():
            pass
        first = next(iter(run.crawl.steps()))
        assert isinstance(first, LookUp) is asks


def test_a_resolver_that_finds_no_wrong_name_misleads_nobody() -> None:
    trial = NameTrial(lambda _url: {"192.0.2.1"})
    assert trial.told([url(1)]) == Names()
    made_up, another, known_name = trial.names
    assert known_name == SURELY_THERE
    assert made_up != another
    trial.heard({made_up: (), another: (), known_name: ("93.184.215.14",)})
    assert trial.told([url(1)]) == Names(finds_any=True)
    trial.heard(dict.fromkeys(trial.names, ()))
    assert trial.told([url(1)]) == Names(finds_any=False)


def test_hosts_with_the_address_of_a_wrong_name_are_misled() -> None:
    trial = NameTrial(lambda asked: {"192.0.2.1"} if "h1" in asked else {"192.0.2.9", "192.0.2.8"})
    trial.heard({trial.names[0]: ("192.0.2.1", "192.0.2.2")})
    assert trial.told([url(1), url(2)]) == Names(frozenset({"h1.test"}), finds_any=True)
