"""Rules A3 to A7 by a whole run: AMP pages, addresses that belong together, and what is suggested."""

from __future__ import annotations

import csv
from dataclasses import dataclass

import pytest

from tests.end_to_end.collection import Collection, Image, Report, article
from tests.reporting.page_contents import data_of
from tests.web.rules import Answer, Rules, redirect
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-amp")

STORY, NEW = "/2020/a-story-of-note", "/culture/the-story-as-it-was"
AMP = f"{STORY}/amp"
TITLE = "The very title"


def story(
    host: str, *, amphtml: str | None = AMP, canonical: str = STORY, image: bool = False
) -> str:
    """An article's page, with a text of its host's own."""
    links = f'<link rel="canonical" href="https://{host}{canonical}">'
    if amphtml:
        links += f'<link rel="amphtml" href="{amphtml}">'
    if image:
        links += '<meta property="og:image" content="/one.png">'
    return f"<!doctype html><html><head><title>{TITLE}</title>{links}</head><body><h1>{TITLE}</h1><p>Words."


def amp_page(host: str, *, canonical: str = STORY) -> str:
    return (
        "<!doctype html><html ⚡><head><meta charset=utf-8>"
        '<script async src="https://cdn.ampproject.org/v0.js"></script>'
        f'<link rel="canonical" href="https://{host}{canonical}"><title>{TITLE}</title>'
        '<meta name="viewport" content="width=device-width"><style amp-boilerplate></style></head>'
        f"<body><h1>{TITLE}</h1><p>Words."
    )


@dataclass(frozen=True)
class Case:
    """An article of the host `NAME.example`, that host's answers, and the expected findings."""

    name: str
    web: str
    amp: str | Answer | None = None
    reasons: tuple[str, ...] = ()
    changes: tuple[tuple[str, str, str | None], ...] = ()
    cached: str | None = None
    path: str = STORY
    image: bool = True

    @property
    def host(self) -> str:
        return f"{self.name}.example"

    @property
    def cache(self) -> str:
        return f"https://{self.name}-example.cdn.ampproject.org/c/s/{self.host}{AMP}"

    @property
    def text(self) -> str:
        site = f"https://{self.host}"
        return article(
            TITLE,
            web=site + self.path,
            amp=None if self.amp is None else site + AMP,
            amp_cache=None if self.amp is None else self.cached or self.cache,
            images=[Image(f"{site}/one.png", (1200, 630))] if self.image else (),
        )


def site(name: str) -> str:
    return f"https://{name}.example"


CASES = [
    Case("whole", story("whole.example"), amp_page("whole.example"), ("amp-ok",)),
    Case(
        "left",
        story("left.example", amphtml=None),
        redirect(STORY),
        ("amp-redirects-to-canonical",),
        (
            ("ampWebUrl", "drop", None),
            ("cdnAmpWebUrl", "drop", None),
        ),
    ),
    Case("passing", story("passing.example"), redirect(STORY, 302), ("amp-redirects-to-canonical",)),
    Case("gone", story("gone.example"), Answer(status=410), ("amp-dead",)),
    Case("plain", story("plain.example"), story("plain.example"), ("amp-not-amp",)),
    Case(
        "foreign",
        story("foreign.example"),
        amp_page("foreign.example", canonical="/2020/quite-another-story"),
        ("amp-canonical-mismatch",),
    ),
    Case(
        "removed",
        story("removed.example", amphtml=None),
        amp_page("removed.example"),
        ("amphtml-link-removed",),
    ),
    Case(
        "wrong",
        story("wrong.example"),
        amp_page("wrong.example"),
        ("amp-ok", "amp-cache-mismatch"),
        (
            (
                "cdnAmpWebUrl",
                "replace",
                f"https://wrong-example.cdn.ampproject.org/c/s/wrong.example{AMP}",
            ),
        ),
        cached="https://wrong.example.cdn.ampproject.org/c/s/x",
    ),
    Case(
        "offering",
        story("offering.example"),
        reasons=("amp-offered",),
        changes=(
            ("ampWebUrl", "add", f"https://offering.example{AMP}"),
            (
                "cdnAmpWebUrl",
                "add",
                f"https://offering-example.cdn.ampproject.org/c/s/offering.example{AMP}",
            ),
        ),
    ),
    Case("walled", story("walled.example"), Answer(status=403)),
    Case(
        "renamed",
        story("renamed.example", canonical=NEW, amphtml=None),
        reasons=("canonical-differs",),
        changes=(("webUrl", "replace", f"{site('renamed')}{NEW}"),),
    ),
    Case("home", story("home.example", canonical="/", amphtml=None)),
    Case(
        "bare",
        story("bare.example", amphtml=None, image=True),
        image=False,
        changes=(("images/0", "add", f"{site('bare')}/one.png"),),
    ),
]  # fmt: skip
BY_NAME = {case.name: case for case in CASES}


@pytest.fixture(scope="module")
def collection(module_web: LoopbackWeb, tmp_path_factory: pytest.TempPathFactory) -> Collection:
    found = Collection(tmp_path_factory.mktemp("collection"))
    answers: dict[str, Answer] = {}
    for case in CASES:
        found.add(f"{case.name}.md", case.text)
        answers[f"//{case.host}{STORY}"] = Answer(body=case.web)
        if case.amp is not None:
            answer = case.amp if isinstance(case.amp, Answer) else Answer(body=case.amp)
            answers[f"//{case.host}{AMP}"] = answer
    for name in ("twin-one", "twin-two"):
        found.add(f"{name}.md", article(TITLE, web=f"{site('twins')}/2020/{name}-of-a-story"))
        page = story("twins.example", canonical="/2020/twin-one-of-a-story", amphtml=None)
        answers[f"//twins.example/2020/{name}-of-a-story"] = Answer(body=page)
    module_web.set_rules(Rules(answers))
    ended = found.audit(module_web, "--fail-on", "never")
    assert (ended.code, ended.stderr) == (0, "")
    return found


@pytest.fixture(scope="module")
def report(collection: Collection) -> Report:
    return collection.report()


@pytest.mark.parametrize("name", BY_NAME)
def test_each_article_has_its_findings_and_no_other(report: Report, name: str) -> None:
    case, found = BY_NAME[name], report.articles[f"{name}.md"]
    assert tuple(one["reason"] for one in (*found["amp"], *found["identity"])) == case.reasons
    changes = tuple((one["at"], one["kind"], one["new"]) for one in found["suggestions"])
    assert changes == case.changes


def test_articles_of_one_page_name_each_other(report: Report) -> None:
    one, two = (report.articles[f"{name}.md"]["identity"] for name in ("twin-one", "twin-two"))
    assert [(row["reason"], row["others"]) for row in one] == [
        ("canonical-shared", ["twin-two.md"])
    ]
    assert [(row["reason"], row["others"]) for row in two] == [
        ("canonical-differs", []),
        ("canonical-shared", ["twin-one.md"]),
    ]


def test_the_spreadsheet_and_the_page_show_them(collection: Collection) -> None:
    folder = collection.root / ".linkhealth" / "reports"
    with (folder / "report.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    kinds = {row["reason"]: row["kind"] for row in rows if row["kind"] in ("amp", "identity")}
    shown = {reason for case in CASES for reason in case.reasons} - {"amp-ok"}
    assert kinds.keys() == shown | {"canonical-shared"}
    (wrong,) = (row for row in rows if row["reason"] == "amp-cache-mismatch")
    assert wrong["suggestion"] == BY_NAME["wrong"].cache
    page = data_of((folder / "report.html").read_text("utf-8"))
    notes = {(note[0], note[4]) for note in page.head["notes"]}
    assert {(kind, reason) for reason, kind in kinds.items()} <= notes
    assert "amp-ok" not in {reason for _, reason in notes}


def test_nothing_of_it_is_written_into_the_files(collection: Collection) -> None:
    """Rule W1 fixes what the block holds."""
    text = "".join(path.read_text("utf-8") for path in collection.root.glob("*.md"))
    assert text.count("linkHealth:") == len(CASES) + 2
    assert "amp-cache-mismatch" not in text
    assert "canonical-" not in text
