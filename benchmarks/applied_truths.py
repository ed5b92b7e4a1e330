"""A web for a real collection whose truth is known: by a hash of each address, what became of it.

For `apply_to_collection`. A truth says what an editor would want to be changed for an address, and nothing else may be.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

import yaml

from benchmarks.applied_pages import (
    IN_PLACE,
    Facts,
    article_page,
    bare,
    casino,
    moment_of,
    notice,
    parked,
    stub,
)
from benchmarks.crawl_collection import as_asked
from tests.web.rules import Answer

_BLOCK = re.compile(r"(?m)^(?=[A-Za-z_])")
_OTHER_TEXTS = ("related", "secured", "featuredContent")
_OURS = "linkHealth"
PAGE_KEYS = ("webUrl", "originalUrl")
AMP_KEYS = ("ampWebUrl", "cdnAmpWebUrl")
_LARGE = 300
"""Hosts with more addresses than that have no fate as a whole: there would be nothing else to see."""

_SEVERAL = 2
_LOCALE = re.compile(r"/[a-z]{2}-[a-z]{2}/")

Weights = Mapping[str, int]

HOSTS: Weights = {
    "": 60, "general-excerpt": 4, "general-title": 4, "general-image": 4, "general-date": 4, "hijacked": 4,
    "parked": 3, "maintenance": 3, "consent-gate": 3, "not-found-for-all": 3, "echo-for-all": 3, "captcha": 3,
    "leads-home": 3,
}  # fmt: skip
PAGES: Weights = {
    "same": 260, "bare": 20, "cookies": 10, "gone": 20,
    "drift-title": 15, "drift-excerpt": 15, "drift-date": 10, "drift-all": 10, "drift-image": 12,
    "drift-dead-image": 8, "drift-small-image": 8, "drift-logo": 8,
    "paywall-title": 6, "generic-excerpt": 6, "updated-date": 8,
    "moved": 30, "moved-308": 10, "moved-twice": 10, "moved-drift": 10, "moved-to-https": 20, "moved-host": 8,
    "moved-utm": 10, "moved-fbclid": 8, "moved-utm-only": 6, "moved-session": 8, "moved-session-only": 6,
    "moved-cookie": 8, "moved-cookie-only": 6, "moved-fragment": 10, "moved-locale": 8, "moved-vary": 8,
    "moved-by-language": 8, "moved-temporary": 10, "moved-over-temporary": 10, "moved-slash": 6,
    "to-index": 6, "to-en": 6, "to-root": 8, "to-other-root": 6, "to-news": 8, "to-tag": 6, "to-titled-section": 6,
    "to-other-story": 6, "to-login": 5, "to-404-page": 5, "to-gone": 5,
    "refresh": 10, "script": 8, "refresh-gone": 5, "refresh-drift": 5,
    **{f"place-{name}": 5 for name in IN_PLACE},
    "hijacked-page": 5, "parked-page": 4,
}  # fmt: skip
AMPS: Weights = {"same": 70, "moved": 8, "temporary": 6, "to-root": 4, "to-article": 6, "gone": 6}
IMAGES: Weights = {
    "same": 110, "other-size": 25, "tiny": 12, "moved": 10, "moved-utm": 4, "temporary": 8, "html": 8, "captcha": 8,
    "to-removed": 8, "to-removed-for-good": 6, "to-root": 5, "gone": 14,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """An address in an article: its field and what stands there, as written."""

    at: str
    raw: str


@dataclass(frozen=True, slots=True)
class Article:
    """An article's own values. `texts` are its fields by name, `places` its addresses, `sizes` those of its images as
    written, `others` everything else as it stands."""

    path: str
    texts: Mapping[str, str]
    places: tuple[Place, ...]
    sizes: Mapping[str, str]
    others: str

    def at(self, name: str) -> str:
        """What stands in a field, empty where it is not there."""
        return self.values.get(name, "")

    @property
    def values(self) -> dict[str, str]:
        """Every value that may be changed, by its pointer."""
        return {**self.texts, **{one.at: one.raw for one in self.places}, **self.sizes}


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What became of an address.

    `facts` are what the article's own page says, None where no page of the article's is to be had; `drift` names those of
    its fields that truly changed. `moved` is the address to be written, `size` the true one of an image, None for no image.
    """

    kind: str
    facts: Facts | None = None
    drift: frozenset[str] = frozenset()
    moved: str | None = None
    size: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class _Way:
    """Where a moved page's old address leads: what Location says, the page's own address, and the one to be written.

    `calls_itself` says that the page behind Location calls that address its own, `is_served` that the page's own address
    serves it, `is_hop` that Location is only a hop.
    """

    led: str
    page: str
    written: str | None
    status: int = 301
    headers: tuple[tuple[str, str], ...] = ()
    calls_itself: bool = False
    is_served: bool = True
    is_hop: bool = False


@dataclass(slots=True)
class KnownWeb:
    """The answers, and the truth of each address as it is asked for."""

    answers: dict[str, Answer | Sequence[Answer]] = field(default_factory=dict)
    truths: dict[str, Truth] = field(default_factory=dict)


def read_articles(folder: Path) -> Iterator[Article]:
    """The articles of a folder; what has no front matter that YAML reads is passed over."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and ".linkhealth" not in path.parts:
            found = read_article(path, str(path.relative_to(folder)))
            if found is not None:
                yield found


def read_article(path: Path, name: str) -> Article | None:
    """One article; None where there is none."""
    text = path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
    if not text.startswith("---\n"):
        return None
    front, _, body = text[4:].partition("\n---")
    blocks = [one for one in _BLOCK.split(front + "\n") if one.partition(":")[0] != _OURS]
    own = [one for one in blocks if one.partition(":")[0] not in _OTHER_TEXTS]
    others = [one for one in blocks if one.partition(":")[0] in _OTHER_TEXTS]
    try:
        values = yaml.load("".join(own), Loader=yaml.BaseLoader)
    except yaml.YAMLError:
        return None
    told = "\n".join(one.strip() for one in others)
    return _article(name, values, f"{told}{body}") if isinstance(values, dict) else None


def _article(name: str, values: dict[str, Any], others: str) -> Article:
    texts = {
        key: values.pop(key)
        for key in ("title", "excerpt", "publishedDateTime")
        if isinstance(values.get(key), str)
    }
    places = [
        Place(key, value)
        for key in (*PAGE_KEYS, *AMP_KEYS)
        if isinstance(value := values.pop(key, None), str) and value
    ]
    sizes: dict[str, str] = {}
    provider = values.get("provider")
    for prefix, images in (
        ("images", values.pop("images", None)),
        ("provider/images", provider.pop("images", None) if isinstance(provider, dict) else None),
    ):
        for number, image in enumerate(images if isinstance(images, list) else ()):
            if isinstance(image, dict) and isinstance(image.get("url"), str):
                at = f"{prefix}/{number}"
                places.append(Place(f"{at}/url", image["url"]))
                sizes |= {
                    f"{at}/{side}": image[side] for side in ("width", "height") if side in image
                }
    return Article(name, texts, tuple(places), sizes, f"{values}{others}")


def with_fragments(folder: Path, every: int = 30) -> int:
    """Give one in so many articles a fragment in its `webUrl`; returns how many."""
    changed = 0
    line = re.compile(rb'(?m)^(webUrl: "?https?://[^\s"#]+)("?)(?=\r?$)')
    for path in sorted(folder.rglob("*.md")):
        if number_of("fragment", path.name) % every == 0:
            before = path.read_bytes()
            after = line.sub(rb"\1#the-part\2", before, count=1)
            path.write_bytes(after)
            changed += before != after
    return changed


def number_of(*words: str) -> int:
    """A number that is always the same for the same words."""
    return int.from_bytes(blake2b("\0".join(words).encode(), digest_size=6).digest(), "big")


def _chosen(weights: Weights, *words: str) -> str:
    rest = number_of(*words) % sum(weights.values())
    for name, weight in weights.items():
        rest -= weight
        if rest < 0:
            return name
    raise AssertionError("the weights do not add up")


def is_web(url: str) -> bool:
    """Whether the local web can be asked for it."""
    return url.startswith(("http://", "https://")) and bool(urlsplit(url).hostname)


def known_web(articles: Sequence[Article]) -> KnownWeb:
    """The web for a collection."""
    return _Builder(articles).build()


class _Builder:
    def __init__(self, articles: Sequence[Article]) -> None:
        self.articles = articles
        self.web = KnownWeb()
        self.of_host = Counter(
            urlsplit(url).netloc
            for url in {
                as_asked(one.raw)
                for article in articles
                for one in article.places
                if is_web(one.raw) and one.at == "webUrl"
            }
        )
        self.done: set[str] = set()

    def build(self) -> KnownWeb:
        self.web.answers["*"] = _gone()
        for article in self.articles:
            for place in article.places:
                if is_web(place.raw):
                    self._place(article, place)
        return self.web

    def _place(self, article: Article, place: Place) -> None:
        url = as_asked(place.raw)
        if url in self.web.truths:
            return
        if place.at in PAGE_KEYS:
            truth = self._page(url, article)
        elif place.at in AMP_KEYS:
            truth = self._amp(url, article)
        else:
            truth = self._image(url, article, place)
        self.web.truths[url] = truth

    # --------------------------------------------------------------------------------------- pages

    def fate(self, host: str) -> str:
        """What became of a whole host."""
        fate = "" if self.of_host[host] > _LARGE else _chosen(HOSTS, "host", host)
        # The date of one page alone cannot be told from one that was truly changed.
        return "" if fate == "general-date" and self.of_host[host] < _SEVERAL else fate

    def facts(self, url: str, article: Article) -> Facts:
        host = urlsplit(url).netloc
        image = next((one.raw for one in article.places if one.at == "images/0/url"), "")
        return Facts(
            url=url,
            site=_site_of(host),
            title=article.at("title"),
            excerpt=article.at("excerpt"),
            published=article.at("publishedDateTime"),
            image=image if is_web(image) else "",
        )

    def _page(self, url: str, article: Article) -> Truth:
        host = urlsplit(url).netloc
        facts = self.facts(url, article)
        self._root(host)
        fate = self.fate(host)
        if fate:
            return self._fated(url, host, fate, facts)
        return self._one_page(url, _chosen(PAGES, "page", url), facts)

    def _root(self, host: str) -> None:
        """The host's front page, and what stands behind the addresses that many sites have."""
        if host in self.done:
            return
        self.done.add(host)
        site = _site_of(host)
        front = notice(
            f"{site}: home",
            "All the news of the day, and what it means to you.",
            body="".join(f'<p><a href="/story/{n}">Story number {n} of {site}</a></p>' for n in range(30)),
        )  # fmt: skip
        for path in ("/", "/index.php", "/en/"):
            self._answer(f"//{host}{path}", Answer(body=front))
        for path, name in (("/news/", "News"), ("/tag/cloud", "Cloud")):
            links = "".join(f'<li><a href="/story/{n}">Story {n}</a></li>' for n in range(30))
            self._answer(
                f"//{host}{path}",
                Answer(body=notice(f"{name} | {site}", "All stories of this kind.", body=links)),
            )

    def _fated(self, url: str, host: str, fate: str, facts: Facts) -> Truth:
        answer = _whole_host(fate, host)
        if answer is not None:
            self._answer(f"//{host}/*", answer)
            if fate not in ("leads-home", "consent-gate"):
                self.web.answers[f"//{host}/"] = answer
            self._answer(f"//consent.{host}/*", _in_place("consent"))
            return Truth(kind=f"host {fate}")
        shown = self._general(host, fate, facts)
        self._answer(url, Answer(body=article_page(shown, number_of("dress", url))))
        # Nothing of what all pages say alike is the article's; the rest did not change.
        return Truth(kind=f"host {fate}", facts=facts)

    def _general(self, host: str, fate: str, facts: Facts) -> Facts:
        """The facts with one that all pages of the host have alike."""
        site = facts.site
        if fate == "general-excerpt":
            return replace(
                facts,
                excerpt=f"{site} is the leading source of news and analysis for people at work.",
            )
        if fate == "general-title":
            return replace(
                facts,
                title=f"{site} - news, sports and weather",
                excerpt="",
                published="",
                image="",
            )
        if fate == "general-image":
            logo = f"https://{host}/assets/share-logo.png"
            self._answer(logo, Answer(image=(1200, 630)))
            return replace(facts, image=logo)
        return replace(facts, published="2021-02-01T06:00:00Z")

    def _one_page(self, url: str, kind: str, facts: Facts) -> Truth:
        if kind == "moved-to-https" and not url.startswith("http:"):
            kind = "same"
        if kind in ("moved-vary", "moved-by-language") and _LOCALE.search(url):
            # The reader has chosen already: nobody is led by language from there.
            kind = "moved-locale"
        handler = next(
            (found for prefix, found in self._handlers.items() if kind.startswith(prefix)), None
        )
        assert handler is not None, kind
        return handler(self, url, kind, facts)

    def _serve(self, url: str, facts: Facts, head: str = "", words: str = "") -> None:
        """The page of some facts under an address."""
        dress = number_of("dress", facts.title, facts.site)
        self._answer(url, Answer(body=article_page(facts, dress, head, words)))

    def _same(self, url: str, kind: str, facts: Facts) -> Truth:
        if number_of("offer", url) % 3 == 0 and not facts.image:
            facts = replace(facts, image=self._new_image(url, (1200, 630)))
        self._serve(url, facts)
        return Truth(kind=kind, facts=facts)

    def _bare(self, url: str, kind: str, facts: Facts) -> Truth:
        self._answer(url, Answer(body=bare(facts.title)))
        return Truth(kind=kind, facts=replace(facts, published="", excerpt="", image=""))

    def _cookies(self, url: str, kind: str, facts: Facts) -> Truth:
        page = Answer(body=article_page(facts, number_of(url)), when=("cookie", "seen=1"))
        hop = Answer(status=302, location=url, headers=(("Set-Cookie", "seen=1; Path=/"),))
        self._answer(url, (page, hop))
        return Truth(kind=kind, facts=facts)

    def _gone_page(self, url: str, kind: str, _facts: Facts) -> Truth:
        self._answer(url, Answer(status=410) if number_of(url) % 2 else _gone())
        return Truth(kind=kind)

    def drifted(self, url: str, kind: str, facts: Facts) -> tuple[Facts, frozenset[str]]:
        """What the page says now, and the fields that changed."""
        new, names = facts, set()
        words = facts.title.split()
        if kind in ("drift-title", "drift-all") and facts.title:
            variants = (
                f"Update: {facts.title}",
                f"{facts.title}, and what comes next",
                f"What to know about {' '.join(words[:5])} now that it is here",
                f"{' '.join(reversed(words[:6]))}: the whole story",
            )
            new = replace(new, title=variants[number_of("title", url) % 4])
            names.add("title")
        if kind in ("drift-excerpt", "drift-all") and facts.excerpt:
            new = replace(
                new, excerpt=f"Now in short: {facts.title.lower()} was looked at again by the editors, who added to it."
            )  # fmt: skip
            names.add("excerpt")
        moment = moment_of(facts.published)
        if kind in ("drift-date", "drift-all") and moment:
            new = replace(new, published=(moment + timedelta(days=41)).isoformat())
            names.add("publishedDateTime")
        if kind == "drift-image" and facts.image:
            new = replace(new, image=self._new_image(url, (1600, 900)))
            names.add("image")
        if kind == "drift-dead-image":
            new = replace(
                new, image=f"https://{urlsplit(url).netloc}/media/lost-{number_of(url)}.jpg"
            )
        if kind == "drift-small-image":
            new = replace(new, image=self._new_image(url, (120, 90)))
        if kind == "drift-logo":
            host = urlsplit(url).netloc
            new = replace(new, image=f"https://{host}/assets/share-logo.png")
            self._answer(new.image, Answer(image=(400, 400)))
        return new, frozenset(names)

    def _new_image(self, url: str, size: tuple[int, int]) -> str:
        new = f"https://{urlsplit(url).netloc}/media/{number_of('image', url)}-{size[0]}x{size[1]}.png"
        self._answer(new, Answer(image=size))
        self.web.truths[new] = Truth(kind="image of a page", size=size)
        return new

    def _drift(self, url: str, kind: str, facts: Facts) -> Truth:
        new, names = self.drifted(url, kind, facts)
        self._serve(url, new, words=facts.excerpt)
        if kind in ("drift-dead-image", "drift-small-image", "drift-logo"):
            new = replace(new, image="")
        return Truth(kind=kind, facts=new, drift=names)

    def _paywall(self, url: str, kind: str, facts: Facts) -> Truth:
        text = notice(f"Subscribe to read | {facts.site}", "Become a member to read this story.")
        self._answer(url, Answer(body=text))
        return Truth(kind=kind)

    def _generic(self, url: str, kind: str, facts: Facts) -> Truth:
        self._serve(url, replace(facts, excerpt=f"Read the latest on {facts.site}."))
        return Truth(kind=kind, facts=facts)

    def _updated(self, url: str, kind: str, facts: Facts) -> Truth:
        """The same day of publication, and a later day of change."""
        moment = moment_of(facts.published)
        later = (moment + timedelta(days=200)).isoformat() if moment else ""
        head = f'<meta property="article:modified_time" content="{later}"><meta property="og:updated_time" content="{later}">'
        self._serve(url, facts, head)
        return Truth(kind=kind, facts=facts)

    # --------------------------------------------------------------------------------------- moves

    def _moved(self, url: str, kind: str, facts: Facts) -> Truth:
        way = self._way(url, kind, facts)
        there, drift = replace(facts, url=way.page), frozenset[str]()
        if kind == "moved-drift":
            there, drift = self.drifted(url, "drift-all", there)
        self._answer(url, Answer(status=way.status, location=way.led, headers=way.headers))
        if not way.is_hop and as_asked(way.led) != as_asked(way.page):
            known = replace(there, url=way.led) if way.calls_itself else there
            self._serve(way.led, known)
        ended = as_asked(way.page)
        if ended in self.web.truths:
            # The collection holds that address too, with a truth of its own.
            other = self.web.truths[ended]
            return replace(other, kind=kind, moved=way.written if other.kind == "same" else None)
        if way.is_served:
            self._serve(way.page, there, words=facts.excerpt)
            self.web.truths[ended] = Truth(kind="end", facts=there, drift=drift)
        return Truth(kind=kind, facts=there, drift=drift, moved=way.written)

    def _way(self, url: str, kind: str, facts: Facts) -> _Way:
        """The way that a moved page's old address leads."""
        parts = urlsplit(url)
        mark = f"{number_of('new', url) % 10**7}"
        base, name = f"https://{parts.netloc}", f"{_slug(facts.title)}-{mark}"
        new = f"{base}/stories/{name}"
        if kind in _PARAMETERS:
            added, calls_itself, is_clean = _PARAMETERS[kind]
            led = new + added.format(mark)
            return _Way(
                led, new, new if is_clean else None, calls_itself=calls_itself, is_served=is_clean
            )
        if kind in ("moved-twice", "moved-over-temporary"):
            middle = f"{base}/old/{mark}"
            permanent = kind == "moved-twice"
            self._answer(middle, Answer(status=301 if permanent else 302, location=new))
            return _Way(middle, new, new if permanent else None, is_hop=True)
        if kind == "moved-slash":
            return _slashed(url)
        if kind == "moved-temporary":
            return _Way(new, new, None, status=(302, 303, 307)[number_of(url) % 3])
        if kind in ("moved-locale", "moved-vary"):
            new = f"{base}/en-us/{name}"
            if kind == "moved-vary":
                return _Way(new, new, None, headers=(("Vary", "Accept-Language"),))
        if kind == "moved-to-https":
            new = f"https{url[4:]}"
        if kind == "moved-host":
            new = f"https://stories.{parts.netloc.removeprefix('www.')}/{name}"
        led = f"{new}#content" if kind == "moved-fragment" else new
        return _Way(led, new, led, status=308 if kind == "moved-308" else 301)

    def _by_language(self, url: str, kind: str, facts: Facts) -> Truth:
        new = f"https://{urlsplit(url).netloc}/en-us/{_slug(facts.title)}-{number_of('new', url) % 10**7}"
        german = new.replace("/en-us/", "/de-de/")
        there = replace(facts, url=new)
        self._serve(german, replace(there, url=german))
        self._serve(new, there)
        to_german = Answer(status=301, location=german, when=("accept-language", "de"))
        self._answer(url, (to_german, Answer(status=301, location=new)))
        return Truth(kind=kind, facts=there)

    def _led(self, url: str, kind: str, facts: Facts) -> Truth:
        """Redirects to something that is not the article's page."""
        host = urlsplit(url).netloc
        mark = number_of("led", url) % 10**7
        site = facts.site
        target = {
            "to-index": f"https://{host}/index.php",
            "to-en": f"https://{host}/en/",
            "to-root": f"https://{host}/",
            "to-other-root": "https://www.example-media-group.com/",
            "to-news": f"https://{host}/news/",
            "to-tag": f"https://{host}/tag/cloud",
            "to-titled-section": f"https://{host}/{_slug(facts.title)}/",
            "to-other-story": f"https://{host}/stories/another-story-{mark}",
            "to-login": f"https://accounts.{host}/login?next={url}",
            "to-404-page": f"https://{host}/errors/404",
            "to-gone": f"https://{host}/stories/gone-{mark}",
        }[kind]
        self._answer(url, Answer(status=301, location=target))
        match kind:
            case "to-other-root":
                self._root("www.example-media-group.com")
            case "to-titled-section":
                there = replace(facts, url=target)
                self._serve(target, there)
                return Truth(kind=kind, facts=there, moved=target)
            case "to-other-story":
                other = Facts(
                    url=target,
                    site=site,
                    title=f"Ten recipes for the cold days of the year {mark}",
                    excerpt="Soup, bread and what else is good in winter.",
                    published="2022-12-01T09:00:00Z",
                    image=f"https://{host}/media/soup-1200x630.png",
                )
                self._serve(target, other)
                self._answer(other.image, Answer(image=(1200, 630)))
            case "to-login":
                self._answer(f"//accounts.{host}/*", _in_place("login"))
            case "to-404-page":
                self._answer(target, _in_place("not-found"))
        return Truth(kind=kind)

    def _leads_on(self, url: str, kind: str, facts: Facts) -> Truth:
        new = f"https://{urlsplit(url).netloc}/stories/{_slug(facts.title)}-{number_of('on', url) % 10**7}"
        self._answer(url, Answer(body=stub(new, script=kind == "script")))
        if kind == "refresh-gone":
            return Truth(kind=kind)
        there, drift = replace(facts, url=new), frozenset[str]()
        if kind == "refresh-drift":
            there, drift = self.drifted(url, "drift-all", there)
        self._serve(new, there, words=facts.excerpt)
        return Truth(kind=kind, facts=there, drift=drift)

    def _placed(self, url: str, kind: str, _facts: Facts) -> Truth:
        name = kind.removeprefix("place-")
        answer = _in_place(name)
        self._answer(url, answer)
        note = ""
        parts = urlsplit(url)
        folder = parts.path.rstrip("/").rpartition("/")[0]
        if number_of("folder", url) % 2 and folder:
            # Any address of that folder gives it.
            self._answer(f"//{parts.netloc}{folder}/*", answer)
            note = " (folder)"
        return Truth(kind=f"{kind}{note}")

    def _owned(self, url: str, kind: str, _facts: Facts) -> Truth:
        host = urlsplit(url).netloc
        self._answer(url, Answer(body=casino() if kind == "hijacked-page" else parked(host)))
        return Truth(kind=kind)

    _handlers: ClassVar[Mapping[str, Callable[[_Builder, str, str, Facts], Truth]]] = {
        "same": _same, "bare": _bare, "cookies": _cookies, "gone": _gone_page, "drift": _drift,
        "paywall": _paywall, "generic": _generic, "updated": _updated,
        "moved-by-language": _by_language, "moved": _moved, "to-": _led,
        "refresh": _leads_on, "script": _leads_on, "place-": _placed, "hijacked": _owned, "parked": _owned,
    }  # fmt: skip

    # -------------------------------------------------------------------------------- AMP and images

    def _amp(self, url: str, article: Article) -> Truth:
        kind = _chosen(AMPS, "amp", url)
        parts = urlsplit(url)
        if parts.netloc.endswith(".cdn.ampproject.org"):
            kind = "same"
        web = next(
            (
                as_asked(one.raw)
                for one in article.places
                if one.at in PAGE_KEYS and is_web(one.raw)
            ),
            url,
        )
        facts = replace(self.facts(url, article), url=web)
        page = Answer(body=_amp_page(facts))
        new = f"https://{parts.netloc}/amp/stories/{_slug(facts.title)}-{number_of('amp', url) % 10**7}"
        name = f"amp {kind}"
        match kind:
            case "same":
                self._answer(url, page)
                return Truth(kind=name, facts=facts)
            case "moved":
                self._answer(url, Answer(status=301, location=new))
                self._answer(new, page)
                return Truth(kind=name, moved=new)
            case "temporary":
                self._answer(url, Answer(status=302, location=new))
                self._answer(new, page)
            case "to-root":
                self._answer(url, Answer(status=301, location=f"https://{parts.netloc}/"))
                self._root(parts.netloc)
            case "to-article":
                self._answer(url, Answer(status=301, location=web))
            case "gone":
                self._answer(url, _gone())
        return Truth(kind=name)

    def _image(self, url: str, article: Article, place: Place) -> Truth:
        kind = _chosen(IMAGES, "picture", url)
        if place.at.startswith("provider"):
            kind = "same"
        host = urlsplit(url).netloc
        prefix = place.at.removesuffix("/url")
        declared = _size_of(article.at(f"{prefix}/width"), article.at(f"{prefix}/height"))
        size = declared
        name = f"image {kind}"
        new = f"https://{host}/cdn/{number_of('cdn', url)}.png"
        removed = f"https://{host}/static/removed.png"
        match kind:
            case "same":
                self._answer(url, Answer(image=size))
            case "other-size":
                size = (max(200, declared[0] - 137), max(200, declared[1] + 61))
                self._answer(url, Answer(image=size))
            case "tiny":
                size = (60, 40)
                self._answer(url, Answer(image=size))
            case "moved" | "moved-utm":
                location = f"{new}?utm_source=cdn" if kind == "moved-utm" else new
                self._answer(url, Answer(status=301, location=location))
                self._answer(new, Answer(image=size))
                self._answer(location, Answer(image=size))
                self.web.truths[new] = Truth(kind="end", size=size)
                return Truth(kind=name, moved=new, size=size)
            case "temporary":
                self._answer(url, Answer(status=302, location=new))
                self._answer(new, Answer(image=size))
            case "html":
                self._answer(
                    url,
                    Answer(
                        body=notice("Image not found", "It was not found."),
                        content_type="text/html",
                    ),
                )
                return Truth(kind=name)
            case "captcha":
                self._answer(url, replace(_in_place("captcha"), content_type="text/html"))
                return Truth(kind=name)
            case "to-removed" | "to-removed-for-good":
                status = 302 if kind == "to-removed" else 301
                self._answer(url, Answer(status=status, location=removed))
                self._answer(removed, Answer(image=(161, 81)))
                return Truth(kind=name)
            case "to-root":
                self._answer(url, Answer(status=301, location=f"https://{host}/"))
                self._root(host)
                return Truth(kind=name)
            case "gone":
                self._answer(url, _gone())
                return Truth(kind=name)
        return Truth(kind=name, size=size)

    def _answer(self, url: str, answer: Answer | Sequence[Answer]) -> None:
        """The first answer of an address stays."""
        key = url if url.startswith("//") else as_asked(url)
        self.web.answers.setdefault(key, answer)


def _slashed(url: str) -> _Way:
    """The same address with its final slash put on or taken off: no news."""
    path, has_query, query = url.partition("?")
    new = path.rstrip("/") if path.endswith("/") and path.count("/") > 3 else f"{path}/"
    return _Way(f"{new}{has_query}{query}", f"{new}{has_query}{query}", None)


_PARAMETERS = {
    "moved-utm": ("?utm_source=old&utm_medium=redirect", False, True),
    "moved-fbclid": ("?fbclid=IwAR0{}", True, True),
    "moved-utm-only": ("?utm_source=old", True, False),
    "moved-session": (";jsessionid=7A{0}F00D7A{0}F00D", False, True),
    "moved-session-only": (";jsessionid=7A{0}F00D7A{0}F00D", True, False),
    "moved-cookie": ("?cookieSet=1", True, True),
    "moved-cookie-only": ("?cookieSet=1", True, False),
}
"""What is added to an address; whether the page calls that its own; whether the clean address serves it too."""


def _amp_page(facts: Facts) -> str:
    text = article_page(facts, 0)
    runtime = '<script async src="https://cdn.ampproject.org/v0.js"></script><style amp-boilerplate></style>'
    view = '<meta name="viewport" content="width=device-width">'
    return text.replace("<html ", "<html amp ", 1).replace("</head>", f"{view}{runtime}</head>", 1)


def _in_place(name: str) -> Answer:
    title, text, head, body = IN_PLACE[name]
    return Answer(body=notice(title, text, head=head, body=body))


def _whole_host(fate: str, host: str) -> Answer | None:
    """The one answer to every address of a host; None where its pages have their own."""
    root = f"https://{host}/"
    match fate:
        case "hijacked":
            return Answer(body=casino())
        case "parked":
            return Answer(body=parked(host))
        case "maintenance" | "captcha":
            return _in_place(fate)
        case "not-found-for-all" | "echo-for-all":
            return _in_place(fate.removesuffix("-for-all"))
        case "leads-home":
            return Answer(status=301, location=root)
        case "consent-gate":
            return Answer(status=302, location=f"https://consent.{host}/?continue={root}")
    return None


def _gone() -> Answer:
    return Answer(status=404)


def _site_of(host: str) -> str:
    names = host.removeprefix("www.").split(".")
    return (names[-2] if len(names) > 1 else names[0]).capitalize()


def _slug(title: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", title.lower())[:8]) or "story"


def _size_of(width: str, height: str) -> tuple[int, int]:
    if width.isdigit() and height.isdigit() and int(width) and int(height):
        return min(int(width), 6000), min(int(height), 6000)
    return 1200, 630


def counted(kinds: Iterable[str]) -> list[tuple[str, int]]:
    """How many of each kind, by name."""
    return sorted(Counter(kinds).items())
