"""A group of a report by `--by`: its name, its folder and its numbers."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.model.report import Summary


@dataclass(frozen=True, slots=True)
class ReportGroup:
    """One row of the index of groups. `name` is a text from outside, empty for what belongs to no group.

    `folder` is that of its report beside the index, None where it has no report. `workload` is the sum of the
    priorities of its URLs.
    """

    name: str
    folder: str | None
    summary: Summary
    workload: int
