"""Write the JSON Schema of .linkhealth.yml, with the words of docs/configuration.md.

Usage: scripts/configuration_schema.py [--check]    With --check nothing is written; exit code 1 says "out of date".
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from crawler.configuration.json_schema import SCHEMA_NAME, schema_document
from crawler.configuration.rule_keys import RULE_KEYS
from crawler.reporting.words.wording import explain, is_known

PROJECT = Path(__file__).resolve().parent.parent
PAGE = (PROJECT / "docs" / "configuration.md").read_text(encoding="utf-8")
SCHEMA = PROJECT / "crawler" / "configuration" / SCHEMA_NAME
OPTIONS = "Options"
PROFILES = "Profiles"


def section(heading: str) -> str:
    """The text below a heading of the page, up to the next one of any level."""
    return f"\n{PAGE}".split(f"\n## {heading}\n")[1].split("\n#")[0]


def plain(text: str) -> str:
    """Markdown without links and code; what only points elsewhere is left out."""
    text = re.sub(r" \(\[[^]]*\]\([^)]*\)\)", "", text)
    return re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text).replace("`", "").strip()


def rows(heading: str) -> dict[str, str]:
    """What the last column of a section's table says of each name."""
    lines = re.findall(r"^\| `(\w+)` \|.*\| (.*) \|$", section(heading), re.MULTILINE)
    return {name: plain(meaning.replace("\\|", "|")) for name, meaning in lines}


def sentence_on(name: str, heading: str) -> str | None:
    """The first sentence of a section that begins with a name; None for none."""
    paragraphs = (" ".join(part.split()) for part in section(heading).split("\n\n"))
    sentences = [one for part in paragraphs for one in re.split(r"(?<=[.:]) (?=[A-Z`])", part)]
    return next((plain(one) for one in sentences if one.startswith(f"`{name}`")), None)


def describe(path: tuple[str, ...]) -> str | None:
    """What a key is for, by its path."""
    key, *below = path
    if key == PROFILES.lower():
        return sentence_on(key, PROFILES)
    heading = RULE_KEYS[key].heading if key in RULE_KEYS else None
    if heading is None:
        return rows(OPTIONS)[key]
    names = [name for name in below if name != "*"]
    if not below:
        return sentence_on(key, heading)
    if not names or len(names) > 2:
        return None
    known = rows(heading).get(names[0]) if len(names) == 1 else None
    if len(names) == 1 and known is None:
        known = sentence_on(names[0], heading)
    return known or (explain(names[-1]).meaning if is_known(names[-1]) else None)


def text() -> str:
    """The file."""
    return json.dumps(schema_document(describe), indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write the schema, or say that it is out of date."""
    is_stale = not SCHEMA.is_file() or SCHEMA.read_text(encoding="utf-8") != text()
    if "--check" in arguments:
        if is_stale:
            sys.stderr.write(f"{SCHEMA.relative_to(PROJECT)} is out of date: run `make docs`\n")
        return int(is_stale)
    if is_stale:
        SCHEMA.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
