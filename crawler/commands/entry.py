"""The console script: `linkhealth X` is `scrapy X` with our settings, from any folder."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

SETTINGS_MODULE = "crawler.settings"


def main() -> None:
    """Run the command that the arguments name. Ends the process with the command's exit code."""
    # A scrapy.cfg of the user's own project in this folder must not turn us into that project.
    os.environ["SCRAPY_SETTINGS_MODULE"] = SETTINGS_MODULE
    from scrapy.cmdline import execute
    from scrapy.settings import Settings

    settings = Settings()
    settings.setmodule(SETTINGS_MODULE, priority="project")
    try:
        execute([_program(), *sys.argv[1:]], settings)
    except BrokenPipeError:
        # The reader of our output has gone (`| head`); Python would complain again at exit.
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _program() -> str:
    return "linkhealth"
