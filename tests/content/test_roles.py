from __future__ import annotations

import pytest

from crawler.content import Site, read_article
from crawler.model.reference import NOTHING_DECLARED, Scope
from crawler.model.role import _TRAITS, COMPARED, Role, Target

URL = "https://a.example/"
IN_FRONT_MATTER = [role for role in Role if role.traits.place is not None]


def written(pointer: str, indent: str) -> list[str]:
    """The lines that put `URL` where a pointer without list entries leads, its last `0` a list's entry."""
    *way, last = pointer.split("/")
    lines = [indent + "  " * depth + f"{key}:" for depth, key in enumerate(way)]
    deepest = indent + "  " * len(way)
    return [*lines, f"{deepest}- {URL}" if last == "0" else f"{deepest}{last}: {URL}"]


@pytest.mark.parametrize("role", IN_FRONT_MATTER)
@pytest.mark.parametrize("scope", Scope)
def test_the_urls_of_a_role_are_read_where_its_row_says(role: Role, scope: Scope) -> None:
    pointer = str(role.traits.place).replace("*", "0")
    lines = written(pointer, "" if scope is Scope.OWN else "    ")
    if scope is Scope.RELATED:
        lines = ["related:", "  - title: T", *lines]
        pointer = f"related/0/{pointer}"
    text = "\n".join(["---", "title: T", *lines, "---", ""])
    (found,) = read_article("a.md", text.encode(), Site()).references
    assert (found.pointer, found.role, found.scope, found.raw) == (pointer, role, scope, URL)
    assert (found.declared != NOTHING_DECLARED) is role.traits.is_described


def test_every_role_has_a_row_and_no_two_stand_at_one_place() -> None:
    assert list(_TRAITS) == list(Role)
    places = [role.traits.place for role in IN_FRONT_MATTER]
    assert len(places) == len(set(places))


def test_an_article_is_compared_with_its_own_pages() -> None:
    assert {role.traits.target for role in COMPARED} == {Target.PAGE}
    assert all(role.traits.is_described for role in COMPARED)
