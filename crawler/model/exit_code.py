"""What a command's exit code says (docs/commands.md)."""

from __future__ import annotations

from enum import IntEnum

from crawler.model.alarm import AlarmCode


class ExitCode(IntEnum):
    """The exit codes of every command."""

    FINE = 0
    ERROR = 1
    FINDINGS = 2
    """More findings than `--fail-on` allows."""
    CONFIGURATION = 3
    STOPPED_EARLY = 4
    """Nothing is lost; the next run continues."""
    OWN_NETWORK_DOWN = 5
    STATE_LOST = 6
    """The state went away during the run, or another run took it; what was committed is kept."""
    NOT_TOLD = 7
    """All else is fine, but a channel could not be sent what is new; the next run tells it."""
    ALARM_ARTICLES_MISSING = 11
    """From here to 18: the run noticed that it did not do its job as it should (docs/alarms.md). Of several alarms the first of
    these is the code."""
    ALARM_STATE_LOST = 12
    ALARM_DISK_LOW = 13
    ALARM_HOST_DOWN = 14
    ALARM_FEW_CHECKED = 15
    ALARM_WAITS_RISE = 16
    ALARM_UNVERIFIABLE_RISES = 17
    ALARM_SLOW_RUN = 18
    LOCKED = 75
    """Another run holds the state (EX_TEMPFAIL of sysexits.h: try again later)."""

    @property
    def is_alarm(self) -> bool:
        """Whether a run that was done to its end raised an alarm."""
        return self.name.startswith("ALARM_")

    @classmethod
    def of_alarm(cls, code: AlarmCode) -> ExitCode:
        """The exit code of an alarm."""
        return cls[f"ALARM_{code.name}"]
