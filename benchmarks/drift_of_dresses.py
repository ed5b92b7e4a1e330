"""Drift where nothing differs, and where something does: pages made from a collection's own files.

    python benchmarks/drift_of_dresses.py COLLECTION.tar.xz|FOLDER [--sample N] [--show 20]

Each article's page says what its file says, in one of eight kinds of mark-up and another dress: other quotation marks and dashes, invisible
characters, the site's name before or behind the title, entities, the picture in another size; the file has tags, Markdown and line
breaks. None of them may be `drifted`. Then each page has one true change, a word, a day or a picture: each has to be. The exit
code is 1 where one is not as it should be.
"""

from __future__ import annotations

import argparse
import html
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote
from zlib import crc32

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.applied_pages import DRESSES, Facts, article_page
from benchmarks.unpacking import unpack
from crawler.content import Read, Repository, read_site
from crawler.extractors.page import extract_page
from crawler.model.article import Article
from crawler.model.check import Freshness, FreshnessState, KnownArticle, LinkedReference
from crawler.model.link import Link
from crawler.model.reference import Reference, Scope
from crawler.model.role import Role
from crawler.model.verdict import Verdict, VerdictKind
from crawler.rules.article.freshness import freshness
from crawler.rules.policy import FreshnessPolicy

TODAY = date(2026, 11, 28)
SITE = "The Daily Example"
URL = "https://www.daily-example.example/2024/a-story-of-note"
_ALIVE = Verdict(VerdictKind.ALIVE, "http-200", "rule")
_FIELDS = ("title", "excerpt", "publishedDateTime", "image")


def _quoted(opening: str, closing: str, apostrophe: str = "'") -> Callable[[str], str]:
    def dress(text: str) -> str:
        text = re.sub(r"(?<=\w)['’](?=\w)", apostrophe, text)
        return re.sub(r"[\"“”]([^\"“”]*)[\"“”]", rf"{opening}\1{closing}", text)

    return dress


def _ascii(text: str) -> str:
    pairs = {**dict.fromkeys("‘’‚′", "'"), **dict.fromkeys("“”„″«»", '"'), **dict.fromkeys("–‑‐−", "-"), "—": "--", "…": "...", "\xa0": " "}  # fmt: skip
    return "".join(pairs.get(char, char) for char in text)


def _dashed(dash: str) -> Callable[[str], str]:
    return lambda text: re.sub(r"(?<=\s)[-–—](?=\s)", dash, text)


def _seeded(mark: str) -> Callable[[str], str]:
    """The text with an invisible character in its longer words."""
    return lambda text: re.sub(r"\b([^\W\d_]{3})([^\W\d_]{4,})", rf"\1{mark}\2", text)


PUNCTUATION: dict[str, Callable[[str], str]] = {
    "as it stands": str,
    "ASCII": _ascii,
    "curly": _quoted("“", "”", "’"),
    "German": _quoted("„", "“", "’"),
    "French": _quoted("«\xa0", "\xa0»", "ʼ"),
    "Danish": _quoted("»", "«", "´"),
    "Japanese": _quoted("「", "」", "′"),
    "typewriter": _quoted("``", "''", "`"),
    "en dashes": _dashed("–"),
    "em dashes": _dashed("—"),
    "two hyphens": _dashed("--"),
    "hyphens that do not break": lambda text: re.sub(r"(?<=\w)-(?=\w)", "\u2011", text),
    "soft hyphens": _seeded("\u00ad"),
    "zero-width spaces": _seeded("\u200b"),
    "word joiners": _seeded("\u2060"),
    "hard spaces": lambda text: text.replace(" ", "\xa0"),
    "escaped": html.escape,
    "dots": lambda text: text.replace("...", "…"),
    "capitals": str.upper,
}  # fmt: skip
"""What a page may make of a text."""
TITLES: dict[str, Callable[[str], str]] = {
    "alone": str,
    "site | title": lambda text: f"{SITE} | {text}",
    "site: title": lambda text: f"{SITE}: {text}",
    "site – title": lambda text: f"Daily Example – {text}",
    "site » title": lambda text: f"daily-example » {text}",
    "title | site": lambda text: f"{text} | {SITE}",
    "title — site": lambda text: f"{text} — {SITE}",
    "title · site, named otherwise": lambda text: f"{text} · The Example Online",
}
STORED: dict[str, Callable[[str], str]] = {
    "as it stands": str,
    "paragraph": lambda text: f"<p>{text}</p>",
    "bold": lambda text: _first_words(text, "<strong>", "</strong>"),
    "link": lambda text: _first_words(text, '<a href="https://www.example.com/?a=b&c">', "</a>"),
    "line breaks": lambda text: text.replace(" ", "\n", 3),
    "br": lambda text: text.replace(" ", "<br />", 1),
    "Markdown bold": lambda text: _first_words(text, "**", "**"),
    "Markdown link": lambda text: _first_words(text, "[", "](https://www.example.com/a_(b))"),
    "entities": lambda text: html.escape(text).replace(" ", "&nbsp;", 1),
    "escaped tags": lambda text: f"&lt;p&gt;{text}&lt;/p&gt;",
}
"""What a file may make of a text."""


def _first_words(text: str, before: str, behind: str) -> str:
    words = text.split(" ")
    half = max(1, len(words) // 2)
    return " ".join((f"{before}{' '.join(words[:half])}{behind}", *words[half:])).strip()


def _resized(text: str, size: str) -> str:
    name, dot, kind = text.partition("?")[0].rpartition(".")
    return f"{name}{size}.{kind}" if dot and "/" not in kind else text


PICTURES: dict[str, Callable[[str], str]] = {
    "as it stands": str,
    "-1024x576": lambda url: _resized(url, "-1024x576"),
    "?w=": lambda url: f"{url.partition('?')[0]}?w=640&h=360&fit=crop" if re.search(r"\.(?:jpe?g|png|gif|webp)$", url.partition("?")[0]) else url,
    "/_next/image": lambda url: f"https://www.daily-example.example/_next/image?url={quote(url, safe='')}&w=1200&q=75",
    ".webp": lambda url: f"{url}.webp" if re.search(r"\.(?:jpe?g|png)$", url) else url,
    "Cloudinary": lambda url: f"https://res.cloudinary.com/demo/image/fetch/c_fill,w_300,h_200,f_auto/{url}",
    "/cdn-cgi/image": lambda url: f"https://www.daily-example.example/cdn-cgi/image/width=640,quality=75/{url}",
    "Thumbor": lambda url: f"https://img.example/unsafe/640x360/smart/{quote(url, safe='')}",
    "weserv": lambda url: f"https://images.weserv.nl/?url={quote(url, safe='')}&w=300",
}  # fmt: skip


_TABLES = (PUNCTUATION, TITLES, STORED, PICTURES)


@dataclass(frozen=True, slots=True)
class Case:
    """An article as its file says it, the page's facts, and the dresses of both by name."""

    known: KnownArticle
    facts: Facts
    names: tuple[str, ...]
    markup: int


def cases(articles: Sequence[Article]) -> Iterator[Case]:
    """One case for each article that has a title."""
    for article in articles:
        if not article.title:
            continue
        at, names = crc32(article.path.encode()), []
        for table in _TABLES:
            names.append(list(table)[at % len(table)])
            at = at // len(table) or crc32(str(at).encode())
        yield case_of(article, names, at % DRESSES)


def case_of(article: Article, names: Sequence[str], markup: int) -> Case:
    """An article and its page in the dresses of these names: punctuation, title, file, picture."""
    typed, titled, stored, shown = (table[name] for table, name in zip(_TABLES, names, strict=True))
    images = [
        one
        for one in article.references
        if one.scope is Scope.OWN and one.role is Role.IMAGE and one.invalid is None
    ]
    day = article.published.date() if article.published else None
    title, excerpt = article.title or "", article.excerpt or ""
    facts = Facts(
        url=URL,
        site=SITE,
        title=titled(typed(title)),
        excerpt=typed(excerpt),
        published=f"{day}T12:00:00+00:00" if day else "",
        image=shown(images[0].url) if images else "",
    )
    known = _known(article, stored(title), stored(excerpt), day, images)
    return Case(known, facts, tuple(names), markup)


def _known(
    article: Article, title: str, excerpt: str, day: date | None, images: Sequence[Reference]
) -> KnownArticle:
    web = Reference(article.path, 1, "webUrl", Role.WEB, Scope.OWN, URL, URL)
    own = [LinkedReference(web, Link(1, URL, _ALIVE))]
    own += [LinkedReference(one, Link(2, one.url, _ALIVE)) for one in images]
    return KnownArticle(article.path, title, excerpt or None, day, None, tuple(own))


def seen(case: Case) -> Freshness:
    """The article's freshness after a visit to its page."""
    body = article_page(case.facts, case.markup).encode()
    page = extract_page(body, url=URL, content_type="text/html; charset=utf-8").facts
    own = tuple(
        replace(one, link=replace(one.link, page=page)) if one.reference.role is Role.WEB else one
        for one in case.known.own
    )
    return freshness(replace(case.known, own=own), FreshnessPolicy(), TODAY)


def changes(case: Case) -> Iterator[tuple[str, Case]]:
    """The case with one true change of its page, for each field that it has."""
    facts = case.facts
    if _changed(facts.title) != facts.title:
        yield "title", replace(case, facts=replace(facts, title=_changed(facts.title)))
    if _changed(facts.excerpt[:60]) != facts.excerpt[:60]:
        excerpt = _changed(facts.excerpt[:60]) + facts.excerpt[60:]
        yield "excerpt", replace(case, facts=replace(facts, excerpt=excerpt))
    if facts.published:
        day = date.fromisoformat(facts.published[:10]) + timedelta(days=3)
        moved = replace(facts, published=f"{day}T12:00:00+00:00")
        yield "publishedDateTime", replace(case, facts=moved)
    if facts.image and any(one.reference.role is Role.IMAGE for one in case.known.own):
        other = "https://www.daily-example.example/wp-content/another-hall-of-note-1024x576.jpg"
        yield "image", replace(case, facts=replace(facts, image=other))


def _changed(text: str) -> str:
    """The text with another word, or another figure, in it; never in the name of the site."""
    for site in (SITE, "Daily Example", "daily-example", "The Example Online"):
        text = text.replace(site, "\0" + site[::-1] + "\0")
    parts = text.split("\0")
    own = max((part for part in parts if part), key=lambda part: (not _is_site(part), len(part)), default="")  # fmt: skip
    figure = re.search(r"\d+", own)
    word = max(re.findall(r"[^\W\d_]+", own) or [""], key=len)
    new = own
    if figure and len(own) % 2:
        new = own[: figure.start()] + str(int(figure[0]) + 1) + own[figure.end() :]
    elif word:
        new = own.replace(word, "marzipan" if word.lower() != "marzipan" else "nougat", 1)
    return "".join(part[::-1] if _is_site(part) else new if part is own else part for part in parts)


def _is_site(part: str) -> bool:
    return part[::-1] in (SITE, "Daily Example", "daily-example", "The Example Online")


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
    noise, missed, states = [], [], Counter[str]()
    tried = Counter[str]()
    for case in found:
        result = seen(case)
        states[result.state.value] += 1
        if result.state is FreshnessState.DRIFTED:
            noise.append((case, result.drift))
        for field, changed in changes(case):
            tried[field] += 1
            if field not in seen(changed).drift:
                missed.append((changed, (field,)))
    for what, rows in (("drifted where nothing differs", noise), ("not drifted", missed)):
        for case, fields in rows[: options.show]:
            print(f"{what}: {case.known.path} {fields} {case.names} markup {case.markup}")
            for field in fields:
                print(f"    {_stored(case, field)!r}\n    {_shown(case, field)!r}")
    counts = ", ".join(f"{amount:,} {name}" for name, amount in sorted(states.items()))
    print(f"{len(found):,} articles, nothing differs: {counts}; drifted {len(noise):,}")
    told = ", ".join(f"{name} {tried[name]:,}" for name in _FIELDS)
    print(f"one true change each: {sum(tried.values()):,} ({told}); not drifted {len(missed):,}")
    return 1 if noise or missed else 0


def _stored(case: Case, field: str) -> object:
    images = [one.reference.raw for one in case.known.own if one.reference.role is Role.IMAGE]
    return {"title": case.known.title, "excerpt": case.known.excerpt, "image": images}.get(
        field, case.known.published
    )


def _shown(case: Case, field: str) -> str:
    names = {"publishedDateTime": "published"}
    return str(getattr(case.facts, names.get(field, field)))


if __name__ == "__main__":
    sys.exit(main())
