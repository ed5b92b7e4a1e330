"""`load` puts flags, environment, file, profile and defaults together."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import __version__
from crawler.configuration import (
    FILE_NAME,
    OPTIONS,
    Configuration,
    ConfigurationError,
    load,
)
from crawler.configuration.kinds import LONGEST_TEXT
from crawler.configuration.proxy import Proxy
from crawler.configuration.rule_keys import RULE_KEYS
from crawler.rules.policy import Policy, TextLinks, WriteBack


def written(folder: Path, text: str | bytes) -> Path:
    data = text if isinstance(text, bytes) else text.encode()
    (folder / FILE_NAME).write_bytes(data)
    return folder


def source(configuration: Configuration, name: str) -> str:
    return next(s.source for s in configuration.settings if s.name == name)


def refused(folder: Path, text: str | bytes, **flags: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        load(written(folder, text), flags, {})
    return str(caught.value)


def test_defaults_are_the_policys(tmp_path: Path) -> None:
    configuration = load(tmp_path, {}, {})
    assert configuration.policy == Policy()
    assert configuration == Configuration()
    assert {setting.source for setting in configuration.settings} == {"default"}


def test_settings_list_every_option_in_order(tmp_path: Path) -> None:
    names = [setting.name for setting in load(tmp_path, {}, {}).settings]
    assert names == [*OPTIONS, *RULE_KEYS]


def test_the_settings_of_rules_name_what_they_are_about(tmp_path: Path) -> None:
    text = "hosts: {a.example: , '*.b.example': }\nprofiles: {p: {hosts: {c.example: }}}\n"
    configuration = load(written(tmp_path, text), {"profile": "p"}, {})
    (hosts,) = (setting for setting in configuration.settings if setting.name == "hosts")
    assert hosts.value == "a.example, *.b.example, c.example"
    assert hosts.source == "file .linkhealth.yml:1, profile p"
    assert source(configuration, "owners") == "default"


FULL = """\
# an editor's file
write_back: no
sidecar_folder: data/links/
host_delay: 2.5
host_connections: 3
image_host_delay: 0
image_host_connections: 5
retries: 1
stale_after_days: 400
site_url: https://site.test/base
link_pattern: https://web.test/blob/main/{path}#L{line}
user_agent: 'Checker/1'
contact_url: mailto:desk@site.test
respect_robots: off
amp_cache: false
related: no
body: yes
exclude:
  - ./drafts/*
  - "old/**"
secret_keys: apiToken
include: public/
report_formats: [html, SARIF]
connect_timeout: 30
response_timeout: 60.5
dns_timeout: 5
in_flight: 3
canaries:
  - Example.COM
  - http://other.test:8080/a/page
canary_interval: 5
network_pauses: [1, 2.5]
second_look: 7.5
accept_mass_change: yes
profiles:
"""
OPERATORS = {
    "database_url": "postgresql://me:secret@db.test/links",
    "connect_to": "a.test:80:127.0.0.1:8080, :443::",
    "proxy": "http://me:secret@proxy.test:3128",
    "ca_file": "ca.pem",
    "allow_private": "yes",
    "clock": "2031-05-01T12:00:00+02:00",
    "processes": "3",
    "second_resolver": "[2001:db8::53]:5353",
}
ENVIRONMENT = {f"LINKHEALTH_{name.upper()}": value for name, value in OPERATORS.items()}


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that `ca_file` names, in the working folder."""
    (tmp_path / "ca.pem").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path / "ca.pem"


def test_an_option_is_the_collections_or_the_operators(tmp_path: Path) -> None:
    in_file = set(re.findall(r"^(\w+):", FULL, re.MULTILINE)) - {"profiles"}
    assert in_file | OPERATORS.keys() == OPTIONS.keys()
    assert {name for name, option in OPTIONS.items() if option.is_operators} == OPERATORS.keys()


def test_every_option_can_be_given(tmp_path: Path, authority: Path) -> None:
    configuration = load(written(tmp_path, FULL), {}, ENVIRONMENT)
    politeness = configuration.policy.politeness
    assert configuration.policy.write_back is WriteBack.NO
    assert configuration.sidecar_folder == "data/links"
    assert (politeness.delay, politeness.connections, politeness.retries) == (2.5, 3, 1)
    assert (politeness.image_host_delay, politeness.image_host_connections) == (0.0, 5)
    assert configuration.policy.freshness.stale_after == timedelta(days=400)
    assert configuration.site_url == "https://site.test/base"
    assert configuration.link_pattern == "https://web.test/blob/main/{path}#L{line}"
    assert configuration.agent == "Checker/1"
    assert configuration.contact_url == "mailto:desk@site.test"
    switches = (configuration.respect_robots, configuration.amp_cache, configuration.related)
    assert switches == (False, False, False)
    assert configuration.body is TextLinks.YES
    assert configuration.exclude == ("drafts/*", "old/**")
    assert configuration.secret_keys == {"secured", "apiToken"}
    assert configuration.include == ("public/",)
    assert configuration.database_url == "postgresql://me:secret@db.test/links"
    assert configuration.connect_to.target("a.test", 80) == ("127.0.0.1", 8080)
    assert configuration.proxy == Proxy("proxy.test", 3128, "Basic bWU6c2VjcmV0")
    assert configuration.ca_file == authority
    assert configuration.allow_private
    assert configuration.report_formats == ("html", "sarif")
    limits = (configuration.connect_timeout, configuration.response_timeout)
    assert (*limits, configuration.dns_timeout) == (30.0, 60.5, 5.0)
    assert configuration.in_flight == 3
    assert configuration.canaries == ("https://example.com", "http://other.test:8080")
    outages = configuration.policy.outages
    assert outages.canary_every == timedelta(seconds=5)
    assert outages.pauses == (timedelta(seconds=1), timedelta(seconds=2.5))
    assert outages.second_look == timedelta(seconds=7.5)
    assert configuration.second_resolver == ("2001:db8::53", 5353)
    assert configuration.accept_mass_change
    assert configuration.clock.start == datetime(2031, 5, 1, 10, tzinfo=UTC)
    assert configuration.fixed_delay is None
    assert source(configuration, "host_delay") == "file .linkhealth.yml:4"


@pytest.mark.parametrize("name", OPERATORS)
@pytest.mark.parametrize("before", ["retries: 1\n", "profiles:\n  unused:\n    "])
@pytest.mark.parametrize("value", ["yes", "", "[a.test:80:127.0.0.1:8080]"])
def test_a_collection_cannot_choose_for_the_operator(
    tmp_path: Path, name: str, before: str, value: str
) -> None:
    """Refused even where the operator sets the option too: the file is wrong whichever value counts."""
    root = written(tmp_path, f"{before}{name}: {value}\n")
    with pytest.raises(ConfigurationError) as caught:
        load(root, {"allow_private": "no"}, {})
    assert caught.value.place == f"{FILE_NAME}:{before.count(chr(10)) + 1}"
    assert f"set LINKHEALTH_{name.upper()}" in str(caught.value)


@pytest.mark.parametrize("name", OPERATORS)
def test_a_flag_may_choose_for_the_operator(tmp_path: Path, authority: Path, name: str) -> None:
    configuration = load(tmp_path, {name: OPERATORS[name]}, {})
    assert source(configuration, name) == "flag"


@pytest.mark.parametrize("name", ["user_agent", "contact_url", "site_url"])
def test_an_operator_without_a_contact_gets_a_hint(tmp_path: Path, name: str) -> None:
    hint = load(tmp_path, {}, {}).hint
    assert hint is not None
    assert "contact_url" in hint
    assert FILE_NAME in hint
    assert load(tmp_path, {name: "https://site.test"}, {}).hint is None


def test_secrets_are_not_shown(tmp_path: Path, authority: Path) -> None:
    configuration = load(written(tmp_path, FULL), {}, ENVIRONMENT)
    shown = {setting.name: setting.value for setting in configuration.settings}
    assert shown["database_url"] == "postgresql://me:***@db.test/links"
    assert shown["proxy"] == "http://me:***@proxy.test:3128"
    assert "bWU6c2VjcmV0" not in repr(configuration)
    assert ":secret" not in repr(configuration).replace(str(tmp_path), "")
    query = load(tmp_path, {"database_url": "postgresql:///x?user=u&password=p%40&z=1"}, {})
    shown = {setting.name: setting.value for setting in query.settings}
    assert shown["database_url"] == "postgresql:///x?user=u&password=***&z=1"


LADDER = """\
host_delay: 3
profiles:
  quick: {host_delay: 4, retries: 7, in_flight: 2}
  empty:
"""


def test_precedence_flags_environment_file_profile_default(tmp_path: Path) -> None:
    root = written(tmp_path, LADDER)
    environ = {"LINKHEALTH_IN_FLIGHT": "5"}
    configuration = load(root, {"profile": "quick", "host-connections": "9"}, environ)
    assert source(configuration, "host_connections") == "flag"
    assert source(configuration, "in_flight") == "environment LINKHEALTH_IN_FLIGHT"
    assert source(configuration, "host_delay") == "file .linkhealth.yml:1"
    assert source(configuration, "retries") == "profile quick"
    assert source(configuration, "related") == "default"
    assert configuration.in_flight == 5
    assert configuration.policy.politeness.delay == 3
    assert configuration.policy.politeness.retries == 7
    flagged = load(root, {"profile": "empty", "in_flight": "6"}, environ)
    assert flagged.in_flight == 6
    assert flagged.policy.politeness.retries == Policy().politeness.retries


def test_the_delay_of_the_environment_is_every_hosts(tmp_path: Path) -> None:
    configuration = load(tmp_path, {}, {"LINKHEALTH_HOST_DELAY": "0"})
    politeness = configuration.policy.politeness
    assert (politeness.delay, politeness.image_host_delay, configuration.fixed_delay) == (0, 0, 0)


def test_a_flag_beats_the_delay_of_the_environment(tmp_path: Path) -> None:
    configuration = load(tmp_path, {"host_delay": "2"}, {"LINKHEALTH_HOST_DELAY": "0"})
    assert configuration.policy.politeness.delay == 2
    assert configuration.fixed_delay is None


def test_an_empty_variable_is_unset_and_a_null_is_nothing(tmp_path: Path) -> None:
    root = written(tmp_path, "site_url: ~\nexclude:\nuser_agent: ''\n")
    configuration = load(root, {}, {"LINKHEALTH_CA_FILE": "", "LINKHEALTH_CLOCK": ""})
    assert configuration.site_url is None
    assert configuration.exclude == ()
    assert configuration.ca_file is None
    assert configuration.clock.start is None


def test_a_single_article_uses_its_folders_file(tmp_path: Path) -> None:
    article = written(tmp_path, "retries: 0\n") / "article.md"
    article.touch()
    assert load(article, {}, {}).policy.politeness.retries == 0


@pytest.mark.parametrize(
    ("flags", "agent"),
    [
        ({}, f"linkhealth/{__version__}"),
        ({"site_url": "http://s.test"}, f"linkhealth/{__version__} (+http://s.test)"),
        (
            {"site_url": "http://s.test", "contact_url": "https://c.test/bot"},
            f"linkhealth/{__version__} (+https://c.test/bot)",
        ),
    ],
)
def test_the_user_agent_says_whom_to_ask(tmp_path: Path, flags: dict[str, str], agent: str) -> None:
    assert load(tmp_path, flags, {}).agent == agent


def test_a_relative_file_of_a_flag_starts_from_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here.pem").touch()
    (tmp_path / "content").mkdir()
    monkeypatch.chdir(tmp_path)
    assert load(tmp_path / "content", {"ca_file": "here.pem"}, {}).ca_file == tmp_path / "here.pem"


def test_a_clock_without_a_zone_is_utc(tmp_path: Path) -> None:
    clock = load(tmp_path, {}, {"LINKHEALTH_CLOCK": "2031-05-01"}).clock
    assert clock.start == datetime(2031, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("write_back", "sometimes", "not one of no, own, all, problems, sidecar"),
        ("sidecar_folder", "/etc", "below the content root"),
        ("sidecar_folder", "data/../../etc", "below the content root"),
        ("sidecar_folder", "./data", "below the content root"),
        ("sidecar_folder", ".git/hooks", "below the content root"),
        ("sidecar_folder", "data//links", "below the content root"),
        ("sidecar_folder", "x" * (LONGEST_TEXT + 1), "below the content root"),
        ("sidecar_folder", "data\\links", "plain path"),
        ("sidecar_folder", "data\x1b[31m", "plain path"),
        ("host_delay", "-1", "seconds from 0 to 3600"),
        ("host_delay", "nan", "seconds from 0 to 3600"),
        ("host_delay", "3601", "seconds from 0 to 3600"),
        ("host_delay", "", "seconds from 0 to 3600"),
        ("host_connections", "0", "from 1 to 64"),
        ("retries", "1.5", "whole number"),
        ("retries", "٣", "whole number"),
        ("stale_after_days", "0", "from 1 to"),
        ("site_url", "site.test", "starts with https"),
        ("link_pattern", "javascript:alert({path})", "starts with none of https, http, vscode"),
        ("link_pattern", "data://x/{path}", "starts with none of"),
        ("link_pattern", "https://a.test/ {path}", "starts with none of"),
        ("link_pattern", "vscode://file/x", "has no {path} in it"),
        ("link_pattern", "https://a.test/{path}#{row}", "neither {path} nor {line}"),
        ("link_pattern", "https://a.test/{path}\u202e", "not printable ASCII"),
        ("site_url", "http://[::1", "starts with https"),
        ("site_url", "http://a.test:99999", "starts with https"),
        ("site_url", "https://me:pw@a.test", "user name"),
        ("site_url", "https://a.test/ü", "printable ASCII|starts with"),
        ("contact_url", "desk@site.test", "mailto:"),
        ("user_agent", "a\r\nX-Evil: 1", "printable ASCII"),
        ("user_agent", "a" * (LONGEST_TEXT + 1), "printable ASCII"),
        ("respect_robots", "maybe", "neither yes nor no"),
        ("database_url", "mysql://x", "starts with sqlite"),
        ("connect_to", "a:b", "HOST:PORT:ADDRESS:PORT"),
        ("ca_file", "missing.pem", "is no file"),
        ("ca_file", "nul\0.pem", "is no file"),
        ("ca_file", "x" * 5000, "is no file"),
        ("canary_interval", "0.5", "from 1 to 3600"),
        ("network_pauses", "60,soon", "seconds from 0 to 3600"),
        ("canaries", "https://a.test, ftp://b.test", "starts with https:// or http://"),
        ("in_flight", "0", "from 1 to 256"),
        ("in_flight", "257", "from 1 to 256"),
        ("clock", "yesterday", "not a time like"),
        ("clock", "9999-12-31", "year"),
        ("clock", "0001-01-01T00:00+14:00", "year"),
    ],
)
def test_a_wrong_value_names_its_place_and_what_is_wanted(
    tmp_path: Path, name: str, value: str, message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message) as caught:
        load(tmp_path, {name: value}, {})
    assert caught.value.place == f"-a {name}"
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("variable", sorted({o.variable for o in OPTIONS.values() if o.variable}))
def test_a_wrong_variable_is_named(tmp_path: Path, variable: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, {}, {variable: "\x1b[31m nonsense"})
    assert caught.value.place == variable
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("host_dealy: 1\n", ":1: unknown option 'host_dealy'; did you mean 'host_delay'?"),
        ("retries: 1\nqqq: 1\n", ":2: unknown option 'qqq'; known are: "),
        ("retries: 1\nretries: 2\n", ":2: 'retries' stands twice (first in line 1)"),
        ("\n\nretries: x\n", ":3: retries: 'x' is not a whole number"),
        ("retries: [1, 2]\n", ":1: retries takes one value"),
        ("retries: {a: 1}\n", ":1: retries takes one value, not a mapping"),
        ("exclude: [[a]]\n", ":1: a list holds plain values only"),
        ("[a]: 1\n", ":1: a key must be a name"),
        ("<<: {a: 1}\n", ":1: unknown option '<<'"),
        ("a: &x 1\n", ":1: anchors"),
        ("a: *x\n", ":1: anchors"),
        ("- &x [*x]\n", ":1: the file holds no options"),
        ("&x {a: 1}\n", ":1: anchors"),
        ("retries: !!python/object:os.system 1\n", ":1: the tag"),
        ("just text\n", ":1: the file holds no options"),
        ("retries: 1\n---\nretries: 2\n", ":2: a second document"),
        ("retries: 'open\n", "not YAML"),
        ("a: b: c\n", ":1: not YAML"),
        ("retries: \x07\n", "a character that YAML does not allow"),
        (b"retries: 1\nuser_agent: \xff\n", ":2: is not UTF-8"),
        ("profiles: fast\n", ":1: profiles must hold names"),
        ("profiles:\n  fast: 1\n", ":2: profile 'fast' must hold options"),
        ("profiles:\n  fast:\n    retrys: 1\n", ":3: unknown option 'retrys'"),
        ("profiles:\n  fast:\n    profiles: {}\n", ":3: unknown option 'profiles'"),
        ("profiles:\n  fast:\n    retries: x\n", ":3: retries: 'x'"),
        ("profiles: {a: {b: {c: {d: {e: {f: {g: 1}}}}}}}\n", ":1: nested more than 8"),
        ("site_url: " + "{a: " * 16_000, ":1: nested more than 8"),
        ("[" * 60_000, ":1: the file holds no options"),
        # libyaml's scanner meets these faults before the events show what opens.
        ("[@\n", ":1: the file holds no options"),
        ("retries: {a: 1, b: @}\n", ":1: not YAML"),
        ("site_url: [[@\n", ":1: "),
        ("#" * 65_537, "is larger than 65,536 bytes"),
    ],
)
def test_a_wrong_file_is_named_with_its_line(
    tmp_path: Path, text: str | bytes, message: str
) -> None:
    error = refused(tmp_path, text)
    assert error.startswith(FILE_NAME)
    assert message in error


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "~\n", "null\n", "{}\n", "\ufeff\n"])
def test_an_empty_file_changes_nothing(tmp_path: Path, text: str) -> None:
    assert load(written(tmp_path, text), {}, {}).policy == Policy()


def test_an_unknown_profile_gets_a_hint(tmp_path: Path) -> None:
    assert "did you mean 'quick'?" in refused(tmp_path, LADDER, profile="quikc")
    assert "none is known here" in refused(tmp_path, "", profile="quick")


def test_an_unknown_flag_gets_a_hint(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"-a related_: unknown.*did you mean 'related'"):
        load(tmp_path, {"related-": "no"}, {})


def test_a_pipe_or_a_folder_in_the_files_place_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / FILE_NAME)
    with pytest.raises(ConfigurationError, match="not a regular file"):
        load(tmp_path, {}, {})
    (tmp_path / FILE_NAME).unlink()
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(ConfigurationError, match="not a regular file"):
        load(tmp_path, {}, {})


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).symlink_to(FILE_NAME)
    with pytest.raises(ConfigurationError, match=re.escape(FILE_NAME) + ": cannot be read"):
        load(tmp_path, {}, {})


SCALARS = st.text(max_size=12) | st.sampled_from(["yes", "1", "0.5", "~", "a.test:80::", "[", "{"])


@given(st.sampled_from([*OPTIONS, "profiles", "x"]), SCALARS, st.binary(max_size=30))
def test_any_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, name: str, value: str, tail: bytes
) -> None:
    folder = tmp_path_factory.mktemp("any")
    data = f"{name}: {value}\n".encode("utf-8", "surrogatepass") + tail
    try:
        configuration = load(written(folder, data), {}, {})
    except ConfigurationError as error:
        place = error.place
    else:
        place = FILE_NAME
        assert len(configuration.settings) == len(OPTIONS) + len(RULE_KEYS)
    assert place.startswith(FILE_NAME)
