"""A virtual environment with all packages of this one but linkhealth itself: nothing has to be fetched for it."""

from __future__ import annotations

import sysconfig
import venv
from pathlib import Path


def environment_beside(folder: Path) -> Path:
    """Make it, and return its Python. It has no pip of its own."""
    venv.create(folder)
    scheme = sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)})
    # A folder that is named by a .pth file has no say by .pth files of its own, as that of an editable linkhealth.
    Path(scheme, "packages.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin" / "python"
