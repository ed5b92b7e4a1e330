"""The scripts of `linkhealth completion`, asked by the shells themselves."""

from __future__ import annotations

import argparse
import os
import pty
import re
import select
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.commands.completion import SHELLS, Command
from crawler.commands.front import OURS
from tests.time_limits import HANG

pytestmark = pytest.mark.process

QUESTIONS = [
    ("linkhealth rep", {"report"}),
    ("linkhealth a", {"accept", "apply", "audit"}),
    ("linkhealth audit --fail-on new-", {"new-broken", "new-dead"}),
    ("linkhealth report --by o", {"owner"}),
    ("linkhealth apply --wr", {"--write"}),
    ("linkhealth audit --accept", {"--accept-mass-change"}),
    ("linkhealth completion --he", {"--help"}),
    ("linkhealth audit fol", {"folder with space/"}),
    ("linkhealth xyz", set()),
]


@pytest.fixture
def script(
    tmp_path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> Path:
    shell = request.param
    if shutil.which(shell) is None:
        pytest.skip(f"needs {shell}")
    (tmp_path / "folder with space").mkdir()
    command = Command()
    command.settings = Settings()
    command.run([shell], argparse.Namespace())
    made = tmp_path / f"script.{shell}"
    made.write_text(capsys.readouterr().out)
    return made


@pytest.mark.parametrize("shell", SHELLS)
def test_every_command_is_in_every_script(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = Command()
    command.run([shell], argparse.Namespace())
    told = capsys.readouterr().out
    assert all(re.search(rf"\b{name}\b", told) for name in OURS)


@pytest.mark.parametrize("script", ["bash"], indirect=True)
@pytest.mark.parametrize(("line", "wanted"), QUESTIONS)
def test_bash(script: Path, line: str, wanted: set[str]) -> None:
    words = line.split()
    # Where the script has nothing, bash completes files (`-o default`).
    asked = f"""
        source {script}; complete -p linkhealth >/dev/null || exit 9
        COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _linkhealth
        [ ${{#COMPREPLY[@]}} -gt 0 ] || [ $COMP_CWORD -eq 1 ] || COMPREPLY=(*{words[-1]}*/)
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    ended = subprocess.run(
        ["bash", "--norc", "-c", asked],
        cwd=script.parent,
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert ended.stderr == ""
    assert set(filter(None, ended.stdout.splitlines())) == wanted


@pytest.mark.parametrize("script", ["fish"], indirect=True)
@pytest.mark.parametrize(("line", "wanted"), QUESTIONS)
def test_fish(script: Path, line: str, wanted: set[str]) -> None:
    ended = subprocess.run(
        ["fish", "--no-config", "-c", f"source {script}; complete -C '{line}'"],
        cwd=script.parent,
        env=os.environ | {"HOME": str(script.parent)},
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert ended.stderr == ""
    found = {one.partition("\t")[0].replace("\\ ", " ") for one in ended.stdout.splitlines()}
    assert found == wanted


@pytest.mark.parametrize("script", ["zsh"], indirect=True)
@pytest.mark.parametrize(("line", "wanted"), [one for one in QUESTIONS if len(one[1]) == 1])
def test_zsh(script: Path, line: str, wanted: set[str]) -> None:
    """zsh completes only where somebody types: what it makes of the line is read from a terminal."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(script.parent)
        os.execvpe("zsh", ["zsh", "-f", "-i"], os.environ | {"TERM": "dumb", "PS1": "% "})
    try:
        # A prompt that no echo of what is typed can be taken for: the line editor is at work once it is there.
        setup = (
            "unsetopt zle_bracketed_paste prompt_cr prompt_sp; autoload -U compinit; compinit -u -D"
        )
        os.write(terminal, f"{setup}; source {script}; PS1='<%?'PROMPT'>'\n".encode())
        _read_until(terminal, "<0PROMPT>")
        os.write(terminal, f"{line}\t\x15echo en''ded\n".encode())
        (last,) = wanted
        shown = f"{line.rpartition(' ')[0]} " + last.replace(" ", "\\ ")
        assert shown in _read_until(terminal, "ended")
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
        os.close(terminal)


def _read_until(terminal: int, text: str) -> str:
    read, end = "", time.monotonic() + HANG
    while text not in read:
        ready, _, _ = select.select([terminal], [], [], max(0.0, end - time.monotonic()))
        if not ready:
            raise AssertionError(f"no {text!r} in {read!r}")
        read += os.read(terminal, 65_536).decode(errors="replace")
    return read
