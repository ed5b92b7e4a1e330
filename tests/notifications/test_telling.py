"""Nothing is lost and nothing is told twice: the marks of the state, target by target."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.model.held import HeldLink
from crawler.model.notification import Told
from crawler.notifications.telling import Fate, Teller, is_told
from crawler.operations.intake import take_in
from crawler.session import Session
from tests.notifications.local_receivers import HttpReceiver
from tests.notifications.three_runs import (
    ALIVE,
    BACK,
    BROKEN,
    DEAD,
    GONE,
    LOST,
    NEXT,
    NOW,
    Opened,
    a_run,
    add_run,
)
from tests.state.samples import DAY, HOUR, link

pytestmark = pytest.mark.server

Fates = dict[tuple[str, str], Fate]
SECONDS = 0.3


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The file of a target."""
    return tmp_path / "told.jsonl"


def told(session: Session, *, only: str | None = None, now: bool = False) -> Fates:
    outcomes = Teller(session, only=only, now=now).tell(SECONDS)
    return {(one.channel, one.target): one.fate for one in outcomes}


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def spans(file: Path) -> list[tuple[int, int]]:
    """The runs that each message is about."""
    return [(one["from"], one["to"]) for one in lines(file)]


def links(line: dict[str, Any]) -> dict[str, str]:
    return {one["url"]: one["change"] for group in line["owners"] for one in group["links"]}


def test_the_first_message_is_about_the_last_run_and_is_sent_once(
    opened: Opened, file: Path
) -> None:
    with opened(LINKHEALTH_NOTIFY=f"file:{file}") as session:
        assert told(session) == {("default", "file"): Fate.SENT}
        assert told(session) == {("default", "file"): Fate.NOTHING_NEW}
    with opened(LINKHEALTH_NOTIFY=f"file:{file}") as session:
        assert told(session) == {("default", "file"): Fate.NOTHING_NEW}
        known = session.state.told("default", "file")
        assert known is not None
        assert (known.run, known.at is not None) == (3, True)
    assert spans(file) == [(2, 3)]
    assert links(lines(file)[0]) == {
        NEXT: "new-broken",
        LOST: "confirmed-dead",
        BACK: "recovered",
    }


def test_what_could_not_be_sent_is_told_with_the_next_run(
    opened: Opened, root: Path, file: Path
) -> None:
    missing = file.parent / "folder" / "told.jsonl"
    target = f"file:{missing}"
    with opened(LINKHEALTH_NOTIFY=target) as session:
        assert told(session) == {("default", "file"): Fate.FAILED}
        assert session.state.told("default", "file") == Told(2)
    a_run(root, {NEXT: ALIVE, GONE: DEAD})
    with opened(LINKHEALTH_NOTIFY=target) as session:
        assert told(session) == {("default", "file"): Fate.FAILED}
    missing.parent.mkdir()
    with opened(LINKHEALTH_NOTIFY=target) as session:
        assert told(session) == {("default", "file"): Fate.SENT}
        assert told(session) == {("default", "file"): Fate.NOTHING_NEW}
    assert spans(missing) == [(2, 4)]
    # NEXT broke and came back before anybody was told.
    assert links(lines(missing)[0]) == {
        LOST: "confirmed-dead",
        GONE: "confirmed-dead",
        BACK: "recovered",
    }


def test_of_two_targets_only_the_one_that_failed_is_told_again(opened: Opened, file: Path) -> None:
    other = file.parent / "folder" / "told.jsonl"
    both = f"file:{file} file:{other}"
    with opened(LINKHEALTH_NOTIFY=both) as session:
        assert told(session) == {
            ("default", "file"): Fate.SENT,
            ("default", "file 2"): Fate.FAILED,
        }
        other.parent.mkdir()
        assert told(session) == {
            ("default", "file"): Fate.NOTHING_NEW,
            ("default", "file 2"): Fate.SENT,
        }
    assert spans(file) == spans(other) == [(2, 3)]


def test_a_server_that_fails_twice_is_told_once(opened: Opened) -> None:
    with HttpReceiver([500, 503]) as http:
        with opened(LINKHEALTH_NOTIFY=f"json://localhost:{http.port}/") as session:
            outcomes = Teller(session).tell(3.0)
        assert [one.fate for one in outcomes] == [Fate.SENT]
        assert len(http.received) == 3
        assert len({one.body for one in http.received}) == 1


def test_a_new_token_is_no_new_reader(opened: Opened, file: Path) -> None:
    with opened(LINKHEALTH_NOTIFY=f"file:{file}") as session:
        told(session)
    with opened(LINKHEALTH_NOTIFY=f"file:{file}.new") as session:
        assert told(session) == {("default", "file"): Fate.NOTHING_NEW}


def test_nothing_of_a_target_is_in_the_state(opened: Opened, root: Path) -> None:
    with opened(LINKHEALTH_NOTIFY="json://user:s3cret@localhost:1/s3cret") as session:
        (outcome,) = Teller(session).tell(SECONDS)
    assert outcome.fate is Fate.FAILED
    assert "localhost" not in outcome.sentence
    folder = root / ".linkhealth"
    assert not any(b"s3cret" in path.read_bytes() for path in folder.iterdir() if path.is_file())


def test_where_nothing_is_new_nothing_is_sent(opened: Opened, root: Path, file: Path) -> None:
    a_run(root, {LOST: DEAD})
    with opened(LINKHEALTH_NOTIFY=f"file:{file}") as session:
        assert told(session) == {("default", "file"): Fate.NOTHING_NEW}
        known = session.state.told("default", "file")
    assert known == Told(4)
    assert not file.exists()


def configure(root: Path, text: str) -> None:
    path = root / ".linkhealth.yml"
    path.write_text(f"{path.read_text()}notifications:\n  {text}\n")


@pytest.mark.parametrize(
    ("digest", "after", "is_sent"),
    [
        ("run", timedelta(seconds=1), True),
        ("daily", HOUR, False),
        ("daily", 21 * HOUR, False),
        # A night that begins a little earlier than the one before.
        ("daily", 23 * HOUR, True),
        ("weekly", 6 * DAY, False),
        ("weekly", 7 * DAY - HOUR, True),
        # The clock was wrong when it was told last.
        ("weekly", -DAY, True),
    ],
)
def test_a_digest_waits_for_its_day(
    opened: Opened, root: Path, file: Path, digest: str, after: timedelta, is_sent: bool
) -> None:
    configure(root, f"desk: {{digest: {digest}}}")
    target = {"LINKHEALTH_NOTIFY_DESK": f"file:{file}"}
    with opened(**target) as session:
        assert told(session) == {("desk", "file"): Fate.SENT}
    a_run(root, {NEXT: DEAD})
    a_run(root, {LOST: ALIVE})
    clock = (NOW + after).isoformat()
    with opened(**target, LINKHEALTH_CLOCK=clock) as session:
        assert told(session) == {("desk", "file"): Fate.SENT if is_sent else Fate.WAITS}
    if not is_sent:
        with opened(**target, LINKHEALTH_CLOCK=clock) as session:
            assert told(session, now=True) == {("desk", "file"): Fate.SENT}
    assert spans(file) == [(2, 3), (3, 5)]
    assert links(lines(file)[1]) == {NEXT: "confirmed-dead", LOST: "recovered"}


def test_a_digest_has_the_net_changes_of_its_time(opened: Opened, root: Path, file: Path) -> None:
    configure(root, "desk: {digest: weekly}")
    target = {"LINKHEALTH_NOTIFY_DESK": f"file:{file}"}
    with opened(**target) as session:
        told(session)
    for day, verdicts in enumerate(({GONE: ALIVE}, {GONE: BROKEN, NEXT: ALIVE}, {}), start=1):
        a_run(root, verdicts)
        with opened(**target, LINKHEALTH_CLOCK=(NOW + day * DAY).isoformat()) as session:
            assert told(session)[("desk", "file")] in (Fate.WAITS, Fate.NOTHING_NEW)
    with opened(**target, LINKHEALTH_CLOCK=(NOW + 7 * DAY).isoformat()) as session:
        assert told(session) == {("desk", "file"): Fate.SENT}
    assert spans(file)[1] == (3, 6)
    # GONE was well for a day in between.
    assert links(lines(file)[1]) == {NEXT: "recovered"}


def test_what_is_held_back_is_told_once_and_again_when_it_comes_back(
    opened: Opened, root: Path, file: Path
) -> None:
    configure(root, "desk: {about: [held]}")
    target = {"LINKHEALTH_NOTIFY_DESK": f"file:{file}"}

    def with_held(hold: bool) -> Fate:
        with opened(**target) as session:
            lost = link(session.state, LOST)
            found = [HeldLink("news/lost.md", lost.id, is_first=False)] if hold else []
            session.state.hold(found)
            return told(session)[("desk", "file")]

    fates = [with_held(hold) for hold in (True, True, False, True)]
    assert fates == [Fate.SENT, Fate.NOTHING_NEW, Fate.NOTHING_NEW, Fate.SENT]
    assert [one["held"][0]["cause"] for one in lines(file)] == ["http-410", "http-410"]


def test_one_channel_alone(opened: Opened, root: Path, file: Path) -> None:
    targets = {f"LINKHEALTH_NOTIFY_{name}": f"file:{file}.{name}" for name in ("A", "B")}
    with opened(**targets) as session:
        assert told(session, only="b") == {("b", "file"): Fate.SENT}
    assert spans(Path(f"{file}.B")) == [(2, 3)]
    assert not Path(f"{file}.A").exists()


def test_a_dry_run_sends_and_notes_nothing(opened: Opened, file: Path, http: HttpReceiver) -> None:
    targets = f"file:{file} json://localhost:{http.port}/ qqq:x"
    with opened(LINKHEALTH_NOTIFY=targets) as session:
        for _ in range(2):
            found = list(Teller(session).shown())
            assert [one.fate for one, _ in found] == [Fate.SENT, Fate.SENT, Fate.FAILED]
            assert json.loads(found[0][1])["to"] == 3
            assert found[1][1].startswith("linkhealth: 1 newly broken, 1 newly dead, 1 recovered")
            assert "would be told" in found[0][0].dry_sentence
        assert session.state.told("default", "file") is None
    assert (http.received, file.exists()) == ([], False)


def test_before_the_first_run_there_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: a\n---\n")
    environ = {"LINKHEALTH_NOTIFY": f"file:{tmp_path}/told"}
    with Session.open({"content": str(tmp_path)}, environ, exclusive=False) as session:
        assert told(session) == {}


@pytest.mark.parametrize(
    ("given", "is_whole"),
    [
        ({"content": "{root}"}, True),
        ({"content": "{root}/news"}, False),
        ({"content": "{root}/news/lost.md"}, False),
        ({"content": "{root}", "offline": "yes"}, False),
    ],
)
def test_runs_over_a_part_and_without_the_network_are_not_told(
    root: Path, given: dict[str, str], is_whole: bool
) -> None:
    named = {name: text.format(root=root) for name, text in given.items()}
    with Session.open(named, {}, exclusive=False) as session:
        assert is_told(session) is is_whole


@pytest.mark.postgres
def test_on_a_server_of_databases_under_its_lock(root: Path, file: Path, postgres_url: str) -> None:
    environ = {"LINKHEALTH_DATABASE_URL": postgres_url, "LINKHEALTH_NOTIFY": f"file:{file}"}
    with Session.open({"content": str(root)}, environ) as session:
        for _ in take_in(session):
            pass
        add_run(session.state, {LOST: ALIVE, NEXT: BROKEN})
        assert told(session) == {("default", "file"): Fate.SENT}
        add_run(session.state, {LOST: BROKEN, NEXT: BROKEN})
        assert told(session) == {("default", "file"): Fate.SENT}
        assert told(session) == {("default", "file"): Fate.NOTHING_NEW}
    assert [links(line) for line in lines(file)] == [
        {NEXT: "new-broken"},
        {LOST: "new-broken"},
    ]


def test_progress_is_told_where_something_is_sent(opened: Opened, file: Path) -> None:
    said: list[str] = []
    tell: Callable[[str], None] = said.append
    with opened(LINKHEALTH_NOTIFY=f"file:{file}") as session:
        Teller(session).tell(SECONDS, tell)
        Teller(session).tell(SECONDS, tell)
    assert said == ["sending messages"]
