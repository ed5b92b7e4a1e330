"""Set up the network and mount namespace that this process was started in, and hold it.

`unshare -n -m … python -m tests.web.holder FOLDER ADDRESS…`: `lo` gets the addresses, and the
resolver's files in /etc are replaced, for this namespace only, by those of FOLDER.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

from tests.time_limits import HANG
from tests.web.process import Message, serve

_REPLACED = ("resolv.conf", "nsswitch.conf", "hosts")
_CACHES = ("/run/nscd", "/var/run/nscd")
"""A name service cache would answer over a socket of the file system, from outside."""


def set_up(folder: Path, addresses: list[str]) -> None:
    """Give `lo` the addresses and replace the resolver's files; raises CalledProcessError."""
    _command("ip", "link", "set", "lo", "up")
    for address in addresses:
        flags = ["nodad"] if ":" in address else []
        _command("ip", "address", "add", address, "dev", "lo", *flags)
    for name in _REPLACED:
        target = Path("/etc", name).resolve()
        if target.exists():
            _command("mount", "--bind", str(folder / name), str(target))
    for cache in _CACHES:
        if Path(cache).resolve().is_dir():
            _command("mount", "-t", "tmpfs", "tmpfs", cache)


def _command(*argv: str) -> None:
    subprocess.run(argv, check=True, stdout=sys.stderr, timeout=HANG)


def _nothing(question: Message) -> Message:
    raise ValueError(f"a holder only holds: {question}")


def main() -> None:
    """Hold the namespace until standard input ends."""
    folder, *addresses = sys.argv[1:]
    set_up(Path(folder), addresses)
    asyncio.run(serve({"held": True}, _nothing))


if __name__ == "__main__":
    main()
