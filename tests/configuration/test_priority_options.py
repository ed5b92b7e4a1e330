"""`priority:` of `.linkhealth.yml`: weights, their bounds, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.configuration import FILE_NAME, ConfigurationError, load
from crawler.rules.policy import PriorityPolicy


def loaded(folder: Path, text: str, **flags: str) -> PriorityPolicy:
    (folder / FILE_NAME).write_text(text)
    return load(folder, flags, {}).policy.priority


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", PriorityPolicy()),
        ("priority:\n", PriorityPolicy()),
        ("priority:\n  fields:\n", PriorityPolicy()),
        ("priority: {age: 0, heat: '2.5'}", PriorityPolicy(age=0, heat=2.5)),
        (
            "priority: {references: 5, quality: 0.1, published: 0, fields: {amp-cache: 0, related: 100}}",
            PriorityPolicy(
                references=5, quality=0.1, published=0, fields={"amp-cache": 0, "related": 100}
            ),
        ),
    ],
)
def test_weights_are_read(tmp_path: Path, text: str, expected: PriorityPolicy) -> None:
    assert loaded(tmp_path, text) == expected


def test_the_file_takes_precedence_over_its_profile(tmp_path: Path) -> None:
    text = """\
priority: {age: 2, fields: {web: 1}}
profiles:
  hot:
    priority: {age: 3, heat: 4, fields: {web: 7, image: 7}}
"""
    assert loaded(tmp_path, text) == PriorityPolicy(age=2, fields={"web": 1})
    both = PriorityPolicy(age=2, heat=4, fields={"web": 1, "image": 7})
    assert loaded(tmp_path, text, profile="hot") == both


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("priority: 3", f"{FILE_NAME}:1: priority must hold factors with their weights below"),
        (
            "priority:\n  fields: 3",
            f"{FILE_NAME}:2: fields must hold fields with their weights below",
        ),
        ("priority:\n  age: 6", f"{FILE_NAME}:2: age: '6' is not a number from 0 to 5"),
        ("priority:\n  age: -1", f"{FILE_NAME}:2: age: '-1' is not a number from 0 to 5"),
        ("priority:\n  age: nan", f"{FILE_NAME}:2: age: 'nan' is not a number from 0 to 5"),
        ("priority:\n  age: 1e3", f"{FILE_NAME}:2: age: '1e3' is not a number from 0 to 5"),
        ("priority:\n  age:", f"{FILE_NAME}:2: age: '' is not a number from 0 to 5"),
        ("priority:\n  age: [1]", f"{FILE_NAME}:2: age takes one number, not a list"),
        ("priority:\n  age: {a: 1}", f"{FILE_NAME}:2: age takes one number, not a mapping"),
        (
            "priority:\n  agge: 1",
            f"{FILE_NAME}:2: unknown factor 'agge' of a priority; did you mean 'age'?",
        ),
        (
            "priority:\n  fields:\n    imag: 1",
            f"{FILE_NAME}:3: unknown field 'imag' of a priority; did you mean 'image'?",
        ),
        (
            "priority:\n  fields:\n    image: 101",
            f"{FILE_NAME}:3: image: '101' is not a number from 0 to 100",
        ),
    ],
)
def test_mistakes_name_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        loaded(tmp_path, text)
    assert str(error.value) == message
