"""linkhealth every night, as a Prefect flow (docs/schedulers/prefect.md)."""

from __future__ import annotations

import subprocess

from prefect import flow, get_run_logger, task

COMMAND = (
    "/opt/linkhealth/bin/linkhealth",
    "audit",
    "/srv/articles",
    "--quiet",
    "--fail-on",
    "never",
)
LOCKED = 75
"""Another run is under way."""
ALARMS = range(11, 19)
"""The run is done, and noticed that it did not do its work as it should: to try it again would not help."""


@task(retries=2, retry_delay_seconds=1800, timeout_seconds=12 * 3600)
def audit() -> int:
    """One run. A run that was stopped, or whose network was down, is tried again and goes on."""
    code = subprocess.run(COMMAND, check=False).returncode
    if code not in (0, LOCKED, *ALARMS):
        raise RuntimeError(f"linkhealth ended with exit code {code}")
    if code == LOCKED:
        get_run_logger().info("another run is under way")
    return code


@flow(name="linkhealth")
def linkhealth() -> int:
    """Visit the links of the articles that are due, and report."""
    code = audit()
    if code in ALARMS:
        raise RuntimeError(f"linkhealth raised an alarm (exit code {code}); its log says which")
    return code


if __name__ == "__main__":
    linkhealth.serve(name="every-night", cron="17 2 * * *", limit=1)
