"""The same collection with its state in SQLite and in PostgreSQL: the same report, the same files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.collection import Collection, Image, article
from tests.web.rules import Answer, redirect
from tests.web.web import LoopbackWeb

_TIMES = {
    "generated_at",
    "started_at",
    "finished_at",
    "checked_at",
    "failing_since",
    "since",
    "due_at",
}
_TIMES |= {"explanation"}  # it names them
RULES = {
    "//site.example/moved-story": redirect("https://site.example/articles/new-place"),
    "//site.example/lost": Answer(status=404),
    "//site.example/wall": Answer(status=403),
}


def without_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_times(part) for name, part in value.items() if name not in _TIMES}
    return [without_times(part) for part in value] if isinstance(value, list) else value


@pytest.mark.postgres
def test_both_databases_give_the_same_report(
    postgres_url: str, module_web: LoopbackWeb, tmp_path: Path
) -> None:
    module_web.set_rules(RULES)
    found = []
    for number, url in enumerate(["", postgres_url]):
        # The folder's name is a part of the report.
        collection = Collection(tmp_path / str(number) / "content")
        for name in ("fine", "moved-story", "lost", "wall"):
            collection.add(
                f"{name}.md",
                article(
                    "Ünïcode ☃ 🎉",
                    web=f"https://site.example/{name}",
                    images=[Image("https://pictures.example/20x20.png")],
                    related=["https://site.example/lost", "nonsense:"],
                ),
            )
        collection.add("broken.md", "---\ntitle: [\n---\n")
        module_web.forget()
        threshold = ("--fail-on", "new-broken")
        ended = collection.audit(module_web, *threshold, LINKHEALTH_DATABASE_URL=url)
        assert (ended.code, ended.stderr) == (2, ""), ended.stdout
        asked = sorted(request.url for request in module_web.requests())
        again = collection.audit(module_web, *threshold, LINKHEALTH_DATABASE_URL=url)
        assert again.code == 0
        assert len(module_web.requests()) == len(asked)
        document = without_times(collection.report().document)
        found.append((asked, document, collection.contents()))
        assert (collection.root / ".linkhealth" / "state.sqlite3").exists() == (not url)
    assert found[0] == found[1]


@pytest.mark.postgres
def test_a_password_is_never_shown(
    postgres_url: str, module_web: LoopbackWeb, tmp_path: Path
) -> None:
    collection = Collection(tmp_path / "content")
    collection.add("a.md", article(web="https://site.example/fine"))
    ended = collection.audit(
        module_web, LINKHEALTH_DATABASE_URL="postgresql://me:sesame@127.0.0.1:1/nothing"
    )
    assert ended.code == 1
    assert ended.stderr.startswith("linkhealth: ")
    assert "sesame" not in ended.stderr
    assert "Traceback" not in ended.stderr
