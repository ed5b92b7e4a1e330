"""`hosts:` of `.linkhealth.yml`: what holds for single hosts, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.configuration import (
    FILE_NAME,
    HOST_OPTIONS,
    HOST_SHAPES,
    Configuration,
    ConfigurationError,
    HostRule,
    Manners,
    load,
)

FULL = """\
retries: 1
hosts:
  Slow.example: {delay: 5, connections: 1, retries: 0, ignore_robots: our own}
  gone.example:
    skip: yes
  usual.example:
  "*.example":
    delay: 0.5
"""
USUAL = Manners(delay=1.0, connections=2, retries=1, respect_robots=True, skip=False)


def loaded(folder: Path, text: str, profile: str | None = None, **environ: str) -> Configuration:
    (folder / FILE_NAME).write_text(text)
    return load(folder, {"profile": profile} if profile else {}, environ)


@pytest.mark.parametrize(
    ("host", "manners"),
    [
        ("slow.example", Manners(5.0, 1, 0, respect_robots=False, skip=False)),
        ("gone.example", Manners(1.0, 2, 1, respect_robots=True, skip=True)),
        ("usual.example", USUAL),
        ("www.gone.example", Manners(0.5, 2, 1, respect_robots=True, skip=False)),
        ("example", USUAL),
        ("other.test", USUAL),
    ],
)
def test_the_first_rule_that_matches_counts(tmp_path: Path, host: str, manners: Manners) -> None:
    configuration = loaded(tmp_path, FULL)
    assert configuration.manners(host) == manners


def test_without_rules_all_hosts_are_alike() -> None:
    usual = Configuration().policy.politeness
    manners = Configuration().manners("a.example")
    assert (manners.delay, manners.connections) == (usual.delay, usual.connections)
    images = Configuration().manners("a.example", images_only=True)
    assert (images.delay, images.connections) == (
        usual.image_host_delay,
        usual.image_host_connections,
    )


def test_a_rule_beats_the_shorter_delay_of_image_hosts(tmp_path: Path) -> None:
    configuration = loaded(tmp_path, FULL)
    assert configuration.manners("slow.example", images_only=True).delay == 5.0
    assert configuration.manners("a.example", images_only=True).connections == 4


def test_the_delay_of_the_environment_beats_every_rule(tmp_path: Path) -> None:
    configuration = loaded(tmp_path, FULL, LINKHEALTH_HOST_DELAY="0.2")
    manners = configuration.manners("slow.example")
    assert (manners.delay, manners.connections) == (0.2, 1)
    assert configuration.manners("slow.example", images_only=True).delay == 0.2


def test_a_profile_comes_after_the_file(tmp_path: Path) -> None:
    text = (
        "hosts: {a.example: {delay: 2}}\n"
        "profiles:\n  gentle:\n    hosts:\n      a.example: {delay: 9, skip: yes}\n      b.example: {delay: 9}\n"
    )
    gentle, plain = loaded(tmp_path, text, "gentle"), loaded(tmp_path, text)
    assert gentle.manners("a.example") == plain.manners("a.example")
    assert (gentle.manners("b.example").delay, plain.manners("b.example").delay) == (9.0, 1.0)


@pytest.mark.parametrize("text", ["hosts:\n", "hosts: {}\n", "profiles: {a: {hosts: }}\n"])
def test_no_rules_are_no_rules(tmp_path: Path, text: str) -> None:
    assert loaded(tmp_path, text).hosts == ()


@pytest.mark.parametrize(
    "glob",
    ["a.example", "*", "*.example", "xn--bcher-kva.example", "[ab].example", "::1", "fe80::*"],
)
def test_what_names_hosts(tmp_path: Path, glob: str) -> None:
    assert loaded(tmp_path, f'hosts: {{"{glob}": }}\n').hosts == (HostRule(glob),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hosts: fast\n", ":1: hosts must hold host names with options below"),
        ("hosts: [a.example]\n", ":1: hosts must hold host names"),
        ("hosts:\n  a.example: 5\n", ":2: 'a.example' must hold options"),
        ("hosts:\n  a.example:\n    dealy: 5\n", ":3: unknown option 'dealy' of a host; did you mean 'delay'?"),
        ("hosts:\n  a.example:\n    delay: x\n", ":3: delay: 'x' is not a number of seconds"),
        ("hosts:\n  a.example:\n    delay:\n", ":3: delay: '' is not a number of seconds"),
        ("hosts:\n  a.example:\n    delay: [1, 2]\n", ":3: delay takes one value"),
        ("hosts:\n  a.example:\n    delay: {x: 1}\n", ":3: delay takes one value"),
        ("hosts:\n  a.example:\n    skip: maybe\n", ":3: skip: 'maybe' is neither yes nor no"),
        ("hosts:\n  a.example:\n    connections: 0\n", ":3: connections: '0' is not a whole number"),
        ("hosts:\n  https://a.example:\n", ":2: 'https://a.example' is not a host name"),
        ("hosts:\n  a.example/x: {}\n", ":2: 'a.example/x' is not a host name"),
        ("hosts:\n  'a.example:80': {}\n", ":2: 'a.example:80' is not a host name"),
        ("hosts:\n  bücher.example: {}\n", "xn-- form"),
        ("hosts:\n  *.example: {}\n", ":2: not YAML"),
        ("hosts:\n  *.example: {}\n", "quote a name that begins with *"),
        ("hosts:\n  *a: {}\n", ":2: anchors (&) and aliases (*) are not read"),
        ("hosts:\n  a.example: {}\n  a.example: {}\n", ":3: 'a.example' stands twice"),
        ("profiles:\n  p:\n    hosts:\n      a.example:\n        dealy: 5\n", ":5: unknown option 'dealy'"),
        ("profiles: {a: {hosts: {b: {delay: {c: {d: {e: 1}}}}}}}\n", ":1: nested more than 8"),
    ],
)  # fmt: skip
def test_a_wrong_rule_is_named_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        loaded(tmp_path, text)
    assert message in str(caught.value)


def test_every_option_of_a_host_has_its_field() -> None:
    assert list(HOST_SHAPES) == list(HostRule.__slots__)[1:]
    assert set(Manners.__slots__) <= HOST_OPTIONS.keys() <= HOST_SHAPES.keys()
