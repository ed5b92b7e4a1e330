"""Article files: find them, read them, write one block into them or change single values."""

from crawler.content.article_document import BLOCK_KEY, LARGEST_FILE, UnreadableArticle
from crawler.content.block import (
    ListedGone,
    listed_gone,
    lists_dead,
    lists_gone,
    render,
    same_result,
    since_of,
)
from crawler.content.edits import Edit, Edited, EditOutcome, EditState, edit_values
from crawler.content.field_detection import (
    MOST_LOOKED_AT,
    SURE_AFTER,
    Detection,
    detect,
    fields_of,
    with_known,
)
from crawler.content.front_matter import read_article
from crawler.content.local_images import Beginning, LocalImages, Look, Presence
from crawler.content.refusals import RefusalCode
from crawler.content.repository import (
    Candidate,
    Read,
    Repository,
    Scan,
    ScanResult,
    Touched,
    Unchanged,
    Unreadable,
    Vanished,
    WithoutFrontMatter,
)
from crawler.content.safe_write import (
    WriteRefused,
    create,
    read_bytes,
    remove,
    replace,
    sha256_of,
    sweep,
)
from crawler.content.shown_lines import Shown, shown_lines, without_secrets
from crawler.content.single_values import has_mapping, text_at
from crawler.content.site import Site, read_site
from crawler.content.splice import Spliced, SpliceRefused, splice, strip

__all__ = [
    "BLOCK_KEY",
    "LARGEST_FILE",
    "MOST_LOOKED_AT",
    "SURE_AFTER",
    "Beginning",
    "Candidate",
    "Detection",
    "Edit",
    "EditOutcome",
    "EditState",
    "Edited",
    "ListedGone",
    "LocalImages",
    "Look",
    "Presence",
    "Read",
    "RefusalCode",
    "Repository",
    "Scan",
    "ScanResult",
    "Shown",
    "Site",
    "SpliceRefused",
    "Spliced",
    "Touched",
    "Unchanged",
    "Unreadable",
    "UnreadableArticle",
    "Vanished",
    "WithoutFrontMatter",
    "WriteRefused",
    "create",
    "detect",
    "edit_values",
    "fields_of",
    "has_mapping",
    "listed_gone",
    "lists_dead",
    "lists_gone",
    "read_article",
    "read_bytes",
    "read_site",
    "remove",
    "render",
    "replace",
    "same_result",
    "sha256_of",
    "shown_lines",
    "since_of",
    "splice",
    "strip",
    "sweep",
    "text_at",
    "with_known",
    "without_secrets",
]
