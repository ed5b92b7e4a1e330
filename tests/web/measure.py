"""Run a command and write its time and memory: `python measure.py RESULT COMMAND…`.

A file of its own, started without site packages: the peak that the kernel counts for a child begins
at its parent's size, so the parent must be small.
"""

import json
import os
import resource
import sys
import time


def main() -> None:
    """Run the command, then write its exit code, seconds and peak bytes as JSON."""
    result, *command = sys.argv[1:]
    start = time.perf_counter()
    child = os.fork()
    if child == 0:
        try:
            os.execvp(command[0], command)
        except OSError as error:
            sys.stderr.write(f"{command[0]}: {error.strerror}\n")
            os._exit(127)
    _, status = os.waitpid(child, 0)
    figures = {
        "code": os.waitstatus_to_exitcode(status),
        "seconds": time.perf_counter() - start,
        "peak_rss": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024,
    }
    with open(result, "w", encoding="utf-8") as file:  # noqa: PTH123 - pathlib would double our size
        json.dump(figures, file)


if __name__ == "__main__":
    main()
