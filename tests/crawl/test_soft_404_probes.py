"""Soft404Probes: what is held, which probes are asked, and what goes out (rules N4 to N8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from crawler.crawl import soft_404_probes
from crawler.crawl.soft_404_probes import MOST_OF_HOST, Soft404Probes
from crawler.extractors.html.document import Document, read_document
from crawler.extractors.signs.likeness import sketch_document
from crawler.fetching.visit import LinkVisit, ProbeVisit
from crawler.model.link import DueLink
from crawler.model.observation import (
    NOTHING_FURTHER,
    FailureKind,
    Hop,
    Observation,
    PageFacts,
    Probe,
    SoftSign,
)
from crawler.rules.verdict.page_rule import Outcome
from crawler.rules.verdict.page_state import find

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOST = "news.example"
OTHER = PageFacts(titles=("The Daily Harbour",))
WORDS = "<h1>Page not found</h1><p>" + "Every morning the harbour has its own news. " * 12


class Suspected(Soft404Probes):
    """Soft404Probes of links that all have one stored title, with a state that knows `ended` URLs."""

    def __init__(
        self, *ended: str, titles: Sequence[str] = ("A story of note",), lately: bool = False
    ) -> None:
        super().__init__(
            seed="seed",
            titles=lambda _, __: titles,
            ending_at=lambda *_: ended,
            lately=lambda *_: lately,
        )


def link(path: str, number: int = 1, *, wants_image: bool = False, host: str = HOST) -> DueLink:
    return DueLink(
        number, f"https://{host}{path}", host, wants_image, etag='"1"', last_modified="x"
    )


def seen(
    one: DueLink, end: str | None = None, page: PageFacts | None = OTHER, **facts: object
) -> Observation:
    hops = () if end is None else (Hop(one.url, 301),)
    facts = {"status": 200, "hops": hops, "final_url": end or one.url, "page": page, **facts}
    return Observation(one.url, NOW, 1, **facts)  # type: ignore[arg-type]


def document(html: str = WORDS) -> Document:
    return read_document(html.encode(), url="", content_type=None)


def bare(ready: soft_404_probes.Ready) -> soft_404_probes.Ready:
    """Without what the comparison with the stored titles and the reading of the page added."""
    return [(due, replace(one, further=NOTHING_FURTHER)) for due, one in ready]


def take(
    suspects: Soft404Probes, one: DueLink, end: str | None = None, **facts: object
) -> soft_404_probes.Ready:
    visit = LinkVisit.of(one)
    suspects.begun(visit)
    return suspects.take(visit, seen(one, end, **facts), document())  # type: ignore[arg-type]


def asked_link(visit: ProbeVisit) -> DueLink:
    """A link of the probe's address, for what was seen there."""
    return replace(link("/"), url=visit.url)


def asked(suspects: Soft404Probes) -> ProbeVisit:
    (visit,) = suspects.to_ask()
    assert isinstance(visit, ProbeVisit)
    return visit


SUSPECT = link("/2020/a-tale")
TRUE_404 = {"status": 404, "page": None}


def test_a_healthy_link_goes_straight_through() -> None:
    suspects = Suspected(titles=("The daily harbour",))
    assert bare(take(suspects, SUSPECT)) == [(SUSPECT, seen(SUSPECT))]
    assert suspects.to_ask() == []
    assert not suspects.waiting


@pytest.mark.parametrize(
    "observation",
    [
        pytest.param(seen(SUSPECT, status=404), id="gone"),
        pytest.param(seen(SUSPECT, sign=SoftSign.WALL), id="a wall"),
        pytest.param(seen(SUSPECT, page=None), id="no page"),
        pytest.param(seen(SUSPECT, page=replace(OTHER, published="2020-01-01")), id="published"),
    ],
)
def test_titles_are_not_asked_for_what_cannot_be_a_suspect(observation: Observation) -> None:
    def titles(*_: object) -> Sequence[str]:
        raise AssertionError

    suspects = Soft404Probes(
        seed="", titles=titles, ending_at=lambda *_: (), lately=lambda *_: False
    )
    assert suspects.take(LinkVisit.of(SUSPECT), observation) == [(SUSPECT, observation)]


def test_an_image_is_never_a_suspect() -> None:
    picture = link("/2020/a-tale", wants_image=True)
    assert len(take(Suspected(), picture)) == 1


def test_a_suspect_waits_for_its_probe_which_is_asked_unconditionally() -> None:
    suspects = Suspected()
    assert take(suspects, SUSPECT) == []
    assert suspects.waiting
    visit = asked(suspects)
    assert suspects.to_ask() == []
    assert visit.url.startswith("https://news.example/2020/")
    assert (visit.begun_at, *visit.validators) == (visit.url, None, None)
    ((due, observation),) = suspects.answered(visit, seen(asked_link(visit), **TRUE_404))  # type: ignore[arg-type]
    assert due is SUSPECT
    assert observation.probe == Probe(visit.url, 404, visit.url)
    assert find(observation).outcome is Outcome.ALIVE
    assert not suspects.waiting


def test_one_probe_serves_all_suspects_of_its_folder_before_and_after() -> None:
    suspects = Suspected()
    suspected = [link(f"/20{year}/a-tale-of-{year}", year) for year in range(10, 14)]
    assert [take(suspects, one) for one in suspected[:3]] == [[]] * 3
    visit = asked(suspects)
    ready = suspects.answered(visit, seen(asked_link(visit)), document())
    ready += take(suspects, suspected[3])
    assert suspects.to_ask() == []
    assert [due for due, _ in ready] == suspected
    assert {find(observation).rule for _, observation in ready} == {"one-page-for-any-address"}


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        pytest.param({"status": 403, "page": None}, None, id="a wall"),
        pytest.param({"sign": SoftSign.WALL, "page": None}, None, id="a wall with 200"),
        pytest.param({"status": 404, "sign": SoftSign.WALL}, None, id="a wall with 404"),
        pytest.param({"status": None, "failure": FailureKind.RESPONSE_TIMEOUT}, None, id="silence"),
        pytest.param({"status": 503, "page": None}, None, id="an outage"),
        pytest.param({"status": 410, "page": None}, 410, id="gone"),
    ],
)
def test_what_a_probe_says(facts: dict[str, object], status: int | None) -> None:
    suspects = Suspected()
    take(suspects, SUSPECT)
    visit = asked(suspects)
    ((_, observation),) = suspects.answered(visit, seen(asked_link(visit), **facts), document())  # type: ignore[arg-type]
    assert observation.probe is not None
    assert observation.probe.status == status
    assert find(observation).outcome is Outcome.ALIVE


@pytest.mark.parametrize("kind", [FailureKind.ROBOTS_DENIED, FailureKind.ROBOTS_UNREACHABLE])
def test_a_probe_that_robots_txt_forbids_leaves_the_suspect_as_it_was(kind: FailureKind) -> None:
    suspects = Suspected()
    take(suspects, SUSPECT)
    visit = asked(suspects)
    denied = seen(asked_link(visit), status=None, page=None, failure=kind)
    assert bare(suspects.answered(visit, denied)) == [(SUSPECT, seen(SUSPECT))]
    assert take(suspects, link("/2020/another-tale", 2))[0][1].probe is None
    assert suspects.to_ask() == []


@pytest.mark.parametrize(
    ("page", "other", "reason"),
    [
        pytest.param(WORDS, WORDS, "soft-404", id="the same"),
        pytest.param(
            WORDS, "<p>" + "Nothing was found here today. " * 20, "http-200", id="another"
        ),
        pytest.param(WORDS, "<div id=root></div>", "http-200", id="only the probe is a shell"),
        pytest.param("<div id=root></div>", "<div id=root></div>", "empty-shell", id="shells"),
        pytest.param("<div id=root></div>", WORDS, "http-200", id="only the page is a shell"),
    ],
)
def test_likeness_decides_where_both_answer(page: str, other: str, reason: str) -> None:
    suspects = Suspected()
    suspects.take(LinkVisit.of(SUSPECT), seen(SUSPECT), document(page))
    visit = asked(suspects)
    ((_, observation),) = suspects.answered(visit, seen(asked_link(visit)), document(other))
    assert find(observation).reason == reason
    assert (observation.page is None) is (reason == "empty-shell")


def test_what_cannot_be_sketched_is_not_alike() -> None:
    suspects = Suspected()
    suspects.take(LinkVisit.of(SUSPECT), seen(SUSPECT), None)
    visit = asked(suspects)
    ((_, observation),) = suspects.answered(visit, seen(asked_link(visit)), document())
    assert find(observation).outcome is Outcome.ALIVE


def test_a_site_that_shows_the_page_under_any_name_proves_nothing() -> None:
    suspects = Suspected()
    take(suspects, SUSPECT)
    visit = asked(suspects)
    itself = seen(asked_link(visit), page=replace(OTHER, canonical=SUSPECT.url))
    assert bare(suspects.answered(visit, itself, document())) == [(SUSPECT, seen(SUSPECT))]


SECTION = f"https://{HOST}/a/b/c"


def test_an_end_of_links_alone_is_no_shell() -> None:
    suspects = Suspected(titles=())
    section = "<title>Not found</title><a href=/1>Only links</a> <a href=/2>and more of them</a>"
    one = link("/2020/06/07/a-tale")
    suspects.take(LinkVisit.of(one), seen(one, SECTION), document(section))
    visit = asked(suspects)
    ((_, observation),) = suspects.answered(
        visit, seen(asked_link(visit), SECTION), document(section)
    )
    assert find(observation).rule == "ends-where-any-address-ends"


def cluster(count: int, folder: str = "old/one/two") -> list[DueLink]:
    return [link(f"/{folder}/tale{number}", number) for number in range(count)]


def test_links_that_end_at_one_place_wait_for_the_end_of_their_host() -> None:
    suspects = Suspected(titles=())
    tales = cluster(3)
    for one in tales:
        suspects.begun(LinkVisit.of(one))
    for one in tales:
        assert suspects.hosts_waiting == []
        reason = suspects.take(LinkVisit.of(one), seen(one, f"{SECTION}/d"), document())
        assert reason == []
    visit = asked(suspects)
    assert suspects.hosts_waiting == [HOST]
    assert suspects.host_finished(HOST) == []
    assert suspects.hosts_waiting == []
    ready = suspects.answered(visit, seen(asked_link(visit), f"{SECTION}/d"), document())
    assert {due.id for due, _ in ready} == {0, 1, 2}
    assert {find(observation).reason for _, observation in ready} == {"soft-404"}
    assert {find(observation).moved_to for _, observation in ready} == {None}


def test_two_that_end_at_one_place_are_moved_when_their_host_is_finished() -> None:
    suspects = Suspected(titles=())
    for one in cluster(2):
        assert take(suspects, one, f"{SECTION}/d") == []
    ready = suspects.host_finished(HOST)
    assert [find(observation).reason for _, observation in ready] == ["moved-permanently"] * 2
    assert suspects.to_ask() == []
    assert suspects.host_finished(HOST) == []
    assert not suspects.waiting


@pytest.mark.parametrize(
    ("ended", "suspect"),
    [
        (("https://news.example/old/x", "https://news.example/old/y"), True),
        (("https://news.example/old/x", "http://www.news.example/old/x/"), False),
        (("https://news.example/old/one/two/tale0",), False),
    ],
)
def test_earlier_runs_count_each_place_once(ended: tuple[str, ...], suspect: bool) -> None:
    suspects = Suspected(*ended, titles=())
    take(suspects, cluster(1)[0], f"{SECTION}/d")
    assert bool(suspects.host_finished(HOST)) is not suspect
    assert len(suspects.to_ask()) == suspect


def test_a_known_folder_decides_what_would_wait_for_its_host() -> None:
    suspects = Suspected(titles=())
    first, *others = cluster(3)
    take(suspects, first, f"https://{HOST}/news/")
    root = asked(suspects)
    assert root.url == f"https://{HOST}/"
    assert suspects.answered(root, seen(asked_link(root)), document()) == []
    visit = asked(suspects)
    suspects.answered(visit, seen(asked_link(visit), f"https://{HOST}/news/"), document())
    ((_, same),) = take(suspects, others[0], f"https://{HOST}/news/")
    assert find(same).reason == "soft-404"
    ((_, another),) = take(suspects, others[1], f"{SECTION}/d")
    assert another.probe is None


def test_at_the_end_everything_is_given_out_as_it_was_seen() -> None:
    suspects = Suspected(titles=())
    tales = cluster(2)
    take(suspects, tales[0], f"{SECTION}/d")
    take(suspects, tales[1], f"https://{HOST}/news/")
    ready = suspects.flush()
    assert sorted(due.id for due, _ in ready) == [0, 1]
    assert all(observation.probe is None for _, observation in ready)
    assert not suspects.waiting
    assert suspects.flush() == []


def test_a_host_is_asked_for_a_bounded_number_of_probes() -> None:
    suspects = Suspected()
    folders = [chr(ord("a") + number) for number in range(MOST_OF_HOST + 2)]
    ready = [take(suspects, link(f"/{name}/a-tale", ord(name))) for name in folders]
    assert len(suspects.to_ask()) == MOST_OF_HOST
    assert [len(one) for one in ready] == [0] * MOST_OF_HOST + [1, 1]


def test_what_is_held_and_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soft_404_probes, "MOST_HELD", 2)
    monkeypatch.setattr(soft_404_probes, "MOST_PROBES", 1)
    monkeypatch.setattr(soft_404_probes, "MOST_ENDS", 1)
    suspects = Suspected()
    assert take(suspects, link("/one/a-tale", 1)) == []
    assert len(take(suspects, link("/two/a-tale", 2))) == 1, "no second folder"
    assert take(suspects, link("/one/b-tale", 3)) == []
    assert len(take(suspects, link("/one/c-tale", 4))) == 1, "no third is held"
    untitled = Suspected(titles=())
    monkeypatch.setattr(soft_404_probes, "MOST_HELD", 9)
    for number, end in enumerate("defgeee"):
        take(untitled, link(f"/x/y/z/tale{number}", number), f"{SECTION}/{end}")
    assert untitled.to_ask() == [], "no second end is counted"


class Run(RuleBasedStateMachine):
    """Whatever comes in, in any order, goes out once, and nothing is left at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.suspects = Suspected(titles=())
        self.given: list[int] = []
        self.out: list[int] = []
        self.asked: list[ProbeVisit] = []

    @rule(
        path=st.sampled_from(["/a/b/c", "/2020/x", "/2021/y", "/one"]),
        end=st.sampled_from([None, "/news/", "/p/q/r/s", "/"]),
        host=st.sampled_from(["a.example", "b.example"]),
    )
    def visited(self, path: str, end: str | None, host: str) -> None:
        number = len(self.given)
        self.given.append(number)
        one = link(f"{path}{number}", number, host=host)
        self._note(take(self.suspects, one, end and f"https://{host}{end}"))

    @rule(good=st.booleans(), end=st.sampled_from([None, "/news/"]))
    def probe_answers(self, good: bool, end: str | None) -> None:
        if self.asked:
            visit = self.asked.pop(0)
            where = end and f"https://{urlsplit(visit.url).hostname}{end}"
            answer = seen(asked_link(visit), where, status=200 if good else 404)
            self._note(self.suspects.answered(visit, answer, document()))

    @rule()
    def hosts_end(self) -> None:
        for host in self.suspects.hosts_waiting:
            self._note(self.suspects.host_finished(host))

    @invariant()
    def nothing_goes_out_twice(self) -> None:
        assert len(self.out) == len(set(self.out))
        assert self.suspects.waiting is (len(self.out) < len(self.given))

    def teardown(self) -> None:
        self._note(self.suspects.flush())
        assert sorted(self.out) == self.given

    def _note(self, ready: soft_404_probes.Ready) -> None:
        self.out += [due.id for due, _ in ready]
        self.asked += self.suspects.to_ask()


TestRun = Run.TestCase
TestRun.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)


def test_a_sketch_leaves_out_what_the_link_asked_for() -> None:
    body = "<p>Nothing is at https://news.example/2020/a-tale of ours."
    other = document("<p>Nothing is at of ours.")
    found = sketch_document(document(body), SUSPECT.url)
    assert found.whole == sketch_document(other).whole


# ------------------------------------------------------------- one answer to any address (rules N9, N10)

WEATHER = (
    "<title>The weather</title><p>" + "The wind comes from the west, and the sea is calm. " * 8
)
FRONT = "<title>The Daily Harbour</title><p>" + "All that happens at the water, every morning. " * 8
TITLED = replace(OTHER, titles=("A story of note",))
NEIGHBOUR = link("/2020/a-story-of-note", 7)


def held_for_its_host(suspects: Soft404Probes) -> None:
    """A suspect whose folder's probe got the same page, without a word of not-found."""
    assert suspects.take(LinkVisit.of(SUSPECT), seen(SUSPECT), document(WEATHER)) == []
    folder = asked(suspects)
    assert suspects.answered(folder, seen(asked_link(folder)), document(WEATHER)) == []
    assert suspects.hosts_waiting == [HOST]


def answers(suspects: Soft404Probes, html: str, **facts: object) -> soft_404_probes.Ready:
    """The answer to the only probe that is asked now."""
    visit = asked(suspects)
    return suspects.answered(visit, seen(asked_link(visit), **facts), document(html))  # type: ignore[arg-type]


def verdict_of(ready: soft_404_probes.Ready) -> str:
    ((due, observation),) = ready
    assert due is SUSPECT
    return find(observation).reason


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<title>Not in your country</title><p>We cannot show you this video in your country.", False),
        (WEATHER, True),
    ],
)  # fmt: skip
def test_the_words_of_a_gate_before_one_page_are_not_kept(html: str, kept: bool) -> None:
    suspects = Suspected()
    assert suspects.take(LinkVisit.of(SUSPECT), seen(SUSPECT), document(html)) == []
    ((_, observation),) = answers(suspects, FRONT, **TRUE_404)
    assert find(observation).outcome is Outcome.ALIVE
    assert (observation.page is not None) is kept


@pytest.mark.parametrize(
    ("path", "other", "reason"),
    [
        ("/2020/a-tale", "You searched for vomekatu rilosane", "soft-404"),
        ("/2020/a-tale", "The Daily Harbour", "http-200"),
        ("/search/a-tale", "You searched for vomekatu rilosane", "http-200"),
    ],
)
def test_two_searches_for_other_words_are_one_answer(path: str, other: str, reason: str) -> None:
    suspects, one = Suspected(), link(path)
    echo = replace(OTHER, titles=("You searched for tale",))
    found = document("<title>You searched for tale</title><p>" + "Here is what we have. " * 20)
    assert suspects.take(LinkVisit.of(one), seen(one, page=echo), found) == []
    folder = asked(suspects)
    page, html = replace(OTHER, titles=(other,)), f"<title>{other}</title>{FRONT}"
    ((_, observation),) = suspects.answered(
        folder, seen(asked_link(folder), page=page), document(html)
    )
    assert find(observation).reason == reason


def test_one_answer_of_a_host_that_has_nothing_else_is_a_barrier() -> None:
    suspects = Suspected()
    held_for_its_host(suspects)
    assert verdict_of(suspects.host_finished(HOST)) == "site-barrier"
    assert suspects.to_ask() == []


@pytest.mark.parametrize(
    ("last", "facts", "reason"),
    [
        pytest.param(WEATHER, {}, "soft-404", id="the site still answers so"),
        pytest.param(FRONT, {}, "site-barrier", id="it answers otherwise by now"),
        pytest.param(FRONT, TRUE_404, "site-barrier", id="it says not found by now"),
        pytest.param(FRONT, {"status": 503, "page": None}, "site-barrier", id="it fails"),
    ],
)
def test_a_neighbour_that_lives_shows_that_it_is_no_barrier(
    last: str, facts: dict[str, object], reason: str
) -> None:
    suspects = Suspected()
    held_for_its_host(suspects)
    ((_, neighbour),) = take(suspects, NEIGHBOUR, page=TITLED)
    assert find(neighbour).outcome is Outcome.ALIVE
    assert suspects.host_finished(HOST) == []
    assert verdict_of(answers(suspects, last, **facts)) == reason
    assert not suspects.waiting


def test_a_neighbour_of_earlier_days_costs_a_look_at_the_root() -> None:
    suspects = Suspected(lately=True)
    held_for_its_host(suspects)
    assert suspects.host_finished(HOST) == []
    root = asked(suspects)
    assert root.url == f"https://{HOST}/"
    assert suspects.answered(root, seen(asked_link(root)), document(FRONT)) == []
    assert verdict_of(answers(suspects, WEATHER)) == "soft-404"


@pytest.mark.parametrize("html", [WEATHER, "<title>x</title>"])
def test_a_root_of_the_same_answer_says_barrier(html: str) -> None:
    suspects = Suspected(lately=True)
    held_for_its_host(suspects)
    assert suspects.host_finished(HOST) == []
    assert verdict_of(answers(suspects, html, status=200 if html == WEATHER else 403)) == (
        "site-barrier"
    )
    assert suspects.to_ask() == []


def test_the_root_tells_whether_an_end_of_one_name_is_the_home_page() -> None:
    suspects = Suspected()
    assert take(suspects, SUSPECT, f"https://{HOST}/hafen") == []
    root = asked(suspects)
    assert root.url == f"https://{HOST}/"
    led = replace(seen(asked_link(root)), final_url=f"https://{HOST}/hafen")
    ((_, observation),) = suspects.answered(root, led, document(FRONT))
    assert find(observation).reason == "soft-404-home"


def test_a_root_that_nobody_may_ask_says_nothing() -> None:
    suspects = Suspected(titles=())
    assert take(suspects, SUSPECT, f"https://{HOST}/hafen") == []
    root = asked(suspects)
    denied = seen(asked_link(root), status=None, page=None, failure=FailureKind.ROBOTS_DENIED)
    assert suspects.answered(root, denied) == []
    ((_, observation),) = answers(suspects, FRONT, **TRUE_404)
    assert find(observation).reason == "redirect-general"
