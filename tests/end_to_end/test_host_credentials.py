"""Credentials, header fields and cookies of hosts at work: where they go, where they never go, and what is left of them."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.end_to_end.collection import Collection, Report, article, run_command, scrapy_crawl
from tests.web.origin import Request
from tests.web.pages import page
from tests.web.process import PROJECT
from tests.web.rules import Answer, Certificate, Rules, redirect
from tests.web.running import Completed
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-host-credentials")

BEARER, PASSWORD, KEY, COOKIE = (
    "t0k3n-of-the-docs",
    "s3same+open/up",
    "k3y-of-the-api",
    "c00kie-of-api",
)
BASIC = b64encode(f"desk:{PASSWORD}".encode()).decode()
SECRETS = (BEARER, PASSWORD, KEY, COOKIE, BASIC, "s3same%2Bopen%2Fup")

OPTIONS = """\
contact_url: mailto:desk@own.example
hosts:
  docs.example:
    bearer: {env: LINKHEALTH_CREDENTIAL_DOCS}
  wiki.example:
    basic: {user_env: LINKHEALTH_CREDENTIAL_USER, password_env: LINKHEALTH_CREDENTIAL_PASSWORD}
  api.example:
    headers:
      Accept-Language: de
      X-Api-Key: {env: LINKHEALTH_CREDENTIAL_KEY}
    cookies:
      consent: given
      session: {env: LINKHEALTH_CREDENTIAL_COOKIE}
  doubtful.example:
    bearer: {env: LINKHEALTH_CREDENTIAL_DOCS}
"""
ENVIRONMENT = {
    "LINKHEALTH_CREDENTIAL_DOCS": BEARER,
    "LINKHEALTH_CREDENTIAL_DOCS_HOSTS": "docs.example, doubtful.example",
    "LINKHEALTH_CREDENTIAL_USER": "desk",
    "LINKHEALTH_CREDENTIAL_USER_HOSTS": "wiki.example",
    "LINKHEALTH_CREDENTIAL_PASSWORD": PASSWORD,
    "LINKHEALTH_CREDENTIAL_PASSWORD_HOSTS": "wiki.example",
    "LINKHEALTH_CREDENTIAL_KEY": KEY,
    "LINKHEALTH_CREDENTIAL_KEY_HOSTS": "api.example",
    "LINKHEALTH_CREDENTIAL_COOKIE": COOKIE,
    "LINKHEALTH_CREDENTIAL_COOKIE_HOSTS": "*.other.example, api.example",
}
MISSING = Answer(status=404)


def only_with(field_name: str, text: str) -> list[Answer]:
    """A page for those who bring a field, and no page for others: so sites hide what is private."""
    return [
        Answer(body=page("A title"), when=(field_name, text)),
        Answer(status=404, when=("host", "")),
    ]


LINKS = {
    "bearer": "https://docs.example/a/private",
    "basic": "https://wiki.example/a/private",
    "api": "https://api.example/a/private",
    "from-http": "http://docs.example/from-http",
    "away": "https://docs.example/away",
    "back": "https://docs.example/back",
    "over-http": "https://docs.example/over-http",
    "short": "https://short.example/to-docs",
    "plain": "http://docs.example/plain",
    "port": "https://docs.example:8443/other-port",
    "part": "https://www.docs.example/part-of",
    "echo": "https://docs.example/echo",
    "echo-basic": "https://wiki.example/echo",
    "echo-away": "https://docs.example/echo-away",
    "doubtful": "https://doubtful.example/a/private",
    "elsewhere": "https://else.example/no-rule",
    "cookies": "https://api.example/sets-cookie",
}
RULES = Rules(
    {
        LINKS["bearer"]: only_with("authorization", f"Bearer {BEARER}"),
        LINKS["basic"]: only_with("authorization", f"Basic {BASIC}"),
        LINKS["api"]: only_with("x-api-key", KEY),
        LINKS["from-http"]: redirect("https://docs.example/after-http"),
        "https://docs.example/after-http": only_with("authorization", BEARER),
        LINKS["away"]: redirect("https://evil.example/taken"),
        LINKS["back"]: redirect("https://evil.example/sends-back"),
        "https://evil.example/sends-back": redirect("https://docs.example/came-back"),
        LINKS["over-http"]: redirect("http://docs.example/plain-again"),
        LINKS["short"]: redirect("https://docs.example/a/private"),
        LINKS["plain"]: MISSING,
        "https://docs.example:8443/other-port": MISSING,
        LINKS["part"]: MISSING,
        LINKS["echo"]: Answer(
            body=page(
                f"Hello {BEARER}",
                head=f'<meta name="description" content="&#116;{BEARER[1:]} of {BEARER}">',
            ),
            headers=(("X-Echo", BEARER), ("Content-Language", BEARER)),
            etag=f'"{BEARER}"',
        ),
        LINKS["echo-basic"]: Answer(body=page(f"Hello {BASIC} {PASSWORD} s3same%2Bopen%2Fup")),
        LINKS["echo-away"]: redirect(f"https://evil.example/leak?t={BEARER}"),
        LINKS["doubtful"]: MISSING,
        LINKS["cookies"]: [
            Answer(
                status=302,
                location="https://api.example/with-cookie",
                headers=(("Set-Cookie", "session=of-the-server"),),
            )
        ],
    },
    {"doubtful.example": Certificate.SELF_SIGNED},
)


@dataclass
class Ran:
    """A crawl: the requests by URL, the report, and all that was told."""

    collection: Collection
    ended: Completed
    requests: dict[str, list[Request]] = field(default_factory=dict)

    @property
    def report(self) -> Report:
        return self.collection.report()

    def asked(self, url: str) -> list[Request]:
        found = self.requests.get(url, [])
        assert found, (url, sorted(self.requests))
        return found


def collection_in(folder: Path, options: str = OPTIONS) -> Collection:
    made = Collection(folder)
    made.add(".linkhealth.yml", options)
    for name, url in LINKS.items():
        made.add(f"{name}.md", article(web=url))
    return made


@pytest.fixture(scope="module")
def ran(module_web: LoopbackWeb, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    collection = collection_in(tmp_path_factory.mktemp("collection") / "content")
    module_web.set_rules(RULES)
    connect_to = f"docs.example:8443:127.0.0.1:{module_web.https_port},{module_web.connect_to}"
    ended = run_command(
        module_web,
        *("audit", str(collection.root), "--fail-on", "never", "-s", "LOG_LEVEL=DEBUG"),
        env={**ENVIRONMENT, "LINKHEALTH_CONNECT_TO": connect_to},
    )
    assert ended.code == 0, ended.stderr
    made = Ran(collection, ended)
    for request in module_web.requests(robots=True):
        made.requests.setdefault(request.url, []).append(request)
    return made


def verdict(ran: Ran, name: str) -> tuple[str, str]:
    entry = ran.report.url(LINKS[name])
    return entry["verdict"], entry["reason"]


# ------------------------------------------------------------------------------ where they go


@pytest.mark.parametrize("name", ["bearer", "basic", "api", "from-http"])
def test_a_page_behind_a_credential_is_alive(ran: Ran, name: str) -> None:
    assert verdict(ran, name)[0] in ("alive", "moved")


def test_header_fields_and_cookies_are_sent(ran: Ran) -> None:
    (request,) = ran.asked(LINKS["api"])
    assert request.headers["accept-language"] == "de"
    assert request.headers["x-api-key"] == KEY
    assert request.headers["cookie"] == f"consent=given; session={COOKIE}"


def test_a_cookie_of_the_server_goes_before_ours(ran: Ran) -> None:
    (request,) = ran.asked("https://api.example/with-cookie")
    assert request.headers["cookie"] == "session=of-the-server; consent=given"


def test_robots_txt_is_asked_as_the_pages_are(ran: Ran) -> None:
    (request,) = ran.asked("https://wiki.example/robots.txt")
    assert request.headers["authorization"] == f"Basic {BASIC}"


# ------------------------------------------------------------------------- where they never go


def bears_none(request: Request) -> bool:
    told = "\n".join(request.headers.values())
    return "authorization" not in request.headers and not any(one in told for one in SECRETS)


@pytest.mark.parametrize(
    "url",
    [
        LINKS["from-http"],
        LINKS["plain"],
        LINKS["port"],
        LINKS["part"],
        LINKS["elsewhere"],
        LINKS["doubtful"],
        "http://docs.example/plain-again",
        "http://docs.example/robots.txt",
    ],
    ids=lambda url: url.removeprefix("http"),
)
def test_a_credential_stays_at_its_host_scheme_and_port(ran: Ran, url: str) -> None:
    assert all(map(bears_none, ran.asked(url)))


def test_a_credential_does_not_follow_a_redirect(ran: Ran) -> None:
    evil = [
        one for requests in ran.requests.values() for one in requests if one.host == "evil.example"
    ]
    assert {request.target for request in evil} >= {"/taken", "/sends-back", "/leak?t=***"}
    assert all(map(bears_none, evil))
    assert [one.target for one in evil if BEARER in one.target] == []


def test_where_another_host_leads_gets_none(ran: Ran) -> None:
    """The link names another host: that host would choose what is asked for with our credential."""
    by_short = [one for one in ran.asked("https://docs.example/a/private") if bears_none(one)]
    assert len(by_short) == 1
    assert verdict(ran, "short") == ("unverifiable", "credential-withheld")


def test_on_the_way_back_the_own_host_gets_it_again(ran: Ran) -> None:
    """It is the host that the link names, and its own page led away first."""
    (request,) = ran.asked("https://docs.example/came-back")
    assert request.headers["authorization"] == f"Bearer {BEARER}"


def test_a_server_in_doubt_gets_none(ran: Ran) -> None:
    (request,) = ran.asked(LINKS["doubtful"])
    assert bears_none(request)
    assert verdict(ran, "doubtful")[0] == "unverifiable"


@pytest.mark.parametrize("name", ["plain", "port"])
def test_what_is_seen_without_its_credential_is_never_gone(ran: Ran, name: str) -> None:
    assert verdict(ran, name) == ("unverifiable", "credential-withheld")


def test_a_host_without_a_rule_is_judged_as_ever(ran: Ran) -> None:
    assert verdict(ran, "part") == ("broken", "http-404")


# ---------------------------------------------------------------------------- what is left of them


def test_nothing_is_left_of_them(ran: Ran, module_web: LoopbackWeb) -> None:
    """In no file and in no line, whatever a server echoes: state, reports, articles, terminal, log."""
    assert BEARER in (ran.asked(LINKS["echo"])[0].headers["authorization"])
    assert "DEBUG: Crawled (200) <GET https://docs.example/echo>" in ran.ended.stderr
    told = [ran.ended.stdout, ran.ended.stderr]
    for command in (("explain", LINKS["echo"]), ("report", "--json"), ("hosts", "--json")):
        name, *rest = command
        path = ["--content"] if name == "explain" else []
        asked = [name, *rest, *path, str(ran.collection.root)]
        ended = run_command(module_web, *asked, env=ENVIRONMENT)
        assert ended.code == 0, ended.stderr
        told += [ended.stdout, ended.stderr]
    assert [one for one in SECRETS for text in told if one in text] == []
    files = [path for path in ran.collection.root.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"state.sqlite3", "report.json", "report.html"}
    found = [
        (path.name, one) for path in files for one in SECRETS if one.encode() in path.read_bytes()
    ]
    assert found == []


def test_the_echo_itself_was_read(ran: Ran) -> None:
    """Else the test above would show nothing."""
    page_seen = ran.report.url(LINKS["echo"])["page"]
    assert page_seen["title"] == "Hello ***"
    # Spelt as nobody would: it is taken out once more when the page has been read.
    assert page_seen["description"] == "*** of ***"
    assert ran.report.url(LINKS["echo-basic"])["page"]["title"] == "Hello *** *** ***"


# --------------------------------------------------------------------------- what an operator misses


@pytest.mark.parametrize("command", ["audit", "crawl"])
@pytest.mark.parametrize(
    ("without", "told"),
    [
        (
            "LINKHEALTH_CREDENTIAL_DOCS",
            "LINKHEALTH_CREDENTIAL_DOCS: is not set; .linkhealth.yml wants it for ",
        ),
        (
            "LINKHEALTH_CREDENTIAL_KEY_HOSTS",
            "LINKHEALTH_CREDENTIAL_KEY_HOSTS: is not set; it says which hosts",
        ),
    ],
)
def test_nothing_is_visited_without_a_credential(
    module_web: LoopbackWeb, tmp_path: Path, command: str, without: str, told: str
) -> None:
    collection = collection_in(tmp_path / "content")
    module_web.forget()
    environment = {name: text for name, text in ENVIRONMENT.items() if name != without}
    if command == "audit":
        ended = run_command(module_web, "audit", str(collection.root), env=environment)
    else:
        asked = scrapy_crawl("articles", collection.root)
        ended = module_web.run(asked, cwd=PROJECT, env=module_web.environment(**environment))
    assert ended.code == 3
    assert f"linkhealth: {told}" in ended.stderr
    assert not any(one in ended.stderr for one in SECRETS)
    assert module_web.requests(robots=True) == []


def test_who_visits_nothing_needs_no_credential(module_web: LoopbackWeb, ran: Ran) -> None:
    assert run_command(module_web, "report", str(ran.collection.root)).code == 0


STRANGER = """\
hosts:
  evil.example:
    bearer: {env: LINKHEALTH_CREDENTIAL_DOCS}
"""


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (STRANGER, "LINKHEALTH_CREDENTIAL_DOCS_HOSTS: does not allow 'evil.example'"),
        (
            STRANGER.replace("evil.example", '"*"'),
            "LINKHEALTH_CREDENTIAL_DOCS_HOSTS: does not allow '*'",
        ),
        (STRANGER.replace("evil.example", '"*.example"'), "does not allow '*.example'"),
        (
            STRANGER.replace("LINKHEALTH_CREDENTIAL_DOCS", "PATH"),
            "begins with LINKHEALTH_CREDENTIAL_",
        ),
        (
            STRANGER.replace("CREDENTIAL_DOCS", "CREDENTIAL_DOCS_HOSTS"),
            "begins with LINKHEALTH_CREDENTIAL_",
        ),
    ],
)
def test_a_stranger_cannot_send_a_credential_to_a_host_of_his_own(
    module_web: LoopbackWeb, tmp_path: Path, options: str, told: str
) -> None:
    collection = Collection(tmp_path / "content")
    collection.add(".linkhealth.yml", options)
    collection.add("a.md", article(web="https://evil.example/a"))
    module_web.forget()
    ended = run_command(module_web, "audit", str(collection.root), env=ENVIRONMENT)
    assert ended.code == 3
    assert told in ended.stderr
    assert BEARER not in ended.stderr
    assert module_web.requests(robots=True) == []
