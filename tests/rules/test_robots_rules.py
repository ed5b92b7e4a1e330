"""robots.txt is read as Protego reads it, and in a bounded form."""

from __future__ import annotations

import random
from importlib.metadata import version
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from protego import Protego

from crawler.rules.robots_rules import RobotsRules, read_robots
from tests.time_limits import cpu_limit

TOKEN = "linkhealth"
HALF_A_MEGABYTE = 512 * 1024

newest_protego = pytest.mark.skipif(
    tuple(map(int, version("protego").split(".")[:2])) < (0, 7),
    reason="older ones read odd files otherwise",
)


def allows(text: str, url: str) -> bool:
    return read_robots(text, TOKEN).allows(url)


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("User-agent: *\nDisallow: /a\nUser-agent: *\nDisallow: /b", "/b", False),
        ("User-agent: x\nUser-agent: *\nDisallow: /b", "/b", False),
        ("User-agent: x\nDisallow: /\nUser-agent: y\nDisallow:", "/b", True),
        ("User-agent: LinkHealth\nDisallow: /own\n\nUser-agent: *\nDisallow: /", "/b", True),
        ("User-agent: link\nDisallow: /own", "/own", False),
        ("User-agent: health\nDisallow: /own", "/own", True),
        ("User-agent: linkhealth-two\nDisallow: /", "/", True),
        ("User-agent: linkhealth*\nDisallow: /", "/", False),
        ("User-agent: *\nSitemap: /x\nUser-agent: linkhealth\nDisallow: /", "/", False),
        ("Disallow: /", "/", True),
        ("User-agent: *\nDisallow: /a # of a kind", "/a b", False),
        ("useragent *\ndissallow /a", "/a", False),
        ("user agent: *\nDISALLOW : /a", "/a", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
        ("User-agent: *\nDisallow: /a/b\nAllow: /a", "/a/b", False),
        ("User-agent: *\nAllow: /index.html\nDisallow: /", "/", True),
        ("User-agent: *\nAllow: /index.html\nDisallow: /", "/x", False),
        ("User-agent: *\nDisallow: /a$b", "/a$b", False),
        ("User-agent: *\nDisallow: /a$", "/a", False),
        ("User-agent: *\nDisallow: /a$", "/a$", False),
        ("User-agent: *\nDisallow: /a$", "/ab", True),
        ("User-agent: *\nDisallow: /*a*b", "/1a2b3", False),
        ("User-agent: *\nDisallow: /*a*b$", "/1a2b3", True),
        ("User-agent: *\nDisallow: /a****b", "/axxb", False),
        ("User-agent: *\nDisallow: /a****b", "/xab", True),
        ("User-agent: *\nDisallow: *", "/", False),
        ("User-agent: *\nDisallow: /%7Ea", "/~a", False),
        ("User-agent: *\nDisallow: /~a", "/%7ea", False),
        ("User-agent: *\nDisallow: /a%2fb", "/a/b", True),
        ("User-agent: *\nDisallow: /ä", "/%C3%A4", False),
        ("User-agent: *\nDisallow: /a?b=1", "/a?b=1&c", False),
        ("User-agent: *\nDisallow: /a?", "/a", True),
        ("User-agent: *\nDisallow: /a?", "/a?#x", False),
        ("User-agent: *\nDisallow: http://a.test/a", "/a", True),
        ("User-agent: *\nDisallow: a", "/a", True),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        ("User-agent: *\nDisallow: $", "/", True),
        ("User-agent: *\nUser-agent:\nDisallow: /", "/", False),
        ("nothing known\nnor: this\nuser-agent", "/", True),
        ("User-agent: *\nAllowance of /a\nDisallow: /a", "/a", False),
        ("User-agent: *\nRequest-rate: 1/5\nUser-agent: x\nDisallow: /", "/", True),
    ],
)
@newest_protego
def test_a_url_is_allowed_as_protego_allows_it(text: str, path: str, allowed: bool) -> None:
    url = f"http://a.test{path}"
    assert allows(text, url) is allowed
    assert Protego.parse(text).can_fetch(url, TOKEN) is allowed


_NAMES = st.sampled_from(
    ["*", "linkhealth", "LinkHealth", "link", "other", "lin*k", "l", "", "a b"]
)
_AGENTS = st.sampled_from(["User-agent: {}", "useragent:{}", "User-Agent {}", "user agent : {}"])
_FIELDS = st.sampled_from(
    [
        "Disallow: {}",
        "Allow: {}",
        "disalow:{}",
        "ALLOW {}",
        "Sitemap: {}",
        "Host: {}",
        "x: {}",
        "Crawl-delay: {}",
        "crawl delay {}",
        "Request-rate: {}",
        "x:{}",
        "{}",
        " Disallow : {} # {}",
    ]
)
_PATHS = st.text(alphabet="/ab*$%?=&.~ä41Ee:# -", max_size=12)
_LINES = st.one_of(
    st.builds(str.format, _AGENTS, _NAMES),
    st.builds(
        lambda field, path: field.replace("{}", path), _FIELDS, st.one_of(_PATHS, st.just("2.5"))
    ),
    st.sampled_from(
        ["Disallow: /index.html", "Allow: /a/index.html", "", "# words", "\x0b", "Disallow"]
    ),
)


@newest_protego
@given(st.lists(_LINES, max_size=14), st.sampled_from(["\n", "\r\n", "\r"]), _PATHS)
@example(["User-agent: l", "User-agent: *", "Disallow: /a"], "\n", "a")
@example(["User-agent: *", "Disallow: /%zz%4"], "\n", "%zz%4")
def test_odd_files_are_read_as_protego_reads_them(lines: list[str], end: str, path: str) -> None:
    text, url = end.join(lines), f"http://a.test/{path}"
    other = Protego.parse(text)
    rules = read_robots(text, TOKEN)
    assert rules.allows(url) is other.can_fetch(url, TOKEN)
    assert rules.crawl_delay == other.crawl_delay(TOKEN)


@newest_protego
@given(st.lists(_LINES, min_size=8, max_size=14), _PATHS)
def test_many_rules_are_read_as_few(lines: list[str], path: str) -> None:
    many = "".join(f"Disallow: /many-{number}-x*y\n" for number in range(600))
    text, url = f"User-agent: *\n{many}" + "\n".join(lines), f"http://a.test/{path}"
    rules = read_robots(text, TOKEN)
    assert rules.allows(url) is Protego.parse(text).can_fetch(url, TOKEN)


def test_without_rules_everything_is_allowed() -> None:
    assert RobotsRules().allows("http://a.test/a")
    assert read_robots("", TOKEN).size == 0


def word(source: random.Random) -> str:
    return "".join(source.choices("abcdefghij0123456789", k=6))


_LINES_OF = {
    "wildcards": "Disallow: /*{}*{}$\n",
    "stars": f"Disallow: /*{'*' * 20}a*{{}}\n",
    "dollars": f"Disallow: /{'$' * 40}{{}}\n",
    "plain": "Disallow: /{}\n",
    "junk": "d\n",
    "names": "User-agent: {}\nDisallow: /\n",
}


@pytest.mark.parametrize("kind", _LINES_OF)
def test_half_a_megabyte_is_kept_small_and_looked_through_fast(kind: str) -> None:
    """120 hosts of it cost 3.9 GB and stopped the crawl for 10 s."""
    source = random.Random(1)
    line = _LINES_OF[kind]
    number = HALF_A_MEGABYTE // len(line.format(word(source), word(source)))
    lines = (line.format(word(source), word(source)) for _ in range(number))
    text = f"User-agent: *\nDisallow: /x\n{''.join(lines)}"
    rules = read_robots(text, TOKEN)
    assert rules.size < 400_000
    began = process_time()
    for number in range(10):
        assert rules.allows(f"https://a.test/news/2024/a-story-of-{number}?page=2")
    assert process_time() - began < cpu_limit(0.5)
