"""Files and folders of the collection as keys of `.linkhealth.yml`, as `exclude` writes them."""

from __future__ import annotations

from crawler.configuration.errors import quoted


def path_glob(name: str) -> str:
    """The glob of a key. Raises ValueError where it is none."""
    glob = name.strip().removeprefix("./").strip("/")
    if not glob:
        raise ValueError(f"{quoted(name)} is not a file, a folder or a glob of some")
    return glob


PATHS = {"pattern": r"[^\s./]|\.[^/\s]"}
"""The schema of such a key."""
