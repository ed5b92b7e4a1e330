"""A web in a private network and mount namespace: true URLs, ports 80 and 443, no way out."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import ExitStack
from functools import cache
from ipaddress import ip_address
from pathlib import Path

from tests.time_limits import HANG
from tests.web.nameserver import Name, Names, Nameserver, Outcome, Question
from tests.web.origin import Origin
from tests.web.process import ServerProcess
from tests.web.web import Web

PUBLIC = ("93.184.215.14", "93.184.215.15", "151.101.1.69")
PUBLIC_6 = ("2606:2800:220:1::14", "2a04:4e42::69")
PRIVATE = ("127.0.0.1", "127.0.0.2", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254")
PRIVATE_6 = ("::1", "fd00::1")
"""The origin listens there too, so that a test sees a request that should not have been made."""
REFUSING = "93.184.215.99"
"""Nothing listens there: connections are refused."""
SILENT = "93.184.215.98"
"""Connections there, to port 80 or 443, are never answered."""
UNROUTED = "8.8.4.4"
"""Not in the namespace: the network is unreachable."""
NAMESERVER = "93.184.215.53"

EVERYTHING = Names(Name(addresses=(PUBLIC[0], PUBLIC_6[0])), made_up=Name(outcome=Outcome.NXDOMAIN))
"""The default: every name leads to the origin, over IPv4 and IPv6, but those that nobody can have."""

_FILES = {
    "resolv.conf": f"nameserver {NAMESERVER}\noptions timeout:1 attempts:1\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\nservices: files\n",
    "hosts": "127.0.0.1 localhost\n::1 localhost\n",
}


def _unshare() -> tuple[str, ...]:
    """The command that makes the namespaces; without root, in a user namespace."""
    user = () if os.geteuid() == 0 else ("--user", "--map-root-user")
    return ("unshare", *user, "--net", "--mount", "--propagation", "private", "--")


def _enter(pid: int) -> tuple[str, ...]:
    user = () if os.geteuid() == 0 else ("--user", "--preserve-credentials")
    return ("nsenter", "--target", str(pid), *user, "--net", "--mount", "--")


@cache
def namespace_obstacle() -> str | None:
    """Why no private namespace can be made here, None where it can."""
    for program in ("unshare", "nsenter", "ip", "mount", "env"):
        if shutil.which(program) is None:
            return f"a private namespace needs the program {program}"
    tried = subprocess.run(
        [*_unshare(), "ip", "link", "set", "lo", "up"],
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    if tried.returncode == 0:
        return None
    return f"no private namespace can be made here: {tried.stderr.strip()}"


class NamespaceWeb(Web):
    """A web of its own. Raises RuntimeError on entering where no namespace can be made."""

    def __init__(self) -> None:
        super().__init__()
        self._nameserver: Nameserver | None = None

    @property
    def nameserver(self) -> Nameserver:
        """The running name server."""
        assert self._nameserver is not None, "the web has not been entered"
        return self._nameserver

    def _open(self, folder: Path, stack: ExitStack) -> None:
        if (obstacle := namespace_obstacle()) is not None:
            raise RuntimeError(obstacle)
        for name, text in _FILES.items():
            (folder / name).write_text(text, encoding="utf-8")
        listening = (*PUBLIC, *PUBLIC_6, *PRIVATE, *PRIVATE_6)
        held = [
            f"{address}/{ip_address(address).max_prefixlen}"
            for address in (*listening, REFUSING, SILENT, NAMESERVER)
            if not ip_address(address).is_loopback
        ]
        holder = stack.enter_context(
            ServerProcess.of_module("tests.web.holder", str(folder), *held, through=_unshare())
        )
        self._through = _enter(holder.pid)
        self._nameserver = stack.enter_context(
            Nameserver(folder, endpoint=(NAMESERVER, 53), through=self._through)
        )
        self._nameserver.set_names(EVERYTHING)
        self._origin = stack.enter_context(
            Origin(
                folder,
                http=[(address, 80) for address in listening],
                https=[(address, 443) for address in listening],
                silent=[(SILENT, 80), (SILENT, 443)],
                through=self._through,
            )
        )

    def _reach(self) -> dict[str, str]:
        return {}

    def set_names(self, names: Names | dict[str, Name] | None = None) -> None:
        """Replace all names, given whole or as those that differ from `EVERYTHING`."""
        if not isinstance(names, Names):
            names = Names(EVERYTHING.default, names or {}, EVERYTHING.made_up)
        self.nameserver.set_names(names)

    def clean(self) -> None:
        """As on entering: every name leads to the origin, which has no rules."""
        self.set_names()
        super().clean()

    def questions(self) -> list[Question]:
        """Every question that the name server was asked."""
        return self.nameserver.questions()

    def forget(self) -> None:
        """Begin the logs and the counters anew."""
        super().forget()
        self.nameserver.forget()
