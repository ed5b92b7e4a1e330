from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extractors.metadata.json_ld import MAX_NODES, Graph, as_list, read_nodes, types_of


@pytest.mark.parametrize(
    ("script", "names"),
    [
        ('{"name": "a"}', ["a"]),
        ('[{"name": "a"}, {"name": "b"}]', ["a", "b"]),
        ('{"name": "a"}{"name": "b"}', ["a", "b"]),
        ('{"name": "a"},\n{"name": "b"};', ["a", "b"]),
        ('{"name": "a"};', ["a"]),
        ('{"name": "a",}', ["a"]),
        ('<![CDATA[{"name": "a"}]]>', ["a"]),
        ('/*<![CDATA[*/ {"name": "a"} /*]]>*/', ["a"]),
        ('<!-- {"name": "a"} -->', ["a"]),
        ("{&quot;name&quot;: &quot;a&quot;}", ["a"]),
        ('{"name": "line\nbreak"}', ["line\nbreak"]),
        ('{"@graph": [{"name": "a"}, {"@graph": [{"name": "b"}]}]}', ["a", "b"]),
        ('{"name": "a", "mainEntity": {"name": "b"}}', ["a", "b"]),
        ('{"name": "a", "itemListElement": [{"name": "b"}]}', ["a"]),
        ('{"name": "a"', []),
        ('{"name": "a"} and more', ["a"]),
        ("var x = 1;", []),
        ("", []),
        ('"text"', []),
    ],
)
def test_script_is_read_as_it_was_meant(script: str, names: list[str]) -> None:
    assert [node["name"] for node in read_nodes([script]) if "name" in node] == names


def test_broken_script_does_not_spoil_its_neighbours() -> None:
    nodes = read_nodes(["{", '{"name": "a"}', "]", '{"name": "b"}'])
    assert [node["name"] for node in nodes] == ["a", "b"]


def test_number_of_nodes_is_bounded() -> None:
    script = json.dumps([{}] * (MAX_NODES - 10))
    assert len(read_nodes([script, script, script])) == MAX_NODES


def test_nesting_below_the_bound_is_left_out() -> None:
    deep = '{"@graph": [' * 20 + '{"name": "deep"}' + "]}" * 20
    assert all("name" not in node for node in read_nodes([deep]))


def test_reference_by_id_leads_to_the_fuller_node() -> None:
    graph = Graph(read_nodes(['[{"@id": "#a", "name": "A", "url": "u"}, {"@id": "#a"}]']))
    assert graph.resolve({"@id": "#a"})["name"] == "A"
    assert graph.resolve({"@id": "#b"}) == {"@id": "#b"}
    assert graph.resolve({"@id": ["#a"]}) == {"@id": ["#a"]}
    assert graph.resolve("text") == "text"
    whole = {"@id": "#a", "name": "mine", "url": "v"}
    assert graph.resolve(whole) is whole


@pytest.mark.parametrize(
    ("node", "types"),
    [
        ({"@type": "NewsArticle"}, ("NewsArticle",)),
        ({"@type": ["https://schema.org/Article", "schema:Thing"]}, ("Article", "Thing")),
        ({"@type": 7}, ("",)),
        ({}, ()),
    ],
)
def test_types_lose_their_vocabulary(node: dict[str, object], types: tuple[str, ...]) -> None:
    assert types_of(node) == types


def test_value_alone_is_a_list_of_one() -> None:
    assert as_list(None) == []
    assert as_list("a") == ["a"]
    assert as_list(["a", "b"]) == ["a", "b"]


@given(st.text(alphabet='{}[]",:ab\\u0d8<>!-/*;&quot @graph1.e', max_size=200))
def test_no_script_raises(script: str) -> None:
    read_nodes([script])
