"""Providers where nobody else publishes the page, and where somebody does: pages made from a collection's own files.

    python benchmarks/providers_of_dresses.py COLLECTION.tar.xz|FOLDER [--sample N] [--show 20]

Each article's page calls its site as the article's provider is called, in one of the dresses: capitals, `www.`, `.com`, an article,
a slogan. The file spells the domain in one too: another public suffix, an address, `www.`. None of them may be told. Then each file has
the name, and then the domain, of another publisher of the collection, with which it shares no word: each has to be told, but for names on
sites that hold what many publish. The exit code is 1 where one is not as it should be.
"""

from __future__ import annotations

import argparse
import html
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from zlib import crc32

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.applied_pages import DRESSES, Facts, article_page
from benchmarks.unpacking import unpack
from crawler.content import Read, Repository, read_site
from crawler.extractors.page import extract_page
from crawler.extractors.registered_domain import site_of
from crawler.model.article import Article
from crawler.model.check import FieldFinding, KnownArticle, LinkedReference
from crawler.model.link import Link
from crawler.model.provider import DOMAIN_AT, NAME_AT, Provider
from crawler.model.reference import Reference, Scope
from crawler.model.role import Role
from crawler.model.verdict import UNCHECKED, Verdict, VerdictKind
from crawler.rules.article.article_checks import article_checks
from crawler.rules.article.provider_check import PROVIDER_MISMATCH
from crawler.rules.article.publishers import is_platform
from crawler.rules.policy import Policy

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
_ALIVE = Verdict(VerdictKind.ALIVE, "http-200", "rule")
_WORD = re.compile(r"[a-z0-9]{2,}")

NAMES: dict[str, Callable[[str], str]] = {
    "as it stands": str,
    "capitals": str.upper,
    "small letters": str.lower,
    ".com": lambda name: f"{name}.com",
    "www.": lambda name: f"www.{''.join(name.lower().split())}.com",
    "an article": lambda name: f"The {name}" if not name.lower().startswith("the ") else name[4:],
    "hyphens": lambda name: name.replace(" ", "-"),
    "hard spaces": lambda name: name.replace(" ", "\xa0"),
    "in one": lambda name: name.replace(" ", ""),
    "slogan": lambda name: f"{name} - What moves you"[:60],
    "slogan before": lambda name: f"What moves you | {name}" if len(name) < 40 else name,
    "registered": lambda name: f"{name}®",
}
"""What a page may make of its site's name."""
DOMAINS: dict[str, Callable[[str], str]] = {
    "as it stands": str,
    "capitals": str.upper,
    "www.": lambda domain: f"www.{domain}",
    "an address": lambda domain: f"https://www.{domain}/",
    "another suffix": lambda domain: f"{domain.partition('.')[0]}.co.nz",
    "final dot": lambda domain: f"{domain}.",
}
"""What a file may make of a domain."""


@dataclass(frozen=True, slots=True)
class Case:
    """An article, with the provider of its file, the page that was seen, and the names of the dresses of both."""

    known: KnownArticle
    provider: Provider
    names: tuple[str, str]
    is_on_platform: bool


def cases(articles: Sequence[Article]) -> Iterator[Case]:
    """One case for each article that has a title, a provider with both values, and an address at its domain."""
    for article in articles:
        given = article.provider
        if article.title and given and given.name and given.domain and "." in given.domain:
            places = [one for one in article.references if _is_own_page(one)]
            domain = site_of(_host(f"https://{given.domain}"))
            place = next((one for one in places if site_of(_host(one.url)) == domain), None)
            if place is not None:
                yield _case(article, given, places, place)


def _is_own_page(one: Reference) -> bool:
    is_page = one.role in (Role.WEB, Role.ORIGINAL)
    return one.scope is Scope.OWN and is_page and one.invalid is None


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _case(article: Article, given: Provider, places: Sequence[Reference], place: Reference) -> Case:
    at = crc32(article.path.encode())
    names = list(NAMES)[at % len(NAMES)], list(DOMAINS)[at // 100 % len(DOMAINS)]
    site_name = NAMES[names[0]](given.name or "")
    facts = Facts(url=place.url, site=site_name, title=article.title or "")
    head = f'<meta property="og:site_name" content="{html.escape(site_name)}">'
    body = article_page(facts, at // 1000 % DRESSES, head=head).encode()
    page = extract_page(body, url=place.url, content_type="text/html; charset=utf-8").facts
    own = tuple(
        LinkedReference(one, Link(1, one.url, _ALIVE, page=page if one is place else None))
        if one is place
        else LinkedReference(one, Link(2, one.url, UNCHECKED))
        for one in places
    )
    day = article.published.date() if article.published else None
    known = KnownArticle(article.path, article.title, article.excerpt, day, None, own)
    domain = DOMAINS[names[1]](given.domain or "")
    provider = replace(given, domain=domain)
    hosts = [_host(one.url) for one in places]
    return Case(known, provider, names, any(is_platform(site_of(host), host) for host in hosts))


def told(case: Case, provider: Provider) -> list[FieldFinding]:
    """What is told of an article with this provider."""
    known = replace(case.known, provider=provider)
    found = article_checks(known, Policy(), NOW, site_of=site_of).identity
    return [one for one in found if one.reason == PROVIDER_MISMATCH]


def strangers(case: Case, found: Sequence[Case]) -> Provider:
    """The name and the domain of another publisher, with which the case's own shares no word."""
    own = _words(case.provider)
    at = crc32(case.known.path.encode(), 7)
    for step in range(len(found)):
        other = found[(at + step) % len(found)]
        its = _words(other.provider)
        if not other.is_on_platform and not any(_share(a, b) for a in own for b in its):
            return other.provider
    raise ValueError("every provider of the collection shares a word with another one")


def _share(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) >= 3 and short in long)


def _words(provider: Provider) -> set[str]:
    """The words of a name, all of them in one, their initials, and the label of the domain."""
    words = _WORD.findall((provider.name or "").lower())
    label = site_of(_host(f"https://{(provider.domain or '').removeprefix('https://')}".lower())).partition(".")[0]  # fmt: skip
    initials = "".join(word[0] for word in words)
    whole = "".join(words)
    return {*words, label, whole, *([initials] if len(initials) > 1 else [])} - {
        "the",
        "of",
        "and",
        "news",
    }


def main() -> int:
    """Read the arguments, count, print; 1 where a case is not as it should be."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("collection", type=Path)
    parser.add_argument("--sample", type=int, help="the first so many files only")
    parser.add_argument("--show", type=int, default=20, help="cases to print (default 20)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        content = unpack(options.collection, Path(folder), options.sample)
        read = Repository(content, site=read_site(content)).scan({})
        found = list(cases([one.article for one in read if isinstance(one, Read)]))
    noise = [(case, one) for case in found for one in told(case, case.provider)]
    tried, missed = {NAME_AT: 0, DOMAIN_AT: 0}, []
    for case in found:
        other = strangers(case, found)
        wrong = {DOMAIN_AT: replace(case.provider, domain=other.domain)}
        if not case.is_on_platform:
            wrong[NAME_AT] = replace(case.provider, name=other.name)
        for at, provider in wrong.items():
            tried[at] += 1
            if [one.at for one in told(case, provider)] != [at]:
                missed.append((case, provider))
    for case, one in noise[: options.show]:
        print(
            f"told where nobody else is: {case.known.path} {one.url!r} {one.expected!r} {case.names}"
        )
    for case, provider in missed[: options.show]:
        print(f"not told: {case.known.path} {case.provider} as {provider} {case.names}")
    quiet = sum(case.is_on_platform for case in found)
    print(f"{len(found):,} articles ({quiet:,} on platforms), nobody else: told {len(noise):,}")
    told_of = f"name {tried[NAME_AT]:,}, domain {tried[DOMAIN_AT]:,}"
    print(f"another publisher each: {sum(tried.values()):,} ({told_of}); not told {len(missed):,}")
    return 1 if noise or missed else 0


if __name__ == "__main__":
    sys.exit(main())
