from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from crawler.content import Site, UnreadableArticle, read_article
from crawler.content.yaml_dates import instant_of, moment_of
from crawler.model.article import Article, ProblemCode
from crawler.model.provider import Provider
from crawler.model.reference import NOTHING_DECLARED, Declared, Reference, Scope
from crawler.model.role import Role
from crawler.rules.urls import InvalidReason

FULL = """---
title: "A title"
excerpt: An excerpt
publishedDateTime: 2020-06-10T00:04:00Z
webUrl: "https://a.test/web"
originalUrl: https://a.test/original
published: false
provider:
  name: P
  images:
    - url: "https://a.test/icon.png"
      width: 50
      height: "50"
images:
  - url: "https://a.test/1.jpg"
    width: 1400
    height: 787
    isCached: true
  - https://a.test/2.jpg
related:
  - title: R0
    publishedDateTime: 2020-06-08
    webUrl: ""
    ampWebUrl: https://b.test/amp
    cdnAmpWebUrl: https://b-test.cdn.ampproject.org/c/s/b.test/amp
    provider:
      images:
      - url: /icon.png
    images:
      - url: https://b.test/1.jpg
  - webUrl: https://c.test/
    related:
      - webUrl: https://d.test/
secured: "x"
---
A body with webUrl: https://body.test/
"""


def article(text: str | bytes) -> Article:
    data = text if isinstance(text, bytes) else text.encode()
    return read_article("news/a.md", data, Site())


def one(value: str) -> Reference:
    (reference,) = article(f"---\n{value}\n---\n").references
    return reference


def test_reads_every_field_and_every_reference_in_file_order() -> None:
    found = article(FULL)
    published = datetime(2020, 6, 10, 0, 4, tzinfo=UTC)
    assert (found.path, found.title, found.excerpt) == ("news/a.md", "A title", "An excerpt")
    assert (found.published, found.listed, found.block) == (published, False, None)
    assert found.problems == ()
    own = Declared(title="A title", excerpt="An excerpt", published=published)
    related = Declared(title="R0", published=datetime(2020, 6, 8, tzinfo=UTC))
    image = Declared(width=1400, height=787, is_cached=True)
    amp, cache = "https://b.test/amp", "https://b-test.cdn.ampproject.org/c/s/b.test/amp"
    assert [
        (r.line, r.pointer, r.role, r.scope, r.raw, r.invalid, r.declared) for r in found.references
    ] == [
        (5, "webUrl", Role.WEB, Scope.OWN, "https://a.test/web", None, own),
        (6, "originalUrl", Role.ORIGINAL, Scope.OWN, "https://a.test/original", None, own),
        (11, "provider/images/0", Role.PROVIDER_IMAGE, Scope.OWN, "https://a.test/icon.png", None,
         Declared(width=50, height=50)),
        (15, "images/0", Role.IMAGE, Scope.OWN, "https://a.test/1.jpg", None, image),
        (19, "images/1", Role.IMAGE, Scope.OWN, "https://a.test/2.jpg", None, NOTHING_DECLARED),
        (23, "related/0/webUrl", Role.WEB, Scope.RELATED, "", InvalidReason.EMPTY, related),
        (24, "related/0/ampWebUrl", Role.AMP, Scope.RELATED, amp, None, related),
        (25, "related/0/cdnAmpWebUrl", Role.AMP_CACHE, Scope.RELATED, cache, None,
         NOTHING_DECLARED),
        (28, "related/0/provider/images/0", Role.PROVIDER_IMAGE, Scope.RELATED, "/icon.png",
         InvalidReason.RELATIVE_URL, NOTHING_DECLARED),
        (30, "related/0/images/0", Role.IMAGE, Scope.RELATED, "https://b.test/1.jpg", None,
         NOTHING_DECLARED),
        (31, "related/1/webUrl", Role.WEB, Scope.RELATED, "https://c.test/", None,
         NOTHING_DECLARED),
        (33, "related/1/related/0/webUrl", Role.WEB, Scope.RELATED, "https://d.test/", None,
         NOTHING_DECLARED),
            (36, "body/0", Role.BODY, Scope.OWN, "https://body.test/", None, NOTHING_DECLARED),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        pytest.param("---\r\nwebUrl: http://a.test/\r\n---\r\n", [(2, "http://a.test/")], id="crlf"),
        pytest.param("\ufeff---\nwebUrl: http://a.test/\n---", [(2, "http://a.test/")], id="bom"),
        pytest.param("---  \t\nwebUrl: http://a.test/\n...\n- [", [(2, "http://a.test/")], id="dots"),
        pytest.param("---\noriginalUrl: http://a.test/\n---\n", [(2, "http://a.test/")], id="no-web"),
        pytest.param('---\nwebUrl: "http://a.test/ x "\n---\n', [(2, "http://a.test/%20x")], id="spaces"),
        pytest.param('---\nwebUrl: "http://a.test/\u2028x"\nampWebUrl: http://a.test/b\n---\n',
                     [(2, "http://a.test/%E2%80%A8x"), (3, "http://a.test/b")], id="u2028"),
        pytest.param('---\nwebUrl: "http://a.test/\\u2028"\n---\n', [(2, "http://a.test/")],
                     id="u2028-escaped"),
        pytest.param("---\ntitle: 'a\u0085b\u2029c'\nwebUrl: http://a.test/\n---\n",
                     [(3, "http://a.test/")], id="lines-are-lf"),
        pytest.param("---\ntitle: 😀\u200b\t.\nwebUrl: http://a.test/\n---\n", [(3, "http://a.test/")],
                     id="emoji-zero-width-tab"),
        pytest.param("---\nwebUrl: http://a.test/?a&#038;b&amp;c\n---\n",
                     [(2, "http://a.test/?a&")], id="comment-like-entity-is-yaml-plain"),
        pytest.param("---\nwebUrl: http://a.test/â€™é\n---\n",
                     [(2, "http://a.test/%C3%A2%E2%82%AC%E2%84%A2%C3%A9")], id="mojibake"),
        pytest.param("---\nrelated:\n- webUrl: http://a.test/\n- webUrl: http://a.test/\n---\n",
                     [(3, "http://a.test/"), (4, "http://a.test/")], id="same-twice"),
        pytest.param("---\n---\n", [], id="empty"),
        pytest.param("---\n# nothing\n---\n", [], id="comment-only"),
        pytest.param("---\nwebUrl: ~\nampWebUrl:\nimages:\nrelated: null\ntitle:\n---\n", [], id="nulls"),
        pytest.param("---\nwebUrl: |-\n  http://a.test/\n---\n", [(2, "http://a.test/")], id="literal"),
        pytest.param("---\n{webUrl: 'http://a.test/'}\n---\n", [(2, "http://a.test/")], id="flow"),
        pytest.param("---\n? webUrl\n: http://a.test/\n---\n", [(3, "http://a.test/")], id="explicit-key"),
        pytest.param("---\n&anchor webUrl: !!str http://a.test/\n---\n", [(2, "http://a.test/")], id="anchor"),
        pytest.param("---\n? [a, b]\n: c\nprovider: Plain name\n---\n", [], id="odd-keys"),
    ],
)  # fmt: skip
def test_odd_shapes_pass_without_a_problem(text: str, urls: list[tuple[int, str]]) -> None:
    found = article(text)
    if "&#038" in text:
        # In a plain scalar nothing is a comment without a blank before it.
        urls = [(2, "http://a.test/?a&#038;b&amp;c".partition("#")[0])]
    assert [(r.line, r.url) for r in found.references] == urls
    assert found.problems == ()


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("title: no front matter\n", 1, ProblemCode.NO_FRONT_MATTER),
        ("", 1, ProblemCode.NO_FRONT_MATTER),
        ("+++\ntitle = 'TOML'\n", 1, ProblemCode.NEVER_CLOSED),
        ("+++\ntitle = 'TOML'\nlink = x\n+++\n", 3, ProblemCode.INVALID_TOML),
        ("+++\na = 1\na = 2\n+++\n", 3, ProblemCode.INVALID_TOML),
        (f"+++\na = {'[' * 30_000}\n+++\n", 2, ProblemCode.TOO_DEEP),
        (f"+++\na = {'[' * 65}{']' * 65}\n+++\n", 2, ProblemCode.TOO_DEEP),
        # Of each the standard library would keep every beginning: terabytes.
        (f"+++\n{'a.' * 900_000}b = 1\n+++\n", 2, ProblemCode.TOO_DEEP),
        (f"+++\n[{'a.' * 900_000}b]\n+++\n", 2, ProblemCode.TOO_DEEP),
        (f"+++\n[[{'a . ' * 400_000}b]]\n+++\n", 2, ProblemCode.TOO_DEEP),
        ("+++\nx = [{" + '"a".' * 300_000 + "b = 1}]\n+++\n", 2, ProblemCode.TOO_DEEP),
        ("+++\n" + "'a'." * 300_000 + "b = 1\n+++\n", 2, ProblemCode.TOO_DEEP),
        (f"+++\na.{'b.' * 64}c = 1\n+++\n", 2, ProblemCode.TOO_DEEP),
        (f"+++\nx = 1 {'a.' * 900_000}b\n+++\n", 2, ProblemCode.INVALID_TOML),
        (f"+++\na = [{'1,' * 100_001}]\n+++\n", 0, ProblemCode.FILE_TOO_LARGE),
        (";;;\n{}\n", 1, ProblemCode.NEVER_CLOSED),
        (";;;\n{} x\n;;;\n", 2, ProblemCode.INVALID_JSON),
        (";;;\n\"a\": 1\n;;;\n", 2, ProblemCode.INVALID_JSON),
        ('{"title": "JSON",\n "link": }\n', 2, ProblemCode.INVALID_JSON),
        ('{"title": "JSON"', 1, ProblemCode.INVALID_JSON),
        ('{"a": NaN}', 1, ProblemCode.INVALID_JSON),
        ('{"a": ' + "9" * 5_000 + "}", 1, ProblemCode.INVALID_JSON),
        ('{"a": ' + "[" * 30_000, 1, ProblemCode.TOO_DEEP),
        ('{"a": ' + '{"b":' * 65 + "1" + "}" * 66, 1, ProblemCode.TOO_DEEP),
        ('{"a": [' + "1," * 100_001 + "1]}", 0, ProblemCode.FILE_TOO_LARGE),
        ("---\nA rule, then text.\n", 1, ProblemCode.NO_FRONT_MATTER),
        ("---\nSee: this rule\n", 1, ProblemCode.NEVER_CLOSED),
        ("---\n*A rule*: [then text\n", 1, ProblemCode.NO_FRONT_MATTER),
        ("---\nwebUrl: http://a.test/", 1, ProblemCode.NEVER_CLOSED),
        ("---\nwebUrl: http://a.test/\n\nText: that is no: YAML\n", 1, ProblemCode.NEVER_CLOSED),
        ("---\r\n\r\n# note\r\n'webUrl': http://a.test/\r\n --- \r\n", 1, ProblemCode.NEVER_CLOSED),
        ("---\ntitle:\n----\n", 1, ProblemCode.NEVER_CLOSED),
        ("---\nwebUrl: http://a.test/\n--- # end\n", 1, ProblemCode.NEVER_CLOSED),
        ("---\n- a\n---\n", 2, ProblemCode.NOT_A_MAPPING),
        ("---\n\ntext\n---\n", 3, ProblemCode.NOT_A_MAPPING),
        ("---\ntitle: a\nname: b: c\n---\n", 3, ProblemCode.INVALID_YAML),
        ("---\ntitle: a\nname: [\n---\n", 4, ProblemCode.INVALID_YAML),
        ("---\ntitle: a\nname: '\x01'\n---\n", 3, ProblemCode.INVALID_YAML),
        ("---\ntitle: a\n--- b\n---\n", 3, ProblemCode.INVALID_YAML),
        ("---\ntitle: !%ED%A0%80 a\n---\n", 0, ProblemCode.INVALID_YAML),
        ("---\na: &x b\nc: *x\n---\n", 3, ProblemCode.ALIAS),
        ("---\na:\n  <<: {b: c}\n---\n", 3, ProblemCode.MERGE_KEY),
        (f"---\na: {'[' * 30_000}\n---\n", 2, ProblemCode.TOO_DEEP),
        ("---\n" + "".join(" " * n + "a:\n" for n in range(70)) + "---\n", 66,
         ProblemCode.TOO_DEEP),
        (f"---\na: {'- ' * 99} b\n---\n", 2, ProblemCode.INVALID_YAML),
        (f"---\n{'? ' * 20_000}a\n---\n", 2, ProblemCode.TOO_DEEP),
        # From libyaml 0.2.6 on its scanner refuses 1,000 levels by itself, ahead of its events.
        (f"---\na: {'[' * 1_500}{']' * 1_500}\n---\n", 2, ProblemCode.TOO_DEEP),
        (f"---\na: b\nc: {'{' * 999}{'}' * 999}\n---\n", 3, ProblemCode.TOO_DEEP),
        (f"---\na: {'- ' * 1_500}b\n---\n".replace("a: ", "? "), 2, ProblemCode.TOO_DEEP),
        # Other faults of the scanner hide the depth before them in the same way.
        (f"---\na: b\nc: {'[' * 64} @\n---\n", 3, ProblemCode.TOO_DEEP),
        (f"---\na: b\nc: {'[' * 63} @\n---\n", 3, ProblemCode.INVALID_YAML),
        (f"---\na: {'x' * 2_000_001}\n---\n", 1, ProblemCode.FILE_TOO_LARGE),
        (f"---\na: [{'b,' * 300_000}]\n---\n", 0, ProblemCode.FILE_TOO_LARGE),
        (f"---\na: b\n---\n{'x' * 10_000_000}", 0, ProblemCode.FILE_TOO_LARGE),
        (b"---\ntitle: a\nname: \xff\n---\n", 3, ProblemCode.NOT_UTF8),
        (b"---\ntitle: a\n---\n\nbody \xed\xa0\x80", 5, ProblemCode.NOT_UTF8),
        ("---\ntitle: a\n---\n".encode("utf-16"), 1, ProblemCode.NOT_UTF8),
    ],
)  # fmt: skip
def test_what_cannot_be_read_names_its_line(
    text: str | bytes, line: int, code: ProblemCode
) -> None:
    with pytest.raises(UnreadableArticle) as caught:
        article(text)
    (problem,) = caught.value.problems
    assert (problem.path, problem.line, problem.code) == ("news/a.md", line, code)
    assert problem.message
    assert "\n" not in problem.message


@pytest.mark.parametrize(
    "value",
    [
        '"' + "1." * 900 + '0"',
        f"'{'a.' * 900}b'",
        '"""\n' + "a." * 900 + 'b = 1\n"""',
        f"1 # {'a.' * 900}b",
    ],
)
def test_a_text_with_many_dots_is_no_long_key(value: str) -> None:
    assert article(f"+++\ntitle = 'T'\nx = {value}\n+++\n").title == "T"


def test_the_billion_laughs_end_at_the_first_alias() -> None:
    laughs = "a0: &a0 [x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)
    )
    with pytest.raises(UnreadableArticle) as caught:
        article(f"---\n{laughs}---\n")
    assert [(p.line, p.code) for p in caught.value.problems] == [(3, ProblemCode.ALIAS)]


@pytest.mark.parametrize(
    ("value", "line", "code"),
    [
        ("webUrl: 123", 2, ProblemCode.UNEXPECTED_VALUE),
        ("webUrl: true", 2, ProblemCode.UNEXPECTED_VALUE),
        ("webUrl: 2020-01-01", 2, ProblemCode.UNEXPECTED_VALUE),
        ("webUrl: [a]", 2, ProblemCode.UNEXPECTED_VALUE),
        ("webUrl:\n  a: b", 3, ProblemCode.UNEXPECTED_VALUE),
        ("images: a.jpg", 2, ProblemCode.UNEXPECTED_VALUE),
        ("images:\n  url: a.jpg", 3, ProblemCode.UNEXPECTED_VALUE),
        ("images:\n- []", 3, ProblemCode.UNEXPECTED_VALUE),
        ("images:\n- width: 1", 3, ProblemCode.UNEXPECTED_VALUE),
        ("images:\n- url: http://a.test/\n  width: 1.5", 4, ProblemCode.UNEXPECTED_VALUE),
        ("images:\n- url: http://a.test/\n  width: -1", 4, ProblemCode.UNEXPECTED_VALUE),
        ("images:\n- url: http://a.test/\n  height: ²", 4, ProblemCode.UNEXPECTED_VALUE),
        ("images:\n- url: http://a.test/\n  height: [1]", 4, ProblemCode.UNEXPECTED_VALUE),
        (f"images:\n- url: http://a.test/\n  height: {'9' * 5000}", 4, ProblemCode.UNEXPECTED_VALUE),
        ("images:\n- url: http://a.test/\n  isCached: maybe", 4, ProblemCode.UNEXPECTED_VALUE),
        ("related:\n  webUrl: http://a.test/", 3, ProblemCode.UNEXPECTED_VALUE),
        ("related: [a]", 2, ProblemCode.UNEXPECTED_VALUE),
        ("provider: [a]", 2, ProblemCode.UNEXPECTED_VALUE),
        ("title: [a]", 2, ProblemCode.UNEXPECTED_VALUE),
        ("published: {}", 2, ProblemCode.UNEXPECTED_VALUE),
        ("removed: perhaps", 2, ProblemCode.UNEXPECTED_VALUE),
        ("publishedDateTime: 2026-02-30", 2, ProblemCode.INVALID_DATE),
        ("publishedDateTime: soon", 2, ProblemCode.INVALID_DATE),
        ("publishedDateTime: [2026-02-28]", 2, ProblemCode.UNEXPECTED_VALUE),
        ("title: a\ntitle: b", 3, ProblemCode.DUPLICATE_KEY),
        ("linkHealth: by hand", 2, ProblemCode.INVALID_BLOCK),
        ("linkHealth:\n  schema: 1\n  # a note\n  since: '2026-11-22'", 2, ProblemCode.INVALID_BLOCK),
        ("linkHealth:\n  schema: 1\n  a:\n    b: c", 2, ProblemCode.INVALID_BLOCK),
    ],
)  # fmt: skip
def test_an_odd_value_is_a_problem_and_the_rest_goes_on(
    value: str, line: int, code: ProblemCode
) -> None:
    found = article(f"---\n{value}\noriginalUrl: http://last.test/\n---\n")
    assert [(p.line, p.code) for p in found.problems] == [(line, code)]
    assert found.references[-1].url == "http://last.test/"


@pytest.mark.parametrize(
    "written",
    [
        "1024",
        "'1024'",
        '"1,024"',
        "1,024",
        "1024px",
        "'1024 px'",
        "1024.0",
        "1_024",
        "1 024",
        "1.024",
    ],
)
def test_sizes_are_read_however_they_are_written(written: str) -> None:
    found = article(f"---\nimages:\n- url: http://a.test/a.png\n  width: {written}\n---\n")
    assert found.problems == ()
    assert found.references[0].declared.width == 1024


def test_data_urls_are_no_links() -> None:
    long = "data:image/png;base64," + "A" * 60_000
    found = article(
        f"---\nwebUrl: {long}\nimages:\n- url: '{long}'\n  width: 1\n- ' DATA:,x'\n- http://a.test/a.png\n"
        f"related:\n- images: [{{url: 'data:,y'}}]\n---\n[x](data:,z) ![y]({long})\n"
    )
    assert [(r.pointer, r.raw) for r in found.references] == [("images/2", "http://a.test/a.png")]
    assert found.problems == ()


def test_of_duplicate_keys_the_last_one_counts() -> None:
    found = article("---\nwebUrl: http://a.test/\nwebUrl: http://b.test/\n---\n")
    assert [(r.line, r.url) for r in found.references] == [(3, "http://b.test/")]


def test_the_number_of_problems_is_bounded() -> None:
    found = article("---\nrelated:\n" + "- webUrl: 1\n" * 5000 + "---\n")
    assert len(found.problems) == 101
    assert found.problems[-1].message == "4,900 more problems in this file are not told"


def test_nul_is_replaced_because_no_database_takes_it() -> None:
    found = article('---\ntitle: "a\\0b"\nwebUrl: "http://a.test/\\0"\n---\n')
    assert found.title == "a\ufffdb"
    assert found.references[0].raw == "http://a.test/\ufffd"


@pytest.mark.parametrize(
    ("fields", "listed"),
    [("published: true", True), ("published: false", False), ("published: no", False),
     ("removed: true", False), ("removed: false", True), ("title: x", True)],
)  # fmt: skip
def test_listed(fields: str, listed: bool) -> None:
    assert article(f"---\n{fields}\n---\n").listed is listed


def test_the_block_is_handed_on_with_lf_line_ends() -> None:
    block = "linkHealth:\n  schema: 1\n  deadLinks:\n    - {at: webUrl}\n"
    for text in (
        f"---\n{block}secured: x\n---\n",
        f"---\n{block}\n# note\n---\n",
        f"---\n{block}---",
    ):
        assert article(text).block == block
        assert article(text.replace("\n", "\r\n")).block == block


def test_long_values_are_cut_in_messages() -> None:
    (problem,) = article(f"---\ntitle: a\nimages: {'x' * 500}\n---\n").problems
    assert len(problem.message) < 150


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2020-06-10", datetime(2020, 6, 10, tzinfo=UTC)),
        ("2020-6-1", datetime(2020, 6, 1, tzinfo=UTC)),
        ("2020-06-10T01:02", datetime(2020, 6, 10, 1, 2, tzinfo=UTC)),
        ("2020-06-10 01:02:03", datetime(2020, 6, 10, 1, 2, 3, tzinfo=UTC)),
        ("2020-06-10t01:02:03.5z", datetime(2020, 6, 10, 1, 2, 3, 500_000, tzinfo=UTC)),
        ("2020-06-10T01:02:03.1234567Z", datetime(2020, 6, 10, 1, 2, 3, 123_456, tzinfo=UTC)),
        ("2020-06-10 01:02:03 UTC", datetime(2020, 6, 10, 1, 2, 3, tzinfo=UTC)),
        ("2020-06-10 01:02:03 +0530",
         datetime(2020, 6, 10, 1, 2, 3, tzinfo=timezone(timedelta(hours=5, minutes=30)))),
        ("2020-06-10T01:02:03-07:00",
         datetime(2020, 6, 10, 1, 2, 3, tzinfo=timezone(timedelta(hours=-7)))),
        ("2020-06-10T01:02:03+5", datetime(2020, 6, 10, 1, 2, 3, tzinfo=timezone(timedelta(hours=5)))),
        ("2026-02-30", None),
        ("0000-01-01", None),
        ("2020-06-10T24:00:00", None),
        ("2020-06-10T01:02:60", None),
        ("2020-06-10T01:02:03+24:00", None),
        ("9999-12-31T23:59:59-12:00", None),
        ("٢٠٢٠-06-10", None),
        ("1591747440", None),
        ("June 10, 2020", None),
    ],
)  # fmt: skip
def test_dates(text: str, instant: datetime | None) -> None:
    found = instant_of(text)
    assert found == instant
    if found is not None and instant is not None:
        assert found.utcoffset() == instant.utcoffset()


@pytest.mark.shared_data
def test_the_yaml_test_suite_is_read_or_refused(shared: Path) -> None:
    """351 files of every construct that YAML has: nothing but UnreadableArticle may be raised."""
    sources = sorted((shared / "suites/yaml-test-suite/src").glob("*.yaml"))
    read = refused = 0
    for source in sources:
        text = source.read_text(encoding="utf-8")
        # Whole, and the inner documents with the suite's signs for blanks and tabs.
        pieces = [
            text,
            *(p.replace("␣", " ").replace("»", "\t") for p in text.split("  yaml: |\n")),
        ]
        for piece in pieces:
            for wrapped in (f"---\n{piece}\n---\n", f"---\na:\n{piece}"):
                try:
                    article(wrapped)
                except UnreadableArticle:
                    refused += 1
                else:
                    read += 1
    assert len(sources) > 300
    assert read > 100
    assert refused > 100


@pytest.mark.parametrize(
    ("value", "provider"),
    [
        ("provider:\n  name: A\n  domain: a.test", Provider("A", "a.test", 3, 4)),
        ("provider:\n  domain: 'a.test'\n  name: \"A: B\"", Provider("A: B", "a.test", 4, 3)),
        ("provider: {name: A, domain: a.test}", Provider("A", "a.test", 2, 2)),
        ("provider:\n  name: >-\n    A\n    B", Provider("A B", None, 3, 0)),
        ("provider:\n  name: 247", Provider("247", None, 3, 0)),
        ("provider:\n  name: null\n  domain: ~", Provider()),
        ("provider:\n  name:\n  domain: ''", Provider(None, "", 0, 4)),
        ("provider:\n  more: A", Provider()),
        ("provider:\n  name: A\nprovider:\n  name: B", Provider("B", None, 5, 0)),
        ('provider:\n  name: "A\\0B"', Provider("A\ufffdB", None, 3, 0)),
        ("provider:\n  domain: https://u:p@a.test/", Provider(None, "https://***@a.test/", 0, 3)),
        ("provider: {}", Provider()),
        ("provider: A", None),
        ("provider: 3", None),
        ("provider: null", None),
        ("provider: true", None),
        ("provider:", None),
        ("title: A", None),
        ("related:\n  - provider:\n      name: A", None),
    ],
)
def test_a_provider_is_read_with_its_lines(value: str, provider: Provider | None) -> None:
    found = article(f"---\n{value}\n---\n")
    assert found.provider == provider
    assert [one for one in found.problems if one.code is not ProblemCode.DUPLICATE_KEY] == []


@pytest.mark.parametrize(
    ("value", "provider", "message"),
    [
        ("provider: [A, B]", None, "provider: a list stands where a mapping should"),
        ("provider:\n  - name: A", None, "provider: a list stands where a mapping should"),
        ("provider:\n  name: [A]", Provider(), "provider/name: a list stands where a text should"),
        (
            "provider:\n  name: A\n  domain: {a: b}",
            Provider("A", None, 3, 0),
            "provider/domain: a mapping stands where a text should",
        ),
        (
            "provider:\n  name: {name: A}",
            Provider(),
            "provider/name: a mapping stands where a text should",
        ),
        (
            "provider:\n  domain: []",
            Provider(),
            "provider/domain: a list stands where a text should",
        ),
    ],
)
def test_an_odd_provider_is_a_problem(value: str, provider: Provider | None, message: str) -> None:
    found = article(f"---\n{value}\n---\n")
    assert found.provider == provider
    assert [(one.code, one.message) for one in found.problems] == [
        (ProblemCode.UNEXPECTED_VALUE, message)
    ]


@pytest.mark.parametrize(
    ("text", "provider"),
    [
        ("+++\n[provider]\nname = 3\n+++\n", Provider("3", None, 3, 0)),
        ('{"provider":\n {"name": "N", "domain": []}}\n', Provider("N", None, 2, 0)),
        (";;;\n{}\n;;;\n", None),
    ],
)
def test_a_provider_is_read_in_every_notation(text: str, provider: Provider | None) -> None:
    assert article(text).provider == provider


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Jul 08 2024", "2024-07-08"),
        ("July 8, 2024", "2024-07-08"),
        ("8 July 2024", "2024-07-08"),
        ("Monday, 8th Sept. 2024", "2024-09-08"),
        ("Mon, Dec 1st, 2025", "2025-12-01"),
        ("2024-07-08", "2024-07-08"),
        ("2024-07-08 10:00:00 +0200", "2024-07-08"),
        ("Feb 30 2024", None),
        ("Juli 8 2024", "2024-07-08"),
        ("Anf 8 2024", None),
        ("8 2024", None),
        ("July 2024", None),
        ("08/07/2024", None),
        ("", None),
    ],
)
def test_days_with_a_month_in_english(text: str, day: str | None) -> None:
    """In fields of other names; a seed's own date is a date of YAML."""
    found = moment_of(text)
    assert (found.date().isoformat() if found else None) == day
