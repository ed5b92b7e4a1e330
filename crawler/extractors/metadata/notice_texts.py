"""What one text says: a title that names its article corrected or retracted, or a paragraph that is a notice of it (rule M18).

A label alone is a word like any other ("Correction: why the Dow fell"). A paragraph has to begin with one, and a mark, and
to say what in a sentence; a title has to have one of the fixed forms of agencies and publishers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import chain

from crawler.extractors.html.folding import fold
from crawler.extractors.metadata import notice_words as words
from crawler.extractors.metadata.stated_dates import iso_date
from crawler.model.observation import NoticeKind

READ = 600
"""Characters of a paragraph that are read: what a notice is says its beginning."""
_FEWEST_WORDS = 3
_FEWEST_SMALL = 2
_FEWEST_SIGNS = 8
"""What says something has words, some of which do not begin with a capital as names and headlines do, or signs of a script
without spaces."""

_LONGEST_DATE = 45
"""Characters of a date with its hour and zone, which many pages have behind "Corrected:"."""

_OPENING = " [(【［*•·|:\"'«»“”„「『-"
_DASH = re.compile(r"\s?[–—―]\s?")
_DATE = (
    r"(?:,? \(?(?:(?:on|at|of|as of|added|posted|made|published|issued|appended|vom|am|du|le|del|de|do|da|dal|den|van|op|z dnia|от|від) )*"
    r"(?:\w+\.? )?\d[^:]{0,30}(?::\d\d[^:]{0,25})?\)?)?"
)
"""A day, and perhaps an hour, between the label and its mark: `Correction, March 5, 2024, 10:30 a.m.:`."""
_MARK = r"\s*[*\"')]*(?::|\||-\s|\s-|[\])】](?=\s*[\w:-]))\s*"
_WORD = re.compile(r"[^\W\d_]{2,}")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def _folded(text: str) -> str:
    return fold(_DASH.sub(" - ", text))


def _alternatives(*tables: Mapping[str, tuple[str, ...]]) -> str:
    """The texts of tables, folded, the longest first."""
    texts = chain.from_iterable(chain.from_iterable(table.values()) for table in tables)
    found = {fold(one).strip("[]【】 ") for one in texts}
    return "|".join(map(re.escape, sorted(found, key=lambda one: (-len(one), one))))


def _label(*tables: Mapping[str, tuple[str, ...]]) -> re.Pattern[str]:
    return re.compile(rf"(?:{_alternatives(*tables)}){_DATE}{_MARK}")


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    # Hangul is folded into its letters; all else stands there as folded.
    found = unicodedata.normalize("NFKD", "|".join(patterns))
    return re.compile(rf"(?<!\w)(?:{found})")


def _first_word(*found: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(map(re.escape, chain(*found)))})(?!\w)")


_LABELS = (
    (_label(words.RETRACTIONS), NoticeKind.RETRACTED),
    (_label(words.CORRECTIONS), NoticeKind.CORRECTED),
)
_NOTES = _label(words.EDITORS_NOTES)
_UNMARKED = re.compile(rf"(?:{_alternatives(words.CORRECTIONS, words.RETRACTIONS)})\s+")
_ONLY_LABEL = re.compile(rf"(?:{_alternatives(words.CORRECTIONS, words.RETRACTIONS)})")
_ABOUT = _any(words.ABOUT_CORRECTING)
_RETRACTED = _any(words.RETRACTED)
_CORRECTED = _any(words.CORRECTED_SENTENCES)
_SELF = re.compile(words.SELF)
_IN_ENGLISH = _any([_alternatives({"en": words.CORRECTED["en"]})])
_IN_OTHERS = re.compile(
    _alternatives({tag: texts for tag, texts in words.CORRECTED.items() if tag != "en"})
)
_QUESTION = _first_word(words.QUESTION_WORDS)
_NO_NOTICE = _first_word(words.QUESTION_WORDS, words.EXERCISES)

_WITHDRAWN = _label(words.WITHDRAWN)
_PARTICIPLES = _alternatives(words.RETRACTIONS, words.WITHDRAWN)
_BRACKETED = re.compile(
    rf"^[\[(【<](?:{_PARTICIPLES})[\])】>]\s*[:-]?\s*\S|\S.*[\[【](?:{_PARTICIPLES})[\]】]$"
)
_CORRECTED_IN_BRACKETS = re.compile(r"^[\[(]corrected[\])]\s*[:-]?\s*\S|\S.*[\[]corrected[\]]$")
_AGENCY = re.compile(
    r"(?:(?:UPDATE|WRAPUP|RPT|REFILE|EXCLUSIVE|INSIGHT|ANALYSIS|BRIEF)(?: \d+)?[-:] ?)*"
    r"(?:CORRECTED|CORRECTION|CORRECTS)(?: \(OFFICIAL\))?(?:-| - |: ?)(?=\S)|REFILE-(?=\S)"
)
"""Reuters (`CORRECTED-UPDATE 2-Oil rises`, `REFILE-`), AFP and services of press releases (`CORRECTION: Firm announces`)."""
_FORMS = re.compile(
    r"correction: (?!an? |my |our |this )[^:]{3,120} story(?:$| [|-])|correcting and replacing\b|/?c o r r e c t i o n\b"
    r"|correction from source\b|corrected: \S|(?:author|publisher) correction: \S|(?:errat(?:um|a)|corrigend(?:um|a))(?: to| for)?: \S"
    r"|correction (?:to|for): \S|(?:berichtigung|richtigstellung|rectificatif|sprostowanie|errata corrige|fe de (?:errores|erratas)|rectificatie) ?: \S"
)
"""Folded: AP (`Correction: Election story`), Business Wire, PR Newswire, publishers of journals, agencies of other languages."""
_IN_JOURNALS = re.compile(r"correction: \S")


def paragraph_kind(text: str) -> NoticeKind | None:
    """What a paragraph says became of its article; None where it is no notice. Never raises."""
    if not may_begin(text):
        return None
    folded = _folded(text[:READ])
    if _ABOUT.search(folded):
        return None
    bare = folded.lstrip(_OPENING)
    return _of_sentence(folded) or _of_sentence(bare) or _of_label(text[:READ], bare)


def may_begin(text: str) -> bool:
    """Whether a paragraph's first letters are those of a notice; most paragraphs are done with that."""
    first = text[:40].lstrip().casefold()
    return first.lstrip(_OPENING).startswith(_BEGINNINGS) or first.startswith(_IN_BRACKETS)


def may_begin_title(title: str) -> bool:
    """The same of a title: it begins with a label, or with the form of an agency, or ends with a bracket."""
    first = title[:40].lstrip(_OPENING + "/").casefold()
    return first.startswith(_TITLE_BEGINNINGS) or title.rstrip().endswith(("]", "】"))


def _first_letters() -> Iterable[str]:
    for table in (words.CORRECTIONS, words.EDITORS_NOTES, words.RETRACTIONS):
        for label in chain.from_iterable(table.values()):
            first = label.lstrip(_OPENING)[:_LETTERS].casefold()
            yield from (first, fold(first))
    yield from words.BEGINNINGS


_LETTERS = 5
_IN_BRACKETS = ("(this ", "(in this ")
_BEGINNINGS = tuple(sorted(set(_first_letters())))
_TITLE_BEGINNINGS = tuple(sorted({
    *_first_letters(), *(fold(one)[:_LETTERS] for texts in words.WITHDRAWN.values() for one in texts),
    *(one[:_LETTERS].casefold() for texts in words.WITHDRAWN.values() for one in texts), "author c", "publisher c", "c o r r",
    "update", "wrapup", "rpt", "refile", "exclusive", "insight", "analysis", "brief",
}))  # fmt: skip


def _of_sentence(folded: str) -> NoticeKind | None:
    """What a text says that begins with one of the sentences."""
    if _RETRACTED.match(folded):
        return NoticeKind.RETRACTED
    return NoticeKind.CORRECTED if _CORRECTED.match(folded) else None


def _of_label(text: str, folded: str) -> NoticeKind | None:
    for pattern, kind in _LABELS:
        if label := pattern.match(folded):
            rest = folded[label.end() :].lstrip(_OPENING)
            if _RETRACTED.search(rest):
                return NoticeKind.RETRACTED
            return kind if _says_what(text, rest) else None
    if note := _NOTES.match(folded):
        return told_kind(folded[note.end() :])
    if unmarked := _UNMARKED.match(folded):
        return _of_sentence(folded[unmarked.end() :])
    return None


def _says_what(text: str, rest: str) -> bool:
    """Whether what follows a label tells what was wrong; `text` is the whole as it is written."""
    if _CORRECTED.search(rest):
        return True
    if _NO_NOTICE.match(rest):
        return False
    if len(_UNSPACED.findall(rest)) >= _FEWEST_SIGNS:
        return True
    count = len(_WORD.findall(rest))
    if count < _FEWEST_WORDS or (len(rest) <= _LONGEST_DATE and iso_date(rest)):
        return False
    written = _WORD.findall(text)[-count:]
    small = sum(not one[0].isupper() for one in written)
    return small >= _FEWEST_SMALL - text.rstrip().endswith(".") or text.isupper()


def below_label(label: str, text: str) -> NoticeKind | None:
    """What a paragraph says below a heading that is nothing but a label."""
    if not is_label(label):
        return None
    folded = _folded(text[:READ])
    return None if _ABOUT.search(folded) else told_kind(folded)


def is_label(text: str) -> bool:
    """Whether a text is a label and nothing else."""
    return bool(_ONLY_LABEL.fullmatch(_folded(text[:READ]).strip(_OPENING + ")].】")))


def marked_kind(text: str) -> NoticeKind | None:
    """What a text says that a name in the page's markup calls a correction or a retraction."""
    folded = _folded(text[:READ])
    return None if _ABOUT.search(folded) else paragraph_kind(text) or told_kind(folded)


def stated_kind(text: str) -> NoticeKind | None:
    """What a text says that the page's metadata state to be a correction; None where it says nothing."""
    folded = _folded(text[:READ])
    if _ABOUT.search(folded):
        return None
    if _RETRACTED.search(folded):
        return NoticeKind.RETRACTED
    says = len(_WORD.findall(folded)) >= _FEWEST_SMALL or len(_UNSPACED.findall(folded)) > 1
    return NoticeKind.CORRECTED if says else None


def told_kind(folded: str) -> NoticeKind | None:
    """What a note of the editors, folded, tells of its own article."""
    if _RETRACTED.search(folded):
        return NoticeKind.RETRACTED
    is_told = _CORRECTED.search(folded) or _IN_OTHERS.search(folded)
    if is_told or (_IN_ENGLISH.search(folded) and _SELF.search(folded)):
        return NoticeKind.CORRECTED
    return None


@lru_cache(maxsize=256)
def title_kind(title: str, *, is_scholarly: bool) -> NoticeKind | None:
    """What a title says by a fixed form. `is_scholarly`: journals head the correction of an article `Correction: …`."""
    title = _DASH.sub(" - ", title[:READ])
    folded = fold(title)
    if _BRACKETED.search(folded):
        return NoticeKind.RETRACTED
    if _is_head(_LABELS[0][0], folded):
        return NoticeKind.RETRACTED
    if _begins_in_capitals(title) and _is_head(_WITHDRAWN, folded):
        return NoticeKind.RETRACTED
    return NoticeKind.CORRECTED if _is_corrected(title, folded, is_scholarly) else None


def _is_head(pattern: re.Pattern[str], folded: str) -> bool:
    label = pattern.match(folded)
    return label is not None and _is_title(folded[label.end() :])


def _is_corrected(title: str, folded: str, is_scholarly: bool) -> bool:
    if _CORRECTED_IN_BRACKETS.search(folded):
        return True
    if found := _AGENCY.match(title):
        rest = title[found.end() :]
        return not rest.isupper() and _is_title(fold(rest))
    if _FORMS.match(folded) or (is_scholarly and _IN_JOURNALS.match(folded)):
        return _is_title(folded.partition(":")[2] or folded)
    return False


def _begins_in_capitals(title: str) -> bool:
    """Whether the word before the mark is in capitals, and the title behind it is not."""
    head, _, rest = title.partition(":" if ":" in title else "-")
    return head.isupper() and not rest.isupper()


def _is_title(folded: str) -> bool:
    """Whether what stands behind a label may be the title of what was corrected: it asks nothing."""
    rest = folded.lstrip(_OPENING)
    return rest != "" and not _QUESTION.match(rest)
