from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from crawler.configuration import ConfigurationError, load
from crawler.configuration.former_names import FORMER
from crawler.configuration.options import OPTIONS


def written(folder: Path, text: str) -> Path:
    (folder / ".linkhealth.yml").write_text(text)
    return folder


def test_no_former_name_is_one_of_today() -> None:
    assert not FORMER.keys() & OPTIONS.keys()
    assert set(FORMER.values()) <= OPTIONS.keys()


@pytest.mark.parametrize(
    ("text", "flags", "environ", "counts", "told"),
    [
        ("workers: 3\n", {}, {}, 3, [".linkhealth.yml:1: workers is called in_flight now"]),
        (
            "retries: 1\nprofiles:\n  quick:\n    workers: 4\n",
            {"profile": "quick"},
            {},
            4,
            [".linkhealth.yml:4: workers is called in_flight now"],
        ),
        ("", {}, {"LINKHEALTH_WORKERS": "5"}, 5, ["LINKHEALTH_WORKERS is called LINKHEALTH_IN_FLIGHT now"]),
        ("", {"workers": "6"}, {}, 6, ["-a workers is called -a in_flight now"]),
        ("", {"in_flight": "7", "workers": "6"}, {}, 7, ["-a workers is called"]),
        ("workers: 3\n", {}, {"LINKHEALTH_IN_FLIGHT": "8"}, 8, [".linkhealth.yml:1: workers is called"]),
        ("", {}, {"LINKHEALTH_IN_FLIGHT": "9", "LINKHEALTH_WORKERS": "5"}, 9, []),
        ("", {}, {"LINKHEALTH_WORKERS": ""}, 32, []),
        ("in_flight: 2\n", {}, {}, 2, []),
    ],
)  # fmt: skip
def test_a_former_name_counts_and_is_told(
    text: str,
    flags: Mapping[str, str],
    environ: Mapping[str, str],
    counts: int,
    told: list[str],
    tmp_path: Path,
) -> None:
    configuration = load(written(tmp_path, text), flags, environ)
    assert configuration.in_flight == counts
    assert len(configuration.notices) == len(told)
    for notice, beginning in zip(configuration.notices, told, strict=True):
        assert notice.startswith(beginning)


def test_an_option_under_both_names_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigurationError, match=r"^\.linkhealth\.yml:2: workers is in_flight, which is there too"
    ):
        load(written(tmp_path, "in_flight: 2\nworkers: 3\n"), {}, {})


@pytest.mark.parametrize("value", ["0", "many", "[1, 2]", "{a: 1}"])
def test_a_bad_value_is_told_with_its_line(value: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"\.linkhealth\.yml:2: in_flight"):
        load(written(tmp_path, f"retries: 1\nworkers: {value}\n"), {}, {})
