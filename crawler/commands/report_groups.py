"""A report for each group of articles, for `linkhealth report --by` (rule Q7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.files import Place
from crawler.reporting import ReportFormat

if TYPE_CHECKING:
    from crawler.model.report import Report
    from crawler.model.thumbnail import Thumbnail
    from crawler.reporting.gone_groups import GoneGroups
    from crawler.rules.grouping import GroupBy
    from crawler.session import Session

_LED_TO = "html"
"""The format to which the index leads, where it is written."""


@dataclass(frozen=True, slots=True)
class GroupedWriting:
    """What to write: groups `by` what, in which formats, below `out`; `basis` is the digest of what the whole report shows."""

    by: GroupBy
    wanted: Sequence[ReportFormat]
    out: Place
    pictures: Mapping[tuple[str, str], Thumbnail]
    basis: str
    tell: Callable[[str], None] | None

    def write(self, session: Session, report: Report) -> tuple[tuple[Path, ...], GoneGroups]:
        """Write a report for each group below `by-…`, and the index there, and remove the folders of groups that are gone;
        returns the paths of the index, and what became of those folders."""
        from crawler.operations.grouped_reports import grouped
        from crawler.operations.standing_order import Standing
        from crawler.reporting import write
        from crawler.reporting.gone_groups import remove_gone
        from crawler.reporting.group_index import index_files
        from crawler.reporting.spool import spooled
        from crawler.reporting.writing import write_files

        place = Place(self.out.base, f"{self.out.below}/by-{self.by}".lstrip("/"))
        with spooled() as spool:
            found = grouped(report, self.by, Standing.of(session), spool)
            with_report = {one.folder: one for one in found.groups if one.folder is not None}
            for number, (folder, group) in enumerate(with_report.items(), start=1):
                if self.tell is not None:
                    self.tell(f"{number:,} of {len(with_report):,} reports written")
                below = Place(place.base, f"{place.below}/{folder}")
                basis = f"{self.basis} {self.by} {group.name!r}"
                write(found.report_of(group), self.wanted, below, self.pictures, basis=basis)
        index = index_files(self.by.value, found.groups, self._led_to)
        write_files(index, place)
        return tuple(place.path / name for name in index), remove_gone(place, with_report)

    @property
    def _led_to(self) -> str:
        """The file of each group to which the index leads."""
        names = {one.name: one.file_name for one in self.wanted}
        return names.get(_LED_TO) or next(iter(names.values()))
