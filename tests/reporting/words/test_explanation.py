from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.model.decision import HOST_SKIPPED, Decision, NotBroken
from crawler.model.link import Link
from crawler.model.observation import (
    FailureKind,
    Further,
    Hop,
    ImageFacts,
    Inconclusive,
    Neighbour,
    Observation,
    Probe,
    SoftSign,
)
from crawler.model.reference import Reference, Scope
from crawler.model.role import Role
from crawler.model.verdict import (
    UNCHECKED,
    Suggestion,
    SuggestionKind,
    Verdict,
    VerdictKind,
    WarningCode,
)
from crawler.reporting.words.escaping import printable
from crawler.reporting.words.explanation import Case, explanation_lines, in_short
from crawler.reporting.words.visit_words import answer
from crawler.rules.policy import StrikePolicy
from crawler.rules.verdict.verdicts import judge
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
HERE = Observation("img/a.png", START, 1, image=ImageFacts("PNG", 40, 30, 1234, 1234), etag="1-2")
MISSED = Observation(
    "img/a.png",
    START,
    1,
    failure=FailureKind.IMAGE_FILE_MISSING,
    failure_detail="but there is img/A.png",
)
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
    decision: Decision | None = None,
    references: tuple[Reference, ...] = (PLACE,),
    related: int = 0,
) -> Case:
    now = seen[-1].at if seen else START
    link = Link(
        1,
        URL,
        verdict or judge(seen, POLICY),
        due_at=None if due is None else now + timedelta(days=due),
    )
    known = Case.of(link, seen, decision, now, POLICY)
    return replace(known, references=references, related=related)


def words(of: Case) -> str:
    return " ".join(" ".join(explanation_lines(of, 80)).split())


def test_an_explanation_as_a_reader_sees_it() -> None:
    assert explanation_lines(case(history((0, GONE), (4, GONE)), related=2), 80) == [
        "https://lost.example/a-story",
        "",
        "In short      Broken since 1 March 2026 by the rule status-gone: the server",
        "              answered 404 on 5 March 2026, 12:00 UTC (strikes: 2, and dead",
        "              needs 3). One more failed check, not before 8 March 2026, 12:00",
        "              UTC, makes it dead; next check: the first run after 9 March 2026,",
        "              12:00 UTC.",
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
    ("probe", "said"),
    [
        (Probe(NO_SUCH, 404), f"200, while {NO_SUCH}, which cannot exist, gave 404."),
        (Probe(NO_SUCH, None), "which cannot exist, gave no telling answer."),
        (Probe(NO_SUCH, 200, URL, 1.0), "which cannot exist, ended at the same place."),
        (Probe(NO_SUCH, 200, NO_SUCH, None), "which cannot exist, gave the same bare page."),
        (Probe(NO_SUCH, 200, None, 0.973), "which cannot exist, gave 200 and a page 97% alike."),
    ],
)
def test_evidence_names_what_a_probe_gave(probe: Probe, said: str) -> None:
    assert said in words(case([replace(FINE, probe=probe)]))


ROOT = "https://news.example/"


@pytest.mark.parametrize(
    ("further", "said"),
    [
        (Further(over_https=FailureKind.CONNECT_REFUSED), "over http the visit failed, connect-refused, and over https, the server answered 200"),
        (Further(front=Probe(ROOT)), "while the root of the site gave no telling answer"),
        (Further(front=Probe(ROOT, 403)), f"while the root of the site gave 403 at {ROOT}"),
        (Further(front=Probe(ROOT, 200, ROOT, 0.12)), f"while the root of the site gave 200 at {ROOT} and a page 12% alike"),
        (Further(neighbour=Neighbour.SINCE), "while another link of the site was answered as itself after it"),
        (Further(neighbour=Neighbour.LATELY), "while another link of the site was answered as itself in the time before"),
    ],
)  # fmt: skip
def test_evidence_names_what_the_rest_of_the_site_gave(further: Further, said: str) -> None:
    assert said in answer(replace(FINE, further=further))


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


@pytest.mark.parametrize(
    ("visits", "said"),
    [
        ([(0, HERE)], "the file is there: PNG of 40x30, 1,234 bytes on 1 March 2026"),
        ([(0, HERE)], "It is broken when the file is gone, or is a page in place of an image."),
        ([(0, HERE)], "Next check the next run: each looks at the files of the collection"),
        ([(0, HERE), (4, MISSED)], "no such file (but there is img/A.png); it counted as strike 1"),
        (
            [(0, MISSED)],
            "It is alive when the file is there, and is an image where one is meant. 2 more failed checks",
        ),
        (
            [(0, replace(MISSED, failure=FailureKind.IMAGE_FOLDER_MISSING, failure_detail=None))],
            "the collection has no such file, and no images at such a place on",
        ),
        (
            [(0, replace(HERE, image=ImageFacts(None, None, None, None, 3)))],
            "no image that is known",
        ),
    ],
)
def test_what_is_said_of_a_file_of_the_collection(
    visits: list[tuple[int, Observation]], said: str
) -> None:
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
    ("due", "said"),
    [
        (None, "Next check never"),
        (0, "Next check the next run, since it is due"),
        (-1, "Next check the next run, since it is due"),
    ],
)
def test_the_next_check(due: int | None, said: str) -> None:
    assert said in words(case([GONE], due=due))


# The same sentence in `explain` and in the reports (ADR 11)

WORKS = Decision(URL, "opened it\x1b[31m", START, against=NotBroken("http-404", START))
SKIPPED = Verdict(VerdictKind.EXCLUDED, HOST_SKIPPED, HOST_SKIPPED, since=START)
LEFT_OUT = Decision(URL, "moving house", START, until=START + timedelta(days=30))
NOT_BROKEN = Verdict(VerdictKind.EXCLUDED, "editor-not-broken", "editor-not-broken", since=START)
IGNORED = Verdict(VerdictKind.EXCLUDED, "editor-ignored", "editor-ignored", since=START)


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (
            case(history((0, GONE))),
            (
                "Broken since 1 March 2026 by the rule status-gone: the server answered 404 on 1 March "
                "2026, 12:00 UTC (strikes: 1, and dead needs 3). 2 more failed checks, each 72 hours or "
                "more after the one before, make it dead: the first of them counts from 4 March 2026, "
                "12:00 UTC, the last not before 8 March 2026, 12:00 UTC; next check: the first run after "
                "5 March 2026, 12:00 UTC."
            ),
        ),
        (
            case(history((0, GONE), (4, GONE), (8, GONE), (9, WALL)), due=0),
            (
                "Dead since 9 March 2026 by the rule status-gone: the server answered 404 on 9 March "
                "2026, 12:00 UTC (strikes: 3, and dead needs 3). Any success makes it alive again; next "
                "check: the next run, since it is due."
            ),
        ),
        (
            case(history((0, WALL))),
            (
                "Unverifiable since 1 March 2026 by the rule wall-marker: the server answered 403, the "
                "page shows signs of wall (cf-mitigated: challenge) on 1 March 2026, 12:00 UTC. The page "
                "itself, with no barrier before it, makes it alive; next check: the first run after 5 "
                "March 2026, 12:00 UTC."
            ),
        ),
        (
            case(history((0, REFUSED), (1, REFUSED))),
            (
                "Unverifiable since 1 March 2026 by the rule failure-kind: the visit failed, "
                "connect-refused on 2 March 2026, 12:00 UTC (strikes: 1, and dead needs 3; failed checks: "
                "2 of 11). 9 more failed checks, each 12 hours or more after the one before, make it "
                "dead: the first of them counts from 3 March 2026, 00:00 UTC, the last not before 12 "
                "March 2026, 00:00 UTC; next check: the first run after 6 March 2026, 12:00 UTC."
            ),
        ),
        (
            case([], verdict=Verdict(VerdictKind.INVALID, "bad-port", "url-syntax", since=START)),
            (
                "Invalid since 1 March 2026 by the rule url-syntax: the address names a port that cannot "
                "exist. Only another address in the file changes that; next check: never."
            ),
        ),
        (
            case(history((0, GONE)), verdict=NOT_BROKEN, decision=WORKS),
            (
                "Excluded by the rule editor-not-broken: an editor said on 1 March 2026, 12:00 UTC that it "
                "is not broken (http-404): “opened it\\x1b[31m” (strikes: 1, and dead needs 3). Other "
                "evidence makes it broken again: another kind of failure, or a failure after a success; "
                "next check: the first run after 5 March 2026, 12:00 UTC."
            ),
        ),
        (
            case([], verdict=IGNORED, decision=LEFT_OUT, due=30),
            (
                "Excluded by the rule editor-ignored: an editor left it out on 1 March 2026, 12:00 UTC "
                "until 31 March 2026, 12:00 UTC: “moving house”. From then on it is visited and judged as "
                "before; next check: the first run after 31 March 2026, 12:00 UTC."
            ),
        ),
        (
            case(history((0, GONE)), verdict=SKIPPED, due=None),
            (
                "Excluded since 1 March 2026 by the rule host-skipped: the configuration of the "
                "collection leaves out all links of this site (strikes: 1, and dead needs 3). Only "
                "another rule for its host in .linkhealth.yml changes that; next check: never."
            ),
        ),
        (
            case([], verdict=Verdict(VerdictKind.BROKEN, "http-404", "status-gone")),
            (
                "Broken by the rule status-gone: the server says that this page does not exist. Any "
                "success makes it alive; next check: the first run after 5 March 2026, 12:00 UTC."
            ),
        ),
    ],
)
def test_a_link_in_short(known: Case, said: str) -> None:
    assert in_short(known) == said
    assert said in words(known)


@pytest.mark.parametrize(
    ("verdict", "decision", "said"),
    [
        (NOT_BROKEN, WORKS, "An editor said on 1 March 2026, 12:00 UTC that it is not broken"),
        (None, WORKS, "“opened it\\x1b[31m”. The evidence is no longer the same."),
        (None, LEFT_OUT, "until 31 March 2026, 12:00 UTC: “moving house”. That is over."),
        (NOT_BROKEN, WORKS, "Evidence 2 March 2026, 12:00 UTC: the server answered 404"),
    ],
)
def test_what_an_editor_decided_is_said(
    verdict: Verdict | None, decision: Decision, said: str
) -> None:
    seen = history((0, GONE), (1, GONE), (2, WALL))
    assert said in words(case(seen, verdict=verdict, decision=decision))


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
    decision=st.none() | model.decisions,
    places=st.lists(model.references, max_size=3).map(tuple),
    width=st.integers(0, 200),
)
def test_whatever_is_known_can_be_shown(
    seen: list[Observation],
    verdict: Verdict,
    decision: Decision | None,
    places: tuple[Reference, ...],
    width: int,
) -> None:
    seen.sort(key=lambda each: each.at)
    known = case(seen, verdict=verdict, decision=decision, references=places)
    lines = explanation_lines(known, width)
    assert [line for line in lines if printable(line) != line] == []
