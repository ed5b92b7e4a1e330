"""What other tools read from the same pages: trafilatura, newspaper4k, htmldate and plain extruct.

They are installed for the bench alone (`pip install -e .[bench]`); one that is missing is left out.
"""

from __future__ import annotations

import importlib.util
import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

_AUTHORS = re.compile(r"\s*[;,]\s*")


@dataclass(frozen=True, slots=True)
class Answer:
    """One tool's fields of a page; None and empty for a field that it does not read or find."""

    title: str | None = None
    day: str | None = None
    description: str | None = None
    authors: tuple[str, ...] = ()
    image: str | None = None
    site_name: str | None = None


Tool = Callable[[bytes, str], Answer]


def installed() -> dict[str, tuple[Tool, tuple[str, ...]]]:
    """The tools that are installed, by name, each with the fields that it reads."""
    every = ("title", "day", "description", "author", "image", "site_name")
    tools: dict[str, tuple[str, Tool, tuple[str, ...]]] = {
        "trafilatura": ("trafilatura", _trafilatura, every),
        "newspaper4k": ("newspaper", _newspaper, every[:5]),
        "htmldate": ("htmldate", _htmldate, ("day",)),
        "extruct": ("extruct", _extruct, every),
    }
    return {
        name: (tool, fields)
        for name, (module, tool, fields) in tools.items()
        if importlib.util.find_spec(module) is not None
    }


def _trafilatura(body: bytes, url: str) -> Answer:
    # Imported by name, because mypy cannot check a package that may not be installed.
    trafilatura: Any = import_module("trafilatura")
    found = trafilatura.bare_extraction(body, url=url or None, with_metadata=True, fast=True)
    if found is None:
        found = trafilatura.extract_metadata(body, default_url=url or None)
    if found is None:
        return Answer()
    return Answer(
        found.title,
        found.date,
        found.description,
        _names(found.author),
        found.image,
        found.sitename,
    )


def _newspaper(body: bytes, url: str) -> Answer:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        newspaper: Any = import_module("newspaper")
        article = newspaper.Article(url or "https://unknown.example/", fetch_images=False)
        article.download(input_html=body.decode("utf-8", "replace"))
        article.parse()
    day = article.publish_date
    return Answer(
        article.title,
        day.isoformat() if hasattr(day, "isoformat") else day or None,
        article.meta_description,
        tuple(article.authors),
        article.top_image,
    )


def _htmldate(body: bytes, url: str) -> Answer:
    import htmldate

    return Answer(day=htmldate.find_date(body, original_date=True, url=url or None))


def _extruct(body: bytes, url: str) -> Answer:
    """The first value of Open Graph, then of JSON-LD: the simplest way to use extruct."""
    import extruct

    found = extruct.extract(
        body, base_url=url or None, syntaxes=["opengraph", "json-ld"], uniform=True, errors="ignore"
    )
    graph: dict[str, Any] = {}
    for one in found["opengraph"]:
        graph |= one
    nodes: list[Mapping[str, Any]] = [one for one in found["json-ld"] if isinstance(one, dict)]
    return Answer(
        _first(graph.get("og:title"), _of(nodes, "headline")),
        _first(_of(nodes, "datePublished"), graph.get("article:published_time")),
        _first(graph.get("og:description"), _of(nodes, "description")),
        _names(_first(_of(nodes, "author"), graph.get("article:author"))),
        _first(graph.get("og:image"), _of(nodes, "image")),
        _first(graph.get("og:site_name"), _of(nodes, "publisher")),
    )


def _of(nodes: Iterable[Mapping[str, Any]], key: str) -> Any:
    return next((node[key] for node in nodes if node.get(key)), None)


def _first(*values: Any) -> str | None:
    for value in values:
        one = value
        while isinstance(one, list):
            one = one[0] if one else None
        if isinstance(one, dict):
            one = one.get("name") or one.get("url")
        if isinstance(one, str) and one:
            return one
    return None


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(_AUTHORS.split(text)) if text else ()
