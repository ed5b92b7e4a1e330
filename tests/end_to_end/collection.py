"""Article collections for whole runs: files of the real shape, and the commands on their folder."""

from __future__ import annotations

import json
import re
import sys
import tarfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.time_limits import HANG
from tests.web.process import PROJECT
from tests.web.running import Completed
from tests.web.web import Web

SECURED = "S0CA45Hl+EMbo8MQmzaxQTI/+RwoWl3iFMZNSDvsNTbc1k4DDNB7ygXa5bDE6jP8==;Zw=="
"""The value of `secured`; as in real files, nothing but its owner may change it."""

_NOT_IN_YAML = re.compile("[\x7f-\x9f\u2028-\u202e]")

LONG_AGO = "2019-03-04T05:06:07Z"


@dataclass(frozen=True, slots=True)
class Image:
    """An entry of `images`; without a size where it is None."""

    url: str
    size: tuple[int, int] | None = None


def article(
    title: str = "A title",
    *,
    web: str | None = None,
    amp: str | None = None,
    amp_cache: str | None = None,
    images: Sequence[Image] = (),
    related: Sequence[str] = (),
    published: str = LONG_AGO,
    extra: str = "",
) -> str:
    """An article file's text. `related` are web URLs; `extra` are whole lines of YAML."""
    lines = ["---", f"title: {_quoted(title)}", f"publishedDateTime: {published}"]
    lines += [
        f"{key}: {_quoted(url)}"
        for key, url in (("webUrl", web), ("ampWebUrl", amp), ("cdnAmpWebUrl", amp_cache))
        if url is not None
    ]
    lines += extra.splitlines()
    if images:
        lines.append("images:")
        for image in images:
            lines.append(f"  - url: {_quoted(image.url)}")
            if image.size is not None:
                lines += [f"    width: {image.size[0]}", f"    height: {image.size[1]}"]
    if related:
        lines.append("related:")
        for url in related:
            lines += [f"  - title: {_quoted(title)}", f"    webUrl: {_quoted(url)}"]
    lines += ["", f"secured: {_quoted(SECURED)}", "---", ""]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    """A YAML double-quoted scalar; JSON's escapes are a part of YAML's, but for pairs of surrogates."""
    json_text = json.dumps(text, ensure_ascii=False)
    return _NOT_IN_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", json_text)


class Collection:
    """A folder of articles, and the commands on it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)

    def add(self, name: str, text: str | bytes) -> Path:
        """Write a file, folders included."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def add_sample(self, archive: Path, step: int, wanted: Iterable[str] = ()) -> None:
        """Write every `step`th file of a packed collection, and those that are `wanted` by name."""
        with tarfile.open(archive) as files:
            members = sorted((one for one in files if one.isfile()), key=lambda one: one.name)
            sample = members[::step]
            sample += [
                one
                for one in members
                if one.name.removeprefix("./") in wanted and one not in sample
            ]
            # In the order of the archive, because a step back unpacks it from its beginning again.
            for member in sorted(sample, key=lambda one: one.offset):
                opened = files.extractfile(member)
                assert opened is not None
                self.add(member.name, opened.read())

    def files(self) -> dict[str, tuple[bytes, int]]:
        """Bytes and modification time of every file but those below `.linkhealth`."""
        return {
            path.relative_to(self.root).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and ".linkhealth" not in path.parts
        }

    def contents(self) -> dict[str, bytes]:
        """The bytes alone."""
        return {name: data for name, (data, _) in self.files().items()}

    def audit(self, web: Web, *arguments: str, timeout: float = HANG, **env: str) -> Completed:
        """`linkhealth audit` on the folder."""
        return run_command(web, "audit", str(self.root), *arguments, timeout=timeout, env=env)

    def crawl(
        self, web: Web, spider: str, *arguments: str, timeout: float = HANG, **env: str
    ) -> Completed:
        """`scrapy crawl` on the folder, from the project's own."""
        return web.run(
            scrapy_crawl(spider, self.root, *arguments),
            cwd=PROJECT,
            env=web.environment(**env),
            timeout=timeout,
        )

    def report(self) -> Report:
        """The report.json of the last audit."""
        return Report.read(self.root / ".linkhealth" / "reports" / "report.json")


def run_command(
    web: Web, *arguments: str, timeout: float = HANG, env: Mapping[str, str] | None = None
) -> Completed:
    """`linkhealth` with these arguments; `env` goes into its environment."""
    return web.run(
        [sys.executable, "-m", "crawler", *arguments],
        env=web.environment(**(env or {})),
        timeout=timeout,
    )


def scrapy_crawl(spider: str, content: Path, *arguments: str) -> list[str]:
    """The command line of `scrapy crawl`."""
    return [
        sys.executable,
        "-m",
        "scrapy",
        "crawl",
        spider,
        "-a",
        f"content={content}",
        *arguments,
    ]


@dataclass(frozen=True, slots=True)
class Report:
    """A report.json, with its URLs and articles by name."""

    document: dict[str, Any]

    @classmethod
    def read(cls, path: Path) -> Report:
        """Read the file."""
        return cls(json.loads(path.read_text(encoding="ascii")))

    @property
    def summary(self) -> dict[str, Any]:
        """The counts."""
        found: dict[str, Any] = self.document["summary"]
        return found

    def url(self, url: str) -> dict[str, Any]:
        """The entry of a URL; raises KeyError."""
        return self.urls[url]

    @property
    def urls(self) -> dict[str, dict[str, Any]]:
        """Every entry by its URL."""
        return {entry["url"]: entry for entry in self.document["urls"]}

    @property
    def articles(self) -> dict[str, dict[str, Any]]:
        """Every article by its path."""
        return {entry["path"]: entry for entry in self.document["articles"]}

    def opinions(self) -> Iterator[tuple[str, str, str]]:
        """URL, verdict and reason of every URL."""
        for entry in self.document["urls"]:
            yield entry["url"], entry["verdict"], entry["reason"]
