"""Names and connections (rule V3), on a web of true names: the DNS answers, and the servers that listen."""

from __future__ import annotations

from tests.labelled_web.case import ALIVE, PATH, Case, Class, Label, Seen, moved, unverifiable
from tests.web.nameserver import Name, Outcome
from tests.web.namespace import PRIVATE, PRIVATE_6, PUBLIC, PUBLIC_6, REFUSING, SILENT, UNROUTED
from tests.web.rules import Answer, redirect

_NXDOMAIN = Label("broken", "dns-nxdomain")
_NODATA = Label("broken", "dns-nodata")
_UNAVAILABLE = unverifiable("dns-unavailable")
_BLOCKED = unverifiable("address-blocked")


def _name(
    name: str, label: Label, known: Name, kind: Class = Class.DNS, *, strikes: int | None = None
) -> Case:
    host = f"{name}.example"
    return Case(kind, name, label, names={host: known}, seen=Seen(strikes=strikes))


def _leads_to(name: str, label: Label, known: Name, status: int = 302) -> Case:
    """A redirect to a name with these records."""
    end = f"next-{name}.example"
    return Case(
        Class.DNS,
        f"to-{name}",
        label,
        {PATH: redirect(f"https://{end}/a/pier", status)},
        pages=(f"//{end}/a/pier",),
        names={end: known},
    )


CASES = (
    _name("gone", _NXDOMAIN, Name(outcome=Outcome.NXDOMAIN), strikes=1),
    _name("www.gone", _NXDOMAIN, Name(outcome=Outcome.NXDOMAIN), strikes=1),
    _name("gone-by-tcp", _NXDOMAIN, Name(outcome=Outcome.NXDOMAIN, truncated=True), strikes=1),
    _name("gone-slowly", _NXDOMAIN, Name(outcome=Outcome.NXDOMAIN, delay=0.4), strikes=1),
    _name("empty", _NODATA, Name(), strikes=1),
    _name("no-data", _NODATA, Name(outcome=Outcome.NODATA), strikes=1),
    _name("dangling-alias", _NXDOMAIN, Name(outcome=Outcome.NXDOMAIN, cname="nothing.example"), strikes=1),
    _name("failing", _UNAVAILABLE, Name(outcome=Outcome.SERVFAIL), strikes=0),
    _name("refused", _UNAVAILABLE, Name(outcome=Outcome.REFUSED), strikes=0),
    _name("silent-names", _UNAVAILABLE, Name(outcome=Outcome.SILENCE), strikes=0),
    _name("six", ALIVE, Name(addresses=PUBLIC_6)),
    _name("four", ALIVE, Name(addresses=PUBLIC[:1])),
    _name("both", ALIVE, Name(addresses=(*PUBLIC, *PUBLIC_6))),
    _name("alias", ALIVE, Name(cname="elsewhere.example", addresses=PUBLIC[1:2])),
    _name("slow-name", ALIVE, Name(addresses=PUBLIC[:1], delay=0.4)),
    _name("by-tcp", ALIVE, Name(addresses=PUBLIC, truncated=True)),
    _name("short-lived", ALIVE, Name(addresses=PUBLIC, ttl=0)),
    _name("a_b-odd", ALIVE, Name(addresses=PUBLIC)),
    Case(Class.DNS, "idn", ALIVE, raw="https://möwe.example/a",
        identity="https://xn--mwe-sna.example/a", pages=("//xn--mwe-sna.example/a",)),
    Case(Class.DNS, "idn-gone", _NXDOMAIN, raw="https://häfen.example/a",
        identity="https://xn--hfen-loa.example/a",
         names={"xn--hfen-loa.example": Name(outcome=Outcome.NXDOMAIN)}),
    Case(Class.DNS, "longest-label", ALIVE, raw=f"https://{'a' * 63}.example/a",
         pages=(f"//{'a' * 63}.example/a",)),
    Case(Class.DNS, "final-dot", ALIVE, raw="https://final-dot.example./a",
         pages=("//final-dot.example./a",)),
    Case(Class.DNS, "empty-label", Label("invalid", "bad-host"), raw="https://a..example/a"),
    Case(Class.DNS, "long-label", Label("invalid", "bad-host"), raw=f"https://{'a' * 64}.example/a"),
    Case(Class.DNS, "long-name", Label("invalid", "bad-host"), raw=f"https://{'a.' * 126}example/a"),
    _leads_to("fine", Label("alive", "redirect-temporary"), Name(addresses=PUBLIC)),
    _leads_to("fine-for-good", moved("https://next-fine-for-good.example/a/pier"), Name(addresses=PUBLIC), 301),
    _leads_to("gone", _NXDOMAIN, Name(outcome=Outcome.NXDOMAIN), 301),
    _leads_to("failing", _UNAVAILABLE, Name(outcome=Outcome.SERVFAIL)),
    _leads_to("private", _BLOCKED, Name(addresses=PRIVATE[2:3])),
    _leads_to("closed", unverifiable("connect-refused"), Name(addresses=(REFUSING,))),
    # ------------------------------------------------------------------------ connections
    _name("closed", unverifiable("connect-refused"), Name(addresses=(REFUSING,)), Class.CONNECT, strikes=1),
    _name("dropped", unverifiable("connect-timeout"), Name(addresses=(SILENT,)), Class.CONNECT, strikes=1),
    _name("unrouted", unverifiable("connect-no-route"), Name(addresses=(UNROUTED,)), Class.CONNECT, strikes=0),
    _name("half-closed", ALIVE, Name(addresses=(REFUSING, PUBLIC[0])), Class.CONNECT),
    _name("half-routed", ALIVE, Name(addresses=(UNROUTED, PUBLIC[0])), Class.CONNECT),
    _name("no-route-6", ALIVE, Name(addresses=("2001:4860::1", PUBLIC[0])), Class.CONNECT),
    _name("half-private", ALIVE, Name(addresses=(PRIVATE[2], PUBLIC[0])), Class.CONNECT),
    *(
        _name(f"private-{number}", _BLOCKED, Name(addresses=(address,)), Class.CONNECT, strikes=0)
        for number, address in enumerate((*PRIVATE, *PRIVATE_6))
    ),
    Case(Class.CONNECT, "router", _BLOCKED, raw="http://192.168.1.1/router"),
    *(Case(Class.CONNECT, f"steady-{number}", ALIVE) for number in range(6)),
    Case(Class.CONNECT, "other-port", unverifiable("connect-refused"), raw="https://other-port.example:8443/a"),
    Case(Class.CONNECT, "gone-page", Label("broken", "http-404"), {PATH: Answer(status=404)}),
)  # fmt: skip
