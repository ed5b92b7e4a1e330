"""Rule A1: the AMP cache URL, as the AMP project's own tool computes it."""

from __future__ import annotations

import re
import tarfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.rules.article.amp_cache import cache_domain, cache_label, cache_url, follows
from crawler.rules.urls import examine

LONG = "itwasadarkandstormynight.therainfellintorrents.exceptatoccasionalintervalswhenitwascheckedby.aviolentgustofwindwhichsweptupthestreets.com"
RIGHT_TO_LEFT = "xn--4gbrim.xn----rmckbbajlc6dj7bxne2c.xn--wgbh1c"


# The tables are those of the project's own tests: ampproject/amp-toolbox, packages/cache-url/spec.
@pytest.mark.parametrize(
    ("host", "label"),
    [
        ("something.com", "something-com"),
        ("SOMETHING.COM", "something-com"),
        ("hello-world.com", "hello--world-com"),
        ("hello--world.com", "hello----world-com"),
        ("toplevelnohyphens", "qsgpfjzulvuaxb66z77vlhb5gu2irvcnyp6t67cz6tqo5ae6fysa"),
        ("no-dot-domain", "4lxc7wqq7b25walg4rdiil62veijrmqui5z3ept2lyfqqwpowryq"),
        (LONG, "dgz4cnrxufaulnwku4ow5biptyqnenjievjht56hd7wqinbdbteq"),
        ("xn--bcher-kva.ch", "xn--bcher-ch-65a"),
        (RIGHT_TO_LEFT, "xn-------i5fvcbaopc6fkc0de0d9jybegt6cd"),
        (f"hello.{RIGHT_TO_LEFT}", "a6h5moukddengbsjm77rvbosevwuduec2blkjva4223o4bgafgla"),
        ("en-us.example.com", "0-en--us-example-com-0"),
        # What the tool (2.9.0) gives for hosts that its tests leave out.
        ("點看.com", "xn---com-k47jg78q"),
        ("xn--c1yn36f.com", "xn---com-k47jg78q"),
        ("faß.de", "xn--fa-de-mqa"),
        ("127.0.0.1", "127-0-0-1"),
        ("[::1]", "nulkw2k526ir3phzo4j7jpbgyfq5nkj25vqg63jpjy5fg44vc76a"),
        ("ab--cd.example.com", "ycqfff2c3iuxuob5fl5v5s5guncntm4lwwcqwttdyovrjjtzn5ja"),
        # Where this differs from the tool: it would give `example-com-`.
        ("example.com.", "example-com"),
    ],
)
def test_the_label_of_a_host(host: str, label: str) -> None:
    assert cache_url(f"https://{host}/x", "cache.test").startswith(f"https://{label}.cache.test/c/")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("url", "cached"),
    [
        (
            "https://www.example.com/index.html",
            "https://www-example-com.cdn.ampproject.org/c/s/www.example.com/index.html",
        ),
        (
            "http://www.example.com/index.html",
            "https://www-example-com.cdn.ampproject.org/c/www.example.com/index.html",
        ),
        (
            "https://example.com/g?value=Hello%20World",
            "https://example-com.cdn.ampproject.org/c/s/example.com/g?value=Hello%20World",
        ),
        (
            "https://example.com/a/?amp",
            "https://example-com.cdn.ampproject.org/c/s/example.com/a/?amp",
        ),
        (
            "https://example.com:8080/a#top",
            "https://example-com.cdn.ampproject.org/c/s/example.com/a",
        ),
        # The tool would serve these as an image and a font; an AMP page is neither.
        (
            "https://example.com/story.ai",
            "https://example-com.cdn.ampproject.org/c/s/example.com/story.ai",
        ),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_the_cache_url_of_a_page(url: str, cached: str | None) -> None:
    assert cache_url(url) == cached


def test_a_label_that_its_prefix_makes_too_long_falls_back() -> None:
    """The tool gives 67 characters here, which no DNS query can carry."""
    host = f"en-us.{'a' * 51}.com"
    assert len(cache_label("en-us.com")) == len("0-en--us-com-0")
    assert len(cache_label(host)) == 52
    assert "-" not in cache_label(host)


@pytest.mark.parametrize(
    ("cached", "url", "expected"),
    [
        ("https://a-test.cdn.ampproject.org/c/s/a.test/x", "https://a.test/x", True),
        ("https://a-test.cdn.ampproject.org/c/a.test/x", "http://a.test/x", True),
        # The tool's own tests have no slash where there is no path.
        ("https://a-test.cdn.ampproject.org/c/s/a.test", "https://a.test", True),
        # Its version 2.9 drops the slash before a query; 58 of 1,448 stored pairs keep it.
        ("https://a-test.cdn.ampproject.org/c/s/a.test/x?amp", "https://a.test/x/?amp", True),
        ("https://xn---com-k47jg78q.cdn.ampproject.org/c/s/點看.com/", "https://點看.com", True),
        ("https://a-test.bing-amp.com/c/s/a.test/x", "https://a.test/x", True),
        ("https://a-test.cdn.ampproject.org/c/a.test/x", "https://a.test/x", False),
        ("https://a-test.cdn.ampproject.org/v/s/a.test/x", "https://a.test/x", False),
        ("https://a-test.cdn.ampproject.org/c/s/a.test/y", "https://a.test/x", False),
        ("https://a-test.cdn.ampproject.org/c/s/a.test/x?a", "https://a.test/x?b", False),
        ("https://b-test.cdn.ampproject.org/c/s/a.test/x", "https://a.test/x", False),
        ("https://cdn.ampproject.org/c/s/a.test/x", "https://a.test/x", False),
        ("https://a.test/x", "https://a.test/x", False),
        ("https://[::1", "https://a.test/x", False),
        ("https://a-test.cdn.ampproject.org/c/s/a.test/x", "", False),
        ("https://a-test.cdn.ampproject.org/c/s/[/x", "https://a.test/x", False),
    ],
)
def test_whether_a_cache_url_follows_from_an_amp_url(cached: str, url: str, expected: bool) -> None:
    assert follows(cached, url) is expected


@pytest.mark.parametrize(
    ("url", "cache"),
    [
        ("https://a-test.cdn.ampproject.org/c/s/a.test/", "cdn.ampproject.org"),
        ("https://cdn.ampproject.org/c/s/a.test/", "cdn.ampproject.org"),
        ("https://a-test.bing-amp.com/c/s/a.test/", "bing-amp.com"),
        ("https://notcdn.ampproject.org/", None),
        ("https://a.test/", None),
        ("https://[", None),
    ],
)
def test_the_caches_are_known_by_their_domain(url: str, cache: str | None) -> None:
    assert cache_domain(url) == cache


labels = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", fullmatch=True) | st.sampled_from(
    ["點看", "bücher", "ελλάδα", "مصر", "é-n", "xn--bcher-kva", "a--b", "ab--c", "😀"]
)
hosts = st.lists(labels, min_size=1, max_size=5).map(".".join)


_PAIR = re.compile(r'^ *-? *ampWebUrl: "?([^"\s]+)"?\n *cdnAmpWebUrl: "?([^"\s]+)"?$', re.MULTILINE)


@given(hosts)
@example(f"en-us.{'a' * 51}.com")
@example("例" * 30 + ".com")
def test_every_host_has_a_label_that_dns_can_carry(host: str) -> None:
    examined = examine(f"https://{host}/a")
    if examined.invalid:
        assert cache_url(f"https://{host}/a") is None
        return
    label = cache_label(examined.host)
    assert re.fullmatch("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", label)
    cached = cache_url(examined.url)
    assert cached is not None
    assert cached.startswith(f"https://{label}.cdn.ampproject.org/c/s/")
    assert examine(cached).invalid is None or len(examined.host) > 200
    assert follows(cached, examined.url)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_texts_at_all_are_compared(cached: str, url: str) -> None:
    assert follows(cached, url) in (True, False)
    assert cache_domain(cached) is None or "." in cached


@pytest.mark.shared_data
def test_every_pair_of_the_real_collections_follows(shared: Path) -> None:
    pairs = _pairs((shared / "corpus/seed-article.md").read_bytes())
    for name in ("azure-news", "diablo4-md"):
        with tarfile.open(shared / f"corpus/{name}.tar.xz") as archive:
            for member in archive:
                stream = archive.extractfile(member) if member.name.endswith(".md") else None
                if stream is not None:
                    pairs |= _pairs(stream.read())
    # 55,752 pairs in the files, with the seed article's four.
    assert len(pairs) == 1_452
    assert [pair for pair in pairs if cache_url(pair[0]) != pair[1]] == []


def _pairs(data: bytes) -> set[tuple[str, str]]:
    """The AMP and cache URLs of one file, its own and those of its related articles.

    By their lines, which stand one below the other: to read every file as an article takes two minutes.
    """
    return set(_PAIR.findall(data.decode("utf-8", "replace")))
