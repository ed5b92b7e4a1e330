from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.model.article import ProblemCode
from crawler.model.check import FreshnessState, ImageCode, UpdateKind
from crawler.model.decision import HOST_SKIPPED, DecisionCode
from crawler.model.link import Access
from crawler.model.observation import FailureKind, Inconclusive
from crawler.model.verdict import UNCHECKED, VerdictKind, WarningCode
from crawler.reporting.words.wording import GROUPS, Wording, explain, is_known
from crawler.rules import article
from crawler.rules.article import freshness
from crawler.rules.urls import InvalidReason
from crawler.rules.verdict import any_address, page_state, redirect_ends, statuses, verdicts
from crawler.rules.verdict.host_ends import EndReason

CODES: list[StrEnum] = [
    *FailureKind,
    *WarningCode,
    *VerdictKind,
    *FreshnessState,
    *UpdateKind,
    *ProblemCode,
    *InvalidReason,
    *Inconclusive,
    *DecisionCode,
    *EndReason,
]
RULES_6 = [
    *("image-dead", "html-for-image", "not-an-image", "size-mismatch", "resized"),
    *("aspect-mismatch", "size-missing", "image-too-small", "image-card", "image-discover"),
    *("image-weight", "image-type-mismatch", "image-placeholder", "image-expiring"),
    *("image-mixed-content", "image-bomb", "image-replaced"),
]
WALLED = [f"now-{access}" for access in (Access.PAYWALL, Access.LOGIN)]


def calls(module: ModuleType, name: str) -> Iterator[ast.Call]:
    """Every call of a function in a module's own code."""
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node


def second_arguments(module: ModuleType, name: str) -> list[ast.expr]:
    """The second arguments of these calls, which in the rules' own functions are the reasons."""
    return [call.args[1] for call in calls(module, name)]


def literals(found: list[ast.expr]) -> set[str]:
    return {str(one.value) for one in found if isinstance(one, ast.Constant)}


def sources(found: list[ast.expr]) -> set[str]:
    return {ast.unparse(one) for one in found if not isinstance(one, ast.Constant)}


def keyword_reasons(module: ModuleType) -> list[ast.expr]:
    """The reasons that verdicts are given by keyword."""
    found = calls(module, "replace"), calls(module, "Verdict")
    return [
        word.value
        for group in found
        for call in group
        for word in call.keywords
        if word.arg == "reason"
    ]


PAGE_REASONS = [
    reason
    for module in (page_state, any_address, redirect_ends)
    for reason in second_arguments(module, "Finding")
]
VERDICT_REASONS = keyword_reasons(verdicts)
REASONS = [*PAGE_REASONS, *VERDICT_REASONS]


@pytest.mark.parametrize("code", [*CODES, *RULES_6, *WALLED, UNCHECKED.reason, HOST_SKIPPED])
def test_every_code_has_words(code: str) -> None:
    assert is_known(code)


@pytest.mark.parametrize("code", sorted({*literals(REASONS), *freshness._FIELDS}))
def test_every_reason_that_a_rule_gives_has_words(code: str) -> None:
    assert is_known(code)


def test_the_reasons_of_the_rules_are_all_found() -> None:
    """A reason that is no literal comes from an enum, or is an HTTP status."""
    assert {"soft-404", "html-for-image", "redirect-trivial"} <= literals(PAGE_REASONS)
    assert set(RULES_6) - {"resized"} == set(ImageCode)  # docs/adr/0006
    assert sources(REASONS) <= {
        "reason",  # of a failure's kind, or of a status
        "finding.reason",
        "FailureKind.REDIRECT_BAD_LOCATION.value",
        "FailureKind.UNEXPECTED.value",
        "http_reason(status)",
        "http_reason(seen.status)",
        "http_reason(seen.status or 200)",
        "seen.inconclusive.value",
        "fault.value",  # of a certificate's, all of them warnings too
        "SERVER_ERRORS",
        "FILE",
        "HIJACKED",
        "HTTPS_ONLY",
        "BY_LANGUAGE",
        "SOFT_404_HOME",
        "BARRIER",
        "code.value",  # of an editor's decision
        "end.value",  # of an address that a large host leads to
    }
    assert is_known(verdicts.SERVER_ERRORS)
    named = (
        page_state.FILE,
        page_state.HTTPS_ONLY,
        page_state.BY_LANGUAGE,
        redirect_ends.SOFT_404_HOME,
        any_address.BARRIER,
    )
    assert [code for code in named if not is_known(code)] == []


def test_every_status_has_words() -> None:
    reasons = [statuses.http_reason(status) for status in range(100, 1000)]
    assert [reason for reason in reasons if not is_known(reason)] == []


def reasons_of_checks(module: ModuleType) -> Iterator[str]:
    """The reasons of the findings of a module's checks, literals and constants."""
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        if called in ("FieldFinding", "FieldFinding.about"):
            reason = node.args[2 if called == "FieldFinding" else 1]
            if isinstance(reason, ast.Constant):
                yield str(reason.value)
            elif isinstance(reason, ast.Name) and hasattr(module, reason.id):
                yield str(getattr(module, reason.id))


def reasons_of_all_checks() -> set[str]:
    names = [one.name for one in iter_modules(article.__path__)]
    modules = [import_module(f"crawler.rules.article.{name}") for name in names]
    return {reason for module in modules for reason in reasons_of_checks(module)}


def test_every_reason_of_a_check_has_words() -> None:
    assert {"amp-cache-mismatch", "canonical-differs"} <= reasons_of_all_checks()
    assert [reason for reason in reasons_of_all_checks() if not is_known(reason)] == []


def test_the_rules_of_addresses_and_their_words_name_the_same_codes(project: Path) -> None:
    text = "".join(
        (project / "crawler" / "rules" / "article" / f"{name}.py").read_text("utf-8")
        for name in ("amp", "identity")
    )
    codes = set(re.findall(r'"((?:amp|amphtml|canonical)-[a-z-]+)"', text))
    codes |= reasons_of_all_checks()
    assert codes == {*GROUPS["AMP pages"], *GROUPS["Which page an article is of"]}


def test_drift_and_its_words_name_the_same_fields() -> None:
    assert list(GROUPS["Fields that drifted"]) == list(freshness._FIELDS)


def test_no_code_stands_in_two_groups() -> None:
    codes = [code for group in GROUPS.values() for code in group]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("words", [words for group in GROUPS.values() for words in group.values()])
def test_words_are_sentences(words: Wording) -> None:
    for sentence in (words.meaning, words.advice):
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert sentence.isprintable()


@pytest.mark.parametrize(
    ("code", "part"),
    [
        ("http-404", "does not exist"),
        ("http-410", "removed for good"),
        ("http-418", "joke"),
        ("http-423", "refused"),
        ("http-599", "error of its own"),
        ("http-305", "pointed elsewhere"),
        ("http-206", "answered"),
        ("http-199", "never gave it"),
        ("http-799", "no standard"),
        ("http-99", "No plain words"),
        ("http-4040", "No plain words"),
        ("made-up", "No plain words"),
        ("", "No plain words"),
    ],
)
def test_statuses_fall_back_to_their_family(code: str, part: str) -> None:
    assert part in explain(code).meaning


@given(st.text())
def test_any_code_is_explained(code: str) -> None:
    assert explain(code).meaning
