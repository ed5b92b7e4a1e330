"""The modes of write-back, one after the other, on a state that was filled without a network."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from crawler.model.article import ProblemCode
from crawler.model.observation import Hop, ImageFacts, Observation
from crawler.operations.intake import take_in
from crawler.operations.judging import judge_visit
from crawler.operations.stripping import strip_files
from crawler.operations.write_back import Outcome, write_back
from crawler.rules.policy import WriteBack
from crawler.session import Session
from crawler.sidecar import updating as sidecar
from crawler.sidecar.shards import shard_of
from tests.end_to_end.collection import Collection, Image, article

DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
WEEK = timedelta(weeks=1)
FINE, LOST, MOVED, NEW = (
    f"https://site.example/{name}" for name in ("fine", "lost", "moved", "new")
)
PICTURE, FITTING = "https://pictures.example/a.png", "https://pictures.example/b.png"
ONLY_RELATED = "https://other.example/lost"
GONE = (LOST, ONLY_RELATED)
FILES = {
    "_news/fine.md": article(web=FINE, images=[Image(FITTING, (1600, 1200))]),
    "_news/lost.md": article(web=LOST, related=[ONLY_RELATED, FINE]),
    "_news/moved.md": article(web=MOVED, images=[Image(PICTURE, (400, 400))], related=[LOST]),
}
NAME = "_data/link-health"
SHARD = f"{NAME}/{shard_of(LOST)}.json"


def collection_at(root: Path) -> Collection:
    collection = Collection(root)
    for name, text in FILES.items():
        collection.add(name, text)
    return collection


def session_of(root: Path, mode: str, now: datetime = DAY, **options: str) -> Session:
    given = {"content": str(root), "write_back": mode, **options}
    return Session.open(given, {"LINKHEALTH_CLOCK": now.isoformat()})


def visit(
    session: Session, gone: Iterable[str], now: datetime, *, only: Iterable[str] | None = None
) -> None:
    """Take the files in, and see every URL, or only some, as a crawl would."""
    for _ in take_in(session):
        pass
    run = session.state.start_run(now)
    for entry in list(session.state.link_entries()):
        url = entry.link.url
        if only is None or url in only:
            judge_visit(session, entry.link.id, seen(url, run.id, now, gone=url in gone))


def seen(url: str, run: int, now: datetime, *, gone: bool) -> Observation:
    if gone:
        return Observation(url, now, run, status=404, content_type="text/html")
    image = ImageFacts("PNG", 1600, 1200, 90_000, 90) if url.endswith(".png") else None
    hops = (Hop(MOVED, 301),) if url == MOVED else ()
    kind = "image/png" if image else "text/html"
    return Observation(
        url,
        now,
        run,
        status=200,
        hops=hops,
        final_url=NEW if hops else url,
        content_type=kind,
        image=image,
    )


def written(root: Path, mode: str, now: datetime = DAY, **options: str) -> Outcome:
    """Write back, as a run with nothing due does."""
    with session_of(root, mode, now, **options) as session:
        for _ in take_in(session):
            pass
        return write_back(session)


def crawled(root: Path, mode: str, gone: Iterable[str] = GONE, now: datetime = DAY) -> Outcome:
    with session_of(root, mode, now) as session:
        visit(session, gone, now)
        return write_back(session)


def sidecar_notes(root: Path, folder: str = NAME) -> dict[str, object]:
    """The notes of the sidecar, by URL."""
    found: dict[str, object] = {}
    for path in sorted((root / folder).glob("*.json")):
        loaded = json.loads(path.read_bytes())
        assert loaded.pop("linkHealth") == {"schema": 1}
        found |= loaded
    return found


def originals(contents: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in contents.items() if name.startswith("_news/")}


@pytest.fixture(scope="module")
def by_mode(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bytes]]:
    """The collection after each mode, from the original files."""
    found = {}
    for mode in WriteBack:
        collection = collection_at(tmp_path_factory.mktemp(mode.value))
        crawled(collection.root, mode.value)
        found[mode.value] = collection.contents()
    return found


def test_what_each_mode_writes(by_mode: dict[str, dict[str, bytes]]) -> None:
    plain = {name: text.encode() for name, text in FILES.items()}
    assert by_mode["no"] == plain
    blocks = {
        mode: {name for name, data in contents.items() if b"linkHealth:" in data}
        for mode, contents in by_mode.items()
    }
    sick = {"_news/lost.md", "_news/moved.md"}
    assert blocks == {
        "no": set(),
        "own": set(FILES),
        "all": set(FILES),
        "problems": sick,
        "sidecar": set(),
    }
    assert originals(by_mode["sidecar"]) == plain
    assert b"\n  related:\n" in by_mode["all"]["_news/lost.md"]
    assert b"related/0/webUrl" in by_mode["all"]["_news/moved.md"]
    assert (
        b"linkHealth:\n" + by_mode["own"]["_news/fine.md"].partition(b"linkHealth:\n")[2]
        in (by_mode["all"]["_news/fine.md"])
    )


def test_what_the_sidecar_says(tmp_path: Path) -> None:
    crawled(collection_at(tmp_path).root, "sidecar")
    day = {"since": "2026-03-01"}
    assert sidecar_notes(tmp_path) == {
        LOST: {"verdict": "broken", "reason": "http-404", **day},
        ONLY_RELATED: {"verdict": "broken", "reason": "http-404", **day},
        MOVED: {"verdict": "moved", "reason": "moved-permanently", **day, "suggestion": NEW},
        PICTURE: {
            "verdict": "alive",
            "reason": "http-200",
            **day,
            "image": {"width": 1600, "height": 1200},
        },
    }


@pytest.mark.slow
@pytest.mark.parametrize("before", WriteBack)
@pytest.mark.parametrize("after", WriteBack)
def test_modes_converge(
    before: WriteBack, after: WriteBack, by_mode: dict[str, dict[str, bytes]], tmp_path: Path
) -> None:
    """Whatever was written before, a mode gives the same result as from the original files."""
    collection = collection_at(tmp_path)
    crawled(tmp_path, before.value)
    written(tmp_path, after.value)
    expected = by_mode[before.value if after is WriteBack.NO else after.value]
    assert collection.contents() == expected
    files = collection.files()
    assert written(tmp_path, after.value, DAY + WEEK) == Outcome(
        articles=0 if after is WriteBack.NO else 3
    )
    assert collection.files() == files
    assert (tmp_path / "_data").exists() is (expected is by_mode["sidecar"])


@pytest.mark.parametrize("mode", WriteBack)
def test_strip_takes_everything_away(mode: WriteBack, tmp_path: Path) -> None:
    collection = collection_at(tmp_path)
    crawled(tmp_path, mode.value)
    with session_of(tmp_path, "no") as session:
        outcome = strip_files(session)
    assert collection.contents() == {name: text.encode() for name, text in FILES.items()}
    assert bool(outcome.removed) is (mode is WriteBack.SIDECAR)
    assert not (tmp_path / "_data").exists()


@pytest.mark.parametrize(
    ("mode", "touched"),
    [
        ("no", set()),
        ("own", {"_news/lost.md"}),
        ("problems", {"_news/lost.md"}),
        ("all", {"_news/lost.md", "_news/moved.md"}),
        ("sidecar", {SHARD}),
    ],
)
def test_a_result_that_changes_touches_only_the_files_it_concerns(
    mode: str, touched: set[str], tmp_path: Path
) -> None:
    collection = collection_at(tmp_path)
    crawled(tmp_path, mode)
    before = collection.files()
    outcome = crawled(tmp_path, mode, (ONLY_RELATED,), DAY + WEEK)
    after = collection.files()
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert changed == touched == set(outcome.written)


@pytest.mark.parametrize("mode", ["own", "problems", "all", "sidecar"])
def test_since_changes_with_the_result_only(mode: str, tmp_path: Path) -> None:
    collection = collection_at(tmp_path)
    crawled(tmp_path, mode)
    files = collection.files()
    # Seen to be so again, without becoming dead: three strikes take longer than four days.
    crawled(tmp_path, mode, GONE, DAY + timedelta(days=4))
    assert collection.files() == files
    crawled(tmp_path, mode, GONE, DAY + 2 * WEEK)
    now = b"\n".join(
        data for name, data in collection.contents().items() if data != files.get(name, (b"", 0))[0]
    )
    assert b"dead" in now
    # It has been failing since the first visit, whatever the reason then.
    assert b"2026-03-01" in now


def test_an_image_keeps_the_day_of_its_line(tmp_path: Path) -> None:
    crawled(collection_at(tmp_path).root, "sidecar")
    (line,) = [line for line in text_of(tmp_path) if PICTURE in line]
    crawled(tmp_path, "sidecar", (*GONE, PICTURE), DAY + WEEK)
    crawled(tmp_path, "sidecar", GONE, DAY + 2 * WEEK)
    (later,) = [line for line in text_of(tmp_path) if PICTURE in line]
    # It was gone in between: that is another result.
    assert later == line.replace("2026-03-01", "2026-03-15")


def text_of(root: Path) -> list[str]:
    return [
        line for path in (root / NAME).iterdir() for line in path.read_text("utf-8").split("\n")
    ]


def many(root: Path, count: int) -> Collection:
    collection = Collection(root)
    for number in range(count):
        collection.add(f"{number}.md", article(web=f"https://site.example/{number}"))
    return collection


def test_a_mass_change_is_held_back(tmp_path: Path) -> None:
    collection = many(tmp_path, 12)
    urls = [f"https://site.example/{number}" for number in range(12)]
    crawled(tmp_path, "sidecar", urls[:1], DAY - 4 * WEEK)
    crawled(tmp_path, "sidecar", urls, DAY)
    written(tmp_path, "sidecar", DAY, accept_mass_change="yes")
    assert len(sidecar_notes(tmp_path)) == 12
    before = collection.files()
    for week in (1, 2):
        outcome = crawled(tmp_path, "sidecar", urls, DAY + week * WEEK)
    assert (outcome.held, outcome.articles) == (11, 12)
    assert outcome.warning is not None
    after = sidecar_notes(tmp_path)
    # The first became dead by itself, before the others.
    verdicts = {url: after[url]["verdict"] for url in urls}  # type: ignore[index]
    assert verdicts == {urls[0]: "dead"} | dict.fromkeys(urls[1:], "broken")
    accepted = written(tmp_path, "sidecar", DAY + 2 * WEEK, accept_mass_change="yes")
    assert accepted.held == 0
    assert {value["verdict"] for value in sidecar_notes(tmp_path).values()} == {"dead"}  # type: ignore[index]
    assert before.keys() == collection.files().keys()


def test_a_switch_during_a_mass_change_keeps_the_blocks_of_those_that_are_held(
    tmp_path: Path,
) -> None:
    many(tmp_path, 12)
    urls = [f"https://site.example/{number}" for number in range(11)]
    crawled(tmp_path, "own", urls, DAY)
    for week in (1, 2):
        outcome = crawled(tmp_path, "sidecar" if week == 2 else "no", urls, DAY + week * WEEK)
    assert (outcome.held, outcome.written) == (11, ("11.md",))
    assert sidecar_notes(tmp_path) == {}
    assert b"verdict: broken" in (tmp_path / "0.md").read_bytes()
    written(tmp_path, "sidecar", DAY + 2 * WEEK, accept_mass_change="yes")
    assert sidecar_notes(tmp_path).keys() == set(urls)
    assert b"linkHealth" not in (tmp_path / "0.md").read_bytes()


def test_a_file_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    collection = collection_at(tmp_path)
    theirs = b'{"https://site.example/lost": "mine"}\n'
    collection.add(SHARD, theirs)
    collection.add(f"{NAME}/notes.txt", b"-")
    outcome = crawled(tmp_path, "sidecar")
    assert [(one.path, one.code) for one in outcome.refused] == [(SHARD, ProblemCode.WRITE_REFUSED)]
    assert collection.contents()[SHARD] == theirs
    with session_of(tmp_path, "own") as session:
        (problem,) = session.state.problems()
        assert "not made by linkhealth" in problem.message
        assert session.state.summary(None).articles == 3
    written(tmp_path, "own")
    left = {name for name in collection.contents() if name.startswith("_data")}
    assert left == {SHARD, f"{NAME}/notes.txt"}
    with session_of(tmp_path, "own") as session:
        assert session.state.problems() == []


def test_an_article_of_that_name_stays_one(tmp_path: Path) -> None:
    collection = collection_at(tmp_path)
    text = article(web=FINE)
    collection.add(SHARD, text)
    outcome = crawled(tmp_path, "sidecar")
    assert [one.path for one in outcome.refused] == [SHARD]
    assert collection.contents()[SHARD] == text.encode()
    with session_of(tmp_path, "no") as session:
        assert len(list(session.state.known_articles())) == 4
        assert [one.code for one in session.state.problems()] == [ProblemCode.WRITE_REFUSED]


@pytest.mark.parametrize("link", ["_data", NAME, SHARD])
def test_nothing_is_written_through_a_link_that_leads_out(link: str, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (outside / "link-health").mkdir(parents=True)
    (outside / Path(SHARD).name).write_bytes(b'{\n"linkHealth": {"schema": 1}\n}\n')
    root = collection_at(tmp_path / "content").root
    (root / link).parent.mkdir(parents=True, exist_ok=True)
    (root / link).symlink_to(outside / Path(SHARD).name if link.endswith("json") else outside)
    before = sorted(outside.rglob("*"))
    outcome = crawled(root, "sidecar")
    assert SHARD in {one.path for one in outcome.refused}
    assert {one.code for one in outcome.refused} == {ProblemCode.LEADS_OUTSIDE}
    written(root, "own")
    assert sorted(outside.rglob("*")) == before
    assert (outside / Path(SHARD).name).read_bytes() == b'{\n"linkHealth": {"schema": 1}\n}\n'
    assert (root / link).is_symlink()


def test_a_damaged_file_of_ours_is_made_again(tmp_path: Path) -> None:
    collection = collection_at(tmp_path)
    crawled(tmp_path, "sidecar")
    whole = collection.contents()
    path = tmp_path / SHARD
    path.write_bytes(b"{\n<<<<<<< HEAD\n" + path.read_bytes().partition(b"{\n")[2])
    written(tmp_path, "sidecar", DAY + WEEK)
    assert collection.contents() == whole


def test_hugo_and_a_folder_of_ones_own(tmp_path: Path) -> None:
    collection = collection_at(tmp_path)
    collection.add("hugo.toml", "")
    crawled(tmp_path, "sidecar")
    said = sidecar_notes(tmp_path, "data/link-health")
    assert said.keys() == {LOST, ONLY_RELATED, MOVED, PICTURE}
    collection.add(".linkhealth.yml", "sidecar_folder: data/deep/links\n")
    written(tmp_path, "sidecar", DAY + WEEK)
    assert sidecar_notes(tmp_path, "data/deep/links") == said
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == ["deep"]
    (tmp_path / ".linkhealth.yml").unlink()
    (tmp_path / "hugo.toml").unlink()
    written(tmp_path, "sidecar", DAY + WEEK)
    assert sidecar_notes(tmp_path) == said


def test_a_single_file_changes_only_its_own_urls(tmp_path: Path) -> None:
    collection = Collection(tmp_path)
    for name, text in FILES.items():
        collection.add(Path(name).name, text)
    crawled(tmp_path, "sidecar")
    said = sidecar_notes(tmp_path)
    collection.add("moved.md", article(web="https://site.example/elsewhere"))
    collection.add("lost.md", article(web=MOVED))
    (tmp_path / ".linkhealth").rename(tmp_path / "..old-state")
    outcome = crawled(tmp_path / "lost.md", "sidecar", (MOVED,), DAY + WEEK)
    assert len(outcome.written) == 1
    assert sidecar_notes(tmp_path) == said | {
        MOVED: {"verdict": "broken", "reason": "http-404", "since": "2026-03-08"}
    }
    written(tmp_path / "lost.md", "own", DAY + WEEK)
    assert MOVED in sidecar_notes(tmp_path)


def test_a_url_that_was_not_visited_again_keeps_its_note(tmp_path: Path) -> None:
    """The state is lost, and the first run after that is a short one."""
    collection = collection_at(tmp_path)
    crawled(tmp_path, "sidecar")
    before = collection.contents()
    (tmp_path / ".linkhealth").rename(tmp_path / "..old-state")
    with session_of(tmp_path, "sidecar", DAY + WEEK) as session:
        visit(session, (), DAY + WEEK, only=[FINE])
        assert write_back(session).written == ()
    assert {n: d for n, d in collection.contents().items() if "old-state" not in n} == before


def related_entry(number: int) -> str:
    return (
        f"  - title: Story {number}\n    webUrl: https://site.example/{number}\n"
        f"    images:\n      - url: https://pictures.example/{number}.png\n"
        "        width: 400\n        height: 300\n"
    )


def test_related_findings_of_all_kinds_dead_links_first(tmp_path: Path) -> None:
    collection = Collection(tmp_path)
    related = "related:\n" + "".join(map(related_entry, range(20)))
    collection.add("many.md", article(web=FINE, extra=related))
    collection.add("few.md", article(web=MOVED, extra="related:\n" + related_entry(3)))
    gone = [f"https://site.example/{number}" for number in (3, 7)]
    crawled(tmp_path, "all", gone)
    block = yaml.safe_load(collection.contents()["many.md"].split(b"---")[1])["linkHealth"]
    shown = [(entry["at"], entry["reason"]) for entry in block["related"]]
    assert shown[:2] == [("related/3/webUrl", "http-404"), ("related/7/webUrl", "http-404")]
    assert shown[2:] == [(f"related/{number}/images/0", "size-mismatch") for number in range(18)]
    assert block["more"] == 2
    assert block["deadLinks"] == block["imageSizes"] == []
    before = collection.files()
    # Story 7 is shown in one file only; nothing else is touched.
    outcome = crawled(tmp_path, "all", gone[:1], DAY + WEEK)
    assert outcome.written == ("many.md",)
    after = collection.files()
    assert after["few.md"] == before["few.md"]
    block = yaml.safe_load(after["many.md"][0].split(b"---")[1])["linkHealth"]
    assert (len(block["related"]), block["more"]) == (20, 1)


def test_a_file_that_grows_too_large_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection = collection_at(tmp_path)
    crawled(tmp_path, "sidecar", (LOST,))
    before = collection.contents()
    monkeypatch.setattr(sidecar, "LARGEST_FILE", 10)
    outcome = crawled(tmp_path, "sidecar", (LOST, FITTING, FINE), DAY + WEEK)
    assert {one.code for one in outcome.refused} == {ProblemCode.FILE_TOO_LARGE}
    refused = {one.path for one in outcome.refused}
    after = collection.contents()
    assert {name: after.get(name) for name in refused} == {
        name: before.get(name) for name in refused
    }


def test_a_run_that_was_killed_in_between_is_finished_by_the_next(tmp_path: Path) -> None:
    """Half of the sidecar is old or missing, and the old blocks are still there."""
    collection = collection_at(tmp_path)
    crawled(tmp_path, "own")
    blocks = collection.contents()
    written(tmp_path, "sidecar")
    whole = collection.contents()
    (tmp_path / SHARD).unlink()
    for name, data in blocks.items():
        (tmp_path / name).write_bytes(data)
    written(tmp_path, "sidecar", DAY + WEEK)
    assert collection.contents() == whole
