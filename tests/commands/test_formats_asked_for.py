from __future__ import annotations

import sys

import pytest

from crawler.commands.guard import Ending, formats
from crawler.configuration import ConfigurationError
from crawler.model.exit_code import ExitCode
from crawler.reporting import FORMATS, MissingExtraError


def test_formats_are_taken_once_and_in_any_spelling() -> None:
    ending = Ending()
    assert formats(" HTML, json ,,html", ending) == (FORMATS["html"], FORMATS["json"])
    assert ending.code is ExitCode.FINE


def test_an_unknown_format_is_refused_and_the_others_are_written(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ending = Ending()
    assert formats("html,sarf,cvs,json", ending) == (FORMATS["html"], FORMATS["json"])
    assert ending.code is ExitCode.CONFIGURATION
    first, second = capsys.readouterr().err.splitlines()
    assert first == "linkhealth: --format: unknown format 'sarf'; did you mean 'sarif'?"
    assert second.endswith("unknown format 'cvs'; did you mean 'csv'?")


def test_a_format_without_its_library_is_refused_by_itself(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    ending = Ending()
    assert formats("xlsx,json", ending) == (FORMATS["json"],)
    assert ending.code is ExitCode.CONFIGURATION
    assert "pip install 'linkhealth[xlsx]'" in capsys.readouterr().err
    with pytest.raises(MissingExtraError):
        formats("xlsx", Ending())


@pytest.mark.parametrize("text", ["", " , "])
def test_none_at_all_is_an_error(text: str) -> None:
    with pytest.raises(ConfigurationError, match="no format given"):
        formats(text, Ending())


def test_only_unknown_ones_are_an_error() -> None:
    with pytest.raises(ConfigurationError, match="did you mean 'html'"):
        formats("htm", Ending())
