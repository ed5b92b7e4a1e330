"""What docs/ links to outside of itself becomes a part of the site: pages as pages, texts and folders as code, others as they are.

A hook of MkDocs, which knows docs/ alone. A page says `../ARCHITECTURE.md` or `../../deploy/cron/linkhealth.cron`, as it is followed
in the repository. Here each of these gets a page below `project/`, with what such a page itself links to, and the links lead there.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File, Files

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page

PROJECT = Path(__file__).resolve().parents[2]
BELOW = "project"
"""The folder of the site that holds what stands outside of docs/."""
_LINK = re.compile(r"(?<=\]\()([^()\s#:]+)(?=[#)])")
_FENCED = re.compile(r"^( *)(`{3,}|~{3,})[^\n]*\n.*?^\1\2\s*$", re.MULTILINE | re.DOTALL)
_ROW = re.compile(r"^\|.*\|$", re.MULTILINE)
_SPAN = re.compile(r"`[^`\n]+`")
_LANGUAGES = {
    ".cfg": "ini",
    ".csv": "text",
    ".html": "html",
    ".ini": "ini",
    ".js": "javascript",
    ".json": "json",
    ".md": "markdown",
    ".mdx": "markdown",
    ".mjs": "javascript",
    ".njk": "jinja",
    ".py": "python",
    ".service": "ini",
    ".timer": "ini",
    ".toml": "toml",
    ".yaml": "yaml",
    ".yml": "yaml",
}

_WORKER = Path(__file__).with_name("iframe-worker.js")
"""What search needs where a site is opened from a disk."""

_sources: dict[str, Path] = {}
"""The file of the project behind each page, by its place in the site."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add a page for each file that is linked to, and for what those pages link to."""
    docs = Path(config.docs_dir).resolve()
    _sources.clear()
    for file in files.documentation_pages():
        _sources[file.src_uri] = docs / file.src_uri
    waiting = list(_sources.values())
    while waiting:
        for target in _targets(waiting.pop()):
            place = _place(target, docs)
            if target.is_relative_to(docs) or place in _sources:
                continue
            _sources[place] = target
            if target.suffix == ".md":
                waiting.append(target)
            files.append(_file(target, place, config))
    files.append(File.generated(config, f"assets/{_WORKER.name}", abs_src_path=str(_WORKER)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Have the links of a page lead to where their targets stand in the site."""
    del files
    docs = Path(config.docs_dir).resolve()
    source = _sources[page.file.src_uri]
    if source.suffix != ".md":
        return markdown
    here = posixpath.dirname(page.file.src_uri)

    def turned(match: re.Match[str]) -> str:
        target = _target(source, match[0])
        return match[0] if target is None else posixpath.relpath(_place(target, docs), here or ".")

    return _outside_of_code(lambda text: _ROW.sub(_bars, _LINK.sub(turned, text)), markdown)


def _bars(row: re.Match[str]) -> str:
    r"""A row of a table, with the bars in its code as Python-Markdown wants them: bare, where others want `\|`."""
    return _SPAN.sub(lambda span: span[0].replace(r"\|", "|"), row[0])


def _outside_of_code(change: Callable[[str], str], markdown: str) -> str:
    """The text, changed but for blocks of code, which are shown as they are."""
    parts, at = [], 0
    for block in _FENCED.finditer(markdown):
        parts += [change(markdown[at : block.start()]), block[0]]
        at = block.end()
    return "".join([*parts, change(markdown[at:])])


def _targets(page: Path) -> Iterator[Path]:
    """What the links of a page of the project lead to, as far as it is there."""
    for link in _LINK.findall(page.read_text(encoding="utf-8")):
        if (target := _target(page, link)) is not None:
            yield target


def _target(page: Path, link: str) -> Path | None:
    """The file or folder of the project that a relative link means; of a folder its README. None where nothing is there."""
    target = Path(os.path.normpath(page.parent / link))
    if target.is_dir() and (target / "README.md").is_file():
        target /= "README.md"
    is_there = target.is_relative_to(PROJECT) and target != PROJECT and target.exists()
    return target if is_there else None


def _place(target: Path, docs: Path) -> str:
    """Where a file or folder stands in the site."""
    if target.is_relative_to(docs):
        return target.relative_to(docs).as_posix()
    name = f"{BELOW}/{target.relative_to(PROJECT).as_posix()}"
    return name if target.suffix == ".md" or not _is_shown(target) else f"{name}.md"


def _is_shown(target: Path) -> bool:
    """Whether a page shows it, as code: a folder, or a text."""
    if target.is_dir():
        return True
    try:
        return "\0" not in target.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return False


def _file(target: Path, place: str, config: MkDocsConfig) -> File:
    if not _is_shown(target):
        return File.generated(config, place, abs_src_path=str(target))
    return File.generated(config, place, content=_content(target))


def _content(target: Path) -> str:
    if target.suffix == ".md":
        return target.read_text(encoding="utf-8")
    name = target.relative_to(PROJECT).as_posix()
    if target.is_file():
        return f"# `{name}`\n\n{_code(target)}"
    files = sorted(path for path in target.rglob("*") if path.is_file() and _is_shown(path))
    shown = [f"## `{path.relative_to(target).as_posix()}`\n\n{_code(path)}" for path in files]
    return "\n".join([f"# `{name}`\n", *shown])


def _code(path: Path) -> str:
    """A file as a block of code, behind a fence that it does not hold itself."""
    text = path.read_text(encoding="utf-8")
    fence = "`" * (1 + max(map(len, re.findall(r"`{3,}", text)), default=2))
    return f"{fence}{_LANGUAGES.get(path.suffix, 'text')}\n{text.rstrip()}\n{fence}\n"
