"""A small collection as it stands after a crawl, with something to decide of each kind."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from crawler.model.observation import ImageFacts, Observation, PageFacts
from crawler.model.verdict import Suggestion, SuggestionKind, Verdict, VerdictKind
from crawler.operations.intake import take_in
from crawler.session import Session
from crawler.state import State
from tests.end_to_end.collection import Collection, Image, article
from tests.state.samples import link, visit

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOST = "https://site.example"
OLD, NEW = f"{HOST}/old/a-story-of-note", f"{HOST}/new/a-story-of-note"
LOST, FOUND = f"{HOST}/a-story-lost", f"{HOST}/a-story-found"
PAGE, AMP = f"{HOST}/a-story-with-a-page", f"{HOST}/a-story-with-a-page/amp"
CACHE = "https://site-example.cdn.ampproject.org/c/s/site.example/a-story-with-a-page/amp"
PICTURE = f"{HOST}/one.png"


def see_moved(state: State, run: int, url: str, to: str) -> None:
    """A visit with a permanent redirect."""
    page = PageFacts("A story of note", amp_lacks=() if url == AMP else None)
    seen = Observation(url, NOW, run, status=200, final_url=to, page=page)
    suggestion = Suggestion(SuggestionKind.REPLACE_URL, to)
    verdict = Verdict(VerdictKind.MOVED, "redirect-permanent", "r", suggestion=suggestion)
    state.record(link(state, url).id, seen, verdict, None)


def crawled_collection(folder: Path) -> Path:
    """The collection as it stands after a crawl at noon, made in an empty folder."""
    made = Collection(folder)
    made.add("moved.md", article(web=OLD))
    made.add("also.md", article(web=OLD, related=[OLD, LOST]))
    made.add("lost.md", article(web=LOST, images=[Image(PICTURE, (1400, 787))]))
    made.add("dated.md", article("The old title", web=PAGE, published="2019-03-04T05:06:07Z"))
    made.add("amp.md", article(web=FOUND, amp=AMP, amp_cache=CACHE))
    made.add("text.md", article(web=FOUND) + f"See <{HOST}/only-in-text>.\n")
    with Session.open(
        {"content": str(made.root)}, {"LINKHEALTH_CLOCK": NOW.isoformat()}
    ) as session:
        for _ in take_in(session):
            pass
        state = session.state
        run = state.start_run(NOW).id
        see_moved(state, run, OLD, NEW)
        visit(state, run, LOST, VerdictKind.BROKEN, "http-404", at=NOW, status=404)
        page = PageFacts(
            title="The new title",
            titles=("The new title",),
            published="2020-06-07T08:09:10+00:00",
            image=f"{HOST}/of-the-page.png",
        )
        visit(state, run, PAGE, at=NOW, page=page)
        visit(state, run, FOUND, at=NOW, page=PageFacts(title="A title", titles=("A title",)))
        visit(state, run, AMP, VerdictKind.DEAD, "http-404", at=NOW, status=404)
        visit(state, run, CACHE, at=NOW)
        image = ImageFacts("PNG", 1024, 576, 9_000, 30, 1024, 576)
        visit(state, run, PICTURE, at=NOW, image=image)
        offered = f"{HOST}/of-the-page.png"
        state.due_candidate(offered, NOW, run)
        visit(state, run, offered, at=NOW, image=image)
    return made.root
