"""The ten traps of Scrapy 2.19 that the design names, each shown to be closed from outside."""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import pytest
from scrapy.commands.crawl import Command as ScrapysCrawl
from scrapy.settings import Settings

from crawler import settings as ours
from crawler.commands.crawl import Command as OwnCrawl
from crawler.extractors.page import extract_page
from crawler.model.exit_code import ExitCode
from crawler.model.observation import FailureKind
from crawler.transport.resolver import FAILURE_OF_ERRNO
from tests.time_limits import cpu_limit
from tests.transport.crawls import Crawled, crawl, write_article
from tests.web import (
    Answer,
    Certificate,
    LoopbackWeb,
    Name,
    NamespaceWeb,
    Outcome,
    Request,
    Rules,
    redirect,
    robots,
)
from tests.web.process import PROJECT

CORRUPT = {"gzip": b"\x1f\x8b\x08\x00\x00", "br": b"\xff\xff\xff", "zstd": b"no zstd at all"}

BREAKING = """
class Breaking:
    def __init__(self, crawler):
        async def start(self):
            raise RuntimeError("broken by a test")
            yield
        crawler.spidercls.start = start

    @classmethod
    def from_crawler(cls, crawler):
        return cls(crawler)
"""
"""A Scrapy extension that makes start() raise."""


def effective() -> Settings:
    settings = Settings()
    settings.setmodule(ours, priority="project")
    return settings


def page_with(head: str, body: str = "") -> bytes:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()


ALL_HOSTS = "User-agent: *\nDisallow: /"
STATUSES = (404, 410, 403, 500, 999, 204)
LOCATIONS = (
    "javascript:alert(1)",
    "http://[::1",
    "http://a.test:99999/",
    "http://xn--a.test/",
    "http://a..test/",
    "//" + "a" * 64 + ".test/",
)
REFRESH = '<html><head><meta http-equiv="refresh" content="0;url=http://127.0.0.1/"></head></html>'
TOLD_APART = {
    "https://refused.test/": "tls-failed",
    "http://denied.test/": "robots-denied",
    "http://down.test/": "robots-unreachable",
    "http://loop.test/": "redirect-loop",
    "http://many.test/": "redirect-too-many",
}


def trap_rules() -> Rules:
    answers: dict[str, Answer | list[Answer]] = {
        "//a.test/": redirect("http://c.test/"),
        "//b.test/": redirect("http://c.test/"),
        "//hop.test/": redirect("http://s404.test/", 302),
        "//denied.test/robots.txt": robots(ALL_HOSTS),
        "//down.test/robots.txt": Answer(status=503),
        "//loop.test/": redirect("http://loop.test/"),
        "//many.test/*": [redirect(f"http://many.test/{n}") for n in range(30)],
        "//biscuit.test/": Answer(body=REFRESH, headers=(("Set-Cookie", "a=b"),)),
    }
    answers |= {f"//s{status}.test/": Answer(status=status) for status in STATUSES}
    answers |= {f"//l{n}.test/": redirect(where, 302) for n, where in enumerate(LOCATIONS)}
    for coding, body in CORRUPT.items():
        head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: {len(body)}"
        answers[f"//{coding}.test/"] = Answer(raw=head.encode() + b"\r\n\r\n" + body)
    certificates = {"refused.test": Certificate.REFUSED}
    return Rules(answers, certificates)


@dataclass(frozen=True, slots=True)
class Trapped:
    """One crawl through all the traps, and what the origin was asked."""

    crawled: Crawled
    requests: list[Request]


@pytest.fixture(scope="module")
def trapped(tmp_path_factory: pytest.TempPathFactory) -> Trapped:
    rules = trap_rules()
    urls = [f"http:{key}" for key in rules.answers if key.endswith(".test/")]
    urls += [*TOLD_APART, "http://c.test/", "http://biscuit.test/2", "http://a..test/"]
    with LoopbackWeb() as web:
        web.set_rules(rules)
        content = write_article(tmp_path_factory.mktemp("traps") / "content", dict.fromkeys(urls))
        # A proxy of the environment is not asked: nothing listens there.
        crawled = crawl(web, content, http_proxy="http://127.0.0.1:1")
        return Trapped(crawled, web.requests())


def test_trap_01_a_redirect_to_a_url_that_was_asked_before(trapped: Trapped) -> None:
    items = trapped.crawled.items
    urls = ["http://a.test/", "http://b.test/", "http://c.test/"]
    assert {items[url]["final_url"] for url in urls} == {"http://c.test/"}, "each ends in an item"
    assert [items[url]["verdict"] for url in urls] == ["moved", "moved", "alive"]


def test_trap_02_every_status_is_ours_and_redirects_are_followed(trapped: Trapped) -> None:
    items = trapped.crawled.items
    for status in STATUSES:
        assert items[f"http://s{status}.test/"]["status"] == status
    hop = items["http://hop.test/"]
    assert hop["status"] == 404
    assert hop["redirects"] == [{"url": "http://hop.test/", "status": 302}]


def test_trap_03_tls_robots_and_redirects_are_told_apart(trapped: Trapped) -> None:
    crawled = trapped.crawled
    assert {url: crawled.failure(url) for url in TOLD_APART} == TOLD_APART
    assert {crawled.verdict(url) for url in TOLD_APART} == {"unverifiable"}
    asked = {request.url for request in trapped.requests}
    assert not asked & {"http://denied.test/", "http://down.test/"}


def test_trap_04_the_errno_of_a_name_is_kept() -> None:
    assert FAILURE_OF_ERRNO[socket.EAI_NONAME] is FailureKind.DNS_NXDOMAIN
    assert FAILURE_OF_ERRNO[socket.EAI_AGAIN] is FailureKind.DNS_UNAVAILABLE
    assert len(set(FAILURE_OF_ERRNO.values())) == 4


@pytest.mark.namespace
def test_trap_04_names_fail_for_different_reasons(
    namespace_web: NamespaceWeb, tmp_path: Path
) -> None:
    from tests.web.namespace import PUBLIC_6

    namespace_web.set_names(
        {
            "gone.test": Name(Outcome.NXDOMAIN),
            "empty.test": Name(Outcome.NODATA),
            "broken.test": Name(Outcome.SERVFAIL),
            "six.test": Name(addresses=(PUBLIC_6[0],)),
            "inside.test": Name(addresses=("10.0.0.1",)),
        }
    )
    expected = {
        "http://gone.test/": ("dns-nxdomain",),
        "http://empty.test/": ("dns-nodata",),
        # The C library reports SERVFAIL and a resolver that is down alike: never a verdict.
        "http://broken.test/": ("dns-unavailable", "dns-servfail", "dns-timeout"),
        "http://six.test/": (None,),
        "http://inside.test/": ("address-blocked",),
    }
    content = write_article(tmp_path / "content", expected)
    feed = tmp_path / "items.jsonl"
    completed = namespace_web.run_crawler(
        "crawl", "articles", "-a", f"content={content}", "-O", str(feed)
    )
    assert completed.code == 0, completed.stderr
    items = [json.loads(line) for line in feed.read_text().splitlines()]
    assert {item["url"] for item in items} == set(expected)
    for item in items:
        assert item["failure"] in expected[item["url"]], item["url"]
    verdicts = {item["url"]: item["verdict"] for item in items}
    assert verdicts["http://gone.test/"] == "broken"
    assert verdicts["http://broken.test/"] == "unverifiable"


def test_trap_05_hostile_locations_and_bodies_are_classified(trapped: Trapped) -> None:
    crawled = trapped.crawled
    assert "Traceback" not in crawled.completed.stderr
    assert "unexpected failure" not in crawled.completed.stderr
    for number in range(len(LOCATIONS)):
        assert crawled.failure(f"http://l{number}.test/") == "redirect-bad-location"
    for coding in CORRUPT:
        assert crawled.failure(f"http://{coding}.test/") == "body-undecodable"
    assert "http://a..test/" not in crawled.items, "it was called invalid without a visit"
    timeouts = {kind.value for kind in FailureKind if kind.value.endswith("-timeout")}
    assert timeouts.isdisjoint(filter(None, map(crawled.failure, crawled.items))), "nothing hangs"


def test_trap_06_the_defaults_are_changed() -> None:
    settings = effective()
    assert settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")
    assert 0 < settings.getint("DOWNLOAD_MAXSIZE") <= 5_000_000
    assert 0 < settings.getfloat("DOWNLOAD_TIMEOUT") <= 30
    assert settings.getbool("ROBOTSTXT_OBEY")
    for name in (
        "REMOTE_CONTROL_ENABLED",
        "TELNETCONSOLE_ENABLED",
        "COOKIES_ENABLED",
        "METAREFRESH_ENABLED",
        "REDIRECT_ENABLED",
        "RETRY_ENABLED",
        "HTTPPROXY_ENABLED",
        "REFERER_ENABLED",
    ):
        assert not settings.getbool(name), name
    handlers = settings.getdict("DOWNLOAD_HANDLERS")
    assert {scheme for scheme, path in handlers.items() if path} == {"http", "https"}


def test_trap_06_cookies_stay_in_their_visit_and_no_page_leads_to_a_private_address(
    trapped: Trapped,
) -> None:
    urls = ["http://biscuit.test/", "http://biscuit.test/2"]
    assert trapped.crawled.failure(urls[0]) == "address-blocked"
    assert trapped.crawled.items[urls[1]]["status"] == 200
    asked = [request for request in trapped.requests if request.host == "biscuit.test"]
    assert sorted(request.url for request in asked) == urls
    assert not any({"cookie", "referer"} & request.headers.keys() for request in trapped.requests)
    assert "127.0.0.1" not in {request.host for request in trapped.requests}


def test_trap_07_our_commands_own_their_exit_codes(web: LoopbackWeb, tmp_path: Path) -> None:
    content = write_article(tmp_path / "content", ["http://a.test/"])
    for command in (["audit"], ["crawl", "articles", "-a", "content=."]):
        bad = web.run_crawler(*command, "-a", "limit=many", cwd=content)
        assert bad.code == ExitCode.CONFIGURATION, command
        assert "Traceback" not in bad.stderr
    # Scrapy logs what start() raises and goes on to end with 0.
    (tmp_path / "breaking.py").write_text(BREAKING)
    broken = web.run_crawler(
        "audit",
        str(content),
        "-s",
        'EXTENSIONS={"breaking.Breaking": 1}',
        PYTHONPATH=os.pathsep.join((str(PROJECT), str(tmp_path))),
    )
    assert broken.code == ExitCode.ERROR
    assert "broken by a test" in broken.stderr
    assert "the crawl failed" in broken.stderr


def test_trap_08_no_command_of_scrapys_is_replaced() -> None:
    def names(package: str) -> set[str]:
        folder = importlib.import_module(package).__path__
        return {found.name for found in pkgutil.iter_modules(folder)}

    own = names(ours.COMMANDS_MODULE)
    assert {"audit", "report", "strip", "inspect"} <= own
    # But for one, on purpose: Scrapy's own answers 0 whatever happened to the visits.
    assert own & names("scrapy.commands") == {"crawl"}
    assert issubclass(OwnCrawl, ScrapysCrawl)


@pytest.mark.parametrize("tag", ["p", "meta", "html"])
def test_trap_09_many_attributes_do_not_hang(tag: str) -> None:
    body = f"<{tag} ".encode() + b" ".join(b"a%d=1" % n for n in range(200_000)) + b">"
    started = process_time()
    with pytest.raises(ValueError, match=r"attributes|tag of"):
        extract_page(body, url="http://a.test/", content_type="text/html")
    assert process_time() - started < cpu_limit(5.0)


def test_trap_09_what_extruct_would_miss_is_found() -> None:
    def title(body: bytes) -> str | None:
        return extract_page(body, url="http://a.test/", content_type="text/html").facts.title

    assert title(page_with('<meta name="og:title" content="By name">')) == "By name"
    assert title(page_with("", '<meta property="og:title" content="In the body">')) == "In the body"
    script = '<script type="application/ld+json">{}</script>'
    good = {"@graph": [{"@type": "NewsArticle", "headline": "From the graph"}]}
    blocks = script.format("{ broken,, ") + script.format(json.dumps(good))
    assert title(page_with(blocks)) == "From the graph"


def test_trap_09_rdfa_is_never_read() -> None:
    loaded = _in_subprocess(
        "import sys\n"
        "from crawler.extractors.page import extract_page\n"
        'extract_page(b\'<html prefix="x: http://x"><p property="x:y">z\', '
        "url='http://a.test/', content_type='text/html')\n"
        "print([name for name in sys.modules if 'rdf' in name.lower()])",
        Path.cwd(),
    )
    assert loaded.strip() == "[]"


def test_trap_10_no_suffix_list_is_fetched_or_cached(tmp_path: Path) -> None:
    said = _in_subprocess(
        "import importlib, pkgutil, socket, sys\n"
        "def refuse(*_, **__): raise AssertionError('no network while importing')\n"
        "socket.getaddrinfo = socket.socket.connect = refuse\n"
        "for package in ('crawler', 'spiders', 'pipelines'):\n"
        "    module = importlib.import_module(package)\n"
        "    for found in pkgutil.walk_packages(module.__path__, package + '.'):\n"
        "        if not found.name.endswith('__main__'): importlib.import_module(found.name)\n"
        "from crawler.extractors.page import extract_page\n"
        "extract_page(b'<html><title>x</title>', url='http://a.co.uk/', content_type=None)\n"
        "tldextract = sys.modules.get('tldextract')\n"
        "print('fine')",
        tmp_path,
    )
    assert said.strip() == "fine"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def _in_subprocess(code: str, home: Path) -> str:
    """What a program says that has no home but this one."""
    environment = {
        **{name: text for name, text in os.environ.items() if not name.startswith("XDG_")},
        "HOME": str(home),
        "PYTHONPATH": str(PROJECT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
