"""The words for findings about an article: its images, its metadata, its AMP page, its address.

Each code has its meaning and what an editor can do; `crawler.reporting.words.wording` gathers them.
"""

from __future__ import annotations

_NOTHING = "Nothing to do."
_SIZE = "Take the measured width and height over into the file."
_REPLACE_IMAGE = "Choose another image, or take it out."

CACHED_COPY = (
    "By the file (isCached) a copy of this image is held elsewhere, so a reader may still see it."
)

IMAGES = {
    "image-dead": ("The image is gone.", _REPLACE_IMAGE),
    "not-an-image": ("Where an image should be, the server sends something else.", _REPLACE_IMAGE),
    "size-mismatch": ("The image is of another size than the file says.", _SIZE),
    "resized": ("The image is of another size than the file says, in the same shape.", _SIZE),
    "aspect-mismatch": ("The image has another shape than the file says.", _SIZE),
    "size-missing": ("The file does not say how large the image is.", _SIZE),
    "image-too-small": (
        "The image is smaller than previews in social networks want it; at level error they take none.",
        "Choose a larger image where there is one.",
    ),
    "image-card": (
        "The image does not fit a large Twitter card: its format, its size or its weight.",
        "Choose one of 300x157 to 4096x4096 pixels under 5 MB, no SVG, where that matters.",
    ),
    "image-discover": (
        "The image is less than 1,200 pixels wide, too narrow for Google Discover.",
        "Choose a wider image where there is one.",
    ),
    "image-weight": ("The image is heavy: over a megabyte.", "Choose a smaller version."),
    "image-type-mismatch": (
        "The image is of another format than its name or the server says.",
        "Correct the name, or choose another image.",
    ),
    "image-placeholder": (
        "The image is a placeholder: a few pixels, or one that is on many articles, such as a logo.",
        _REPLACE_IMAGE,
    ),
    "image-expiring": (
        "The image's address is signed and ends on a date, or has ended.",
        "Keep a copy of your own, or choose another image.",
    ),
    "image-mixed-content": (
        "The image is loaded without encryption into an encrypted page.",
        "Use the https address.",
    ),
    "image-bomb": ("The image has more pixels than a browser can bear.", _REPLACE_IMAGE),
    "image-replaced": (
        "The address shows another picture than at the visit before.",
        "Look whether the new picture suits the article. This is told once.",
    ),
}

FRESHNESS = {
    "unverified": ("The page could not be compared with the article.", _NOTHING),
    "drifted": (
        "The page now says something else than the article.",
        "Take the page's words over, or keep your own.",
    ),
    "updated": (
        "The page was changed after the article was written.",
        "Read it again, to see whether the article still holds.",
    ),
    "stale": ("The article is older than your own limit.", "Read it again."),
    "current": ("The article says what the page says.", _NOTHING),
}

UPDATES = {
    "touched": ("The page has a new date and the same content.", _NOTHING),
    "silent-edit": (
        "The page's content has changed and its date has not.",
        "Read it again, to see whether the article still holds.",
    ),
    "unchanged": ("The page is as it was when it was first seen.", _NOTHING),
    "updated-since-publication": (
        "The page had been changed more than a day after the article's date when it was first seen.",
        "Read it again, to see whether the article still holds.",
    ),
}

WALLED = {
    "now-paywall": (
        "The page could be read without paying before and has a paywall now.",
        "Tell your readers, or link to a page that is free; the decision seen puts this at rest.",
    ),
    "now-login": (
        "The page could be read before and asks for a log-in now.",
        "Tell your readers, or link to a page that is open; the decision seen puts this at rest.",
    ),
}

DRIFT = {
    "title": ("None of the page's titles is the article's.", FRESHNESS["drifted"][1]),
    "excerpt": ("The page's description is not the article's excerpt.", FRESHNESS["drifted"][1]),
    "publishedDateTime": (
        "The page gives another day of publication than the article.",
        "Look at both; take the page's day over where the article's is wrong.",
    ),
    "image": (
        "The page's picture is none of the article's.",
        "Choose the page's picture, or keep your own.",
    ),
}

NOTICES = {
    "page-corrected": (
        "The page says that its article was corrected.",
        "Read what was corrected, to see whether your article says what was wrong.",
    ),
    "page-retracted": (
        "The page says that its article was retracted.",
        "Take the article back too, or tell your readers.",
    ),
}

OFFERS = {
    "image-offered": (
        "The page has a picture and the article has none.",
        "Take the picture over, or leave the article without one.",
    ),
}

AMP = {
    "amp-ok": ("The AMP page is whole, and names the article's page as its own.", _NOTHING),
    "amp-redirects-to-canonical": (
        "The AMP address leads to the article's page: the site gave AMP up.",
        "Take both AMP fields out, where it leads there for good.",
    ),
    "amp-dead": (
        "The AMP page is gone.",
        "Take the AMP page over that the site names now, or take both AMP fields out.",
    ),
    "amp-not-amp": (
        "The AMP address gives a page that is not AMP, or not all of it.",
        "Open it; take both AMP fields out if it is no AMP page any more.",
    ),
    "amp-canonical-mismatch": (
        "The AMP page names another page than the article's as its own.",
        "See whether it is the AMP page of this article.",
    ),
    "amphtml-link-removed": (
        "The article's page no longer names an AMP page; the stored one still works.",
        "Nothing to do yet: the site may be giving AMP up.",
    ),
    "amphtml-differs": (
        "The article's page names another AMP page than the article does.",
        "Take the AMP page over that the page names.",
    ),
    "amp-cache-mismatch": (
        "The address of the AMP copy does not follow from the AMP page's address.",
        "Take the address over that follows from it.",
    ),
    "amp-offered": (
        "The page names an AMP page that the article does not have.",
        "Take it over, if you use AMP pages.",
    ),
}

IDENTITY = {
    "canonical-differs": (
        "The page calls another address its own.",
        "Take that address over when it suits you; the stored one still works.",
    ),
    "canonical-shared": (
        "Other articles are of the same page.",
        "Keep one of the articles, or correct the address of the others.",
    ),
    "fragment-missing": (
        "The page is there, and has no part of the name behind the #; at level info a script may add it.",
        "Look at the page, and name a part that it has, or none.",
    ),
    "text-fragment-missing": (
        "The page is there, and does not say the words behind #:~:text=.",
        "Look whether the page still says what the article refers to.",
    ),
    "provider-mismatch": (
        "The page is published by somebody else than the article says, by its site's name or its domain.",
        "Look at the page; take its name or domain over where the article's is wrong or its publisher changed.",
    ),
}
