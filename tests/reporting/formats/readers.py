"""Readers of report formats that are not ours, and what they see: the structure, and the texts in it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import feedparser
import junitparser
import lxml.html
import openpyxl
from lxml import etree
from markdown_it import MarkdownIt
from prometheus_client.openmetrics.parser import (
    text_string_to_metric_families as open_metrics,
)
from prometheus_client.parser import text_string_to_metric_families as text_format

from crawler.reporting.formats.xlsx_report import workbook_text


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reader makes of a report: `shape` is everything that is no outside text, `texts` are those."""

    shape: object
    texts: tuple[str, ...]


def csv_table(data: bytes) -> list[list[str]]:
    """The rows below the head."""
    return _csv_rows(data)[1:]


def xlsx_table(data: bytes) -> list[list[str]]:
    """The rows below the head."""
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    rows = sheet.iter_rows(min_row=2, values_only=True)
    return [["" if cell is None else workbook_text(str(cell)) for cell in row] for row in rows]


def _csv_rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def read_csv(data: bytes) -> Seen:
    rows = _csv_rows(data)
    assert not any(cell[:1] in tuple("=+-@\t\r") for row in rows for cell in row if cell)
    return Seen(tuple(map(len, rows)), tuple(cell for row in rows for cell in row))


def read_xlsx(data: bytes) -> Seen:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    rows = list(sheet.iter_rows())
    # Rows stand by priority, then by address, and an attack may be a part of that.
    types = sorted(tuple(cell.data_type for cell in row) for row in rows)
    texts = (str(cell.value) for row in rows for cell in row if cell.value is not None)
    return Seen((sheet.dimensions, tuple(types)), tuple(texts))


def read_markdown(data: bytes) -> Seen:
    """As CommonMark with tables; the words beside code are a part of the shape, since a forge looks into them."""
    shape, texts = [], []
    for token in MarkdownIt("commonmark").enable("table").parse(data.decode()):
        shape.append(f"{token.type} {token.content if token.type == 'html_block' else ''}")
        for child in token.children or ():
            if child.type == "code_inline":
                texts.append(child.content)
                shape.append("code")
            else:
                shape.append(f"{child.type} {child.content}")
            if child.type == "link_open":
                texts.append(str(child.attrs["href"]))
    return Seen(tuple(shape), tuple(texts))


def shape_of(value: object) -> object:
    """JSON without its texts."""
    match value:
        case dict():
            return {key: shape_of(one) for key, one in value.items()}
        case list():
            return [shape_of(one) for one in value]
        case str():
            return "text"
        case _:
            return value


def texts_of(value: object) -> Iterator[str]:
    match value:
        case dict():
            for one in value.values():
                yield from texts_of(one)
        case list():
            for one in value:
                yield from texts_of(one)
        case str():
            yield value


def read_json(data: bytes) -> Seen:
    document = json.loads(data.decode("ascii"))
    return Seen(shape_of(document), tuple(texts_of(document)))


def _xml(data: bytes) -> Any:
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))


def _outline(root: Any) -> list[tuple[str, tuple[str, ...]]]:
    return [(str(one.tag), tuple(one.attrib)) for one in root.iter()]


def _all_texts(root: Any) -> tuple[str, ...]:
    return tuple(
        text
        for one in root.iter()
        for text in (one.text or "", one.tail or "", *map(str, one.attrib.values()))
    )


def read_junit(data: bytes) -> Seen:
    root = _xml(data)
    suites = junitparser.JUnitXml.fromstring(data)
    names = tuple(case.name or "" for suite in suites for case in suite)
    # Cases are sorted by the name of their host.
    return Seen(sorted(_outline(root)), (*names, *_all_texts(root)))


def read_atom(data: bytes) -> Seen:
    root, feed = _xml(data), feedparser.parse(data)
    assert not feed.bozo
    titles = tuple(entry.title for entry in feed.entries)
    return Seen((_outline(root), len(titles)), _all_texts(root))


def read_email(data: bytes) -> Seen:
    root = lxml.html.document_fromstring(data.decode())
    pieces = ["".join(one.itertext()) for one in root.iter("bdi")]
    links = [str(one.get("href")) for one in root.iter("a")]
    return Seen(_outline(root), (*pieces, *links))


_COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")


def read_github(data: bytes) -> Seen:
    """As actions/runner reads commands: it knows nothing but these escapes."""
    shape, texts = [], []
    for line in data.decode().splitlines():
        found = _COMMAND.fullmatch(line)
        assert found is not None, line
        pairs = dict(pair.split("=", 1) for pair in found[2].split(","))
        shape.append((found[1], tuple(pairs)))
        texts += [_unescaped(one) for one in (*pairs.values(), found[3])]
    return Seen(shape, tuple(texts))


def _unescaped(text: str) -> str:
    for escape, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ",")):
        text = text.replace(escape, character)
    return text.replace("%25", "%")


def read_prom(data: bytes) -> Seen:
    text = data.decode()
    families = list(open_metrics(text))  # type: ignore[no-untyped-call]
    again = list(text_format(text))
    samples = [sample for family in families for sample in family.samples]
    assert [sample[:3] for sample in samples] == [
        sample[:3] for family in again for sample in family.samples
    ]
    shape = sorted((sample.name, tuple(sample.labels)) for sample in samples)
    return Seen(shape, tuple(text for sample in samples for text in sample.labels.values()))


READERS: dict[str, Callable[[bytes], Seen]] = {
    "csv": read_csv,
    "xlsx": read_xlsx,
    "md": read_markdown,
    "comment": read_markdown,
    "sarif": read_json,
    "junit": read_junit,
    "atom": read_atom,
    "github": read_github,
    "prom": read_prom,
    "email": read_email,
    "slack": read_json,
    "teams": read_json,
}
"""Every format but JSON and HTML, which have tests of their own for this."""
