"""The table of URLs whose answer is not the one that the collection expects, and of their verdicts.

Rows stand in the order of judgement (rule V2): walls and limits, gone, soft 404, redirects, alive.
A row without verdicts is alive in both rounds, or is a URL that no file names: the end of a redirect.
"""

from __future__ import annotations

from dataclasses import dataclass

from crawler.demonstration.changes import (
    Change,
    always,
    article_of,
    nothing,
    picture_of,
    slowly,
    tells,
    usual,
)
from crawler.demonstration.scripted_answers import (
    RESET,
    bot_wall,
    home,
    login,
    missing,
    picture,
    redirect,
    refusal,
    robots,
    rotated_picture,
    soft_404,
)
from crawler.model.verdict import VerdictKind

Verdicts = tuple[VerdictKind, VerdictKind]

ALIVE = (VerdictKind.ALIVE, VerdictKind.ALIVE)
MOVED = (VerdictKind.MOVED, VerdictKind.MOVED)
BROKEN = (VerdictKind.BROKEN, VerdictKind.BROKEN)
BROKEN_THEN_DEAD = (VerdictKind.BROKEN, VerdictKind.DEAD)
UNVERIFIABLE = (VerdictKind.UNVERIFIABLE, VerdictKind.UNVERIFIABLE)
INVALID = (VerdictKind.INVALID, VerdictKind.INVALID)
DIES = (VerdictKind.ALIVE, VerdictKind.BROKEN)
RECOVERS = (VerdictKind.BROKEN, VerdictKind.ALIVE)

BYTEWISE = "https://bytewise.example/posts"
CDN = "https://images.parcelcdn.example"
COMMONS = "https://commonswire.example/story"
COURIER = "https://www.meridiancourier.example"
GATEHOUSE = "https://gatehousetimes.example"
HARBOR = "https://harborgazette.example/news"
KITCHEN = "https://quietkitchen.example/recipes"
LANTERNS = "https://lanternmakers.example"
LEDGER = "northernledger.example/articles"
LOOM = "https://ledgerandloom.example/markets"
OLD_BRIDGE = "https://oldbridgenews.example/stories"
PENNANT = "https://pennantsports.example/match"
REDWOOD = "https://redwoodstandard.example"
SITE = "https://stories.collection.example/assets/images"
SMALL_HOURS = "https://smallhours.example/listen"
TIDE = "https://lowtidepress.example"
WALKS = "planetarypostcard.example/walks"


@dataclass(frozen=True, slots=True)
class Surprise:
    """A URL, its expected verdicts and its answers; without `second` the first answer serves both rounds."""

    url: str
    first: Change
    verdicts: Verdicts = ALIVE
    second: Change | None = None


WALLS_AND_LIMITS = (
    Surprise(f"{GATEHOUSE}/2024/gate-fees.html", always(bot_wall()), UNVERIFIABLE),
    Surprise(
        f"{GATEHOUSE}/2021/a-short-history-of-the-overdue-fine.html",
        always(bot_wall(200)),
        UNVERIFIABLE,
    ),
    Surprise(
        "https://printersbulletin.example/issues/setting-music",
        always(refusal(401, "Members only", ("WWW-Authenticate", 'Basic realm="members"'))),
        UNVERIFIABLE,
    ),
    Surprise(
        "https://hillsideherald.example/2025/01/hill-radio",
        always(refusal(429, "Too many requests", ("Retry-After", "1"))),
        UNVERIFIABLE,
    ),
    Surprise(f"{OLD_BRIDGE}/town-wall", always(refusal(503, "Under maintenance")), UNVERIFIABLE),
    Surprise(
        f"{OLD_BRIDGE}/old-bridge-votes-to-keep-its-reading-room-open-on-sundays",
        always(refusal(403, "Forbidden")),
        UNVERIFIABLE,
    ),
    Surprise(
        "https://civicalmanac.example/robots.txt",
        always(robots("User-agent: *\nDisallow: /members/\n")),
    ),
    # The page would answer, but robots.txt forbids the request.
    Surprise("https://civicalmanac.example/members/council-diary", usual, UNVERIFIABLE),
    Surprise("https://brasscompass.example/logbook/compass-rose", always(RESET), UNVERIFIABLE),
    Surprise(
        f"{LANTERNS}/essays/lantern-glass",
        always(redirect(302, "/login?next=/essays/lantern-glass")),
        UNVERIFIABLE,
    ),
    Surprise(
        f"{LANTERNS}/login?next=/essays/lantern-glass",
        always(login("Lanternmakers Quarterly")),
    ),
)

GONE = (
    Surprise(f"{SMALL_HOURS}/harp-hour", always(missing()), BROKEN),
    Surprise(f"{TIDE}/salt-maps", always(missing(410)), BROKEN_THEN_DEAD),
    Surprise(f"{TIDE}/driftwood", always(missing(410)), BROKEN_THEN_DEAD),
    Surprise(f"{COURIER}/amp/2026/03/allotment-lottery", always(missing()), BROKEN),
    Surprise(f"{CDN}/night-shift-1000x750.png", always(missing()), BROKEN),
    Surprise(f"{SITE}/organizations/hillsideherald.example-50x50.png", always(missing()), BROKEN),
    Surprise(f"{SITE}/north-gate-timber.png", always(missing()), BROKEN),
    # Between the rounds one page goes and one comes back.
    Surprise(f"{HARBOR}/evening-ferry-631270", usual, DIES, always(missing())),
    Surprise(f"{SMALL_HOURS}/night-train", always(missing()), RECOVERS, usual),
)

SOFT_404 = (
    Surprise("https://weatherandlight.example/reports/frost-fair", always(soft_404()), BROKEN),
    Surprise(f"{REDWOOD}/local/redwood-school", always(redirect(301, f"{REDWOOD}/")), BROKEN),
    Surprise(f"{REDWOOD}/", always(home("Redwood Standard"))),
    Surprise(f"{CDN}/library-of-things-1100x733.png", always(home("Parcel CDN")), BROKEN),
)

REDIRECTS = (
    Surprise(f"http://{LEDGER}/lamp-hour", always(redirect(301, f"https://{LEDGER}/lamp-hour"))),
    Surprise(f"https://{LEDGER}/lamp-hour", article_of(f"http://{LEDGER}/lamp-hour")),
    Surprise(f"{KITCHEN}/saturday-market", always(redirect(301, "/recipes/saturday-market/"))),
    Surprise(f"{KITCHEN}/saturday-market/", article_of(f"{KITCHEN}/saturday-market")),
    Surprise(
        f"https://{WALKS}/canal-walk", always(redirect(308, f"https://www.{WALKS}/canal-walk"))
    ),
    Surprise(f"https://www.{WALKS}/canal-walk", article_of(f"https://{WALKS}/canal-walk")),
    Surprise(f"{PENNANT}/rowing-eights", always(redirect(302, "/match/rowing-eights-result"))),
    Surprise(f"{PENNANT}/rowing-eights-result", article_of(f"{PENNANT}/rowing-eights")),
    Surprise(
        f"{BYTEWISE}/relay-cabinet",
        always(redirect(301, "/archive/2023/inside-a-relay-cabinet")),
        MOVED,
    ),
    Surprise(
        "https://bytewise.example/archive/2023/inside-a-relay-cabinet",
        article_of(f"{BYTEWISE}/relay-cabinet"),
    ),
    Surprise(
        f"{BYTEWISE}/postcard-computer",
        always(redirect(308, "https://archive.bytewise.example/2024/postcard-computer")),
        MOVED,
    ),
    Surprise(
        "https://archive.bytewise.example/2024/postcard-computer",
        article_of(f"{BYTEWISE}/postcard-computer"),
    ),
    # The publisher gave AMP up: its address leads to the article.
    Surprise(
        f"{COURIER}/amp/2025/11/mill-street",
        always(redirect(301, f"{COURIER}/2025/11/mill-street")),
        MOVED,
    ),
    Surprise(
        f"{CDN}/occultation-1280x853.png",
        always(redirect(301, "https://media.parcelcdn.example/2026/occultation.png")),
        MOVED,
    ),
    Surprise(
        "https://media.parcelcdn.example/2026/occultation.png",
        picture_of(f"{CDN}/occultation-1280x853.png"),
    ),
)

ALIVE_WITH_NEWS = (
    Surprise(f"https://{WALKS}/mountain-post", slowly(2.0)),
    Surprise(f"{LOOM}/cloth-not-woven", tells(free=False)),
    Surprise(f"{COURIER}/2025/11/mill-street", tells(modified="2025-11-06T09:30:00+00:00")),
    Surprise(
        f"{COMMONS}/294731/bridge-toll",
        tells(title="Bridge toll stays until the loan is repaid, council decides"),
    ),
    Surprise(
        f"{COMMONS}/848532/choir-tuning",
        tells(
            title="Listen: a choir that tunes to its own hall",
            excerpt="With seven recordings and a floor plan.",
            modified="2026-02-05T10:00:00+00:00",
        ),
    ),
    Surprise(
        f"https://{LEDGER}/orchard-census",
        tells(excerpt="All nine varieties now have names, one of them given by a school class."),
    ),
    Surprise(f"{CDN}/upland-snow-1200x675.png", always(picture(800, 450))),
    Surprise(f"{CDN}/quarry-lane-final-1200x675.png", always(picture(1080, 1080))),
    Surprise(f"{CDN}/hand-set-posters-900x1200.jpg", always(rotated_picture(900, 1200))),
    # Between the rounds one image is replaced by a smaller one.
    Surprise(f"{CDN}/saturday-market-1200x900.png", usual, ALIVE, always(picture(640, 360))),
)

INVALID_URLS = (Surprise("htp://quietkitchen.example/drafts/a-second-rye-bread", nothing, INVALID),)

SURPRISES = (
    *WALLS_AND_LIMITS,
    *GONE,
    *SOFT_404,
    *REDIRECTS,
    *ALIVE_WITH_NEWS,
    *INVALID_URLS,
)
