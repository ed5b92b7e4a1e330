"""The console script: `linkhealth X` is `scrapy X` with our settings, from any folder."""

from __future__ import annotations

import os
import sys

SETTINGS_MODULE = "crawler.settings"


def main() -> None:
    """Run the command that the arguments name. Ends the process with the command's exit code."""
    # A scrapy.cfg of the user's own project in this folder must not turn us into that project.
    os.environ["SCRAPY_SETTINGS_MODULE"] = SETTINGS_MODULE
    from crawler.commands.front import front
    from crawler.commands.patient_output import patient_output

    with patient_output():
        sys.exit(front(sys.argv[1:], SETTINGS_MODULE))
