from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.model.link import Link
from crawler.model.observation import FailureKind, Hop, Inconclusive, Observation, Sibling, SoftSign
from crawler.model.reference import Reference, Role, Scope
from crawler.model.verdict import (
    UNCHECKED,
    Suggestion,
    SuggestionKind,
    Verdict,
    VerdictKind,
    WarningCode,
)
from crawler.reporting.escaping import printable
from crawler.reporting.explanation import Case, explanation_lines
from crawler.rules.confirmation import until_dead
from crawler.rules.policy import StrikePolicy
from crawler.rules.verdicts import judge, trace
from tests.strategies import model

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://lost.example/a-story"
POLICY = StrikePolicy()
GONE = Observation(URL, START, 1, 404, final_url=URL)
FINE = Observation(URL, START, 1, 200, final_url=URL)
WALL = Observation(URL, START, 1, 403, sign=SoftSign.WALL, failure_detail="cf-mitigated: challenge")
ERROR = Observation(URL, START, 1, 503, final_url=URL)
REFUSED = Observation(URL, START, 1, failure=FailureKind.CONNECT_REFUSED)
OUTAGE = replace(GONE, inconclusive=Inconclusive.OWN_NETWORK_DOWN)
PLACE = Reference("a/b.md", 4, "webUrl", Role.WEB, Scope.OWN, URL, URL)


def history(*visits: tuple[int, Observation]) -> list[Observation]:
    return [
        replace(seen, at=START + timedelta(days=day), run=run)
        for run, (day, seen) in enumerate(visits, 1)
    ]


def case(
    seen: Sequence[Observation],
    *,
    verdict: Verdict | None = None,
    due: int | None = 4,
    references: tuple[Reference, ...] = (PLACE,),
    related: int = 0,
) -> Case:
    now = seen[-1].at if seen else START
    steps = trace(seen, POLICY)
    return Case(
        link=Link(
            1,
            URL,
            verdict or judge(seen, POLICY),
            due_at=None if due is None else now + timedelta(days=due),
        ),
        steps=steps,
        missing=until_dead(steps, now, POLICY),
        references=references,
        related=related,
        now=now,
        policy=POLICY,
    )


def words(of: Case) -> str:
    return " ".join(" ".join(explanation_lines(of, 80)).split())


def test_an_explanation_as_a_reader_sees_it() -> None:
    assert explanation_lines(case(history((0, GONE), (4, GONE)), related=2), 80) == [
        "https://lost.example/a-story",
        "",
        "Verdict       broken, since 1 March 2026, 12:00 UTC. All evidence says gone;",
        "              later checks must agree.",
        "              Reason http-404: The server says that this page does not exist.",
        "              Decided by the rule status-gone.",
        "              What to do: Replace the link with one that works, or take it out.",
        "Evidence      5 March 2026, 12:00 UTC: the server answered 404.",
        "Strikes       2, and dead needs 3: the first 1 March 2026, 12:00 UTC, the last 5",
        "              March 2026, 12:00 UTC",
        "Would change  One more failed check, not before 8 March 2026, 12:00 UTC, makes",
        "              it dead.",
        "              Any success makes it alive, and the strikes begin anew.",
        "Next check    the first run after 9 March 2026, 12:00 UTC",
        "History       1 March 2026, 12:00 UTC: the server answered 404; it counted as",
        "              strike 1 → broken.",
        "              5 March 2026, 12:00 UTC: the server answered 404; it counted as",
        "              strike 2.",
        "Stands in     a/b.md:4 webUrl",
        "              2 places of related articles",
    ]


NO_SUCH = "https://lost.example/vomekatu"


@pytest.mark.parametrize(
    ("sibling", "said"),
    [
        (Sibling(NO_SUCH, 404), f"200, while {NO_SUCH}, which cannot exist, gave 404."),
        (Sibling(NO_SUCH, None), "which cannot exist, gave no telling answer."),
        (Sibling(NO_SUCH, 200, URL, 1.0), "which cannot exist, ended at the same place."),
        (Sibling(NO_SUCH, 200, NO_SUCH, None), "which cannot exist, gave the same bare page."),
        (Sibling(NO_SUCH, 200, None, 0.973), "which cannot exist, gave 200 and a page 97% alike."),
    ],
)
def test_evidence_names_what_a_sibling_gave(sibling: Sibling, said: str) -> None:
    assert said in words(case([replace(FINE, sibling=sibling)]))


@pytest.mark.parametrize(
    ("visits", "said"),
    [
        ([(0, GONE)], "Strikes 1, and dead needs 3: the first 1 March 2026, 12:00 UTC Would"),
        ([(0, GONE)], "2 more failed checks, each 72 hours or more after the one before"),
        ([(0, GONE)], "counts from 4 March 2026, 12:00 UTC, the last not before 8 March 2026"),
        ([(0, GONE), (4, GONE), (8, GONE)], "Any success makes it alive again."),
        ([(0, GONE), (4, GONE), (8, GONE)], "it counted as strike 3 → dead"),
        ([(0, GONE), (1, GONE)], "too soon after the last strike to be another"),
        ([(0, GONE), (1, WALL)], "this evidence stands"),
        ([(0, GONE), (1, WALL)], "it counted for nothing (bot-wall)."),
        ([(0, GONE), (1, FINE)], "as a success, and the strikes before it no longer count → alive"),
        ([(0, FINE)], "Definite evidence makes it broken: a domain that no longer exists, 404"),
        ([(0, FINE)], "each 72 hours or more after the one before, over 7 days or more"),
        ([(0, WALL)], "The page itself, with no barrier before it, makes it alive."),
        ([(0, WALL)], "signs of wall (cf-mitigated: challenge)"),
        ([(0, WALL)], "Strikes none"),
        ([(0, REFUSED)], "the visit failed, connect-refused"),
        ([(0, REFUSED)], "10 more failed checks, each 12 hours or more after the one before"),
        ([(0, REFUSED)], "What failed may pass, so that failed checks count too: 1, of 11 that"),
        ([(0, REFUSED), (1, REFUSED)], "to be another, and counted as failed check 2."),
        ([(0, REFUSED), (0, REFUSED)], "too soon after the last strike to be another."),
        ([(0, FINE)], "takes 11 failed checks over 10.5 days or more."),
        ([(0, FINE)], "server errors (5xx) for 14 days make it broken, never dead."),
        ([(0, ERROR)], "has given errors of its own since 1 March 2026, 12:00 UTC."),
        ([(0, ERROR)], "They may pass, so that failed checks count too: 1, of 11 that are needed."),
        (
            [(0, ERROR)],
            "make it broken: the first of them counts from 2 March 2026, 00:00 UTC, the",
        ),
        ([(0, ERROR)], "the last not before 15 March 2026, 12:00 UTC."),
        ([(0, ERROR), (1, ERROR)], "no strike; server errors are counted apart, 2 so far."),
        ([(day, ERROR) for day in range(13)], "One more failed check, not before 15 March 2026"),
        ([(day, ERROR) for day in range(15)], "Reason server-errors: The server has given nothing"),
        ([(day, ERROR) for day in range(15)], "Evidence 15 March 2026, 12:00 UTC: the server ans"),
        ([(day, ERROR) for day in range(15)], "Server errors alone never make it dead."),
        ([(day, ERROR) for day in range(15)], "counted apart, 15 so far → broken."),
        ([(0, OUTAGE)], "it counted for nothing (own-network-down) → unverifiable"),
        ([(0, replace(REFUSED, failure=FailureKind.DNS_BAD_NAME))], "no such visit can be made"),
        ([(0, replace(GONE, status=None))], "nothing was noted"),
        (
            [(0, replace(FINE, hops=(Hop(URL, 301),), final_url="https://new.example/x/y"))],
            "301 from https://lost.example/a-story ended at https://new.example/x/y",
        ),
        ([], "It has not been visited."),
    ],
)
def test_what_is_said_of_a_history(visits: list[tuple[int, Observation]], said: str) -> None:
    assert said in words(case(history(*visits)))


def test_one_run_says_which_of_its_visits_counted() -> None:
    said = words(case([GONE, FINE]))
    assert "404; it did not count, because the same run saw better evidence" in said
    assert "200; it counted as a success → alive" in said


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (Verdict(VerdictKind.INVALID, "bad-host", "url-syntax"), "Only another address in the"),
        (Verdict(VerdictKind.INVALID, "bad-host", "url-syntax"), "Next check never"),
        (Verdict(VerdictKind.EXCLUDED, "local-file", "url-syntax"), "or another rule"),
        (Verdict(VerdictKind.EXCLUDED, "editor-not-broken", "x"), "another kind of failure"),
        (UNCHECKED, "unchecked. The link has not been visited yet."),
        (
            Verdict(
                VerdictKind.MOVED,
                "moved-permanently",
                "permanent-redirects",
                warnings=(WarningCode.URL_WHITE_SPACE,),
                suggestion=Suggestion(SuggestionKind.REPLACE_URL, "https://new.example/"),
            ),
            "inside it. Suggested in its place: https://new.example/",
        ),
    ],
)
def test_what_is_said_of_a_verdict(verdict: Verdict, said: str) -> None:
    assert said in words(case([], verdict=verdict))


@pytest.mark.parametrize(
    ("due", "said"), [(None, "Next check never"), (0, "Next check due"), (-1, "Next check due")]
)
def test_the_next_check(due: int | None, said: str) -> None:
    assert said in words(case([GONE], due=due))


def test_long_lists_are_cut_and_say_so() -> None:
    seen = history(*((day, FINE) for day in range(40)))
    said = words(case(seen, references=(PLACE,) * 60, related=1))
    assert "… 10 earlier runs" in said
    assert "… 10 more of the articles themselves" in said
    assert "1 place of related articles" in said
    assert said.count("it counted as a success") == 30
    assert "no article any more" in words(case(seen, references=()))


# The rules read the addresses that were asked, and a visit has none that cannot be taken apart.
ENDS = st.none() | st.sampled_from([URL, "https://x.example/\x1b[31m\u202e?\ud800"])
SEEN = st.builds(lambda seen, end: replace(seen, url=URL, final_url=end), model.observations, ENDS)


@given(
    seen=st.lists(SEEN, max_size=5),
    verdict=model.verdicts,
    places=st.lists(model.references, max_size=3).map(tuple),
    width=st.integers(0, 200),
)
def test_whatever_is_known_can_be_shown(
    seen: list[Observation], verdict: Verdict, places: tuple[Reference, ...], width: int
) -> None:
    seen.sort(key=lambda each: each.at)
    lines = explanation_lines(case(seen, verdict=verdict, references=places), width)
    assert [line for line in lines if printable(line) != line] == []
