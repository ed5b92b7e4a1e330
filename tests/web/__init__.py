"""A real web on one machine: an origin for every host name, its own authority and name server.

`LoopbackWeb` is reached by connect-to on loopback ports; `NamespaceWeb` by true URLs, in a private
network and mount namespace that nothing can leave. Both answer by the same `Rules`.
"""

from __future__ import annotations

from tests.web.nameserver import Name, Names, Outcome, Question
from tests.web.namespace import NamespaceWeb, namespace_obstacle
from tests.web.origin import Counters, Request
from tests.web.pages import page, png
from tests.web.rules import (
    Answer,
    Certificate,
    Coding,
    Drip,
    Ending,
    Framing,
    Rules,
    redirect,
    robots,
)
from tests.web.running import Completed
from tests.web.web import LoopbackWeb, Web

__all__ = [
    "Answer",
    "Certificate",
    "Coding",
    "Completed",
    "Counters",
    "Drip",
    "Ending",
    "Framing",
    "LoopbackWeb",
    "Name",
    "Names",
    "NamespaceWeb",
    "Outcome",
    "Question",
    "Request",
    "Rules",
    "Web",
    "namespace_obstacle",
    "page",
    "png",
    "redirect",
    "robots",
]
