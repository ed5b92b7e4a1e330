"""The JSON Schema of `.linkhealth.yml` agrees with the loader on what is good and what is bad.

Files are read as editors read them: by the core schema of YAML 1.2, in which only `true` and `false` are booleans.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from crawler.configuration import FILE_NAME, ConfigurationError, load
from crawler.configuration.field_options import FIELD_NAMES
from crawler.configuration.file_keys import FILE_SHAPE, PROFILE_SHAPE
from crawler.configuration.former_names import FORMER
from crawler.configuration.hosts import HOST_SHAPES
from crawler.configuration.image_options import IMAGES_SHAPE
from crawler.configuration.json_schema import SCHEMA_NAME
from crawler.configuration.notification_options import CHANNEL_ROWS
from crawler.configuration.options import OPTIONS
from crawler.configuration.policy_options import NUMBERS
from crawler.configuration.rule_keys import RULE_KEYS
from tests.configuration.test_messages import CASES, Case, file_of

SCHEMA = json.loads(
    (Path(__file__).resolve().parents[2] / "crawler" / "configuration" / SCHEMA_NAME).read_text(
        "utf-8"
    )
)


class Core(yaml.SafeLoader):
    """YAML 1.2, core schema."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own


for tag, pattern, first in (
    ("null", r"(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("bool", r"(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"[-+]?[0-9]+$", list("-+0123456789")),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", list("-+.0123456789")),
):
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), first)


@cache
def validator() -> Draft7Validator:
    Draft7Validator.check_schema(SCHEMA)
    return Draft7Validator(SCHEMA)


def by_schema(text: str) -> bool:
    """Whether an editor takes a file."""
    return validator().is_valid(yaml.load(text, Core))


def by_loader(text: str, folder: Path) -> bool:
    (folder / FILE_NAME).write_text(text, encoding="utf-8")
    try:
        load(folder, {}, {})
    except ConfigurationError:
        return False
    return True


# ------------------------------------------------------------------------------ the bad files

LOOSER = {
    "a key that stands twice": "an editor tells of it by itself",
    "an anchor": "an editor expands it",
    'link_pattern in the file: "https://web.example/{path}#{row}"': "a pattern that says it helps nobody",
    'link_pattern in the file: "https://me:pw@web.example/{path}"': "the same",
    "secret_keys in the file: a/b": "several names may stand in one text",
    "secret_keys in the file: webUrl": "the same",
    "a glob that no file has": "the same",
    "a field that is two things": "a schema compares no values",
    "more fields than there may be": "a schema adds up no lists",
    "a field that is secret": "a schema compares no values",
    "an option under its former name too": "a schema knows both, and each may stand alone",
}
"""Bad files that a schema takes, and why."""
BAD = [case for case in CASES if case.file and not (case.flags or case.environ)]


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.name)
def test_a_bad_file_is_bad_for_an_editor_too(case: Case) -> None:
    text = file_of(case).decode("utf-8", "replace")
    try:
        is_good = by_schema(text)
    except yaml.YAMLError:
        is_good = False
    assert is_good is (case.name in LOOSER)


def test_what_is_looser_is_still_there() -> None:
    assert LOOSER.keys() <= {case.name for case in BAD}


# ------------------------------------------------------------------------------ the good files

GOOD = [
    "",
    "{}",
    "~",
    "# yaml-language-server: $schema=x\nretries: 1\n",
    "write_back: no\n",
    "write_back: No\n",
    "write_back: false\n",
    "write_back: off\n",
    "write_back: SIDECAR\n",
    "respect_robots: yes\n",
    "respect_robots: Off\n",
    "respect_robots: true\n",
    "respect_robots: 0\n",
    "host_delay: 0.5\n",
    "host_delay: '2.5'\n",
    "host_delay: 3600\n",
    'retries: "2"\n',
    "stale_after_days:\n",
    "stale_after_days: 400\n",
    "site_url: https://site.example/base\n",
    "site_url: HTTPS://site.example:8443/x?y@z\n",
    "site_url:\n",
    "contact_url: mailto:desk@site.example\n",
    "contact_url: https://site.example/bot\n",
    "user_agent: Checker/1 (+https://site.example)\n",
    "user_agent: 5\n",
    "link_pattern: vscode://file/{path}:{line}\n",
    "link_pattern: 'https://web.example/blob/main/{path}#L{line}'\n",
    "sidecar_folder: data/links/\n",
    "sidecar_folder: _data\n",
    "exclude: drafts/*, old\n",
    "exclude: [drafts/*, 2019, 'a b']\n",
    "exclude: []\n",
    "exclude:\n",
    "secret_keys: [apiToken]\n",
    "canaries: example.com, http://other.example:8080/x\n",
    "canaries: [Example.COM, 'http://other.example']\n",
    "network_pauses: [1, 2.5]\n",
    "network_pauses: 1, 2.5\n",
    "network_pauses: 60\n",
    "report_formats: html\n",
    "report_formats: html, SARIF\n",
    "report_formats: [html, Json]\n",
    "connect_timeout: 10\n",
    "connect_timeout:\n",
    "hosts:\n",
    "hosts: {}\n",
    "hosts: {a.example: , '*.B.example': {}, '[ab].example': {delay: 1}, '::1': {skip: no}}\n",
    "hosts: {a.example: {respect_robots: yes, ignore_robots: our own, retries: 0, connections: 64}}\n",
    "hosts: {a.example: {accept_statuses: 403}, b.example: {accept_statuses: [403, 999]}}\n",
    "hosts: {a.example: {accept_statuses: '403, 503'}}\n",
    "hosts: {a.example: {bearer: {env: LINKHEALTH_CREDENTIAL_A}}}\n",
    "hosts: {a.example: {basic: {user_env: LINKHEALTH_CREDENTIAL_A, password_env: LINKHEALTH_CREDENTIAL_B}}}\n",
    "hosts: {a.example: {headers: {Accept-Language: de, X-Key: {env: LINKHEALTH_CREDENTIAL_A}, X-N: 5}}}\n",
    "hosts: {a.example: {cookies: {consent: given, seen: 1, sid: {env: LINKHEALTH_CREDENTIAL_A}}}}\n",
    "exclude_urls: {'https://a.example/*': {reason: x}, '*.pdf': {reason: 5, owner: Ada, until: 2027-01-31}}\n",
    "exclude_urls: {'https://a.example/*': {reason: x, owner: , until: }}\n",
    "stale_after: {_news: 365, _reviews: never, './a b': Never, x: '30'}\n",
    "images: {resized_within: 2 %, aspect_off_by: 5, too_small_error: 200X200, weight_warning: 1.5 mb}\n",
    "images: {levels: {image-discover: off, image-card: false, image-dead: INFO, image-weight: no}}\n",
    "priority: {age: 0, heat: 2.5, fields: {image: 8, amp: '0'}}\n",
    "fields:\n",
    "fields: {}\n",
    "fields: no\n",
    "fields: None\n",
    "fields: false\n",
    "fields: ' Auto '\n",
    "fields: {web: source_url, link: [link, links.*.href, og.data/image], image: , published: 2020, title: []}\n",
    "fields: {link: [relatedness, a.related, '*a', 'a b', 'secured_url', a/*/b, '*.b/c', 1.5, yes]}\n",
    "policy: {strikes: 5, span_days: 10.5, longest_interval_days: 7}\n",
    "owners: {_news: Ada, _old: [Ada, 'B'], nobody: , '*-guide.md': '@example/guides', x: []}\n",
    "notifications:\n",
    "notifications: {}\n",
    "notifications: {desk: , mail_2: {}, x: {about: held, owners: Ada, digest: Weekly, most: 1}}\n",
    "notifications: {desk: {about: 'newly-dead, recovered', owners: [Ada, '@example/*', 5], most: '7'}}\n",
    "notifications: {desk: {about: [Newly-Broken, held], owners: }}\n",
    "profiles:\n",
    "profiles: {quick: {retries: 0, hosts: {a.example: {skip: yes}}}, none: , 2: {}}\n",
]


@pytest.mark.parametrize("text", GOOD)
def test_a_good_file_is_good_for_an_editor_too(text: str, tmp_path: Path) -> None:
    assert by_loader(text, tmp_path)
    assert list(validator().iter_errors(yaml.load(text, Core))) == []


# ---------------------------------------------------------------------- every key by every value

VALUES = [
    *("", "~", "[]", "{}", "yes", "no", "true", "false", "off", "never", "auto", "x", "X y", "'5'"),
    *(
        "0",
        "1",
        "2",
        "3",
        "5",
        "10",
        "11",
        "72",
        "100",
        "403",
        "404",
        "1000",
        "-1",
        "0.5",
        "10.5",
        "3601",
    ),
    *("[a]", "[1, 2]", "[[1]]", "{a: 1}", "'a, b'", "html", "[html, csv]", "https://a.example/x"),
    *("ftp://a.example", "600x315", "1 MB", "2 %", "error", "2027-01-31", "https://me@a.example/"),
    *("mailto:a@b.example", "'vscode://{path}'", "a/b", "../a", "/a", "a.example", "'\\u202e'"),
]


def paths() -> Iterator[str]:
    """A file for every key, `{}` for its value."""
    for name in FILE_SHAPE.rows:
        yield f"{name}: {{}}"
    for name in HOST_SHAPES:
        yield f"hosts: {{{{a.example: {{{{{name}: {{}}}}}}}}}}"
    for name in IMAGES_SHAPE.rows:
        yield f"images: {{{{{name}: {{}}}}}}"
    for name in ("age", "published", "fields"):
        yield f"priority: {{{{{name}: {{}}}}}}"
    for name in FIELD_NAMES:
        yield f"fields: {{{{{name}: {{}}}}}}"
    for name in NUMBERS:
        yield f"policy: {{{{{name}: {{}}}}}}"
    for name in CHANNEL_ROWS:
        yield f"notifications: {{{{desk: {{{{{name}: {{}}}}}}}}}}"
    yield "notifications: {{desk: {}}}"
    yield from ("owners: {{a: {}}}", "stale_after: {{a: {}}}", "profiles: {{a: {}}}")
    yield from ("images: {{levels: {{image-card: {}}}}}", "priority: {{fields: {{web: {}}}}}")
    yield from ("exclude_urls: {{'*a': {{reason: x, until: {}}}}}", "exclude_urls: {{'*a': {}}}")
    yield from ("hosts: {{a.example: {{headers: {{X-A: {}}}}}}}", "hosts: {{a.example: {}}}")
    yield from ("hosts: {{a.example: {{cookies: {{a: {}}}}}}}",)


def may_be_looser(path: str, value: str) -> bool:
    """Where the loader may refuse what a schema takes."""
    key = path.partition(":")[0]
    is_text_of_several = key in OPTIONS and OPTIONS[key].is_list and not value.startswith("[")
    return (
        value == "'5'"  # a number in a text has no bounds
        or is_text_of_several
        or (key == "secret_keys" and value == "[a/b]")
        or ("accept_statuses" in path and value == "'a, b'")
    )


@pytest.mark.parametrize("path", list(paths()))
def test_loader_and_schema_agree_on_every_value(path: str, tmp_path: Path) -> None:
    for value in VALUES:
        text = path.format(value) + "\n"
        good = by_loader(text, tmp_path)
        taken = by_schema(text)
        assert taken or not good, f"the schema refuses {text}"
        assert good or not taken or may_be_looser(path, value), f"the loader refuses {text}"


def test_every_key_is_in_the_schema() -> None:
    operators = {option.name for option in OPTIONS.values() if option.is_operators}
    keys = (OPTIONS.keys() - operators) | RULE_KEYS.keys() | FORMER.keys()
    assert SCHEMA["properties"].keys() == {*keys, "profiles"}
    assert keys == PROFILE_SHAPE.rows.keys() | FORMER.keys()
    assert SCHEMA["definitions"]["profile"]["properties"].keys() == keys


def test_every_key_has_words() -> None:
    keys = {name: SCHEMA["definitions"][name] for name in PROFILE_SHAPE.rows}
    assert [name for name, schema in keys.items() if not schema.get("description")] == []
    for schema in (
        keys["hosts"]["additionalProperties"],
        keys["exclude_urls"]["additionalProperties"],
        keys["notifications"]["additionalProperties"],
        *(keys[name] for name in ("images", "priority", "policy")),
    ):
        assert all(below.get("description") for below in schema["properties"].values())
    described = re.findall(r'"description": "(.*)"', json.dumps(SCHEMA, indent=1))
    assert [words for words in described if re.search(r"[`\[\]]|\.md\b", words)] == []


SCALARS = st.sampled_from(VALUES) | st.text("abc:/.*,-05[]{}'\" ", max_size=8)


@settings(max_examples=300)
@given(st.lists(st.tuples(st.sampled_from(list(FILE_SHAPE.rows)), SCALARS), max_size=3))
def test_what_the_loader_takes_an_editor_takes(
    tmp_path_factory: pytest.TempPathFactory, lines: list[tuple[str, str]]
) -> None:
    text = "".join(f"{name}: {value}\n" for name, value in lines)
    if by_loader(text, tmp_path_factory.mktemp("any")):
        assert by_schema(text), text


# ------------------------------------------------------------------------------ what editors can read


def patterns(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        for key, below in schema.items():
            if key == "pattern":
                yield below
            else:
                yield from patterns(below)
    elif isinstance(schema, list):
        for below in schema:
            yield from patterns(below)


def test_patterns_are_those_that_editors_read() -> None:
    """ECMA 262 with the flag u, as VS Code compiles them: no other escapes, and nothing of Python's own."""
    found = set(patterns(SCHEMA))
    assert len(found) > 20
    for pattern in found:
        outside = re.sub(r"\[(?:\\.|[^\]\\])+\]", "", pattern)
        escapes = set(re.findall(r"\\(.)", outside))
        assert escapes <= set("sSdDwW.^$*+?()[]{}|/\\"), pattern
        inside = "".join(re.findall(r"\[((?:\\.|[^\]\\])+)\]", pattern))
        assert set(re.findall(r"\\(.)", inside)) <= set("sSdDwW.^$*+?()[]{}|/\\-"), pattern
        assert not re.search(r"[*+?}]\+|\(\?[^:=!<]|\\[AZzG]", outside), pattern
