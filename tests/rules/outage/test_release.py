"""Rules O10, O12, O13 and O14: the release of a window, blocking hosts, the mass-change guard."""

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
    ImageFacts,
    Inconclusive,
    Observation,
    PageFacts,
)
from crawler.model.verdict import VerdictKind
from crawler.rules.outage.release import (
    HostInRun,
    as_inconclusive,
    is_blocking_us,
    mass_change,
    needs_host,
    release,
)
from crawler.rules.outage.windows import WindowVerdict
from crawler.rules.policy import OutagePolicy, StrikePolicy
from crawler.rules.verdict.page_rule import Outcome
from crawler.rules.verdict.page_state import find
from crawler.rules.verdict.verdicts import judge

NOW = datetime(2026, 1, 1, tzinfo=UTC)
POLICY = OutagePolicy()
TRUSTED = WindowVerdict.TRUSTED
UNTRUSTED = [verdict for verdict in WindowVerdict if verdict is not TRUSTED]
HOST = "news.example"
REFUSED, RESET = FailureKind.CONNECT_REFUSED, FailureKind.CONNECTION_RESET


def seen(
    number: int = 1, what: int | FailureKind = 200, run: int = 2, **facts: object
) -> Observation:
    url = f"https://{HOST}/story-{number}"
    if isinstance(what, FailureKind):
        return Observation(url, NOW, run, failure=what, **facts)  # type: ignore[arg-type]
    return Observation(url, NOW, run, status=what, final_url=url, **facts)  # type: ignore[arg-type]


def committed(
    pending: Sequence[Observation],
    verdict: WindowVerdict = TRUSTED,
    others: Sequence[Observation] = (),
    *,
    finished: bool = True,
) -> list[Inconclusive | None]:
    hosts = {HOST: HostInRun((*others, *pending), finished)}
    found = release(pending, verdict, hosts, POLICY)
    assert found.held == ()
    return [observation.inconclusive for observation in found.committed]


def test_a_trusted_window_is_committed_as_it_is() -> None:
    pending = [seen(1), seen(2, 404), seen(3, 503), seen(4, FailureKind.DNS_NXDOMAIN)]
    assert committed(pending) == [None] * 4
    assert committed([seen(1, REFUSED)]) == [None]


@pytest.mark.parametrize("verdict", UNTRUSTED)
def test_an_untrusted_window_leaves_no_strike(verdict: WindowVerdict) -> None:
    pending = [seen(1, 404), seen(2, REFUSED), seen(3, FailureKind.DNS_NXDOMAIN), seen(4, 403)]
    assert committed(pending, verdict) == [Inconclusive(verdict.value)] * 4


@pytest.mark.parametrize("verdict", UNTRUSTED)
def test_successes_stand_but_for_a_portals_and_a_wrong_clocks(verdict: WindowVerdict) -> None:
    worth_something = (
        WindowVerdict.OWN_NETWORK_DOWN,
        WindowVerdict.BLOCKED_BY_PROXY,
        WindowVerdict.BREAKER_TRIPPED,
    )
    lost = verdict not in worth_something
    assert committed([seen()], verdict) == [Inconclusive(verdict.value) if lost else None]


@pytest.mark.parametrize(
    "facts",
    [
        {"url": f"http://{HOST}/story-1"},
        {"final_url": f"http://{HOST}/story-1"},
        {"hops": (Hop(f"http://{HOST}/a", 302),)},
        {"certificate": CertificateFault.SELF_SIGNED},
    ],
)
def test_in_an_untrusted_window_only_surely_own_successes_count(
    facts: dict[str, Any],
) -> None:
    """Issue, item 4: behind a portal of few sites the canaries are down, and http answers all the same."""
    pending = [replace(seen(), **facts)]
    assert committed(pending, WindowVerdict.OWN_NETWORK_DOWN) == [Inconclusive.OWN_NETWORK_DOWN]
    assert committed(pending) == [None]


def test_every_untrusted_verdict_is_a_reason() -> None:
    assert {verdict.value for verdict in UNTRUSTED} == {
        code.value for code in Inconclusive if code.is_ours and code is not Inconclusive.UNCONFIRMED
    }


def test_a_misled_site_is_believed_only_over_good_tls() -> None:
    secure, plain = seen(1), replace(seen(2), url=f"http://{HOST}/story-2")
    hosts = {HOST: HostInRun((secure, plain), finished=True, is_misled=True)}
    found = release([secure, plain, seen(3, 404)], TRUSTED, hosts, POLICY)
    reasons = [one.inconclusive for one in found.committed]
    assert reasons == [None, Inconclusive.RESOLVER_LIES, None]


def test_an_observation_that_does_not_count_keeps_no_page() -> None:
    page, image = PageFacts(title="Log in"), ImageFacts("JPEG", 1, 1, None, 9)
    found = as_inconclusive(
        seen(page=page, image=image, etag='"a"', last_modified="x"), Inconclusive.PORTAL
    )
    assert (found.page, found.image, found.etag, found.last_modified) == (None,) * 4
    assert found.status == 200


def test_a_transient_failure_waits_for_the_rest_of_its_host() -> None:
    pending = [seen(1, REFUSED), seen(2, 404), seen(3)]
    found = release(pending, TRUSTED, {HOST: HostInRun(tuple(pending), finished=False)}, POLICY)
    assert found.held == (pending[0],)
    assert found.committed == (pending[1], pending[2])


@pytest.mark.parametrize(
    ("what", "needs"), [(200, False), (301, True), (404, True), (403, True), (REFUSED, True)]
)
def test_only_what_is_not_well_needs_the_rest_of_its_host(
    what: int | FailureKind, needs: bool
) -> None:
    assert needs_host(seen(1, what)) is needs


@pytest.mark.parametrize(
    ("failure", "other", "reason"),
    [
        (REFUSED, seen(2), Inconclusive.PASSING_FAULT),
        (REFUSED, seen(2, 404), Inconclusive.PASSING_FAULT),
        (FailureKind.CONNECT_TIMEOUT, seen(2, 503), Inconclusive.PASSING_FAULT),
        # near-misses: nobody answered, in another run, from another port, for another reason
        (REFUSED, seen(2, REFUSED), None),
        (REFUSED, seen(2, run=1), None),
        (REFUSED, Observation(f"http://{HOST}/", NOW, 2, status=200), None),
        (RESET, seen(2), None),
        # a reset from a host that lately refused by word
        (RESET, seen(2, 403, run=1), Inconclusive.HOST_BLOCKS_US),
        (RESET, seen(2, 429), Inconclusive.HOST_BLOCKS_US),
        (REFUSED, seen(2, 403, run=1), None),
    ],
)
def test_what_the_rest_of_the_host_says_of_a_transient_failure(
    failure: FailureKind, other: Observation, reason: Inconclusive | None
) -> None:
    assert committed([seen(1, failure)], others=[other]) == [reason]


def test_after_a_redirect_another_host_may_have_failed() -> None:
    failed = seen(1, REFUSED, hops=(Hop(f"https://{HOST}/story-1", 302),))
    assert committed([failed], others=[seen(2)]) == [None]


def test_a_host_that_blocks_us_gets_no_strikes_and_keeps_its_successes() -> None:
    pending = [seen(n, 403) for n in range(4)]
    pending += [seen(n, RESET) for n in range(4, 8)] + [seen(8, 404), seen(9)]
    blocked = Inconclusive.HOST_BLOCKS_US
    assert committed(pending) == [blocked] * 9 + [None]
    assert committed(pending, finished=False) == [blocked] * 9 + [None]


@pytest.mark.parametrize(
    ("refused", "well", "blocking"),
    [(4, 0, False), (5, 0, True), (4, 1, True), (4, 2, False), (8, 2, True), (7, 3, False)],
)
def test_five_urls_and_four_fifths_make_a_host_blocking(
    refused: int, well: int, blocking: bool
) -> None:
    kinds: tuple[int | FailureKind, ...] = (403, 429, RESET)
    outcomes = [seen(n, kinds[n % 3]) for n in range(refused)]
    outcomes += [seen(n) for n in range(refused, refused + well)]
    assert is_blocking_us(outcomes, POLICY) is blocking


def test_the_last_answer_of_each_url_counts() -> None:
    outcomes = [seen(n, 403) for n in range(5)]
    assert not is_blocking_us([*outcomes, *outcomes, seen(1), seen(2)], POLICY)
    assert not is_blocking_us(outcomes[:1] * 9, POLICY)


@pytest.mark.parametrize(
    ("flipped", "articles", "refused"),
    [
        (0, 0, False),
        (9, 9, False),
        (10, 10, True),
        (10, 499, True),
        (10, 500, False),
        (100, 5000, False),
        (101, 5000, True),
    ],
)
def test_a_mass_change_is_refused_unless_accepted(
    flipped: int, articles: int, refused: bool
) -> None:
    assert mass_change(flipped, articles, POLICY) is refused


@pytest.mark.parametrize("code", Inconclusive)
def test_an_inconclusive_observation_is_its_own_reason(code: Inconclusive) -> None:
    finding = find(as_inconclusive(seen(what=404), code))
    assert finding.reason == code
    expected = Outcome.INCONCLUSIVE if code.is_ours else Outcome.SAYS_NOTHING
    assert finding.outcome is expected


@given(
    st.sampled_from(UNTRUSTED),
    st.lists(st.sampled_from([200, 404, 410, 403, *FailureKind]), min_size=1, max_size=30),
    st.sampled_from([200, 404, REFUSED]),
)
def test_no_url_is_newly_broken_or_dead_by_an_untrusted_window(
    verdict: WindowVerdict, whats: list[int | FailureKind], before: int | FailureKind
) -> None:
    history = [seen(1, before, run=0)]
    was = judge(history, StrikePolicy())
    for run, what in enumerate(whats, 1):
        pending = [
            Observation(
                history[0].url,
                NOW + timedelta(days=run),
                run,
                status=what if isinstance(what, int) else None,
                failure=what if isinstance(what, FailureKind) else None,
            )
        ]
        found = release(pending, verdict, {HOST: HostInRun(tuple(pending), True)}, POLICY)
        history += found.committed
    kind = judge(history, StrikePolicy()).kind
    assert kind in (was.kind, VerdictKind.ALIVE)
