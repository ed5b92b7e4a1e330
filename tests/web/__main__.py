"""By hand: `python -m tests.web [--rules FILE] -- COMMAND…` runs a command in a private web."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from tests.web import NamespaceWeb, Rules, running


def main() -> int:
    """Run one command in a web of its own, its output passed on; returns its exit code."""
    parser = argparse.ArgumentParser(description="Run a command in a private web.")
    parser.add_argument("--rules", type=Path, help="the origin's rules, JSON")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    with NamespaceWeb() as web:
        if options.rules is not None:
            web.set_rules(Rules.read(options.rules))
        started = running.command(options.command, through=web.through)
        return subprocess.run(started, env=web.environment(), check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
