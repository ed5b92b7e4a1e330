"""Credentials of hosts: where the operator lets them go, what a request bears, and that no value shows."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from crawler.configuration import FILE_NAME, Configuration, ConfigurationError, load
from crawler.configuration.host_secrets import Place
from crawler.configuration.rule_words import rule_in_words

SECRET = "t0k3n/of+the docs"
ENVIRONMENT = {
    "LINKHEALTH_CREDENTIAL_DOCS": SECRET,
    "LINKHEALTH_CREDENTIAL_DOCS_HOSTS": "docs.example, docs.example:8080, *.wiki.example",
    "LINKHEALTH_CREDENTIAL_USER": "me",
    "LINKHEALTH_CREDENTIAL_USER_HOSTS": "basic.example",
}
RULES = """\
hosts:
  docs.example: {bearer: {env: LINKHEALTH_CREDENTIAL_DOCS}}
  "*.wiki.example": {headers: {X-Key: {env: LINKHEALTH_CREDENTIAL_DOCS}, X-Plain: a}, cookies: {consent: given}}
  plain.example: {headers: {X-Plain: a}}
"""


def loaded(folder: Path, text: str = RULES, **environ: str) -> Configuration:
    (folder / FILE_NAME).write_text(text)
    return load(folder, {}, {**ENVIRONMENT, **environ})


@pytest.mark.parametrize(
    ("text", "host", "port", "has"),
    [
        ("docs.example", "docs.example", 443, True),
        (" Docs.Example ", "docs.example", 443, True),
        ("docs.example", "docs.example", 8443, False),
        ("docs.example:8443", "docs.example", 8443, True),
        ("docs.example:8443", "docs.example", 443, False),
        ("docs.example", "www.docs.example", 443, False),
        ("docs.example", "docs.example.evil", 443, False),
        ("*.docs.example", "www.docs.example", 443, True),
        ("*.docs.example", "a.b.docs.example", 443, True),
        ("*.docs.example", "docs.example", 443, False),
        ("*.docs.example", "evildocs.example", 443, False),
    ],
)
def test_where_a_credential_may_go(text: str, host: str, port: int, has: bool) -> None:
    assert Place.parse(text).has(host, port) is has


@pytest.mark.parametrize(
    ("text", "glob", "covers"),
    [
        ("docs.example", "docs.example", True),
        ("docs.example", "*.docs.example", False),
        ("docs.example", "doc?.example", False),
        ("*.docs.example", "www.docs.example", True),
        ("*.docs.example", "*.docs.example", True),
        ("*.docs.example", "a*.b.docs.example", True),
        ("*.docs.example", "docs.example", False),
        ("*.docs.example", "*docs.example", False),
        ("*.docs.example", "*.doc[st].example", False),
        ("*.docs.example", "*", False),
    ],
)
def test_which_rules_of_the_file_that_covers(text: str, glob: str, covers: bool) -> None:
    assert Place.parse(text).covers(glob) is covers


@pytest.mark.parametrize(
    "text",
    [
        "https://a.example",
        "a.example/x",
        "*",
        "*.",
        "a.*.example",
        "a.example:0",
        "a.example:99999",
        "a b",
    ],
)
def test_what_names_no_host(text: str) -> None:
    with pytest.raises(ValueError, match="is not a host like"):
        Place.parse(text)


@pytest.mark.parametrize(
    ("url", "begun_at", "bears"),
    [
        ("https://docs.example/x", "https://docs.example/x", True),
        ("https://docs.example/x", "http://docs.example/", True),
        ("https://docs.example:8080/x", "https://docs.example/", True),
        # The port is allowed, and the way is open to everybody.
        ("http://docs.example:8080/x", "http://docs.example:8080/x", False),
        ("http://docs.example:443/x", "http://docs.example:443/x", False),
        ("https://docs.example/x", "https://short.example/x", False),
        ("https://docs.example:8443/x", "https://docs.example/x", False),
    ],
)
def test_which_requests_bear_a_credential(
    tmp_path: Path, url: str, begun_at: str, bears: bool
) -> None:
    configuration = loaded(tmp_path)
    sent = configuration.sent(url, begun_at, is_verified=True)
    assert bool(sent.headers) is bears
    assert sent.is_withheld is not bears
    assert configuration.sent(url, begun_at, is_verified=False).headers == ()


def test_what_is_no_secret_goes_to_the_host_in_any_case(tmp_path: Path) -> None:
    url = "https://www.wiki.example/x"
    whole = loaded(tmp_path).sent(url, url, is_verified=True)
    assert dict(whole.headers) == {"X-Key": SECRET, "X-Plain": "a"}
    part = loaded(tmp_path).sent(url, "https://short.example/", is_verified=True)
    assert (part.headers, part.cookies) == ((("X-Plain", "a"),), (("consent", "given"),))
    assert part.is_withheld
    plain = loaded(tmp_path).sent("http://plain.example/", "https://x.example/", is_verified=False)
    assert (plain.headers, plain.is_withheld) == ((("X-Plain", "a"),), False)


def test_a_host_without_a_rule_gets_nothing(tmp_path: Path) -> None:
    url = "https://other.example/"
    sent = loaded(tmp_path).sent(url, url, is_verified=True)
    assert (sent.headers, sent.cookies, sent.hidden, sent.is_withheld) == ((), (), (), False)


def test_an_echo_is_hidden_however_it_is_spelt(tmp_path: Path) -> None:
    url = "https://docs.example/"
    sent = loaded(tmp_path).sent(url, url, is_verified=True)
    told = f"a {SECRET} b t0k3n%2Fof%2Bthe%20docs c t0k3n/of%2Bthe%20docs d".encode()
    assert sent.hide(told) == b"a *** b *** c *** d"
    assert sent.hide_in(f"a {SECRET} b") == "a *** b"
    marked = {"LINKHEALTH_CREDENTIAL_DOCS": '<a href="x">\'&'}
    sent = loaded(tmp_path, **marked).sent(url, url, is_verified=True)
    assert (
        sent.hide(b'&lt;a href=&quot;x&quot;&gt;&#x27;&amp; &lt;a href="x"&gt;\'&amp;')
        == b"*** ***"
    )


def test_no_value_shows(tmp_path: Path) -> None:
    configuration = loaded(tmp_path)
    url = "https://docs.example/"
    sent = configuration.sent(url, url, is_verified=True)
    shown = [repr(configuration), repr(sent), repr(configuration.secrets), str(configuration)]
    shown += [repr(each) for each in configuration.secrets.known.values()]
    shown += [f"{one.name} {one.value} {one.source}" for one in configuration.settings]
    shown += list(rule_in_words(configuration.rule("docs.example")))
    assert [text for text in shown if SECRET in text] == []
    assert "asked with the token of LINKHEALTH_CREDENTIAL_DOCS" in shown


def test_a_user_may_be_short_and_a_password_may_not(tmp_path: Path) -> None:
    text = (
        "hosts: {basic.example: {basic: {user_env: LINKHEALTH_CREDENTIAL_USER, "
        "password_env: LINKHEALTH_CREDENTIAL_PW}}}\n"
    )
    more = {"LINKHEALTH_CREDENTIAL_PW": "short", "LINKHEALTH_CREDENTIAL_PW_HOSTS": "basic.example"}
    with pytest.raises(ConfigurationError, match="CREDENTIAL_PW: is not printable ASCII of 8 to"):
        loaded(tmp_path, text, **more).check_secrets()
    more["LINKHEALTH_CREDENTIAL_PW"] = "long enough\n"
    configuration = loaded(tmp_path, text, **more)
    configuration.check_secrets()
    url = "https://basic.example/"
    sent = configuration.sent(url, url, is_verified=True)
    assert sent.headers == (("Authorization", "Basic bWU6bG9uZyBlbm91Z2g="),)
    assert sent.hide(b"me: long enough, bWU6bG9uZyBlbm91Z2g=") == b"me: ***, ***"


def test_what_is_missing_stops_who_visits_and_nobody_else(tmp_path: Path) -> None:
    configuration = loaded(tmp_path, LINKHEALTH_CREDENTIAL_DOCS="")
    with pytest.raises(ConfigurationError) as caught:
        configuration.check_secrets()
    assert caught.value.place == "LINKHEALTH_CREDENTIAL_DOCS"
    assert "'*.wiki.example'" in str(caught.value)


def test_a_configuration_with_secrets_can_still_be_pickled(tmp_path: Path) -> None:
    """A report's other process gets a part of it."""
    assert pickle.loads(pickle.dumps(loaded(tmp_path).secrets)).known
