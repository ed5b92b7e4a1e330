"""Rules C2 and S4: answers over connections whose certificate could not be verified."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

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
    SoftSign,
)
from crawler.model.verdict import VerdictKind, WarningCode
from crawler.rules.policy import StrikePolicy
from crawler.rules.verdict.certificate_faults import gravest_fault
from crawler.rules.verdict.page_rule import Outcome
from crawler.rules.verdict.page_state import find
from crawler.rules.verdict.verdicts import judge
from tests.strategies.model import observations

NOW = datetime(2026, 1, 1, tzinfo=UTC)
URL = "https://news.example/2020/06/a-story-of-note"
HOME = "https://news.example/"
NEW = "https://news.example/new/one"
POLICY = StrikePolicy()
FAULTS = list(CertificateFault)
HIDING = {CertificateFault.SELF_SIGNED, CertificateFault.UNTRUSTED, CertificateFault.WRONG_HOST}


def seen(fault: CertificateFault | None = CertificateFault.EXPIRED, **facts: object) -> Observation:
    return Observation(URL, NOW, 1, certificate=fault, **facts)  # type: ignore[arg-type]


def hopped(status: int, end: str) -> Observation:
    return seen(status=200, hops=(Hop(URL, status),), final_url=end)


@pytest.mark.parametrize("fault", FAULTS)
def test_an_unverified_answer_is_alive_with_a_warning_that_says_which(
    fault: CertificateFault,
) -> None:
    """Rule C2."""
    finding = find(seen(fault, status=200))
    assert (finding.outcome, finding.reason) == (Outcome.ALIVE, "http-200")
    assert finding.warnings == (WarningCode(fault.value),)


def test_other_warnings_stay() -> None:
    finding = find(seen(status=200, failure=FailureKind.BODY_INCOMPLETE))
    assert finding.warnings == (WarningCode.BODY_INCOMPLETE, WarningCode.CERTIFICATE_EXPIRED)


@pytest.mark.parametrize(
    ("observation", "reason"),
    [
        (seen(status=404), "certificate-expired"),
        (seen(status=410), "certificate-expired"),
        (hopped(302, HOME), "certificate-expired"),
        (hopped(301, "https://news.example/404"), "certificate-expired"),
        (seen(status=200, sign=SoftSign.NOT_FOUND), "certificate-expired"),
        (seen(status=200, sign=SoftSign.PARKED), "certificate-expired"),
        (seen(status=200, image=ImageFacts("HTML", None, None, None, 9)), "certificate-expired"),
        (
            seen(hops=(Hop(URL, 302),), failure=FailureKind.DNS_NXDOMAIN),
            "certificate-expired",
        ),
        (
            seen(hops=(Hop(URL, 302),), failure=FailureKind.CONNECT_REFUSED),
            "certificate-expired",
        ),
        (seen(failure=FailureKind.DNS_BAD_NAME), "certificate-expired"),
        # walls and servers' faults stay what they are
        (seen(status=403), "http-403"),
        (seen(status=503), "http-503"),
        (seen(status=200, sign=SoftSign.WALL), "bot-wall"),
        (hopped(302, "https://news.example/login"), "login-wall"),
        (seen(failure=FailureKind.TLS_FAILED), "tls-failed"),
    ],
)
def test_no_unverified_answer_is_a_strike(observation: Observation, reason: str) -> None:
    """Rule S4: TLS errors are no strike."""
    finding = find(observation)
    assert (finding.outcome, finding.reason) == (Outcome.SAYS_NOTHING, reason)
    without = find(replace(observation, certificate=None))
    assert without.outcome is not Outcome.ALIVE, "else this says nothing of the rule"


def test_an_unverified_wall_keeps_its_reason_and_has_a_warning() -> None:
    assert find(seen(status=403)).warnings == (WarningCode.CERTIFICATE_EXPIRED,)


def test_an_unverified_move_suggests_nothing() -> None:
    verdict = judge([hopped(301, NEW)], POLICY)
    assert (verdict.kind, verdict.reason, verdict.suggestion) == (
        VerdictKind.ALIVE,
        "http-200",
        None,
    )
    assert verdict.warnings == (WarningCode.CERTIFICATE_EXPIRED,)
    proven = judge([replace(hopped(301, NEW), certificate=None)], POLICY)
    assert proven.kind is VerdictKind.MOVED


def test_what_our_own_outage_spoilt_stays_inconclusive() -> None:
    finding = find(seen(status=200, inconclusive=Inconclusive.PORTAL))
    assert (finding.outcome, finding.reason) == (Outcome.INCONCLUSIVE, "portal")


def test_an_unverified_answer_resets_strikes() -> None:
    """Rule S6: any success resets. Readers who click on past the warning are shown the page."""
    gone = [
        Observation(URL, NOW + timedelta(days=day), run, status=404)
        for run, day in enumerate((0, 4, 8))
    ]
    assert judge(gone, POLICY).kind is VerdictKind.DEAD
    back = replace(seen(status=200), at=NOW + timedelta(days=9), run=9)
    verdict = judge([*gone, back], POLICY)
    assert (verdict.kind, verdict.strikes) == (VerdictKind.ALIVE, 0)


unverified = st.builds(
    lambda one, end, statuses, fault, day, run: replace(
        one,
        url=URL,
        final_url=end,
        hops=tuple(Hop(URL, status) for status in statuses),
        certificate=fault,
        at=NOW + timedelta(days=day),
        run=run,
    ),
    observations,
    # A visit goes to sound URLs only (rule U2).
    st.sampled_from(
        [None, URL, HOME, NEW, "https://news.example/404", "https://news.example/login"]
    ),
    st.lists(st.sampled_from([301, 302, 308]), max_size=2),
    st.sampled_from(FAULTS),
    st.floats(0, 400),
    st.integers(1, 20),
)


@given(st.lists(unverified, max_size=15))
def test_no_unverified_history_is_ever_broken_or_dead(history: list[Observation]) -> None:
    verdict = judge(sorted(history, key=lambda one: one.at), POLICY)
    assert verdict.kind in (
        VerdictKind.UNCHECKED,
        VerdictKind.ALIVE,
        VerdictKind.UNVERIFIABLE,
    )
    assert (verdict.strikes, verdict.suggestion) == (0, None)


@given(
    st.lists(st.tuples(st.sampled_from([200, 403, 404, 410]), st.floats(0.1, 9)), max_size=8),
    unverified,
)
def test_one_more_unverified_answer_makes_nothing_worse(
    steps: list[tuple[int, float]], answer: Observation
) -> None:
    history, at = [], NOW
    for run, (status, days) in enumerate(steps, 30):
        at += timedelta(days=days)
        history.append(Observation(URL, at, run, status=status))
    before = judge(history, POLICY)
    after = judge([*history, replace(answer, at=at + timedelta(days=4), run=99)], POLICY)
    assert after.strikes <= before.strikes
    if not before.kind.is_gone:
        assert not after.kind.is_gone


# ------------------------------------------------------------------------------------ gravity


def test_of_several_faults_the_gravest_is_reported() -> None:
    order = (
        CertificateFault.WRONG_HOST,
        CertificateFault.SELF_SIGNED,
        CertificateFault.UNTRUSTED,
        CertificateFault.CHAIN_INCOMPLETE,
        CertificateFault.EXPIRED,
        CertificateFault.NOT_YET_VALID,
        CertificateFault.TOO_OLD,
    )
    assert set(order) == set(CertificateFault)
    for graver, other in ((order[i], order[j]) for i in range(7) for j in range(i, 7)):
        assert gravest_fault(graver, other) is gravest_fault(other, None, graver) is graver
    assert gravest_fault() is gravest_fault(None, None) is None


@pytest.mark.parametrize("hiding", sorted(HIDING))
def test_a_fault_that_hides_identity_is_never_outdone_by_one_that_does_not(
    hiding: CertificateFault,
) -> None:
    for other in CertificateFault:
        found = gravest_fault(other, hiding)
        assert found is not None
        assert found.hides_identity


@pytest.mark.parametrize("fault", FAULTS)
def test_only_what_the_site_itself_said_is_kept(fault: CertificateFault) -> None:
    page, image = PageFacts(title="A title"), ImageFacts("PNG", 1, 1, 9, 9)
    observation = seen(fault, status=200, page=page, image=image)
    kept = (None, None) if fault in HIDING else (page, image)
    assert (observation.kept_page, observation.kept_image) == kept
    assert observation.is_the_sites is (fault not in HIDING)


def test_every_fault_is_a_warning() -> None:
    assert {fault.value for fault in CertificateFault} < {code.value for code in WarningCode}
