"""What `linkhealth apply` does and refuses; tests/end_to_end/test_repair.py follows an editor's round trip."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.commands.apply import Command
from crawler.configuration import ConfigurationError
from crawler.model.check import ChangeKind, FieldChange
from crawler.model.observation import ImageFacts, PageFacts
from crawler.model.repair import Repair, RepairKind
from crawler.model.verdict import VerdictKind
from crawler.operations.intake import take_in
from crawler.operations.repair.commit import _TITLES, Worktree
from crawler.session import Session
from crawler.state import open_state
from tests.commands.after_a_crawl import (
    AMP,
    CACHE,
    FOUND,
    HOST,
    LOST,
    NEW,
    NOW,
    OLD,
    PICTURE,
    crawled_collection,
    see_moved,
)
from tests.end_to_end.collection import Collection, Image, article
from tests.state.samples import link, visit

Apply = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection as it stands after a crawl at noon; to be copied."""
    return crawled_collection(tmp_path_factory.mktemp("crawled"))


@pytest.fixture
def collection(crawled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Collection:
    """That collection, for one test; it is still noon."""
    monkeypatch.setenv("LINKHEALTH_CLOCK", NOW.isoformat())
    return Collection(shutil.copytree(crawled, tmp_path / "articles"))


@pytest.fixture
def apply(collection: Collection, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Apply:
    """Run the command; rows are written as YAML first."""

    def run(*arguments: str, rows: str = "", content: str = "") -> tuple[int, str, str]:
        decisions = tmp_path / "decided.yml"
        if rows:
            decisions.write_text(rows, "utf-8")
        command = Command()
        command.settings = Settings()
        parser = argparse.ArgumentParser(conflict_handler="resolve")
        command.add_options(parser)
        where = ["--content", content or str(collection.root)]
        opts, rest = parser.parse_known_args([*arguments, *where])
        command.run([*([str(decisions)] if rows else []), *rest], opts)
        output = capsys.readouterr()
        return command.exitcode, output.out, output.err

    return run


def text(collection: Collection, name: str) -> str:
    return (collection.root / name).read_bytes().decode()


def stands(collection: Collection, name: str, line: str) -> bool:
    return f"\n{line}\n" in text(collection, name)


def test_moves_are_taken_where_articles_hold_them(apply: Apply, collection: Collection) -> None:
    code, out, err = apply("--suggested", "moves", "--write")
    assert (code, err) == (0, "")
    assert "2 files changed\n  2 moves\n" in out
    assert stands(collection, "moved.md", f'webUrl: "{NEW}"')
    assert stands(collection, "also.md", f'    webUrl: "{OLD}"')
    code, out, _ = apply("--suggested", "moves", "--write")
    assert out == "0 files changed\n", "the new address has not been visited yet"


def test_related_articles_change_where_asked(apply: Apply, collection: Collection) -> None:
    _, out, _ = apply("--suggested", "moves", "--write", "--related")
    assert "  3 moves\n" in out
    assert stands(collection, "also.md", f'    webUrl: "{NEW}"')


def test_true_sizes_are_taken(apply: Apply, collection: Collection) -> None:
    _, out, _ = apply("--suggested", "image-sizes", "--write")
    assert "1 file changed\n  2 image-sizes\n" in out
    assert stands(collection, "lost.md", "    width: 1024")
    assert stands(collection, "lost.md", "    height: 576")


def test_true_sizes_of_related_articles_are_taken_where_asked(
    apply: Apply, collection: Collection
) -> None:
    image = f'    images:\n      - url: "{PICTURE}"\n        width: 9\n        height: 8\n'
    text = article(web=FOUND, related=[FOUND]).replace("\n\nsecured", f"\n{image}\nsecured")
    collection.add("related.md", text)
    _, out, _ = apply("--suggested", "image-sizes")
    assert "  2 image-sizes\n" in out
    _, out, _ = apply("--suggested", "image-sizes", "--related", "--write")
    assert "2 files changed\n  4 image-sizes\n" in out
    assert stands(collection, "related.md", "        width: 1024")


def test_an_editors_own_day_is_written(apply: Apply, collection: Collection) -> None:
    rows = (
        "- {path: dated.md, at: publishedDateTime, declared: 2019-03-04,"
        " decision: replace, new_value: 2021-05-06}\n"
    )
    code, _, err = apply("--write", rows=rows)
    assert (code, err) == (0, "")
    assert stands(collection, "dated.md", "publishedDateTime: 2021-05-06")


@pytest.mark.parametrize("declared", [(90, 80), None])
def test_a_better_image_comes_with_its_size(
    apply: Apply, collection: Collection, declared: tuple[int, int] | None
) -> None:
    """The image of the page was visited as a candidate and is larger than the stored one."""
    small, better = f"{HOST}/small.png", f"{HOST}/better.png"
    collection.add(
        "small.md", article(web=f"{HOST}/a-story-small", images=[Image(small, declared)])
    )
    with Session.open({"content": str(collection.root)}, os.environ) as session:
        for _ in take_in(session):
            pass
        run = session.state.start_run(NOW).id
        page = PageFacts(title="A title", titles=("A title",), image=better)
        visit(session.state, run, f"{HOST}/a-story-small", at=NOW, page=page)
        visit(session.state, run, small, at=NOW, image=ImageFacts("PNG", 90, 80, 900, 30, 90, 80))
        assert session.state.due_candidate(better, NOW, run) is not None
        visit(session.state, run, better, at=NOW, image=ImageFacts("PNG", 1200, 630, 9, 9))
    rows = (
        "- {kind: image, reason: image-too-small, path: small.md, at: images/0,"
        f" url: '{small}', actual: 90x80, suggestion: '{better}', decision: accept}}\n"
    )
    code, out, err = apply("--write", rows=rows)
    assert (code, err) == (0, "")
    assert "1 file changed\n  3 images\n" in out
    assert stands(collection, "small.md", f'  - url: "{better}"\n    width: 1200\n    height: 630')


def test_an_amp_page_that_was_given_up_goes_with_its_copy(
    apply: Apply, collection: Collection
) -> None:
    before = text(collection, "amp.md")
    _, out, _ = apply("--suggested", "amp", "--write")
    assert "1 file changed\n  2 amp\n" in out
    kept = [line for line in before.split("\n") if AMP not in line and CACHE not in line]
    assert text(collection, "amp.md").split("\n") == kept


def test_title_date_and_an_offered_image_are_taken(apply: Apply, collection: Collection) -> None:
    _, out, err = apply("--suggested", "metadata,images", "--write")
    assert (err, "1 file changed\n" in out) == ("", True)
    assert stands(collection, "dated.md", 'title: "The new title"')
    assert stands(collection, "dated.md", "publishedDateTime: 2020-06-07T08:09:10+00:00")
    assert f'- url: "{HOST}/of-the-page.png"' in text(collection, "dated.md")


def test_a_drop_needs_no_suggestion(apply: Apply, collection: Collection) -> None:
    rows = f"- {{path: amp.md, at: ampWebUrl, url: '{AMP}', decision: drop}}\n"
    code, _, _ = apply("--write", rows=rows)
    assert code == 0
    assert "mpWebUrl" not in text(collection, "amp.md")


def test_accepting_what_only_the_checks_know(apply: Apply, collection: Collection) -> None:
    rows = (
        f"- {{kind: amp, reason: amp-dead, path: amp.md, at: ampWebUrl, url: '{AMP}', decision: accept}}\n"
        f"- {{kind: metadata, reason: drifted, path: dated.md, at: publishedDateTime, decision: accept}}\n"
        f"- {{kind: amp, reason: amp-gone, path: moved.md, at: ampWebUrl, url: '{AMP}', decision: accept}}\n"
    )
    code, out, err = apply("--write", rows=rows)
    assert code == 2
    assert "  2 amp\n  1 metadata\n" in out
    assert err == (
        "linkhealth: decided.yml:3: moved.md: not done: nothing is suggested there any more; look at a new report\n"
    )


def test_a_url_is_replaced_wherever_it_stands(apply: Apply, collection: Collection) -> None:
    rows = f"- {{url: '{LOST}', decision: replace, new_value: '{FOUND}'}}\n"
    _, out, _ = apply("--write", rows=rows)
    assert "  1 urls\n" in out
    _, out, _ = apply("--write", "--related", rows=rows)
    assert "1 file changed\n  1 urls\n" in out
    assert LOST not in text(collection, "also.md")


def test_suggestions_are_accepted_by_the_url_alone(apply: Apply, collection: Collection) -> None:
    rows = "".join(
        f"- {{url: '{url}', decision: accept}}\n"
        for url in (OLD, PICTURE, AMP, f"{HOST}/only-in-text")
    )
    code, out, err = apply("--write", rows=rows)
    assert code == 2
    assert "text.md:8: not done: it stands in the text" in err
    assert "nothing is suggested for it" in err
    assert "  2 amp\n  2 image-sizes\n  2 moves\n" in out
    assert stands(collection, "moved.md", f'webUrl: "{NEW}"')
    assert stands(collection, "also.md", f'webUrl: "{NEW}"')
    assert stands(collection, "lost.md", "    width: 1024")
    assert "mpWebUrl" not in text(collection, "amp.md")


def test_an_amp_pair_is_dropped_by_its_url_alone(apply: Apply, collection: Collection) -> None:
    code, _, _ = apply("--write", rows=f"- {{url: '{AMP}', decision: drop}}\n")
    assert code == 0
    assert "mpWebUrl" not in text(collection, "amp.md")
    code, _, err = apply("--write", rows=f"- {{url: '{OLD}', decision: drop}}\n")
    assert code == 2
    assert "only an AMP pair" in err


def test_a_url_in_one_file_alone(apply: Apply, collection: Collection) -> None:
    rows = f"- {{url: '{OLD}', path: moved.md, decision: replace, new_value: '{FOUND}'}}\n"
    apply("--write", rows=rows)
    assert stands(collection, "moved.md", f'webUrl: "{FOUND}"')
    assert stands(collection, "also.md", f'webUrl: "{OLD}"')


def test_one_place_or_all_of_them(apply: Apply, collection: Collection) -> None:
    here = f"path: moved.md, at: webUrl, url: '{OLD}', new_value: '{FOUND}'"
    apply("--write", rows=f"- {{{here}, decision: replace}}\n")
    assert stands(collection, "moved.md", f'webUrl: "{FOUND}"')
    assert stands(collection, "also.md", f'webUrl: "{OLD}"')
    apply("--write", rows=f"- {{{here}, decision: replace-everywhere}}\n")
    assert stands(collection, "also.md", f'webUrl: "{FOUND}"')


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (
            f"url: '{HOST}/never', new_value: '{NEW}', decision: replace",
            "no article is known to hold",
        ),
        (f"url: '{LOST}', new_value: 'no address', decision: replace", "is no address"),
        (
            f"url: '{HOST}/only-in-text', new_value: '{NEW}', decision: replace",
            "text.md:8: not done: it stands in the text",
        ),
        (
            f"path: moved.md, at: webUrl, url: '{LOST}', new_value: '{NEW}', decision: replace",
            f"moved.md:4: not done: webUrl is '{OLD}' now, not '{LOST}'",
        ),
        (
            f"path: none.md, at: webUrl, url: '{OLD}', new_value: '{NEW}', decision: replace",
            "none.md: not done: No such file or directory",
        ),
        (
            f"path: ../x.md, at: webUrl, url: '{OLD}', new_value: '{NEW}', decision: replace",
            "not done",
        ),
        (f"path: moved.md, at: webUrl, url: '{OLD}', decision: accept", "nothing is suggested"),
        (f"url: '{FOUND}', decision: not-broken, reason: fine", "only of a broken or dead link"),
        (f"url: '{HOST}/never', decision: not-broken, reason: fine", "no article is known to hold"),
        (f"url: '{LOST}', decision: ignore, reason: r, until: 2026-03-01", "not in the future"),
        (
            f"path: lost.md, at: images/0, url: '{PICTURE}', decision: replace, new_value: 'ftp://x/y'",
            "no address",
        ),
    ],
)
@pytest.mark.parametrize("write", [[], ["--write"]])
def test_what_cannot_be_done_is_reported_and_the_rest_is_done(
    apply: Apply, collection: Collection, row: str, reason: str, write: list[str]
) -> None:
    good = "- {path: dated.md, at: title, declared: The old title, new_value: New, decision: replace}\n"
    before = collection.contents()
    code, out, err = apply(*write, rows=f"- {{{row}}}\n{good}")
    assert code == 2
    assert reason in err
    assert "  1 metadata\n" in out
    changed = {name for name, data in collection.contents().items() if data != before[name]}
    assert changed == ({"dated.md"} if write else set())


def test_an_image_of_the_collection_is_an_address_too(apply: Apply, collection: Collection) -> None:
    collection.add("img/one.png", b"\x89PNG")
    rows = f"- {{path: lost.md, at: images/0, url: '{PICTURE}', new_value: /img/one.png, decision: replace}}\n"
    code, _, err = apply("--write", rows=rows)
    assert (code, err) == (0, "")
    assert stands(collection, "lost.md", '  - url: "/img/one.png"')


def test_what_is_kept_is_left_as_it_is(apply: Apply, collection: Collection) -> None:
    code, out, err = apply("--write", rows=f"- {{url: '{OLD}', decision: keep}}\n")
    assert (code, out, err) == (0, "0 files changed\n", "")


def test_a_decision_goes_before_a_suggestion(apply: Apply, collection: Collection) -> None:
    rows = (
        f"- {{path: moved.md, at: webUrl, url: '{OLD}', new_value: '{FOUND}', decision: replace}}\n"
    )
    apply("--write", "--suggested", "moves", rows=rows)
    assert stands(collection, "moved.md", f'webUrl: "{FOUND}"')
    assert stands(collection, "also.md", f'webUrl: "{NEW}"')


def test_a_file_changed_since_is_looked_at_as_it_is(apply: Apply, collection: Collection) -> None:
    path = collection.root / "moved.md"
    path.write_text(text(collection, "moved.md").replace(OLD, FOUND))
    code, out, _ = apply("--suggested", "moves", "--write")
    assert code == 0
    assert "1 file changed" in out
    assert stands(collection, "moved.md", f'webUrl: "{FOUND}"')


def test_a_file_that_cannot_be_replaced_is_a_conflict(apply: Apply, collection: Collection) -> None:
    (collection.root / "second-name.md").hardlink_to(collection.root / "moved.md")
    before = text(collection, "moved.md")
    code, out, err = apply("--suggested", "moves", "--write")
    assert code == 2
    assert "hard link" in err
    assert "1 file changed" in out, "also.md"
    assert text(collection, "moved.md") == before


def test_an_unreadable_file_is_a_conflict(apply: Apply, collection: Collection) -> None:
    (collection.root / "moved.md").write_text("---\na: [\n---\n")
    rows = (
        f"- {{path: moved.md, at: webUrl, url: '{OLD}', new_value: '{NEW}', decision: replace}}\n"
    )
    code, _, err = apply("--write", rows=rows)
    assert code == 2
    assert "moved.md:" in err
    assert "not valid YAML" in err


def test_decisions_on_links_are_noted(apply: Apply, collection: Collection) -> None:
    rows = (
        f"- {{url: '{LOST}', decision: not-broken, reason: opened by hand}}\n"
        f"- {{url: '{FOUND}', decision: ignore, reason: moving, until: 2026-04-01}}\n"
    )
    _, out, _ = apply(rows=rows)
    assert "2 decisions on links would be noted" in out
    with open_state(collection.root, None) as state:
        assert state.decisions() == []
    _, out, _ = apply("--write", rows=rows)
    assert "2 decisions on links noted" in out
    with open_state(collection.root, None) as state:
        assert [one.note for one in state.decisions()] == ["moving", "opened by hand"]
        assert link(state, LOST).verdict.kind is VerdictKind.EXCLUDED


def test_so_many_files_and_no_more(apply: Apply, collection: Collection) -> None:
    _, out, _ = apply("--suggested", "moves", "--write", "--max-files", "1")
    assert "1 file changed" in out
    assert "1 file not looked at" in out
    _, out, _ = apply("--suggested", "moves", "--write", "--max-files", "1")
    assert "1 file changed" in out
    assert "not looked at" not in out


def test_some_kinds_alone(apply: Apply, collection: Collection) -> None:
    _, out, _ = apply("--suggested", "moves,image-sizes", "--only", "image-sizes")
    assert "1 file would be changed\n  2 image-sizes\n" in out


def test_of_two_suggestions_for_one_place_the_first_named_counts(
    apply: Apply, collection: Collection
) -> None:
    with open_state(collection.root, None) as state:
        see_moved(state, state.start_run(NOW).id, AMP, f"{HOST}/amp/a-story")
    _, out, _ = apply("--suggested", "moves,amp")
    assert f'+ampWebUrl: "{HOST}/amp/a-story"' in out
    assert (
        '+cdnAmpWebUrl: "https://site-example.cdn.ampproject.org/c/s/site.example/amp/a-story"'
        in out
    )


def test_one_file_of_the_collection(apply: Apply, collection: Collection) -> None:
    rows = f"- {{url: '{OLD}', decision: replace, new_value: '{NEW}'}}\n- {{path: also.md, at: webUrl, url: '{OLD}', decision: replace, new_value: '{NEW}'}}\n"
    _, out, _ = apply("--write", rows=rows, content=str(collection.root / "moved.md"))
    assert "1 file changed" in out
    assert stands(collection, "also.md", f'webUrl: "{OLD}"')


@pytest.mark.process
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "a file of decisions is wanted"),
        (["a.csv", "b"], "'b' is one too many"),
        (["--suggested", "movs"], "did you mean 'moves'?"),
        (["--suggested", "moves", "--only", "x"], "unknown kind 'x'"),
        (["--suggested", "moves", "--max-files", "0"], "is not a number of files"),
        (["--suggested", "moves", "--commit"], "goes with --write"),
        (["--suggested", "moves", "--commit", "--write"], "Git worktree|git:"),
        (["none.csv"], "cannot be read"),
    ],
)
def test_wrong_arguments_are_refused(apply: Apply, arguments: list[str], message: str) -> None:
    import re

    code, _, err = apply(*arguments)
    assert code == 3
    assert re.search(message, err)


def test_outside_text_does_not_reach_the_terminal(apply: Apply, collection: Collection) -> None:
    collection.add("odd.md", article("\x1b[31mred\u202e", web=OLD))
    _, out, _ = apply("--suggested", "moves")
    assert "\x1b" not in out
    assert "\u202e" not in out


# -------------------------------------------------------------------------------------------- Git


def git(collection: Collection, *arguments: str) -> str:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(collection.root.parent),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "A",
        "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@example.org",
    }
    done = subprocess.run(
        ["git", "-C", str(collection.root), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.fixture
def repository(collection: Collection, monkeypatch: pytest.MonkeyPatch) -> Collection:
    """The collection in a Git repository with other changes."""
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "An Editor")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "editor@example.org")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("HOME", str(collection.root.parent))
    git(collection, "init", "--quiet", "--initial-branch=main")
    collection.add("staged.txt", "before\n")
    git(collection, "add", ".")
    git(collection, "commit", "--quiet", "-m", "all")
    collection.add("staged.txt", "staged\n")
    git(collection, "add", "staged.txt")
    collection.add("lying.txt", "untracked\n")
    return collection


def test_each_kind_is_a_commit_of_its_files_alone(apply: Apply, repository: Collection) -> None:
    code, out, err = apply("--suggested", "moves,image-sizes,amp", "--write", "--commit")
    assert (code, err) == (0, "")
    assert out.count("\ncommit ") == 3
    log = git(repository, "log", "--format=%s", "--name-only").split("\n")
    assert [line for line in log if line][:-1][:7] == [
        "Bring AMP addresses up to date (1 file)",
        "amp.md",
        "State the true sizes of images (1 file)",
        "lost.md",
        "Follow links that have moved for good (2 files)",
        "also.md",
        "moved.md",
    ]
    body = git(repository, "log", "--format=%b", "-1", "HEAD~2")
    assert f"- moved.md: webUrl {OLD} -> {NEW} (redirect-permanent)" in body
    assert git(repository, "status", "--porcelain") == "M  staged.txt\n?? lying.txt\n"
    assert git(repository, "show", "HEAD:staged.txt") == "before\n"


def test_files_with_other_changes_are_left_alone(apply: Apply, repository: Collection) -> None:
    path = repository.root / "moved.md"
    path.write_text(text(repository, "moved.md") + "A person's words.\n")
    repository.add("new.md", article(web=OLD))
    code, out, err = apply("--suggested", "moves", "--write", "--commit")
    assert code == 2
    assert "moved.md" in err
    assert "it has changes that are not committed" in err
    assert "new.md" in err
    assert "1 file changed" in out, "also.md"
    assert stands(repository, "moved.md", f'webUrl: "{OLD}"')


def test_a_refusing_hook_is_reported(apply: Apply, repository: Collection) -> None:
    hook = repository.root / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\necho no such commits here >&2\nexit 1\n")
    hook.chmod(0o755)
    code, _, err = apply("--suggested", "moves", "--write", "--commit")
    assert code == 3
    assert "no such commits here" in err
    assert stands(repository, "moved.md", f'webUrl: "{NEW}"')


def test_a_worktree_in_the_middle_of_a_merge_is_left_alone(
    apply: Apply, repository: Collection
) -> None:
    (repository.root / ".git" / "MERGE_HEAD").write_text("0" * 40)
    code, _, err = apply("--suggested", "moves", "--write", "--commit")
    assert code == 3
    assert "MERGE_HEAD" in err
    assert stands(repository, "moved.md", f'webUrl: "{OLD}"')


def test_a_worktree_needs_git(
    apply: Apply, repository: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    code, _, err = apply("--suggested", "moves", "--write", "--commit")
    assert (code, err) == (3, "linkhealth: --commit: git is not installed\n")


def test_the_folder_of_git_itself_is_no_worktree(repository: Collection) -> None:
    with pytest.raises(ConfigurationError, match="in no Git worktree"):
        Worktree(repository.root / ".git")


def test_a_long_list_of_causes_has_an_end(repository: Collection) -> None:
    change = FieldChange("webUrl", 1, ChangeKind.REPLACE, OLD, None, "r")
    repairs = [Repair("moved.md", RepairKind.URLS, change, "d.csv:2")] * 102
    (repository.root / "moved.md").write_text("changed")
    assert Worktree(repository.root).commit(RepairKind.URLS, repairs)
    body = git(repository, "log", "--format=%b", "-1").split("\n")
    assert body[0] == f"- moved.md: webUrl {OLD} -> (nothing) (r)"
    assert "- and 2 more" in body


def test_odd_names_are_names_and_no_patterns(apply: Apply, repository: Collection) -> None:
    for name in (":(top)*.md", "-x.md", "with space.md"):
        repository.add(name, article(web=OLD))
    git(repository, "--literal-pathspecs", "add", "--", ":(top)*.md", "-x.md", "with space.md")
    git(repository, "commit", "--quiet", "-m", "odd", "--", ".")
    code, _, err = apply("--suggested", "moves", "--write", "--commit")
    assert (code, err) == (0, "")
    changed = git(repository, "log", "-1", "--format=", "--name-only").split("\n")
    assert {":(top)*.md", "-x.md", "with space.md"} < set(changed)


def test_every_kind_of_repair_has_a_title_for_its_commit() -> None:
    assert list(_TITLES) == list(RepairKind)


@pytest.mark.parametrize("at", ["secured", "apiToken", "author/apiToken", "related/0/apiToken"])
def test_a_secret_is_neither_edited_nor_shown(
    apply: Apply, collection: Collection, at: str
) -> None:
    (collection.root / ".linkhealth.yml").write_text("secret_keys: [apiToken]\n")
    before = collection.contents()
    rows = f"- decision: replace\n  path: moved.md\n  at: {at}\n  url: guessed\n  new_value: mine\n"
    code, out, err = apply("--write", rows=rows)
    assert (code, out.splitlines()[0]) == (2, "0 files changed")
    assert "is kept secret; it is edited by hand" in err
    assert collection.contents() == before


def test_a_decision_names_an_address_without_the_credentials_that_the_file_holds(
    apply: Apply, collection: Collection
) -> None:
    collection.add("with.md", article(web="https://user:hunter2@a.test/x"))
    hidden = "https://***@a.test/x"
    rows = f"- decision: replace\n  url: {hidden}\n  new_value: https://b.test/\n"
    code, out, _ = apply("--write", rows=rows)
    assert code == 0
    assert "-webUrl: ***" in out
    assert "hunter2" not in out
    assert stands(collection, "with.md", 'webUrl: "https://b.test/"')


@pytest.mark.parametrize("value", ["https://user:other@a.test/y", "https://***@a.test/y"])
def test_a_hidden_address_is_not_any_address(
    apply: Apply, collection: Collection, value: str
) -> None:
    """Another address with credentials, or one that really has asterisks, is not the one that was decided about."""
    collection.add("with.md", article(web=value))
    rows = (
        "- decision: replace\n  path: with.md\n  at: webUrl\n  url: https://***@a.test/x\n"
        "  new_value: https://b.test/\n"
    )
    code, _, err = apply("--write", rows=rows)
    assert code == 2
    assert "'https://***@a.test/y' now, not 'https://***@a.test/x'" in err
    assert "other" not in err


def test_a_key_that_nobody_knows_can_be_changed_and_is_shown_then(
    apply: Apply, collection: Collection
) -> None:
    collection.add("own.md", article(web=FOUND, extra="mine: https://old.test/\ntheirs: hidden"))
    rows = "- decision: replace\n  path: own.md\n  at: mine\n  url: https://old.test/\n"
    rows += "  new_value: https://new.test/\n"
    code, out, _ = apply(rows=rows)
    assert code == 0
    assert "-mine: https://old.test/\n+mine: https://new.test/\n theirs: …" in out
