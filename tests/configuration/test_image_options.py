"""`images:` of `.linkhealth.yml`: thresholds and levels, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from crawler.configuration import FILE_NAME, ConfigurationError, load
from crawler.model.check import ImageCode, Level, Size
from crawler.rules.policy import ImagePolicy

FULL = """\
images:
  resized_within: 1 %
  aspect_off_by: 7.5
  too_small_error: 100x100
  too_small_warning: 400X210
  too_small_info: 800x420
  discover_width: 900
  weight_warning: 800 KB
  weight_error: 2.5MB
  placeholder_from: 20
  expiring_within_days: 30
  levels: {image-discover: off, image-weight: ERROR, size-missing: false}
"""
PROFILES = """\
images:
  weight_warning: 2 MB
  levels: {image-card: off}
profiles:
  strict:
    images:
      weight_warning: 1 MB
      weight_error: 2 MB
      levels: {image-card: error, image-discover: warning}
"""


def loaded(folder: Path, text: str, **flags: str) -> ImagePolicy:
    (folder / FILE_NAME).write_text(text)
    return load(folder, flags, {}).policy.images


def test_everything_can_be_said(tmp_path: Path) -> None:
    assert loaded(tmp_path, FULL) == ImagePolicy(
        resized_within=0.01,
        aspect_off_by=0.075,
        too_small_error=Size(100, 100),
        too_small_warning=Size(400, 210),
        too_small_info=Size(800, 420),
        discover_width=900,
        weight_warning=800_000,
        weight_error=2_500_000,
        placeholder_from=20,
        expiring_within=timedelta(days=30),
        levels={
            ImageCode.DISCOVER: None,
            ImageCode.WEIGHT: Level.ERROR,
            ImageCode.SIZE_MISSING: None,
        },
    )


def test_a_profile_fills_in_what_the_file_leaves_open(tmp_path: Path) -> None:
    assert loaded(tmp_path, PROFILES).weight_error == 8_000_000
    strict = loaded(tmp_path, PROFILES, profile="strict")
    assert (strict.weight_warning, strict.weight_error) == (2_000_000, 2_000_000)
    assert strict.levels == {ImageCode.CARD: None, ImageCode.DISCOVER: Level.WARNING}


@pytest.mark.parametrize(
    "text", ["", "images:\n", "images: {}\n", "images: {levels: }\n", "profiles: {a: {images: }}\n"]
)
def test_without_options_the_defaults_hold(tmp_path: Path, text: str) -> None:
    assert loaded(tmp_path, text) == ImagePolicy()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("images: 5\n", ":1: images must hold options of images"),
        ("images:\n  weight: 1 MB\n", ":2: unknown option 'weight' of images; did you mean 'weight_error'"),
        ("images:\n  level: {}\n", ":2: unknown option 'level' of images; did you mean 'levels'"),
        ("images:\n  levels: off\n", ":2: levels must hold codes with their levels below"),
        ("images:\n  levels:\n    image-discovery: off\n", ":3: unknown code 'image-discovery' of images; did you mean 'image-discover'"),
        ("images:\n  levels:\n    image-card: loud\n", ":3: image-card: 'loud' is not one of error, warning, info, off"),
        ("images:\n  levels:\n    image-card: [off]\n", ":3: image-card takes one value"),
        ("images:\n  weight_error: 8\n", ":2: weight_error: '8' is not a weight such as 800 KB"),
        ("images:\n  weight_error: {mb: 8}\n", ":2: weight_error takes one value"),
        ("images:\n  too_small_info: 1200\n", ":2: too_small_info: '1200' is not a size in pixels"),
        ("images:\n  resized_within: 101\n", ":2: resized_within: '101' is not a number of percent"),
        ("images:\n  resized_within: some\n", ":2: resized_within: 'some' is not a number of percent"),
        ("images:\n  placeholder_from: 1\n", ":2: placeholder_from: '1' is not a whole number from 2"),
        ("images:\n  expiring_within_days: soon\n", ":2: expiring_within_days: 'soon' is not a whole number"),
        ("profiles:\n  p:\n    images:\n      weight_error: x\n", ":4: weight_error: 'x' is not"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        loaded(tmp_path, text)
    assert message in str(caught.value)
