"""Images that many articles share: the uses of all images, counted in flat memory.

The uses are kept in SQLite's private temporary database; only images on too many pages are returned.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing

from crawler.model.check import KnownArticle
from crawler.rules.image.image_uses import ImageUse, SharedImages, image_uses
from crawler.rules.policy import ImagePolicy

_TABLE = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
CREATE TABLE use (image TEXT, page TEXT, PRIMARY KEY (image, page)) WITHOUT ROWID;
"""
_SHARED = "SELECT image, count(*) FROM use GROUP BY image HAVING count(*) >= ?"


def shared_images(articles: Iterable[KnownArticle], policy: ImagePolicy) -> SharedImages:
    """The images that are on too many of the articles' pages to be about one."""
    return on_many(
        (use for article in articles for use in image_uses(article)), policy.placeholder_from
    )


def on_many(uses: Iterable[ImageUse], pages: int) -> SharedImages:
    """The images that are on at least so many pages."""
    with closing(sqlite3.connect("", isolation_level=None)) as database:
        database.executescript(_TABLE)
        # JSON is ASCII here, because UTF-8 cannot hold a lone surrogate.
        database.executemany(
            "INSERT OR IGNORE INTO use VALUES (?, ?)",
            ((json.dumps(one.image), json.dumps(one.page)) for one in uses),
        )
        rows = database.execute(_SHARED, (pages,))
        return SharedImages({json.loads(image): count for image, count in rows})
