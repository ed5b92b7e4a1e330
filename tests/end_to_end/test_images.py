"""Rules I4 to I16 by a whole run: an image and its near miss for every code, and what is suggested."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass

import pytest

from tests.end_to_end.collection import Collection, Image, Report, article
from tests.web import pages
from tests.web.origin import Request
from tests.web.rules import Answer
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-images")

FIT = (1400, 788)
TITLE = "The very title"
PAGE = "/2020/a-story-of-note"
CLOCK = "2026-11-23T07:00:00Z"
MANY = 10
LOGO = "https://logos.example/logo.png"
PNG = pages.png(*FIT)
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" width="{FIT[0]}" height="{FIT[1]}"><rect/></svg>'
HEAVY = PNG + bytes(9_000_000 - len(PNG))
OVER = PNG + bytes(1_000_001 - len(PNG))
AT = PNG + bytes(1_000_000 - len(PNG))


@dataclass(frozen=True)
class Case:
    """An article of the host `NAME.example` with one image there, and the expected findings."""

    name: str
    answer: Answer
    found: tuple[tuple[str, str], ...] = ()
    path: str = "/one.png"
    declared: tuple[int, int] | None = FIT
    scheme: str = "https"
    is_cached: bool = False

    @property
    def host(self) -> str:
        return f"{self.name}.example"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}{self.path}"

    @property
    def text(self) -> str:
        text = article(
            TITLE, web=f"https://{self.host}{PAGE}", images=[Image(self.url, self.declared)]
        )
        return (
            text.replace("images:\n", "images:\n", 1)
            if not self.is_cached
            else text.replace("    width:", "    isCached: true\n    width:", 1)
        )


def case(name: str, size: tuple[int, int], *found: tuple[str, str]) -> Case:
    """An image that is as large as the file says."""
    return Case(name, Answer(image=size), found, declared=size)


SMALL, DISCOVER = ("image-too-small", "info"), ("image-discover", "info")
CARD, EXPIRING = ("image-card", "info"), "image-expiring"
CASES = [
    case("fit", FIT),
    Case("dead", Answer(status=404), (("image-dead", "error"),), is_cached=True),
    Case("walled", Answer(status=403)),
    Case(
        "html",
        Answer(body=pages.page("No image"), content_type="text/html"),
        (("html-for-image", "error"),),
    ),
    Case("pdf", Answer(body="%PDF-1.7\n", content_type="image/png"), (("not-an-image", "error"),)),
    Case("odd-bytes", Answer(body=b"\x01\x02" * 50, content_type="image/png")),
    Case("resized", Answer(image=(700, 394)), (("size-mismatch", "info"), SMALL, DISCOVER)),
    Case(
        "other-shape",
        Answer(image=(1200, 1200)),
        (("size-mismatch", "warning"), ("aspect-mismatch", "warning")),
    ),
    Case("unsaid", Answer(image=FIT), (("size-missing", "info"),), declared=None),
    case("far-too-small", (199, 199), ("image-too-small", "error")),
    case("too-small", (200, 200), ("image-too-small", "warning")),
    case("smallish", (600, 315), SMALL, DISCOVER),
    case("low", (1200, 629), SMALL),
    case("enough", (1200, 630)),
    case("wide", (4097, 800), CARD),
    case("not-too-wide", (4096, 800)),
    Case("drawing", Answer(body=SVG, content_type="image/svg+xml"), (CARD,), "/one.svg"),
    Case("heavy", Answer(body=HEAVY, content_type="image/png"), (CARD, ("image-weight", "error"))),
    Case("over", Answer(body=OVER, content_type="image/png"), (("image-weight", "warning"),)),
    Case("at", Answer(body=AT, content_type="image/png")),
    Case(
        "mistyped",
        Answer(body=PNG, content_type="image/gif"),
        (("image-type-mismatch", "warning"),),
    ),
    Case(
        "misnamed",
        Answer(body=PNG, content_type="image/png"),
        (("image-type-mismatch", "info"),),
        "/one.gif",
    ),
    Case("untyped", Answer(body=PNG, content_type="application/octet-stream")),
    case("pixel", (2, 2), ("image-placeholder", "warning")),
    case("speck", (3, 2), ("image-too-small", "error")),
    Case(
        "ending",
        Answer(image=FIT),
        ((EXPIRING, "warning"),),
        "/one.png?Expires=1796083200&AWSAccessKeyId=K&Signature=s",
    ),
    Case(
        "ended",
        Answer(status=403),
        ((EXPIRING, "error"),),
        "/one.png?X-Amz-Date=20261101T000000Z&X-Amz-Expires=3600",
    ),
    Case("unending", Answer(image=FIT), (), "/one.png?expires=never&e=1234"),
    Case("plain", Answer(image=FIT), (("image-mixed-content", "warning"),), scheme="http"),
    case("bomb", (9000, 6000), ("image-bomb", "error")),
    case("not-quite", (4096, 4096)),
]


@dataclass(frozen=True)
class Outcome:
    report: Report
    rows: list[dict[str, str]]
    files: dict[str, bytes]
    again: dict[str, bytes]
    requests: list[Request]

    def found(self, name: str) -> list[tuple[str, str]]:
        sizes = self.report.articles[f"{name}.md"]["image_sizes"]
        return [(size["reason"], size["level"]) for size in sizes]

    def changes(self, name: str) -> list[tuple[str, str, str | None, str | None, str]]:
        changes = self.report.articles[f"{name}.md"]["suggestions"]
        return [
            tuple(one[key] for key in ("at", "kind", "old", "new", "reason")) for one in changes
        ]


def page(image: str | None = None) -> Answer:
    head = f'<meta property="og:image" content="{image}">' if image else ""
    return Answer(
        body=f"<!doctype html><html><head><title>{TITLE}</title>{head}</head><body><h1>{TITLE}</h1>"
    )


@pytest.fixture(scope="module")
def outcome(module_web: LoopbackWeb, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    collection = Collection(tmp_path_factory.mktemp("collection"))
    rules: dict[str, Answer] = {}
    for one in CASES:
        rules[f"//{one.host}{one.path}"] = one.answer
        rules[f"//{one.host}{PAGE}"] = page()
        collection.add(f"{one.name}.md", one.text)
    _better(collection, rules)
    _many(collection, rules)
    rules["//icons.example/icon.png"] = Answer(image=(50, 50))
    module_web.set_rules(rules)
    completed = collection.audit(module_web, "--fail-on", "new-broken", LINKHEALTH_CLOCK=CLOCK)
    assert completed.code == 2, completed.stderr
    report, files = collection.report(), collection.contents()
    requests = module_web.requests()
    with (collection.root / ".linkhealth/reports/report.csv").open(encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    later = collection.audit(module_web, LINKHEALTH_CLOCK="2026-12-02T07:00:00Z")
    assert later.code == 0, later.stderr  # nothing is newly dead
    return Outcome(report, rows, files, collection.contents(), requests)


def _better(collection: Collection, rules: dict[str, Answer]) -> None:
    """Add articles whose pages, or hosts, have a better image than the stored one."""
    for name, stored, offered in (
        ("better", Answer(status=404), Answer(image=(1200, 630))),
        ("larger", Answer(image=(300, 200)), Answer(image=(1200, 630))),
        ("no-larger", Answer(image=(300, 200)), Answer(image=(250, 200))),
        ("also-dead", Answer(status=404), Answer(status=404)),
        ("fine", Answer(image=FIT), Answer(image=(2000, 1000))),
    ):
        rules[f"//{name}.example{PAGE}"] = page("/new.png")
        rules[f"//{name}.example/one.png"] = stored
        rules[f"//{name}.example/new.png"] = offered
        image = Image(f"https://{name}.example/one.png", (300, 200))
        collection.add(
            f"{name}.md",
            article(TITLE, web=f"https://{name}.example{PAGE}", images=[image]),
        )
    rules["https://plain-only.example/one.png"] = Answer(status=404)
    rules["http://plain-only.example/one.png"] = Answer(image=FIT)
    rules[f"//plain-only.example{PAGE}"] = page()
    image = Image("http://plain-only.example/one.png", FIT)
    collection.add(
        "plain-only.md", article(TITLE, web=f"https://plain-only.example{PAGE}", images=[image])
    )


def _many(collection: Collection, rules: dict[str, Answer]) -> None:
    """Add a logo on as many pages as make a placeholder, and a picture on one fewer."""
    rules["//logos.example/*"] = Answer(image=FIT)
    for at in range(MANY):
        images = [Image(LOGO, FIT)] if at else [Image("https://logos.example/other-name.png", FIT)]
        rules[f"//logos.example/2020/story-number-{at}"] = page()
        web = f"https://logos.example/2020/story-number-{at}"
        icon = "provider:\n  images:\n    - url: https://icons.example/icon.png\n      width: 64\n      height: 64"
        collection.add(f"logo-{at}.md", article(TITLE, web=web, images=images, extra=icon))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_code_and_its_near_miss(outcome: Outcome, case: Case) -> None:
    assert outcome.found(case.name) == list(case.found)


def test_one_content_on_many_articles_is_a_placeholder_and_icons_are_quiet(
    outcome: Outcome,
) -> None:
    for at in range(MANY):
        assert outcome.found(f"logo-{at}") == [("image-placeholder", "warning")]


def test_a_dead_image_is_reported_once_with_its_copy(outcome: Outcome) -> None:
    (row,) = [row for row in outcome.rows if row["path"] == "dead.md"]
    assert (row["kind"], row["reason"]) == ("dead-link", "http-404")
    assert "isCached" in row["explanation"]
    (size,) = outcome.report.articles["dead.md"]["image_sizes"]
    assert size["is_cached"] is True
    assert outcome.report.url("https://dead.example/one.png")["verdict"] == "broken"
    block = outcome.files["dead.md"].decode()
    assert "reason: http-404" in block
    assert "imageSizes: []" in block


def test_blocks_hold_what_is_to_be_done_and_change_with_results_only(outcome: Outcome) -> None:
    assert "imageSizes: []" in outcome.files["smallish.md"].decode()
    ending = outcome.files["ending.md"].decode()
    assert "reason: image-expiring, ends: '2026-12-01'" in ending
    # The address has ended by then; the block said before when it would.
    assert outcome.again["ending.md"].decode() == ending


def test_true_sizes_are_suggested(outcome: Outcome) -> None:
    assert outcome.changes("resized") == [
        ("images/0/width", "replace", "1400", "700", "size-mismatch"),
        ("images/0/height", "replace", "788", "394", "size-mismatch"),
    ]
    assert outcome.changes("unsaid") == [
        ("images/0/width", "add", None, "1400", "size-missing"),
        ("images/0/height", "add", None, "788", "size-missing"),
    ]
    assert outcome.changes("fit") == []


@pytest.mark.parametrize(
    ("name", "reason"), [("better", "image-dead"), ("larger", "image-too-small")]
)
def test_the_pages_image_is_suggested_with_its_measured_size(
    outcome: Outcome, name: str, reason: str
) -> None:
    old, new = f"https://{name}.example/one.png", f"https://{name}.example/new.png"
    assert outcome.changes(name) == [
        ("images/0", "replace", old, new, reason),
        ("images/0/width", "replace", "300", "1200", reason),
        ("images/0/height", "replace", "200", "630", reason),
    ]
    assert [one.url for one in outcome.requests].count(new) == 1
    assert new not in outcome.report.urls


@pytest.mark.parametrize("name", ["no-larger", "also-dead"])
def test_what_is_no_better_is_not_suggested_for_that(outcome: Outcome, name: str) -> None:
    reasons = {change[-1] for change in outcome.changes(name)}
    assert reasons <= {"image", "image-offered"}


def test_another_image_of_the_page_is_seen_before_it_is_suggested(outcome: Outcome) -> None:
    old, new = "https://fine.example/one.png", "https://fine.example/new.png"
    assert [one.url for one in outcome.requests].count(new) == 1
    assert ("images/0", "replace", old, new, "image") in outcome.changes("fine")


def test_https_is_suggested_where_it_answers_too(outcome: Outcome) -> None:
    plain = "http://plain.example/one.png"
    https = "https://plain.example/one.png"
    assert outcome.changes("plain") == [
        ("images/0", "replace", plain, https, "image-mixed-content")
    ]
    assert outcome.changes("plain-only") == []
    (row,) = [row for row in outcome.rows if row["path"] == "plain.md"]
    assert (row["reason"], row["suggestion"]) == ("image-mixed-content", https)


def test_nothing_is_asked_twice_but_what_failed_in_a_burst(outcome: Outcome) -> None:
    # Whether the five images that are gone meet in a burst (rule O16) depends on how busy the machine is.
    gone = {
        "https://dead.example/one.png",
        "https://better.example/one.png",
        "https://also-dead.example/one.png",
        "https://also-dead.example/new.png",
        "https://plain-only.example/one.png",
    }
    asked = Counter(one.url for one in outcome.requests)
    assert {url for url, times in asked.items() if times > 1} <= gone
    assert max(asked.values()) <= 2
