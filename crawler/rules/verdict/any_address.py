"""What it says that a site answers an address that cannot exist just as it answered the link (rules N6, N7, N9, N10).

That alone says nothing of the page: a site that is being moved, a region block, a waiting room or a members' page does
just that. It takes evidence that the site does serve pages to us, or that the answer itself says "not found".
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from crawler.model.observation import Neighbour, Observation
from crawler.rules.places import is_barrier, is_deep, is_search, same_end, same_place, segments
from crawler.rules.verdict.page_rule import Finding, Outcome
from crawler.rules.verdict.redirect_ends import names_home, stated_time
from crawler.rules.verdict.statuses import is_success

ALIKE = 0.9
"""Pages at least so much alike count as one page (rule N6)."""
LONG_ANSWER = 1_500
"""Characters outside of links: barriers are shorter (rule N10). The number is ours."""

BARRIER = "site-barrier"
WITHOUT_EVIDENCE = "one-answer-for-any-address"


def like_its_probe(seen: Observation) -> Finding | None:
    """Rules N6 and N9: the site answers the probe, an address that cannot exist, just as it answered this one.

    The answer proves nothing (rule N7) where the probe led to this very address (the site reads only a number
    in it), where there are no words to compare, and where both ended at one barrier.
    """
    probe = seen.probe
    if probe is None or not is_success(probe.status):
        return None
    end, probe_end = seen.final_url or seen.url, probe.final_url or probe.url
    if same_place(probe_end) == same_place(seen.url):
        return None
    together = same_end(end, probe_end)
    if not together and probe.alike is not None and probe.alike < ALIKE:
        return None
    if probe.alike is None:
        return Finding(Outcome.SAYS_NOTHING, "empty-shell", "one-shell-for-any-address")
    if together and is_barrier(urlsplit(end)):
        return Finding(Outcome.SAYS_NOTHING, BARRIER, "one-barrier-for-any-address")
    if not together and stated_time(seen):
        return None
    if _says_gone(seen, end, together=together) or _serves_pages(seen):
        rule = "ends-where-any-address-ends" if together else "one-page-for-any-address"
        return Finding(Outcome.GONE, "soft-404", rule)
    return Finding(Outcome.SAYS_NOTHING, BARRIER, WITHOUT_EVIDENCE)


def lacks_evidence(finding: Finding) -> bool:
    """Whether only the rest of the site can say what its one answer is (rule N10)."""
    return finding.rule == WITHOUT_EVIDENCE


def is_root_worth_asking(seen: Observation) -> bool:
    """Whether the root of the site can still be evidence that it serves pages to us (rule N10)."""
    further = seen.further
    if further.is_gate or further.front is not None or further.neighbour is Neighbour.SINCE:
        return False
    return further.neighbour is Neighbour.LATELY or (further.spoken or 0) >= LONG_ANSWER


def would_be_gone(seen: Observation) -> bool:
    """Whether it only takes that the site still gives its one answer to call the page gone (rule N10)."""
    lasting = replace(seen, further=replace(seen.further, is_lasting=True))
    finding = like_its_probe(lasting)
    return finding is not None and finding.outcome is Outcome.GONE


def answered_as_itself(seen: Observation) -> bool:
    """Whether an answer, found to be alive, is surely the page of its own address.

    It is one deep in its site, not somewhere else, and it states when it was published, bears a stored title, has not
    changed since it did, or stands where another address gets a true "not found".
    """
    if seen.further.is_accepted:
        return False
    asked, end = urlsplit(seen.url), urlsplit(seen.final_url or seen.url)
    if not is_deep(asked) or asked.netloc != end.netloc or seen.sign is not None:
        return False
    if seen.status == 304:
        return True
    if seen.page is None:
        return False
    probe = seen.probe
    cleared = probe is not None and probe.status is not None and not is_success(probe.status)
    return cleared or bool(seen.page.stated or seen.further.is_titled)


def _says_gone(seen: Observation, end: str, *, together: bool) -> bool:
    """Rule N9: words of not-found, the site's own front page in the page's place, a search or a list."""
    further = seen.further
    if further.says_gone:
        return True
    if further.is_gate:
        return False
    if not together:
        return seen.page is not None and names_home(seen.page.canonical)
    asked, final = urlsplit(seen.url), urlsplit(end)
    return asked.netloc == final.netloc and (is_search(final) or is_list_above(seen.url, end))


def _serves_pages(seen: Observation) -> bool:
    """Rule N10: whether the site surely serves pages to us, so that its one answer is no barrier.

    A barrier may have been put up, or taken away, in the course of the run: the site is asked again last.
    """
    further, front = seen.further, seen.further.front
    if further.is_gate or not further.is_lasting:
        return False
    if further.neighbour is Neighbour.SINCE:
        return True
    if front is None or not is_success(front.status):
        return False
    root, end = urlsplit(front.url), urlsplit(front.final_url or front.url)
    return (
        root.netloc.removeprefix("www.") == end.netloc.removeprefix("www.")
        and front.alike is not None
        and front.alike < ALIKE
    )


def is_list_above(asked: str, end: str) -> bool:
    """Whether the end is a folder that the asked address is in: `/news/` of `/news/2020/a-story`."""
    names, above = segments(urlsplit(asked)), segments(urlsplit(end))
    return bool(above) and len(above) < len(names) and names[: len(above)] == above
