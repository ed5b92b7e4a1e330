"""Collections as benchmarks work on them: a copy in a folder of their own, whole or the first files of it."""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path


def unpack(collection: Path, folder: Path, sample: int | None = None) -> Path:
    """Put the files of an archive or a folder into `folder`, which is returned.

    With a `sample` only the first so many by name stay.
    """
    if collection.is_dir():
        shutil.copytree(
            collection, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".linkhealth")
        )
    else:
        with tarfile.open(collection) as archive:
            # Python 3.11.2, which Debian 12 has, knows no filter.
            archive.extraction_filter = getattr(tarfile, "data_filter", None)
            archive.extractall(folder)
    if sample:
        for path in sorted(path for path in folder.rglob("*") if path.is_file())[sample:]:
            path.unlink()
    return folder
