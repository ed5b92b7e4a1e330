from __future__ import annotations

from dataclasses import replace

from crawler.model.verdict import VerdictKind
from tests.reporting.attacked_report import written
from tests.reporting.many_links import link_entry, report_of_links


def lines(*numbers: int, kind: VerdictKind = VerdictKind.DEAD, folder: str = "") -> list[str]:
    report = report_of_links(*(link_entry(number, kind) for number in numbers))
    return written("github", replace(report, folder=folder)).decode().splitlines()


def test_a_link_is_a_command() -> None:
    first, notice = lines(1, folder="site,x")
    assert first == (
        "::error file=site%2Cx/1-0.md,line=5,title=Dead link%3A http-404::https://host-1.test/000001: "
        "Dead since 22 November 2026 (http-404): The server says that this page does not exist. "
        "In 1 place of 1 article."
    )
    assert notice == "::notice title=linkhealth::Nothing new; of 1 link in 0 articles, 1 dead."


def test_what_is_not_confirmed_is_a_warning() -> None:
    assert lines(1, kind=VerdictKind.BROKEN)[0].startswith("::warning file=1-0.md,line=5,")


def test_no_more_than_github_shows() -> None:
    *errors, notice = lines(*range(14))
    assert len(errors) == 10
    assert notice.endswith(" And 4 more links, in the other reports.")


def test_both_levels_are_filled() -> None:
    entries = [link_entry(n, (VerdictKind.DEAD, VerdictKind.BROKEN)[n % 2]) for n in range(30)]
    text = written("github", report_of_links(*entries)).decode()
    assert (text.count("::error "), text.count("::warning ")) == (10, 10)
    assert "And 10 more links" in text


def test_a_link_of_related_articles_has_no_file_to_annotate() -> None:
    (notice,) = (
        written("github", report_of_links(link_entry(1, places=0, related=1))).decode().splitlines()
    )
    assert "And 1 more link, in the other reports." in notice
