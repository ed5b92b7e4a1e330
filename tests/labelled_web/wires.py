"""Statuses, robots.txt, passing faults, and answers that are slow, short or broken (rules V3, V6, P3 and P7)."""

from __future__ import annotations

from tests.labelled_web.case import (
    ALIVE,
    CUT,
    END,
    PATH,
    TITLE,
    TRIVIAL,
    Case,
    Class,
    Label,
    Seen,
    unverifiable,
)
from tests.labelled_web.chrome import page
from tests.labelled_web.sites_western import ENGLISH
from tests.web import pages
from tests.web.rules import Answer, Certificate, Coding, Drip, Ending, Framing, redirect, robots

RETRIED = 3
"""Requests of a link whose trouble does not pass: the first and two retries (rule P7)."""

PAGE = pages.page(TITLE)
FRESH = {"/robots.txt": Answer(status=404, keep_alive=False)}
"""A request that is reset on a reused connection may be sent again at once (RFC 9110 9.2.2)."""
_RESET = unverifiable("connection-reset")
_LATE = unverifiable("response-timeout")
_MALFORMED = unverifiable("response-malformed")
_UNDECODABLE = unverifiable("body-undecodable")


def _status(
    status: int, verdict: str = "unverifiable", requests: int = 1, strikes: int = 0
) -> Case:
    answer = Answer(status=status) if status != 200 else Answer(body=PAGE)
    return Case(
        Class.STATUSES,
        f"status-{status}",
        Label(verdict, f"http-{status}"),
        {PATH: answer},
        seen=Seen(requests=requests, status=status, strikes=strikes, hops=0),
    )


def _line(name: str, line: str, label: Label) -> Case:
    """A status line, word for word."""
    raw = f"{line}\r\nContent-Type: text/html\r\nContent-Length: {len(PAGE)}\r\n\r\n{PAGE}"
    return Case(Class.STATUSES, f"line-{name}", label, {PATH: Answer(raw=raw)})


STATUSES = (
    *(_status(status, "alive") for status in (200, 202, 203, 204, 205, 206, 207, 226, 299)),
    *(_status(status, "broken", strikes=1) for status in (404, 410)),
    *(
        _status(status)
        for status in (
            400, 401, 402, 403, 405, 406, 407, 408, 409, 411, 412, 414, 415, 416, 417, 418, 421, 422, 423, 425,
            426, 428, 429, 431, 444, 451, 460, 498, 499, 500, 501, 505, 508, 511, 520, 521, 522, 523, 525,
            526, 530, 599, 600, 799, 999,
        )
    ),
    *(_status(status, requests=RETRIED) for status in (502, 503, 504)),
    _line("without-reason", "HTTP/1.1 200", ALIVE),
    _line("http-1.0", "HTTP/1.0 200 OK", ALIVE),
    _line("long-reason", "HTTP/1.1 200 " + "fine " * 200, ALIVE),
    _line("utf-8-reason", "HTTP/1.1 200 Schön", ALIVE),
    _line("404-that-says-ok", "HTTP/1.1 404 OK", Label("broken", "http-404")),
    _line("99", "HTTP/1.1 99 Odd", _MALFORMED),
    _line("1000", "HTTP/1.1 1000 Odd", _MALFORMED),
    _line("0", "HTTP/1.1 0 Odd", _MALFORMED),
    _line("negative", "HTTP/1.1 -200 OK", _MALFORMED),
    _line("word", "HTTP/1.1 OK", _MALFORMED),
    Case(
        Class.STATUSES, "early-hints", ALIVE,
        {PATH: Answer(raw="HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\nHTTP/1.1 200 OK\r\n"
                          f"Content-Type: text/html\r\nContent-Length: {len(PAGE)}\r\n\r\n{PAGE}")},
    ),
    Case(
        Class.STATUSES, "continue", ALIVE,
        {PATH: Answer(raw="HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"
                          f"Content-Type: text/html\r\nContent-Length: {len(PAGE)}\r\n\r\n{PAGE}")},
    ),
    Case(
        Class.STATUSES, "geo-block", unverifiable(451),
        {PATH: Answer(status=451, body=page(ENGLISH, "451: Unavailable due to legal reasons", "Unavailable",
                                            "Our European visitors are important to us.", chrome=0))},
    ),
    Case(
        Class.STATUSES, "geo-403", unverifiable(403),
        {PATH: Answer(status=403, body=page(ENGLISH, "Not available in your region", "Not available",
                                            "This content is not available in your country.", chrome=0))},
    ),
    Case(
        Class.STATUSES, "404-of-an-article", Label("broken", "http-404"),
        {PATH: Answer(status=404, body=PAGE)}, seen=Seen(strikes=1),
    ),
    Case(Class.STATUSES, "404-empty", Label("broken", "http-404"), {PATH: Answer(status=404, body="")}),
    Case(
        Class.STATUSES, "404-binary", Label("broken", "http-404"),
        {PATH: Answer(status=404, body=b"\0\1\2" * 99, content_type="application/octet-stream")},
    ),
)  # fmt: skip


def _passing(
    name: str,
    label: Label,
    *answers: Answer,
    requests: int,
) -> Case:
    """Faults in the order of the requests, the last for ever."""
    return Case(
        Class.TRANSIENTS,
        f"passing-{name}",
        label,
        {PATH: answers, **FRESH},
        seen=Seen(requests=requests),
    )


def _refused(status: int, retry_after: str) -> Answer:
    return Answer(status=status, headers=(("Retry-After", retry_after),))


_WELL = Answer(body=PAGE)
_HANG = Answer(ending=Ending.HANG_BEFORE)
_RESETS = Answer(ending=Ending.RESET_BEFORE)
_CLOSES = Answer(ending=Ending.CLOSE_BEFORE)

TRANSIENTS = (
    *(
        _passing(f"{status}-once", ALIVE, Answer(status=status), _WELL, requests=2)
        for status in (502, 503, 504)
    ),
    *(
        _passing(f"{status}-twice", ALIVE, Answer(status=status), Answer(status=status), _WELL, requests=3)
        for status in (502, 503, 504)
    ),
    _passing("500-once", unverifiable(500), Answer(status=500), _WELL, requests=1),
    _passing("503-then-500", unverifiable(500), Answer(status=503), Answer(status=500), _WELL, requests=2),
    _passing("503-then-404", Label("broken", "http-404"), Answer(status=503), Answer(status=404), requests=2),
    _passing("reset-once", ALIVE, _RESETS, _WELL, requests=2),
    _passing("reset-twice", ALIVE, _RESETS, _RESETS, _WELL, requests=3),
    _passing("reset-always", _RESET, _RESETS, requests=RETRIED),
    _passing("close-once", ALIVE, _CLOSES, _WELL, requests=2),
    _passing("close-always", _RESET, _CLOSES, requests=RETRIED),
    _passing("hang-once", ALIVE, _HANG, _WELL, requests=2),
    _passing("hang-always", _LATE, _HANG, requests=RETRIED),
    _passing("reset-then-hang", ALIVE, _RESETS, _HANG, _WELL, requests=3),
    _passing("slow", ALIVE, Answer(body=PAGE, delay=1.0), requests=1),
    _passing("429-for-a-second", ALIVE, _refused(429, "1"), _WELL, requests=2),
    _passing("429-until-a-past-date", ALIVE, _refused(429, "Wed, 21 Oct 2015 07:28:00 GMT"), _WELL, requests=2),
    _passing("429-for-ever", unverifiable(429), _refused(429, "0"), requests=RETRIED),
    _passing("429-alone", unverifiable(429), Answer(status=429), _WELL, requests=1),
    _passing("429-for-an-hour", unverifiable(429), _refused(429, "3600"), _WELL, requests=1),
    _passing("429-until-a-far-date", unverifiable(429), _refused(429, "Wed, 21 Oct 2099 07:28:00 GMT"), _WELL,
             requests=1),
    _passing("429-garbage", unverifiable(429), _refused(429, "soon"), _WELL, requests=1),
    _passing("429-huge", unverifiable(429), _refused(429, "9" * 40), _WELL, requests=1),
    _passing("503-for-a-second", ALIVE, _refused(503, "1"), _WELL, requests=2),
    _passing("503-for-an-hour", unverifiable(503), _refused(503, "3600"), _WELL, requests=1),
    _passing("maintenance", unverifiable(503),
             Answer(status=503, headers=(("Retry-After", "7200"),),
                    body=page(ENGLISH, "Down for maintenance", "Back soon", chrome=0)), requests=1),
)  # fmt: skip


def _transfer(name: str, label: Label, answer: Answer, *, requests: int | None = None) -> Case:
    return Case(
        Class.TRANSFER, f"wire-{name}", label, {PATH: answer, **FRESH}, seen=Seen(requests=requests)
    )


def _raw(name: str, label: Label, head: str | bytes, body: str | bytes = PAGE) -> Case:
    """An answer of these bytes, the head's line ends included."""
    start = head.encode() if isinstance(head, str) else head
    rest = body.encode() if isinstance(body, str) else body
    return _transfer(name, label, Answer(raw=start + rest))


_OK = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
_LONG_PAGE = pages.page(TITLE, body="<p>slow</p>" * 4000)
_LENGTH = f"Content-Length: {len(PAGE)}\r\n"

TRANSFER = (
    _transfer("short", CUT, Answer(body=PAGE, ending=Ending.CLOSE_IN_BODY)),
    _transfer("reset-in-body", CUT, Answer(body=_LONG_PAGE, ending=Ending.RESET_IN_BODY)),
    _transfer("hang-in-body", CUT, Answer(body=PAGE, ending=Ending.HANG_IN_BODY)),
    _transfer("drip", CUT, Answer(body=_LONG_PAGE, drip=Drip(200, 0.2))),
    _transfer("chunked", ALIVE, Answer(body=PAGE, framing=Framing.CHUNKED)),
    _transfer("chunked-slowly", ALIVE, Answer(body=PAGE, framing=Framing.CHUNKED, drip=Drip(100, 0.05))),
    _transfer("chunked-short", CUT, Answer(body=PAGE, framing=Framing.CHUNKED, ending=Ending.CLOSE_IN_BODY)),
    _transfer("bad-chunk", CUT, Answer(body=PAGE, framing=Framing.CHUNKED_BROKEN)),
    _transfer("until-close", ALIVE, Answer(body=PAGE, framing=Framing.UNTIL_CLOSE)),
    *(_transfer(f"{coding}", ALIVE, Answer(body=PAGE, coding=coding)) for coding in Coding),
    *(
        _transfer(f"{coding}-corrupt", _UNDECODABLE, Answer(body=PAGE, coding=coding, corrupt=True))
        for coding in Coding
    ),
    *(
        _transfer(f"{coding}-in-name-only", _UNDECODABLE,
                  Answer(body=PAGE, headers=(("Content-Encoding", coding.value),)))
        for coding in Coding
    ),
    _transfer("gzip-short", CUT, Answer(body=_LONG_PAGE, coding=Coding.GZIP, ending=Ending.CLOSE_IN_BODY)),
    _transfer("unknown-coding", ALIVE, Answer(body=PAGE, headers=(("Content-Encoding", "sdch"),))),
    _transfer("identity", ALIVE, Answer(body=PAGE, headers=(("Content-Encoding", "identity"),))),
    _transfer("endless-headers", _MALFORMED, Answer(ending=Ending.ENDLESS_HEADERS)),
    _transfer("endless-body", ALIVE, Answer(body=PAGE, ending=Ending.ENDLESS_BODY)),
    _transfer("huge", ALIVE, Answer(body=pages.page(TITLE, body=f"<p>{'pier ' * 1_100_000}</p>"))),
    _transfer("empty-200", ALIVE, Answer(body="")),
    _transfer("pdf", ALIVE, Answer(body=b"%PDF-1.7" + b"\0" * 99_999, content_type="application/pdf")),
    _transfer("json", ALIVE, Answer(body='{"error":"not found"}', content_type="application/json")),
    _transfer("film", ALIVE, Answer(body=b"\0" * 3_000_000, content_type="video/mp4")),
    _transfer("wrong-type", ALIVE, Answer(body=PAGE, content_type="image/png")),
    _transfer("wrong-charset", ALIVE, Answer(body=PAGE, content_type="text/html; charset=no-such")),
    _transfer("utf-16", ALIVE, Answer(body=PAGE.encode("utf-16"), content_type="text/html; charset=utf-16")),
    _transfer("hostile-tag", Label("unverifiable", "content-error"),
              Answer(body="<html><title>Pier</title><p " + "a=1 " * 20_000 + ">")),
    _raw("no-headers", ALIVE, "HTTP/1.1 200 OK\r\n\r\n"),
    _raw("http-0.9", _MALFORMED, ""),
    _raw("ssh", _MALFORMED, "", "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"),
    _raw("garbage", _MALFORMED, b"\x15\x03\x01\0\x02\x02\x16" * 20, b"\r\n\r\n"),
    _raw("icy", _MALFORMED, "ICY 200 OK\r\n" + _LENGTH + "\r\n"),
    _raw("line-feeds", ALIVE, _OK.replace("\r\n", "\n") + _LENGTH.replace("\r\n", "\n") + "\n"),
    _raw("same-length-twice", ALIVE, _OK + _LENGTH * 2 + "\r\n"),
    _raw("two-lengths", _MALFORMED, _OK + _LENGTH + "Content-Length: 5\r\n\r\n"),
    _raw("no-number", _MALFORMED, _OK + "Content-Length: many\r\n\r\n"),
    _raw("negative-length", _MALFORMED, _OK + "Content-Length: -5\r\n\r\n"),
    _raw("length-too-large", CUT, _OK + f"Content-Length: {len(PAGE) + 500}\r\n\r\n"),
    _raw("length-too-small", ALIVE, _OK + f"Content-Length: {len(PAGE) - 40}\r\n\r\n"),
    _raw("no-colon", ALIVE, _OK + "this is no header\r\n" + _LENGTH + "\r\n"),
    _raw("folded-header", ALIVE, _OK + "X-Long: one\r\n two\r\n" + _LENGTH + "\r\n"),
    _raw("latin-1-header", ALIVE, _OK.encode() + b"X-Name: h\xe4fen\r\n" + _LENGTH.encode() + b"\r\n"),
    _raw("long-header", ALIVE, _OK + f"Set-Cookie: a={'b' * 7000}\r\n" + _LENGTH + "\r\n"),
    _raw("head-cut", _RESET, "HTTP/1.1 200 OK\r\nContent-Ty", ""),
)  # fmt: skip


def _tls(
    kind: Certificate, label: Label, answers: dict[str, Answer] | None = None, name: str = "",
    scheme: str = "https",
) -> Case:  # fmt: skip
    name = name or str(kind)
    return Case(
        Class.TLS, f"tls-{name}", label, answers or {}, scheme=scheme, certificate=kind
    )  # fmt: skip


def _flagged(code: str, reason: str = "http-200") -> Label:
    """Alive with a warning that says what is wrong with the certificate (rule C2)."""
    return Label("alive", reason, (code,))


_UNPROVED = unverifiable("certificate-expired")

TLS = (
    _tls(Certificate.VALID, ALIVE),
    _tls(Certificate.EXPIRED, _flagged("certificate-expired")),
    _tls(Certificate.NOT_YET_VALID, _flagged("certificate-not-yet-valid")),
    _tls(Certificate.SELF_SIGNED, _flagged("certificate-self-signed")),
    _tls(Certificate.UNTRUSTED, _flagged("certificate-untrusted")),
    _tls(Certificate.INCOMPLETE, _flagged("certificate-chain-incomplete")),
    _tls(Certificate.WRONG_HOST, _flagged("certificate-wrong-host")),
    _tls(Certificate.NAMELESS, _flagged("certificate-wrong-host")),
    _tls(Certificate.UNKNOWN_ISSUER, _flagged("certificate-untrusted")),
    _tls(Certificate.REFUSED, unverifiable("tls-failed")),
    # nothing over an unverified connection is a strike or a suggestion (docs/certificates.md)
    _tls(Certificate.EXPIRED, _UNPROVED, {PATH: Answer(status=404)}, "expired-and-404"),
    _tls(Certificate.WRONG_HOST, unverifiable("certificate-wrong-host"),
         {PATH: Answer(status=404)}, "wrong-host-and-404"),
    _tls(Certificate.EXPIRED, _UNPROVED, {PATH: redirect("/")}, "expired-and-home"),
    _tls(
        Certificate.EXPIRED, _flagged("certificate-expired"),
        {PATH: redirect(END)}, "expired-and-301",
    ),
    _tls(
        Certificate.EXPIRED, Label("unverifiable", "http-403", ("certificate-expired",)),
        {PATH: Answer(status=403)}, "expired-and-403",
    ),
    _tls(
        Certificate.EXPIRED, Label("unverifiable", "http-503", ("certificate-expired",)),
        {PATH: Answer(status=503)}, "expired-and-503",
    ),
    _tls(
        Certificate.EXPIRED, Label("alive", "redirect-temporary", ("certificate-expired",)),
        {PATH: redirect(END, 302)}, "expired-and-302",
    ),
    _tls(
        Certificate.EXPIRED,
        Label("alive", TRIVIAL.reason, ("certificate-expired",)),
        {f"http://tls-expired-after-http.example{PATH}":
         redirect(f"https://tls-expired-after-http.example{PATH}")},
        "expired-after-http", "http",
    ),
    _tls(
        Certificate.REFUSED, unverifiable("tls-failed"),
        {f"http://tls-refused-after-http.example{PATH}":
         redirect(f"https://tls-refused-after-http.example{PATH}")},
        "refused-after-http", "http",
    ),
    _tls(Certificate.EXPIRED, ALIVE, name="not-asked-for", scheme="http"),
)  # fmt: skip

_DENIED = unverifiable("robots-denied")
_UNREACHABLE = unverifiable("robots-unreachable")
_DISALLOW = "User-agent: *\nDisallow: /news/\n"


def _robots(name: str, label: Label, *given: Answer, more: dict[str, Answer] | None = None) -> Case:
    asked = 0 if label in (_DENIED, _UNREACHABLE) else 1
    return Case(
        Class.ROBOTS, f"robots-{name}", label, {"/robots.txt": given, **(more or {})},
        seen=Seen(requests=asked),
    )  # fmt: skip


ROBOTS = (
    _robots("denied", _DENIED, robots("User-agent: linkhealth\nDisallow: /news/\n")),
    _robots("denied-to-all", _DENIED, robots(_DISALLOW)),
    _robots("denied-with-crlf", _DENIED, robots("User-Agent: *\r\nDISALLOW: /\r\n")),
    _robots("denied-with-bom", _DENIED, robots("\ufeff" + _DISALLOW)),
    _robots("denied-by-pattern", _DENIED, robots("User-agent: *\nDisallow: /*/2020/*opens\n")),
    _robots("denied-to-others", ALIVE, robots("User-agent: otherbot\nDisallow: /\n")),
    _robots("allowed-to-us", ALIVE, robots("User-agent: *\nDisallow: /\n\nUser-agent: linkhealth\nAllow: /\n")),
    _robots("longest-wins", ALIVE, robots("User-agent: *\nDisallow: /news\nAllow: /news/2020/\n")),
    _robots("empty-disallow", ALIVE, robots("User-agent: *\nDisallow:\n")),
    _robots("crawl-delay", ALIVE, robots("User-agent: *\nCrawl-delay: 1\n")),
    _robots("page", ALIVE, Answer(body=pages.page("Home"))),
    _robots("binary", ALIVE, Answer(body=b"\0\xff\xfe" * 400, content_type="text/plain")),
    _robots("huge", ALIVE, robots("# and on\n" * 70_000 + _DISALLOW)),
    _robots("huge-denied", _DENIED, robots(_DISALLOW + "# and on\n" * 70_000)),
    *(_robots(f"{status}", ALIVE, Answer(status=status)) for status in (401, 403, 404, 410)),
    *(_robots(f"{status}", _UNREACHABLE, Answer(status=status)) for status in (429, 500, 503)),
    _robots("hanging", ALIVE, _HANG),
    _robots("resetting", ALIVE, _RESETS),
    _robots("corrupt", ALIVE, Answer(body=_DISALLOW, coding=Coding.GZIP, corrupt=True)),
    _robots("loop", ALIVE, redirect("/robots.txt")),
    _robots("bad-location", ALIVE, redirect("mailto:webmaster@x.example")),
    _robots(
        "moved-and-denied", _DENIED, redirect("https://robots-elsewhere.example/robots.txt"),
        more={"//robots-elsewhere.example/robots.txt": robots(_DISALLOW)},
    ),
    _robots(
        "moved-and-allowed", ALIVE, redirect("/static/robots.txt"),
        more={"/static/robots.txt": robots("User-agent: *\nAllow: /\n")},
    ),
    Case(
        Class.ROBOTS, "robots-of-the-end", _DENIED,
        {
            PATH: redirect("https://robots-of-another.example/private/pier", 302),
            "//robots-of-another.example/robots.txt": robots("User-agent: *\nDisallow: /private/\n"),
            "//robots-of-another.example/private/pier": Answer(status=404),
        },
        seen=Seen(requests=1),
    ),
)  # fmt: skip


def _again(name: str, label: Label, answer: Answer | tuple[Answer, ...], status: int = 200) -> Case:
    """A link that is visited twice; the label is of the second visit."""
    return Case(
        Class.CONDITIONAL,
        f"again-{name}",
        label,
        {PATH: answer},
        seen=Seen(requests=1, status=status),
    )


_UNCHANGED = Label("alive", "http-304")
CONDITIONAL = (
    _again("etag", _UNCHANGED, Answer(body=PAGE, etag='"a1"'), 304),
    _again("weak-etag", _UNCHANGED, Answer(body=PAGE, etag='W/"a1"'), 304),
    _again("odd-etag", _UNCHANGED, Answer(body=PAGE, etag="no quotes"), 304),
    _again("date", _UNCHANGED, Answer(body=PAGE, modified="Tue, 09 Jun 2020 10:00:00 GMT"), 304),
    _again("odd-date", _UNCHANGED, Answer(body=PAGE, modified="yesterday"), 304),
    _again("changed", ALIVE, (Answer(body=PAGE, etag='"a1"'), Answer(body=PAGE, etag='"a2"'))),
    _again("none", ALIVE, Answer(body=PAGE)),
    _again("gone", Label("broken", "http-404"), (Answer(body=PAGE, etag='"a1"'), Answer(status=404)), 404),
    _again("walled", unverifiable(403), (Answer(body=PAGE, etag='"a1"'), Answer(status=403)), 403),
    _again("unasked-304", _UNCHANGED, (Answer(body=PAGE), Answer(status=304)), 304),
)  # fmt: skip

CASES = (*STATUSES, *TRANSIENTS, *TRANSFER, *TLS, *ROBOTS, *CONDITIONAL)
