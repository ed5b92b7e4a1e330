"""Rules O1 to O9: when a window of a run may be judged at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.model.observation import (
    CertificateFault,
    FailureKind,
    Hop,
    Observation,
    SoftSign,
)
from crawler.rules.outage.network_evidence import is_maybe_a_proxy
from crawler.rules.outage.windows import (
    Clock,
    HostRecord,
    Names,
    NetworkEvidence,
    Window,
    WindowVerdict,
    enough_to_judge,
    judge_window,
    network_evidence,
    new_failures,
    pick_canaries,
    was_alive,
)
from crawler.rules.policy import OutagePolicy

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
POLICY = OutagePolicy()
STRANGE = CertificateFault.SELF_SIGNED
STEADY = Clock(NOW, 100.0, NOW + HOUR, 3700.0, NOW - 24 * HOUR)
TRUSTED, DOWN, PORTAL, PROXY, BREAKER, CLOCK, LIES = WindowVerdict


def site(number: int, **facts: Any) -> NetworkEvidence:
    """A visit to a site of its own; with neither status nor failure given, a good page."""
    if "status" not in facts and "failure" not in facts:
        facts["status"] = 200
    name = f"site{number}.example"
    page = {"fingerprint": f"page of {name}"} if facts.get("status") == 200 else {}
    return NetworkEvidence(name, f"www.{name}", **(page | facts))


def sites(count: int, start: int = 0, **facts: Any) -> list[NetworkEvidence]:
    return [site(number, **facts) for number in range(start, start + count)]


GOOD_CANARIES = sites(5, 900)
GONE = FailureKind.DNS_NXDOMAIN
DEAD_CANARIES = sites(5, 900, failure=FailureKind.CONNECT_TIMEOUT)


def verdict(
    visits: Sequence[NetworkEvidence] = (),
    canaries: Sequence[NetworkEvidence] = (),
    before: Sequence[NetworkEvidence] = (),
    earlier: Sequence[NetworkEvidence] = (),
    clock: Clock = STEADY,
) -> WindowVerdict:
    finding = judge_window(Window(clock, visits, canaries, before, earlier), POLICY)
    assert finding.trusted == (finding.verdict is TRUSTED) == (not finding.sentence)
    return finding.verdict


# nothing known before: a first run without canaries


@pytest.mark.parametrize("count", [1, 2, 4])
def test_a_small_collection_is_judged_even_if_every_link_fails(count: int) -> None:
    assert verdict(sites(count, failure=GONE)) is TRUSTED


@pytest.mark.parametrize(
    "failure",
    [
        FailureKind.DNS_NXDOMAIN,
        FailureKind.DNS_UNAVAILABLE,
        FailureKind.CONNECT_NO_ROUTE,
        FailureKind.CONNECT_TIMEOUT,
    ],
)
def test_five_sites_and_no_answer_are_not_trusted(failure: FailureKind) -> None:
    assert verdict(sites(5, failure=failure)) is DOWN


def test_one_answer_in_five_is_enough_and_one_in_six_is_not() -> None:
    assert verdict([*sites(4, failure=GONE), site(4)]) is TRUSTED
    assert verdict([*sites(5, failure=GONE), site(5)]) is DOWN


def test_many_links_of_few_sites_are_few_sites() -> None:
    assert verdict(sites(1, failure=GONE) * 50) is TRUSTED


def test_failures_that_say_nothing_of_the_network_are_left_out() -> None:
    assert verdict(sites(9, failure=FailureKind.DNS_BAD_NAME)) is TRUSTED
    assert verdict(sites(9, failure=FailureKind.ADDRESS_BLOCKED)) is TRUSTED


def test_a_site_that_answered_counts_whatever_failed_later() -> None:
    assert verdict(sites(9, failure=FailureKind.TLS_CERTIFICATE_EXPIRED)) is TRUSTED
    assert verdict(sites(9, failure=FailureKind.ROBOTS_DENIED)) is TRUSTED


def test_good_canaries_outweigh_silence() -> None:
    assert verdict(sites(9, failure=GONE), GOOD_CANARIES) is TRUSTED


# a portal and a proxy


def test_404s_of_different_servers_say_nothing_of_the_network() -> None:
    visits = [site(n, status=404, fingerprint=f"404 of {n}") for n in range(30)]
    assert verdict(visits) is TRUSTED
    assert verdict(sites(30, status=404)) is TRUSTED


def test_one_and_the_same_404_from_every_site_is_a_portals() -> None:
    assert verdict(sites(5, status=404, fingerprint="router")) is PORTAL


@pytest.mark.parametrize("count", [5, 40])
def test_a_portal_that_answers_200_to_everything(count: int) -> None:
    assert verdict(sites(count, fingerprint="log in")) is PORTAL


def test_a_portal_that_redirects_everything() -> None:
    visits = [
        site(n, final_url=f"http://portal.example/?to=site{n}", fingerprint=f"for {n}")
        for n in range(6)
    ]
    found = judge_window(Window(STEADY, visits), POLICY)
    assert found.verdict is PORTAL
    assert "http://portal.example/" in found.sentence
    assert verdict(visits[:4]) is PORTAL, "all of them, and nothing else is known"
    assert verdict([*visits[:3], site(9)]) is TRUSTED


def test_sites_that_end_at_home_end_at_different_places() -> None:
    visits = [site(n, final_url=f"https://www.site{n}.example/") for n in range(9)]
    assert verdict(visits) is TRUSTED


def test_five_alike_among_many_are_a_chain_not_a_portal() -> None:
    chain = sites(5, final_url="https://chain.example/")
    assert verdict([*chain, *sites(20, 5)]) is TRUSTED


def test_canaries_that_show_the_portal_complete_the_proof() -> None:
    canaries = sites(4, 900, fingerprint="log in")
    assert verdict([site(1, fingerprint="log in")], canaries) is PORTAL


def test_canaries_behind_a_portal_with_two_marks_are_not_good() -> None:
    shared: dict[str, Any] = {"fingerprint": "log in", "final_url": "http://portal.example/"}
    assert verdict(sites(3, **shared), sites(5, 900, **shared)) is PORTAL


def test_with_good_canaries_only_a_change_is_suspicious() -> None:
    chain = sites(6, final_url="https://chain.example/")
    assert verdict(chain, GOOD_CANARIES) is TRUSTED
    changed = [replace(seen, was_alive=True) for seen in chain]
    assert verdict(changed, GOOD_CANARIES) is PORTAL


@pytest.mark.parametrize("status", [403, 407, 511, 502, 504])
def test_a_proxy_that_refuses_everything(status: int) -> None:
    assert verdict(sites(5, status=status)) is PROXY
    assert verdict(sites(4, status=status)) is TRUSTED
    assert verdict([*sites(5, status=status), *sites(5, 5)]) is TRUSTED


def test_walls_everywhere_are_walls_while_the_canaries_are_up() -> None:
    assert verdict(sites(9, status=403), GOOD_CANARIES) is TRUSTED


@pytest.mark.parametrize(
    ("usual", "new", "canaries", "expected"),
    [
        # A quiet night: walls of old, on sites that are well.
        (8, 0, GOOD_CANARIES, TRUSTED),
        (8, 4, GOOD_CANARIES, TRUSTED),
        (8, 5, GOOD_CANARIES, PROXY),
        # Without canaries nothing says that the network is well.
        (8, 0, (), PROXY),
        (8, 0, sites(1, 900), PROXY),
    ],
)
def test_what_was_refused_before_is_no_proxy_while_the_canaries_are_up(
    usual: int, new: int, canaries: Sequence[NetworkEvidence], expected: WindowVerdict
) -> None:
    of_old = sites(usual, status=403, was_alive=True, is_evidence=False)
    assert verdict([*of_old, *sites(new, 50, status=403, was_alive=True)], canaries) is expected


# canaries


def test_canaries_under_sixty_percent_stop_the_run() -> None:
    assert verdict((), DEAD_CANARIES) is DOWN
    assert verdict((), [*DEAD_CANARIES[:3], *GOOD_CANARIES[3:]]) is DOWN
    assert verdict((), [*DEAD_CANARIES[:2], *GOOD_CANARIES[2:]]) is TRUSTED
    assert verdict((), sites(5, 900, status=407)) is PROXY


def test_visits_that_succeed_outweigh_canaries_that_were_down_from_the_start() -> None:
    visits = [*sites(3), *sites(2, 3, failure=GONE)]
    assert verdict(visits, DEAD_CANARIES) is TRUSTED
    assert verdict(visits, DEAD_CANARIES, DEAD_CANARIES) is TRUSTED
    assert verdict(visits[1:], DEAD_CANARIES) is DOWN


def test_visits_prove_nothing_when_the_canaries_went_down_in_between() -> None:
    visits = [*sites(3), *sites(2, 3, failure=GONE)]
    assert verdict(visits, DEAD_CANARIES, GOOD_CANARIES) is DOWN
    assert verdict(visits, GOOD_CANARIES, DEAD_CANARIES) is DOWN


def test_a_few_canaries_count_only_if_none_is_up() -> None:
    one_gone = [site(900, failure=GONE), site(901)]
    assert verdict(sites(1, failure=GONE), one_gone) is TRUSTED
    assert verdict(sites(1, failure=GONE), sites(2, 900, failure=GONE)) is DOWN
    assert verdict(sites(1, failure=GONE), sites(1, 900, failure=GONE)) is TRUSTED


# a portal where few sites are visited: the canaries tell

HOME = "http://portal.example/login"


def robots(number: int, **facts: Any) -> NetworkEvidence:
    """A canary that was asked for its robots.txt: plain text has no fingerprint."""
    return site(number, **({"status": 200, "fingerprint": None} | facts))


@pytest.mark.parametrize("mark", [{"fingerprint": "log in"}, {"status": 302, "final_url": HOME}])
@pytest.mark.parametrize("count", [2, 3, 5, 25])
def test_canaries_of_different_sites_with_one_answer_are_a_portals(
    mark: dict[str, Any], count: int
) -> None:
    """Issue, item 4: however few sites are visited."""
    canaries = [robots(n, **mark) for n in range(count)]
    assert verdict((), canaries) is PORTAL
    assert verdict([site(900)], canaries) is PORTAL
    assert verdict([site(900)], (), canaries) is PORTAL
    assert verdict(sites(9, 900), canaries) is PORTAL


def test_near_misses_of_a_portal_before_the_canaries() -> None:
    page: dict[str, Any] = {"fingerprint": "log in"}
    # one, or two hosts of one site
    assert verdict((), [robots(1, **page), robots(2)]) is TRUSTED
    one_site = [replace(robots(1, **page), host=host) for host in ("a.test", "b.test")]
    assert verdict((), one_site) is TRUSTED
    # mirrors among many that are well
    few = [robots(n, **page) for n in range(2)]
    assert verdict((), [*few, *(robots(n) for n in range(2, 9))]) is TRUSTED
    # mirrors that prove themselves by their certificates
    assert verdict((), [replace(seen, secure=True) for seen in few]) is TRUSTED
    # sites that moved to one host, each with its robots.txt
    moved: dict[str, Any] = {"status": 301, "final_url": "https://new.example/robots.txt"}
    assert verdict((), [robots(n, **moved) for n in range(2)]) is TRUSTED
    # a publisher's sites that lead to one consent page
    consent: dict[str, Any] = {"status": 302, "final_url": "https://consent.group.example/ask"}
    assert verdict((), [robots(n, **consent) for n in range(6)]) is TRUSTED


def test_a_first_run_behind_one_consent_page_is_trusted() -> None:
    visits = [site(n, final_url="https://consent.group.example/ask") for n in range(6)]
    assert verdict([replace(seen, fingerprint=None) for seen in visits]) is TRUSTED


def test_canaries_that_share_one_answer_are_not_up() -> None:
    half = [*(robots(n, fingerprint="log in") for n in range(3)), robots(3), robots(4)]
    assert verdict((), half) is DOWN
    assert verdict((), [*half, robots(5), robots(6), robots(7)]) is TRUSTED


def test_canaries_whose_certificate_fails_are_down() -> None:
    assert verdict((), [robots(n, certificate=STRANGE) for n in range(3)]) is DOWN
    failed = [site(n, failure=FailureKind.TLS_CERTIFICATE_UNTRUSTED) for n in range(3)]
    assert verdict((), failed) is DOWN


@pytest.mark.parametrize(
    ("visits", "expected"),
    [
        # a portal's and a proxy's own answers never outvote canaries
        ([site(1)], DOWN),
        (sites(2, fingerprint="log in"), PORTAL),
        (sites(4, final_url=HOME), PORTAL),
        (sites(4, status=404), DOWN),
        (sites(4, status=403), DOWN),
        (sites(4, status=502), DOWN),
        (sites(4, certificate=STRANGE), DOWN),
        ([*sites(2), *sites(2, 5, certificate=STRANGE)], DOWN),
        # what the sites alone can have said does
        (sites(2), TRUSTED),
        ([site(1, secure=True)], TRUSTED),
        (sites(4, status=404, secure=True), TRUSTED),
        (sites(4, secure=True, fingerprint="mirror"), TRUSTED),
        ([*sites(3), *sites(2, 5, status=403)], TRUSTED),
    ],
)
def test_answers_that_outweigh_canaries_that_were_down_from_the_start(
    visits: list[NetworkEvidence], expected: WindowVerdict
) -> None:
    """Issue, item 4: no URL newly broken or dead behind a portal or a proxy, however few are visited."""
    assert verdict(visits, DEAD_CANARIES) is expected
    assert verdict(visits, DEAD_CANARIES, DEAD_CANARIES) is expected


def test_sites_that_cannot_be_verified_any_more_stand_behind_a_portal() -> None:
    strange = sites(5, was_alive=True, certificate=STRANGE)
    assert verdict(strange, GOOD_CANARIES) is PORTAL
    assert verdict([*strange, site(9, was_alive=True)], GOOD_CANARIES) is PORTAL
    assert "LINKHEALTH_CA_FILE" in judge_window(Window(STEADY, strange), POLICY).sentence
    # near-misses: too few, too small a part of all, or always so while the canaries are well
    assert verdict(strange[:4], GOOD_CANARIES) is TRUSTED
    assert verdict([*strange, *sites(2, 9, was_alive=True)], GOOD_CANARIES) is TRUSTED
    assert verdict(sites(9, certificate=STRANGE), GOOD_CANARIES) is TRUSTED
    # sites that are badly kept, each in its own way, or out of date all of them
    kinds = (STRANGE, CertificateFault.UNTRUSTED, CertificateFault.WRONG_HOST)
    badly_kept = [site(n, certificate=kinds[n % 3]) for n in range(9)]
    assert verdict([*badly_kept, *sites(3, 10)]) is TRUSTED
    assert verdict(sites(9, certificate=CertificateFault.EXPIRED)) is TRUSTED
    # nothing is known before a first run
    assert verdict(sites(5, certificate=STRANGE)) is PORTAL
    assert verdict(sites(4, certificate=STRANGE)) is TRUSTED


def test_unverified_answers_do_not_break_the_silence() -> None:
    silent = sites(6, failure=GONE)
    assert verdict([*silent, *sites(2, 10)]) is TRUSTED
    assert verdict([*silent, *sites(2, 10, certificate=STRANGE)]) is DOWN


# the breaker


@pytest.mark.parametrize(
    ("failed", "well", "expected"),
    [
        (5, 20, TRUSTED),
        (6, 20, BREAKER),
        (40, 160, TRUSTED),
        (41, 159, BREAKER),
        (4, 1, TRUSTED),
    ],
)
def test_the_breaker_trips_over_a_fifth_of_the_hosts_that_were_alive(
    failed: int, well: int, expected: WindowVerdict
) -> None:
    visits = [
        *sites(failed, was_alive=True, failure=GONE),
        *sites(well, 500, was_alive=True),
    ]
    assert verdict(visits, GOOD_CANARIES) is expected
    assert verdict(visits[::2], GOOD_CANARIES, earlier=visits[1::2]) is expected


def failures(visits: Sequence[NetworkEvidence]) -> tuple[int, int, bool]:
    """As at the end of a window without a visit of its own."""
    return new_failures(visits, POLICY, frozenset())


def test_the_breaker_looks_at_the_last_200_hosts_and_their_last_visit() -> None:
    old = sites(100, was_alive=True, failure=GONE)
    assert failures([*old, *sites(200, 500, was_alive=True)]) == (0, 200, True)
    assert failures([*old, *sites(100, was_alive=True)]) == (0, 100, True)
    assert failures([*sites(9, was_alive=True), *old[:9]]) == (9, 9, True)


def test_the_breaker_sees_a_burst_wherever_it_was_in_the_window() -> None:
    visits = [
        *sites(100, was_alive=True),
        *sites(60, 200, was_alive=True, failure=GONE),
        *sites(300, 400, was_alive=True),
    ]
    assert failures(visits) == (0, 200, True)
    now = frozenset(seen.host for seen in visits)
    assert new_failures(visits, POLICY, now) == (60, 200, False)
    assert verdict(visits, GOOD_CANARIES) is BREAKER
    assert verdict(visits[160:], GOOD_CANARIES, earlier=visits[:160]) is BREAKER
    assert verdict(visits[360:], GOOD_CANARIES, earlier=visits[:360]) is TRUSTED, "judged before"


def test_the_breaker_waits_for_the_second_look() -> None:
    doubted = sites(60, was_alive=True, failure=GONE, in_doubt=True)
    well = sites(100, 500, was_alive=True)
    assert failures([*doubted, *well]) == (0, 100, True)
    again = [replace(seen, in_doubt=False, confirmed=True) for seen in doubted]
    assert failures([*doubted, *well, *again]) == (60, 160, True)


@pytest.mark.parametrize(
    ("gone", "well", "expected"),
    [(9, 0, TRUSTED), (10, 9, BREAKER), (10, 10, TRUSTED), (40, 160, TRUSTED), (120, 80, BREAKER)],
)
def test_pages_that_all_go_at_once_trip_the_breaker(
    gone: int, well: int, expected: WindowVerdict
) -> None:
    lost = sites(gone, was_alive=True, status=404, confirmed=True)
    visits = [*lost, *sites(well, 500, was_alive=True)]
    assert verdict(visits, GOOD_CANARIES) is expected
    assert verdict(lost, GOOD_CANARIES, earlier=visits[gone:]) is expected
    once = [replace(seen, confirmed=False) for seen in lost]
    assert verdict([*once, *visits[gone:]], GOOD_CANARIES) is TRUSTED
    partly = [*visits, *(replace(seen, status=200) for seen in lost)]
    assert verdict(partly, GOOD_CANARIES) is TRUSTED, "another page of the site is there"


@pytest.mark.parametrize(
    ("facts", "failed"),
    [
        ({"status": 404}, 0),
        ({"status": 403}, 0),
        ({"status": 407}, 1),
        ({"status": 511}, 1),
        ({"failure": FailureKind.ADDRESS_BLOCKED}, 1),
        ({"failure": FailureKind.TLS_FAILED}, 0),
        ({"status": 200, "failure": FailureKind.BODY_INCOMPLETE}, 0),
    ],
)
def test_a_sites_own_answer_is_no_failure_of_the_network(
    facts: dict[str, object], failed: int
) -> None:
    assert failures([site(1, was_alive=True, **facts)]) == (failed, 1, True)


def test_hosts_that_never_were_alive_cannot_trip_the_breaker() -> None:
    assert failures(sites(50, failure=GONE)) == (0, 0, True)


# error pages


NGINX: dict[str, Any] = {"status": 404, "fingerprint": "nginx's page"}


@pytest.mark.parametrize(("count", "expected"), [(9, TRUSTED), (10, PORTAL), (80, PORTAL)])
def test_an_error_page_that_may_be_the_servers_takes_many_sites(
    count: int, expected: WindowVerdict
) -> None:
    strange = sites(count, **NGINX, is_evidence=False, is_strange=True)
    assert verdict(strange) is expected
    assert verdict([*strange, *sites(count, 500)]) is TRUSTED
    assert verdict(strange, GOOD_CANARIES) is TRUSTED
    pages = [replace(seen, is_strange=False) for seen in strange]
    assert verdict(pages) is TRUSTED, "as these sites always answered"


@pytest.mark.parametrize(
    ("look", "first_looks", "expected"),
    [
        (GOOD_CANARIES, 0, TRUSTED),
        (GOOD_CANARIES, 9, TRUSTED),
        (GOOD_CANARIES, 40, PORTAL),
        ((), 0, PORTAL),
        (sites(5, 900, failure=GONE), 0, PORTAL),
    ],
)
def test_second_looks_of_one_page_prove_nothing_where_the_network_is_as_it_was(
    look: Sequence[NetworkEvidence], first_looks: int, expected: WindowVerdict
) -> None:
    """The end of a first run has little but second looks, all of links that failed, on sites of one make."""
    page = {**NGINX, "is_evidence": False, "is_strange": True}
    again = sites(26, **page, confirmed=True)
    visits = [*again, *sites(first_looks, 100, **page), *sites(2, 500)]
    found = judge_window(Window(STEADY, visits, look, are_stand_ins=True), POLICY)
    assert found.verdict is expected


def test_with_good_canaries_error_pages_are_left_to_the_second_look() -> None:
    lost = sites(6, **NGINX, was_alive=True, changed=True)
    assert verdict(lost, GOOD_CANARIES) is TRUSTED
    assert verdict(lost) is PORTAL
    assert verdict([replace(seen, status=200) for seen in lost], GOOD_CANARIES) is PORTAL


def test_stand_ins_show_an_outage_and_never_that_all_is_well() -> None:
    def found(visits: Sequence[NetworkEvidence], look: Sequence[NetworkEvidence]) -> WindowVerdict:
        window = Window(STEADY, visits, look, are_stand_ins=True)
        return judge_window(window, POLICY).verdict

    assert found(sites(20), GOOD_CANARIES) is TRUSTED
    assert found(sites(20), DEAD_CANARIES) is DOWN
    assert found(sites(20, **NGINX), GOOD_CANARIES) is PORTAL
    assert found(sites(20, failure=GONE), GOOD_CANARIES) is DOWN


def test_a_canary_whose_robots_txt_is_gone_is_not_up() -> None:
    lost = sites(5, 900, status=404, is_lost=True, changed=True)
    assert verdict(sites(3, status=404), lost, GOOD_CANARIES) is DOWN
    assert verdict(sites(3, status=404), [*lost[:2], *GOOD_CANARIES[2:]]) is TRUSTED


# names


@pytest.mark.parametrize(
    ("misled", "count", "expected"),
    [((), 3, TRUSTED), ((0,), 1, LIES), ((0,), 2, LIES), ((0,), 3, TRUSTED), ((0, 1, 2), 3, LIES)],
)
def test_sites_at_the_address_of_wrong_names(
    misled: Sequence[int], count: int, expected: WindowVerdict
) -> None:
    names = Names(frozenset(f"www.site{number}.example" for number in misled), finds_any=True)
    visits = sites(count, status=404)
    assert judge_window(Window(STEADY, visits, names=names), POLICY).verdict is expected
    secure = [replace(seen, secure=True) for seen in visits]
    assert judge_window(Window(STEADY, secure, names=names), POLICY).verdict is TRUSTED


@pytest.mark.parametrize(
    ("finds_any", "visits", "expected"),
    [
        (None, sites(1, failure=GONE), TRUSTED),
        (True, sites(4, failure=GONE), TRUSTED),
        (False, sites(1, failure=GONE), DOWN),
        (False, sites(4, failure=FailureKind.DNS_TIMEOUT), DOWN),
        (False, [*sites(3, failure=GONE), site(9)], TRUSTED),
        (False, sites(1, failure=FailureKind.CONNECT_REFUSED), TRUSTED),
        (False, [], TRUSTED),
    ],
)
def test_a_resolver_that_finds_no_name(
    finds_any: bool | None, visits: Sequence[NetworkEvidence], expected: WindowVerdict
) -> None:
    window = Window(STEADY, visits, names=Names(finds_any=finds_any))
    assert judge_window(window, POLICY).verdict is expected


# the clock


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        (STEADY, TRUSTED),
        (replace(STEADY, last_run_ended=None), TRUSTED),
        (replace(STEADY, last_run_ended=NOW + timedelta(seconds=30)), TRUSTED),
        (replace(STEADY, last_run_ended=NOW + timedelta(minutes=2)), CLOCK),
        (replace(STEADY, wall=NOW + 40 * HOUR), TRUSTED),
        (replace(STEADY, wall=NOW + 49.5 * HOUR), CLOCK),
        (replace(STEADY, wall=NOW), CLOCK),
        (replace(STEADY, wall=NOW + HOUR - timedelta(seconds=30)), TRUSTED),
    ],
)
def test_a_clock_that_runs_backwards_or_jumps_gives_no_strikes(
    clock: Clock, expected: WindowVerdict
) -> None:
    assert verdict(sites(3), GOOD_CANARIES, clock=clock) is expected


@pytest.mark.parametrize(("hours", "way"), [(60, "forward"), (-60, "back")])
def test_the_sentence_says_which_way_the_clock_went(hours: int, way: str) -> None:
    clock = replace(STEADY, wall=NOW + HOUR + hours * HOUR)
    sentence = judge_window(Window(clock), POLICY).sentence
    assert f"set {way} by 60.0 hours" in sentence


# what goes in


@pytest.mark.parametrize(
    ("since", "latest", "alive"),
    [
        (None, False, False),
        (None, True, False),
        (1, True, True),
        (400, True, True),
        (3, False, True),
        (4, False, False),
    ],
)
def test_who_was_alive_before(since: int | None, latest: bool, alive: bool) -> None:
    assert was_alive(HostRecord("a.test", "a.test", since, latest), POLICY) is alive


def test_canaries_are_the_latest_alive_and_one_of_each_site() -> None:
    records = [
        HostRecord("self-signed.test", "self-signed.test", 0, True, verified=False),
        HostRecord("old.a.test", "a.test", 9, True),
        HostRecord("new.a.test", "a.test", 1, True),
        HostRecord("b.test", "b.test", 0, True),
        HostRecord("gone.test", "gone.test", 8, False),
        HostRecord("never.test", "never.test", None, False),
        *(HostRecord(f"c{n}.test", f"c{n}.test", 20, True) for n in range(30)),
    ]
    picked = [record.host for record in pick_canaries(records, POLICY)]
    assert picked[:2] == ["b.test", "new.a.test"]
    assert len(picked) == POLICY.canary_hosts
    assert not {"old.a.test", "gone.test", "never.test", "self-signed.test"} & set(picked)


def test_a_window_stays_open_until_enough_sites_were_visited() -> None:
    assert not enough_to_judge(Window(STEADY, sites(4, failure=GONE)), POLICY)
    assert enough_to_judge(Window(STEADY, sites(5, failure=GONE)), POLICY)
    assert enough_to_judge(Window(STEADY, sites(1), GOOD_CANARIES), POLICY)


def test_evidence_is_taken_from_an_observation() -> None:
    url = "https://www.news.example:8443/a"
    seen = Observation(url, NOW, 1, status=200, final_url=url)
    assert network_evidence(
        seen, "news.example", was_alive=True, fingerprint="x"
    ) == NetworkEvidence(
        "news.example", "www.news.example:8443", 200, None, url, "x", was_alive=True, secure=True
    )


@pytest.mark.parametrize(
    ("facts", "verified", "secure"),
    [
        ({}, True, True),
        ({"url": "http://news.example/a"}, True, False),
        ({"final_url": "http://news.example/a"}, True, False),
        ({"hops": (Hop("http://news.example/a", 302),)}, True, False),
        ({"final_url": "https://other.example/a"}, True, True),
        ({"status": None, "failure": GONE}, True, False),
        *(({"certificate": fault}, False, False) for fault in CertificateFault),
    ],
)
def test_what_a_connection_proves(facts: dict[str, Any], verified: bool, secure: bool) -> None:
    url = "https://news.example/a"
    seen = replace(Observation(url, NOW, 1, status=200, final_url=url), **facts)
    found = network_evidence(seen, "news.example", was_alive=True)
    assert (found.verified, found.secure) == (verified, secure)


@pytest.mark.parametrize(
    "facts",
    [
        {"final_url": "https://consent.group.example/ask", "hops": (Hop("https://a.test/x", 302),)},
        {"final_url": "https://group.example/ask", "sign": SoftSign.CONSENT},
    ],
)
def test_a_consent_page_bears_no_mark(facts: dict[str, Any]) -> None:
    """Rule V7: it says nothing, and a publisher's sites share it."""
    url = "https://a.test/x"
    seen = replace(Observation(url, NOW, 1, status=200, final_url=url), **facts)
    found = network_evidence(seen, "a.test", was_alive=True, fingerprint="x")
    assert (found.fingerprint, found.final_url) == (None, None)


def test_an_answer_that_is_no_evidence_bears_no_mark() -> None:
    assert verdict(sites(5, fingerprint="log in")) is PORTAL
    assert verdict(sites(5, fingerprint="log in", is_evidence=False)) is TRUSTED


@pytest.mark.parametrize(
    ("status", "maybe"),
    [(403, True), (407, True), (504, True), (511, True), (200, False), (404, False)],
)
def test_statuses_that_a_proxy_may_give(status: int, maybe: bool) -> None:
    assert is_maybe_a_proxy(status) is maybe


EVIDENCE = st.builds(
    site,
    st.integers(0, 30),
    status=st.sampled_from([None, 200, 403, 404, 407, 503]),
    failure=st.sampled_from([None, *FailureKind]),
    fingerprint=st.sampled_from([None, "a", "b"]),
    was_alive=st.booleans(),
    certificate=st.none() | st.sampled_from(CertificateFault),
    secure=st.booleans(),
)


@given(st.lists(EVIDENCE, max_size=40), st.lists(EVIDENCE, max_size=25), st.lists(EVIDENCE))
def test_every_window_gets_a_verdict_and_a_reason_whatever_it_holds(
    visits: list[NetworkEvidence], canaries: list[NetworkEvidence], before: list[NetworkEvidence]
) -> None:
    found = judge_window(Window(STEADY, visits, canaries, before), POLICY)
    assert bool(found.sentence) is (found.verdict is not TRUSTED)


@given(
    st.integers(5, 40),
    st.sampled_from([GONE, FailureKind.CONNECT_REFUSED, FailureKind.DNS_UNAVAILABLE]),
    st.booleans(),
)
def test_a_dead_network_is_never_trusted(count: int, failure: FailureKind, known: bool) -> None:
    visits = sites(count, failure=failure, was_alive=known)
    canaries = sites(5, 900, failure=failure) if known else []
    assert verdict(visits, canaries) is DOWN
