"""Output that never ends the work: whose reader goes away is written nowhere, and what a terminal cannot show is escaped.

`linkhealth ignore GLOB | head` must decide about every link that matches, not about those that `head` waited for.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast


class PatientOutput:
    """A text stream that goes on to nowhere once its reader has gone; everything else is the stream's own."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        # Where the encoding is that of `LC_ALL=C`, a title in another script must not be an error.
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")

    def write(self, text: str) -> int:
        """Write, or do without."""
        try:
            return self._stream.write(text)
        except BrokenPipeError:
            self._go_on_to_nowhere()
            return len(text)

    def flush(self) -> None:
        """Flush, or do without."""
        try:
            self._stream.flush()
        except BrokenPipeError:
            self._go_on_to_nowhere()

    def _go_on_to_nowhere(self) -> None:
        """What is buffered, and Python's own flush at the end, go the same way."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())
        os.close(nowhere)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def patient_output() -> Iterator[None]:
    """Within the block stdout and stderr are patient."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (
        stream if isinstance(stream, PatientOutput) else cast("TextIO", PatientOutput(stream))
        for stream in before
    )
    try:
        yield
        sys.stdout.flush()
    finally:
        sys.stdout, sys.stderr = before
