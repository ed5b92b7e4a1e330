"""A whole crawl without Scrapy: politeness, limits, robots.txt, retries, redirects and pauses, in no time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.crawl.crawl import MOST_OF_TURN, CrawlOptions
from crawler.fetching.answer import Answer
from crawler.model.observation import FailureKind, Observation, PageFacts
from crawler.rules.outage.windows import WindowVerdict
from tests.crawl.own_clock import (
    LATENCY,
    NO_ROBOTS,
    START,
    Given,
    Run,
    Web,
    crawl,
    page,
    redirect,
    robots,
    write,
)

DELAY = 1.0
"""Seconds between two requests to a host, by default."""
A, B = "https://a.example", "https://b.example"


def links(*hosts: str, of_each: int = 1) -> list[str]:
    return [f"https://{host}/news/{number}-a-title" for host in hosts for number in range(of_each)]


def gaps(times: Sequence[float]) -> list[float]:
    return [round(later - earlier, 6) for earlier, later in pairwise(times)]


# ------------------------------------------------------------------------------- politeness


def test_each_link_is_asked_once_and_committed_once(tmp_path: Path) -> None:
    urls = links("a.example", "b.example", "c.example", of_each=4)
    with crawl(write(tmp_path, urls)) as run:
        assert sorted(run.pages()) == sorted(urls)
        assert sorted(run.committed) == sorted(urls)
        assert {run.verdict(url) for url in urls} == {("alive", "http-200")}
        progress = run.crawl.progress()
        assert (progress.visited, progress.planned, progress.in_flight) == (12, 12, 0)


def test_a_host_is_asked_once_per_delay_its_robots_txt_included(tmp_path: Path) -> None:
    with crawl(write(tmp_path, links("a.example", of_each=5))) as run:
        assert gaps(run.of_host("a.example")) == [DELAY] * 5


def test_hosts_do_not_wait_for_each_other(tmp_path: Path) -> None:
    hosts = [f"{name}.example" for name in "abcdefgh"]
    with crawl(write(tmp_path, links(*hosts, of_each=3))) as run:
        assert run.seconds == pytest.approx(3 * DELAY + LATENCY)


def test_the_busiest_host_goes_first(tmp_path: Path) -> None:
    urls = links("small.example") + links("large.example", of_each=9)
    with crawl(write(tmp_path, urls), options=CrawlOptions(max_in_flight=1)) as run:
        assert run.requests[0].host == "large.example"


def test_no_more_requests_are_under_way_than_allowed(tmp_path: Path) -> None:
    urls = links(*(f"h{number}.example" for number in range(20)))
    for most in (1, 3, 16):
        folder = write(tmp_path / str(most), urls)
        with crawl(folder, options=CrawlOptions(max_in_flight=most)) as run:
            assert run.most_in_flight == most


def test_a_slow_host_has_no_more_connections_than_its_own(tmp_path: Path) -> None:
    folder = write(tmp_path, links("a.example", of_each=6), "hosts:\n  a.example: {connections: 2}")
    with Run(folder, Web(latency=10.0)).to_its_end() as run:
        assert run.most_in_flight == 2


@pytest.mark.parametrize("limit", [1, 3])
def test_a_limit_is_of_links_and_lets_those_under_way_end(tmp_path: Path, limit: int) -> None:
    urls = links("a.example", "b.example", of_each=4)
    moved = dict.fromkeys(urls, redirect(f"{A}/elsewhere-a-title"))
    with crawl(write(tmp_path, urls), moved, limit=str(limit)) as run:
        assert len(run.committed) == limit
        assert len(set(run.pages()) & set(urls)) == limit
        assert f"{A}/elsewhere-a-title" in run.pages()


def test_a_second_run_visits_nothing_that_is_not_due(tmp_path: Path) -> None:
    folder = write(tmp_path, links("a.example", of_each=3))
    crawl(folder).session.close()
    with crawl(folder, begins=60.0) as run:
        assert run.requests == []
        assert run.crawl.finding.trusted


# ------------------------------------------------------------------------------- robots.txt


def test_a_robots_txt_is_asked_once_and_before_the_first_link(tmp_path: Path) -> None:
    urls = [*links("a.example", of_each=3), "http://a.example/plain-a-title"]
    with crawl(write(tmp_path, urls)) as run:
        asked = [one.url for one in run.requests]
        assert asked[0].endswith("/robots.txt")
        assert asked.count(f"{A}/robots.txt") == 1
        assert asked.count("http://a.example/robots.txt") == 1, "it speaks for one origin"


def test_what_robots_txt_forbids_is_not_asked(tmp_path: Path) -> None:
    urls = [f"{A}/open-a-title", f"{A}/closed/1-a-title"]
    rules = {f"{A}/robots.txt": robots("User-agent: *\nDisallow: /closed/")}
    with crawl(write(tmp_path, urls), rules) as run:
        assert run.pages() == urls[:1]
        assert run.verdict(urls[1]) == ("unverifiable", "robots-denied")


def test_a_server_that_fails_over_its_robots_txt_is_not_asked(tmp_path: Path) -> None:
    with crawl(write(tmp_path, links("a.example")), {f"{A}/robots.txt": Answer(500)}) as run:
        assert run.pages() == []
        assert run.verdict(links("a.example")[0]) == ("unverifiable", "robots-unreachable")


@pytest.mark.parametrize(
    "given",
    [FailureKind.CONNECT_REFUSED, redirect("javascript:x"), Answer(403), redirect(f"{B}/r")],
    ids=str,
)
def test_without_a_robots_txt_everything_is_allowed(tmp_path: Path, given: Given) -> None:
    with crawl(write(tmp_path, links("a.example")), {f"{A}/robots.txt": given}) as run:
        assert run.pages()[-1] == links("a.example")[0]


def test_where_robots_txt_is_not_obeyed_nobody_asks_for_it(tmp_path: Path) -> None:
    folder = write(tmp_path, links("a.example"))
    with crawl(folder, options=CrawlOptions(obey_robots=False)) as run:
        assert [one.url for one in run.requests] == links("a.example")


def test_a_crawl_delay_is_kept(tmp_path: Path) -> None:
    rules = {f"{A}/robots.txt": robots("User-agent: *\nCrawl-delay: 7")}
    with crawl(write(tmp_path, links("a.example", of_each=3)), rules) as run:
        assert gaps(run.of_host("a.example"))[1:] == [7.0, 7.0]


# --------------------------------------------------------------------------------- redirects


def test_a_redirect_waits_for_the_turn_and_the_robots_txt_of_its_host(tmp_path: Path) -> None:
    urls = links("a.example") + links("b.example", of_each=3)
    moved = {urls[0]: redirect(f"{B}/moved-a-title")}
    with crawl(write(tmp_path, urls), moved) as run:
        assert run.verdict(urls[0]) == ("moved", "moved-permanently")
        assert run.link(urls[0]).final_url == f"{B}/moved-a-title"
        assert min(gaps(run.of_host("b.example"))) >= DELAY
        assert run.of_host("b.example")[0] == run.asked(f"{B}/robots.txt")[0]


def test_a_redirect_is_not_followed_where_robots_txt_forbids(tmp_path: Path) -> None:
    moved = {
        links("a.example")[0]: redirect(f"{B}/closed"),
        f"{B}/robots.txt": robots("User-agent: *\nDisallow: /"),
    }
    with crawl(write(tmp_path, links("a.example")), moved) as run:
        assert f"{B}/closed" not in run.pages()
        assert run.verdict(links("a.example")[0]) == ("unverifiable", "robots-denied")


@pytest.mark.parametrize(("longest", "reason"), [(3, "redirect-too-many"), (10, "redirect-loop")])
def test_a_chain_that_does_not_end_is_given_up(tmp_path: Path, longest: int, reason: str) -> None:
    url = f"{A}/0"
    chain = {f"{A}/{number}": redirect(f"{A}/{(number + 1) % 6}") for number in range(6)}
    with crawl(write(tmp_path, [url]), chain, options=CrawlOptions(longest_chain=longest)) as run:
        assert run.verdict(url)[1] == reason
        assert len(run.pages()) == min(longest, 5) + 1


# ----------------------------------------------------------------------------------- retries


@pytest.mark.parametrize(
    ("given", "tries"),
    [
        (FailureKind.CONNECT_TIMEOUT, 3),
        (FailureKind.CONNECTION_RESET, 3),
        (FailureKind.CONNECT_REFUSED, 1),
        (FailureKind.DNS_NXDOMAIN, 1),
        (Answer(503), 3),
        (Answer(500), 1),
        (Answer(404), 1),
    ],
    ids=str,
)
def test_only_what_may_pass_is_tried_again(tmp_path: Path, given: Given, tries: int) -> None:
    (url,) = links("a.example")
    with crawl(write(tmp_path, [url]), {url: given}) as run:
        assert len(run.asked(url)) == tries
        assert run.committed == [url]


def test_tries_are_further_apart_each_time(tmp_path: Path) -> None:
    (url,) = links("a.example")
    with crawl(write(tmp_path, [url]), {url: FailureKind.CONNECT_TIMEOUT}) as run:
        first, second = gaps(run.asked(url))
        assert first >= DELAY
        assert second >= 2 * DELAY


def test_a_try_that_succeeds_is_what_counts(tmp_path: Path) -> None:
    (url,) = links("a.example")
    with crawl(write(tmp_path, [url]), {url: (FailureKind.CONNECTION_RESET, page())}) as run:
        assert run.verdict(url) == ("alive", "http-200")


def test_retry_after_holds_the_whole_host(tmp_path: Path) -> None:
    urls = links("a.example", of_each=3)
    busy = Answer(503, {b"retry-after": b"30"})
    with crawl(write(tmp_path, urls), {urls[0]: (busy, page())}) as run:
        refused = run.asked(urls[0])[0] + LATENCY
        later = [at for at in run.of_host("a.example") if at > refused]
        assert min(later) >= refused + 30 - DELAY, "what was under way may still go out"
        assert len([at for at in later if at < refused + 30]) <= 1
        assert {run.verdict(url) for url in urls} == {("alive", "http-200")}


def test_a_longer_retry_after_leaves_the_host_to_a_later_run(tmp_path: Path) -> None:
    urls = links("a.example", of_each=9) + links("b.example")
    busy = Answer(429, {b"retry-after": b"3600"})
    with crawl(write(tmp_path, urls), dict.fromkeys(urls[:9], busy)) as run:
        assert len(run.pages()) == 2
        assert run.seconds < 60
        assert run.verdict(urls[-1]) == ("alive", "http-200")


# ---------------------------------------------------------------------------- soft-404 probes


def test_a_suspect_is_probed_once_for_its_folder(tmp_path: Path) -> None:
    urls = [f"{A}/2020/{number}-a-tale" for number in range(3)]
    front = page(b"<html><head><title>The Daily Harbour</title></head><p>" + b"Harbour. " * 60)
    probe = f"{A}/2020/"
    with Run(write(tmp_path, urls), Everything(front)).to_its_end() as run:
        probes = [url for url in run.pages() if url not in urls]
        assert len(probes) == 1
        assert probes[0].startswith(probe)
        assert {run.verdict(url) for url in urls} == {("unverifiable", "site-barrier")}


class Everything(Web):
    """The same answer to any address."""

    def __init__(self, given: Given) -> None:
        super().__init__()
        self.given = given

    def answer(self, url: str) -> Given:
        return NO_ROBOTS if url.endswith("/robots.txt") else self.given


DAY = 24 * 3600.0


def test_a_host_that_leads_all_of_its_links_home_has_a_week(tmp_path: Path) -> None:
    urls = [f"{A}/2020/{number}-a-tale" for number in range(2)]
    folder = write(tmp_path, urls)
    led = dict.fromkeys(urls, redirect(f"{A}/", 302))
    with crawl(folder) as run:
        assert {run.verdict(url) for url in urls} == {("alive", "http-200")}
    found = []
    for day in (400, 403, 408):
        with crawl(folder, led, begins=day * DAY, due="all") as run:
            found.append({run.verdict(url) for url in urls})
    event, gone = ("unverifiable", "host-leads-home"), ("broken", "soft-404-home")
    assert found == [{event}, {event}, {gone}]


def test_a_link_that_alone_leads_home_is_gone_at_once(tmp_path: Path) -> None:
    urls = [f"{A}/2020/{number}-a-tale" for number in range(2)]
    with crawl(write(tmp_path, urls), {urls[0]: redirect(f"{A}/", 302)}) as run:
        assert run.verdict(urls[0]) == ("broken", "soft-404-home")


# ------------------------------------------------------------------------ how a visit goes on


def test_https_is_asked_once_where_http_cannot_be_connected_to(tmp_path: Path) -> None:
    plain, secure = "http://a.example/2020/a-tale", "https://a.example/2020/a-tale"
    closed = FailureKind.CONNECT_REFUSED
    with crawl(
        write(tmp_path, [plain]), {plain: closed, "http://a.example/robots.txt": closed}
    ) as run:
        assert run.pages()[-1] == secure
        assert run.pages().count(secure) == 1
        assert run.asked("https://a.example/robots.txt"), (
            "another origin has a robots.txt of its own"
        )
        assert run.verdict(plain) == ("alive", "https-only")
        suggestion = run.link(plain).verdict.suggestion
        assert suggestion is not None
        assert suggestion.value == secure


def test_what_robots_txt_forbids_over_https_is_not_asked(tmp_path: Path) -> None:
    plain = "http://a.example/2020/a-tale"
    closed = FailureKind.CONNECT_REFUSED
    answers: dict[str, Given] = {
        plain: closed,
        "http://a.example/robots.txt": closed,
        "https://a.example/robots.txt": robots("User-agent: *\nDisallow: /"),
    }
    with crawl(write(tmp_path, [plain]), answers) as run:
        assert {url for url in run.pages() if url.startswith("https:")} == set()
        assert run.verdict(plain)[0] == "unverifiable"


def test_a_page_that_leads_on_waits_for_the_turn_of_the_next_host(tmp_path: Path) -> None:
    stub = page(b'<meta http-equiv="refresh" content="0; url=https://b.example/2020/a-tale">')
    (url,) = links("a.example")
    with crawl(write(tmp_path, [url]), {url: stub}) as run:
        assert run.asked("https://b.example/robots.txt") < run.asked(
            "https://b.example/2020/a-tale"
        )
        assert run.verdict(url) == ("alive", "redirect-temporary")
        assert run.link(url).final_url == "https://b.example/2020/a-tale"


def test_a_page_that_leads_where_robots_txt_forbids_is_not_followed(tmp_path: Path) -> None:
    stub = page(b'<meta http-equiv="refresh" content="0; url=https://b.example/2020/a-tale">')
    (url,) = links("a.example")
    denied = robots("User-agent: *\nDisallow: /")
    with crawl(write(tmp_path, [url]), {url: stub, "https://b.example/robots.txt": denied}) as run:
        assert not run.asked("https://b.example/2020/a-tale")
        assert run.verdict(url) == ("unverifiable", "robots-denied")


@pytest.mark.parametrize(
    ("body", "kind", "reason"),
    [
        pytest.param(b"", "unverifiable", "redirect-loop", id="nothing else"),
        pytest.param(b"<h1>A title</h1><p>" + b"Words of a page. " * 99, "moved", "moved-permanently", id="a page"),
    ],
)  # fmt: skip
def test_a_page_that_leads_back_is_a_loop_where_it_has_nothing_else(
    tmp_path: Path, body: bytes, kind: str, reason: str
) -> None:
    (url,) = links("a.example")
    end = "https://b.example/2020/a-title"
    back = page(
        b'<title>A title</title><meta http-equiv="refresh" content="0; url=%s">%s'
        % (url.encode(), body)
    )
    with crawl(write(tmp_path, [url]), {url: redirect(end), end: back}) as run:
        assert run.verdict(url) == (kind, reason)


def test_an_address_that_sets_a_cookie_is_asked_again_with_it(tmp_path: Path) -> None:
    (url,) = links("a.example")
    setting = Answer(302, {b"location": url.encode()}, cookies=(b"seen=1; Path=/",))
    with crawl(write(tmp_path / "once", [url]), {url: (setting, page())}) as run:
        assert len(run.asked(url)) == 2
        assert run.verdict(url) == ("alive", "redirect-temporary")
    with crawl(write(tmp_path / "loop", [url]), {url: setting}) as run:
        assert len(run.asked(url)) == 2
        assert run.verdict(url) == ("unverifiable", "redirect-loop")


# -------------------------------------------------------------------- further requests of moves

TALE = f"{A}/2020/a-tale-of-note"
STORY = page(
    b"<html><head><title>A title</title></head><p>The pier was opened again on Monday after a long winter of repairs, "
    b"and the first to walk its whole length was the woman who had sold ice cream there for forty years. Children ran "
    b"behind her with flags, while the mayor promised that lamps, benches and railings would follow before summer."
)
DIRTY, CLEAN = f"{A}/new/a-tale;jsessionid=4F2A", f"{A}/new/a-tale"


def suggested(run: Run, url: str) -> str | None:
    """The new address that a link's verdict suggests."""
    suggestion = run.link(url).verdict.suggestion
    return suggestion.value if suggestion else None


@pytest.mark.parametrize(
    ("ends", "kind", "reason", "suggestion"),
    [
        ((f"{A}/en/a-tale",), "moved", "moved-permanently", f"{A}/en/a-tale"),
        ((f"{A}/en/a-tale", f"{A}/de/a-tale"), "alive", "redirect-by-language", None),
    ],
)
def test_a_move_by_language_asks_the_link_once_more(
    tmp_path: Path, ends: tuple[str, ...], kind: str, reason: str, suggestion: str | None
) -> None:
    with crawl(write(tmp_path, [TALE]), {TALE: tuple(map(redirect, ends))}) as run:
        assert len(run.asked(TALE)) == 2
        assert run.committed == [TALE]
        assert run.verdict(TALE) == (kind, reason)
        assert suggested(run, TALE) == suggestion
        assert all(gap >= DELAY - 1e-6 for gap in gaps(run.of_host("a.example")))


@pytest.mark.parametrize(
    ("clean", "suggestion"),
    [
        pytest.param(STORY, CLEAN, id="the page"),
        pytest.param(page(), None, id="a page of the title alone"),
        pytest.param(Answer(404), None, id="gone"),
        pytest.param(Answer(403), None, id="refused"),
        pytest.param(FailureKind.CONNECT_REFUSED, None, id="silence"),
        pytest.param((redirect(DIRTY, 302), STORY), CLEAN, id="back to a session"),
        pytest.param(redirect(f"{A}/start/a-list", 302), None, id="elsewhere"),
    ],
)
def test_a_session_in_a_move_asks_the_clean_address_once(
    tmp_path: Path, clean: Given | Sequence[Given], suggestion: str | None
) -> None:
    answers = {TALE: redirect(DIRTY), DIRTY: STORY, CLEAN: clean}
    with crawl(write(tmp_path, [TALE]), answers) as run:
        assert run.asked(CLEAN)
        assert run.verdict(TALE) == ("moved", "moved-permanently")
        assert suggested(run, TALE) == suggestion


@pytest.mark.parametrize("end", [DIRTY, DIRTY.replace("a.example", "b.example")])
def test_what_robots_txt_forbids_is_not_asked_for_a_move(tmp_path: Path, end: str) -> None:
    clean = end.partition(";")[0]
    answers = {
        TALE: redirect(end),
        end: STORY,
        clean: STORY,
        f"{clean[: len(A)]}/robots.txt": robots("User-agent: *\nDisallow: /new/a-tale$"),
    }
    with crawl(write(tmp_path, [TALE]), answers) as run:
        assert not run.asked(clean)
        assert run.verdict(TALE) == ("moved", "moved-permanently")
        assert suggested(run, TALE) is None


def test_the_end_of_a_run_waits_for_no_move(tmp_path: Path) -> None:
    """A host that never answers again: what waited is given out, without a suggestion."""
    later = Answer(503, {b"retry-after": b"90000"})
    answers = {TALE: redirect(DIRTY), DIRTY: STORY, CLEAN: later}
    with crawl(write(tmp_path, [TALE]), answers) as run:
        assert run.committed == [TALE]
        assert run.verdict(TALE) == ("moved", "moved-permanently")
        assert suggested(run, TALE) is None


# ------------------------------------------------------------------- outages of our own network

HOSTS = [f"site-{number}.example" for number in range(12)]
LATER = 400 * 24 * 3600.0
"""Seconds after which every link is due again."""


def known(folder: Path) -> Path:
    """A collection whose hosts were alive in an earlier run."""
    urls = links(*HOSTS, of_each=2)
    crawl(write(folder, urls)).session.close()
    return folder


def test_an_outage_pauses_the_run_and_ends_it(tmp_path: Path) -> None:
    web = Web(down=FailureKind.CONNECT_TIMEOUT)
    with Run(known(tmp_path), web, begins=LATER).to_its_end() as run:
        assert run.finding is not None
        assert run.finding.verdict is WindowVerdict.OWN_NETWORK_DOWN
        assert run.pages() == [], "no link is asked while the network is in doubt"
        assert run.committed == []
        looks = sorted({request.at for request in run.requests})
        assert [round(gap) for gap in gaps(looks)] == [60, 300, 900], "1, 5 and 15 minutes"
        assert {run.verdict(url)[0] for url in links(*HOSTS, of_each=2)} == {"alive"}


def test_after_a_pause_the_run_goes_on(tmp_path: Path) -> None:
    class Back(Web):
        def answer(self, url: str) -> Given:
            if run.seconds > 200:
                self.down = None
            return super().answer(url)

    with Run(known(tmp_path), Back(down=FailureKind.DNS_TIMEOUT), begins=LATER) as run:
        run.to_its_end()
        assert run.finding is None
        assert len(run.committed) == 24
        assert {run.verdict(url)[0] for url in links(*HOSTS, of_each=2)} == {"alive"}


def test_what_a_window_saw_counts_for_nothing_where_the_network_failed_in_it(
    tmp_path: Path,
) -> None:
    class Goes(Web):
        def answer(self, url: str) -> Given:
            if run.seconds > 1:
                self.down = FailureKind.CONNECT_REFUSED
            return super().answer(url)

    with Run(known(tmp_path), Goes(), begins=LATER) as run:
        run.to_its_end()
        assert run.finding is not None
        assert len(run.pages()) == 24
        assert {run.verdict(url)[0] for url in links(*HOSTS, of_each=2)} == {"alive"}


# --------------------------------------------------------------------------------- any web

hosts = st.sampled_from([f"{name}.example" for name in "abc"])
givens = st.one_of(
    st.sampled_from([page(), Answer(404), Answer(503), Answer(429), Answer(500), Answer(304)]),
    st.sampled_from(list(FailureKind)),
    st.builds(lambda host, number: redirect(f"https://{host}/{number}"), hosts, st.integers(0, 4)),
)
webs = st.dictionaries(
    st.builds("https://{}/{}".format, hosts, st.integers(0, 4) | st.just("robots.txt")),
    st.lists(givens, min_size=1, max_size=3),
    max_size=18,
)


@given(webs, st.integers(1, 4), st.integers(0, 6))
@settings(max_examples=30, deadline=None)
def test_whatever_servers_do_every_link_ends_once_and_politely(
    answers: dict[str, list[Given]], most: int, limit: int
) -> None:
    urls = [f"https://{name}.example/{number}" for name in "abc" for number in range(3)]
    with (
        TemporaryDirectory() as folder,
        crawl(
            write(Path(folder), urls),
            answers,
            options=CrawlOptions(max_in_flight=most),
            **({"limit": str(limit)} if limit else {}),
        ) as run,
    ):
        assert run.most_in_flight <= most
        assert len(run.committed) == len(set(run.committed)) <= (limit or 9)
        starts: defaultdict[str, list[float]] = defaultdict(list)
        for request in run.requests:
            starts[request.host].append(request.at)
        assert all(gap >= DELAY - 1e-6 for times in starts.values() for gap in gaps(times))
        assert run.crawl.progress().in_flight == 0


# ---------------------------------------------------------------------------- bounds


def test_a_window_closes_by_time_while_hosts_are_always_ready(tmp_path: Path) -> None:
    """With hosts that are always ready the crawl never waits: the watch has to be asked all the same."""
    urls = links(*(f"h{number}.example" for number in range(60)), of_each=10)
    folder = write(tmp_path, urls, "hosts:\n  .example: {delay: 0}")
    with Run(folder, Web(at_once=1.0)).to_its_end() as run:
        assert sorted(run.committed) == sorted(urls)
        first = run.commits[0][0]
        # Hosts of as many links are finished one after the other (rule P8): a first run has to see five sites.
        assert first <= 60 + MOST_OF_TURN, "a minute, and a turn"
        half = [requests for requests, _ in run.commits if requests <= len(run.requests) / 2]
        assert len(half) >= len(urls) / 4


def test_a_window_closes_by_its_visits_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.crawl.outage_watch.MOST_IN_WINDOW", 40)
    monkeypatch.setattr("crawler.crawl.outage_watch.MOST_STAGED", 60)
    urls = links(*(f"h{number}.example" for number in range(20)), of_each=12)
    folder = write(tmp_path, urls, "hosts:\n  .example: {delay: 0}")
    with Run(folder, Web(at_once=0.0)).to_its_end() as run:
        assert sorted(run.committed) == sorted(urls)
        assert max(staged for _, staged in run.commits) <= 2 * 60 + MOST_OF_TURN
        half = [requests for requests, _ in run.commits if requests <= len(run.requests) / 2]
        assert len(half) >= len(urls) / 4


def test_what_a_killed_run_left_is_judged_a_window_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.crawl.results.MOST_STAGED", 7)
    urls = links("a.example", of_each=20)
    folder = write(tmp_path, urls)
    killed = Run(folder, Web())
    for _ in killed.crawl.take_in():
        pass
    for url in urls:
        due = killed.session.state.link_by_url(url)
        assert due is not None
        run = killed.session.run
        assert run is not None
        seen = Observation(url, START, run.id, 200, page=PageFacts(title="A title"))
        killed.session.state.keep_pending(due.id, seen)
    killed.session.close()
    with crawl(folder, begins=60.0) as run_after:
        assert run_after.requests == []
        assert {run_after.verdict(url) for url in urls} == {("alive", "http-200")}
        assert run_after.session.state.pending_visits() == []
