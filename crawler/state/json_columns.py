"""The parts of a link or an observation that are kept as JSON, because nothing is searched by them.

ASCII JSON in a text column: it also holds NUL and lone surrogates, which text columns refuse. A row may
be older than the code: an unknown key is skipped, a missing one has its default. Nothing here raises
for what a database holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, get_type_hints

from crawler.model.article_labels import NO_LABELS, ArticleLabels
from crawler.model.field_map import MAPPED_ROLES, FieldMap, TextField, Way
from crawler.model.link import Access, Baseline
from crawler.model.observation import (
    NOTHING_FURTHER,
    AmpPart,
    Anchors,
    FailureKind,
    Further,
    Hop,
    ImageFacts,
    Neighbour,
    Notice,
    NoticeKind,
    PageFacts,
    Probe,
)
from crawler.model.provider import Provider
from crawler.model.verdict import Suggestion, SuggestionKind, WarningCode

_PAGE_TEXTS = tuple(name for name, kind in get_type_hints(PageFacts).items() if kind == str | None)
"""The facts of a page that are texts, in the order in which they are stored."""

_TOO_LARGE = 1e18
"""No number that was stored; an infinite one is not either."""
_WARNINGS = {code.value: code for code in WarningCode}
_FAILURES = {kind.value: kind for kind in FailureKind}
_FIELD_ROLES = {role.value: role for role in MAPPED_ROLES}
_TEXT_FIELDS = {field.value: field for field in TextField}
_NEIGHBOURS: Mapping[object, Neighbour] = {kind.value: kind for kind in Neighbour}


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def _load(text: str | None) -> Any:
    if text is None:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _text(fields: Mapping[str, Any], name: str) -> str | None:
    value = fields.get(name)
    return value if isinstance(value, str) else None


def _number(fields: Mapping[str, Any], name: str) -> int | None:
    value = fields.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _real(fields: Mapping[str, Any], name: str) -> float | None:
    value = fields.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return float(value) if abs(value) < _TOO_LARGE else None


def _truth(fields: Mapping[str, Any], name: str) -> bool | None:
    value = fields.get(name)
    return value if isinstance(value, bool) else None


def _texts(value: object) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def page_to_json(page: PageFacts | None) -> str | None:
    """A page's facts; empty fields are left out."""
    if page is None:
        return None
    fields: dict[str, object] = {}
    for name in _PAGE_TEXTS:
        value = getattr(page, name)
        if value is not None:
            fields[name] = value
    if page.authors:
        fields["authors"] = page.authors
    if page.titles:
        fields["titles"] = page.titles
    if page.paywalled is not None:
        fields["paywalled"] = page.paywalled
    if page.amp_lacks is not None:
        fields["amp_lacks"] = page.amp_lacks
    if page.published_guessed:
        fields["published_guessed"] = True
    if page.image_guessed:
        fields["image_guessed"] = True
    if page.notice is not None:
        fields["notice"] = [page.notice.kind, page.notice.words]
    if page.anchors is not None:
        found = page.anchors
        fields["anchors"] = [found.marks, found.is_scripted, found.absent]
    return _dump(fields)


def page_from_json(text: str | None) -> PageFacts | None:
    """The reverse of `page_to_json`."""
    fields = _load(text)
    if not isinstance(fields, dict):
        return None
    return PageFacts(
        **{name: _text(fields, name) for name in _PAGE_TEXTS},
        authors=_texts(fields.get("authors")),
        paywalled=_truth(fields, "paywalled"),
        titles=_texts(fields.get("titles")),
        amp_lacks=_amp_parts(fields.get("amp_lacks")),
        published_guessed=fields.get("published_guessed") is True,
        image_guessed=fields.get("image_guessed") is True,
        notice=_notice(fields.get("notice")),
        anchors=_anchors(fields.get("anchors")),
    )


def _anchors(value: object) -> Anchors | None:
    match value:
        case [str(marks), bool(is_scripted), absent, *_]:
            return Anchors(marks, is_scripted, _texts(absent))
    return None


def _notice(value: object) -> Notice | None:
    """None also for a kind that is unknown to this version."""
    match value:
        case [str(kind), str(words), *_] if kind in set(NoticeKind):
            return Notice(NoticeKind(kind), words)
    return None


def _amp_parts(value: object) -> tuple[AmpPart, ...] | None:
    """The missing parts of an AMP page; None also where a part is unknown to this version: the page then counts as
    not checked."""
    known = set(AmpPart)
    parts = _texts(value)
    if not isinstance(value, list) or len(parts) != len(value) or not known.issuperset(parts):
        return None
    return tuple(map(AmpPart, parts))


def baseline_to_json(baseline: Baseline | None) -> str | None:
    """What later visits of a page are compared with."""
    if baseline is None:
        return None
    facts = [baseline.content_hash, baseline.modified, baseline.access, baseline.is_seen]
    return _dump([*facts, *filter(None, [baseline.notice])])


def baseline_from_json(text: str | None) -> Baseline | None:
    """The reverse of `baseline_to_json`. Older versions wrote hash and date alone."""
    match _load(text):
        case [str() | None as content_hash, str() | None as modified, *rest]:
            access, is_seen, notice = [*rest, None, None, None][:3]
            known = next((one for one in Access if one == access), None)
            words = notice if isinstance(notice, str) else None
            return Baseline(content_hash, modified, known, is_seen is True, words)
    return None


def image_to_json(image: ImageFacts | None) -> str | None:
    """An image's facts; empty fields are left out."""
    if image is None:
        return None
    return _dump({name: value for name, value in asdict(image).items() if value is not None})


def image_from_json(text: str | None) -> ImageFacts | None:
    """The reverse of `image_to_json`."""
    fields = _load(text)
    if not isinstance(fields, dict):
        return None
    return ImageFacts(
        type=_text(fields, "type"),
        width=_number(fields, "width"),
        height=_number(fields, "height"),
        bytes=_number(fields, "bytes"),
        bytes_read=_number(fields, "bytes_read") or 0,
        stored_width=_number(fields, "stored_width"),
        stored_height=_number(fields, "stored_height"),
        animated=_truth(fields, "animated"),
        served_type=_text(fields, "served_type"),
        fingerprint=_text(fields, "fingerprint"),
    )


def hops_to_json(hops: Sequence[Hop]) -> str | None:
    """A redirect chain as pairs of URL and status; None where there is none."""
    return _dump([[hop.url, hop.status] for hop in hops]) if hops else None


def hops_from_json(text: str | None) -> tuple[Hop, ...]:
    """The reverse of `hops_to_json`."""
    rows = _load(text)
    if not isinstance(rows, list):
        return ()
    hops = []
    for row in rows:
        match row:
            case [str(url), int(status), *_]:
                hops.append(Hop(url, status))
    return tuple(hops)


def probe_to_json(probe: Probe | None) -> str | None:
    """The answer of the probe; None where there was none."""
    return None if probe is None else _dump(_probe_row(probe))


def _probe_row(probe: Probe) -> Sequence[object]:
    return [probe.url, probe.status, probe.final_url, probe.alike]


def probe_from_json(text: str | None) -> Probe | None:
    """The reverse of `probe_to_json`."""
    return _probe(_load(text))


def _probe(row: object) -> Probe | None:
    match row:
        case [
            str(url),
            int() | None as status,
            str() | None as end,
            int() | float() | None as alike,
            *_,
        ]:
            return Probe(url, status, end, alike)
    return None


def further_to_json(further: Further) -> str | None:
    """What differs from the defaults; None where nothing does."""
    if further == NOTHING_FURTHER:
        return None
    fields: dict[str, object] = {
        "over_https": further.over_https,
        "fragment": further.fragment,
        "is_titled": further.is_titled,
        "front": None if further.front is None else _probe_row(further.front),
        "neighbour": further.neighbour,
        "spoken": further.spoken,
        "says_gone": further.says_gone or None,
        "is_gate": further.is_gate or None,
        "is_lasting": further.is_lasting or None,
        "by_language": further.by_language or None,
        "clean_url": further.clean_url,
        "is_accepted": further.is_accepted or None,
        "is_withheld": further.is_withheld or None,
    }
    return _dump({name: value for name, value in fields.items() if value is not None})


def further_from_json(text: str | None) -> Further:
    """The reverse of `further_to_json`; an unknown failure is one all the same."""
    fields = _load(text)
    if not isinstance(fields, dict):
        return NOTHING_FURTHER
    failure = _text(fields, "over_https")
    return Further(
        over_https=None if failure is None else _FAILURES.get(failure, FailureKind.UNEXPECTED),
        fragment=_text(fields, "fragment"),
        is_titled=_truth(fields, "is_titled"),
        front=_probe(fields.get("front")),
        neighbour=_NEIGHBOURS.get(_text(fields, "neighbour")),
        spoken=_number(fields, "spoken"),
        says_gone=_truth(fields, "says_gone") is True,
        is_gate=_truth(fields, "is_gate") is True,
        is_lasting=_truth(fields, "is_lasting") is True,
        by_language=_truth(fields, "by_language") is True,
        clean_url=_text(fields, "clean_url"),
        is_accepted=_truth(fields, "is_accepted") is True,
        is_withheld=_truth(fields, "is_withheld") is True,
    )


def provider_to_json(provider: Provider | None) -> str | None:
    """An object of its values; None for no provider."""
    return None if provider is None else _dump(asdict(provider))


def provider_from_json(text: str | None) -> Provider | None:
    """The reverse of `provider_to_json`; None for anything but an object."""
    fields = _load(text)
    if not isinstance(fields, dict):
        return None
    return Provider(
        name=_text(fields, "name"),
        domain=_text(fields, "domain"),
        name_line=_number(fields, "name_line") or 0,
        domain_line=_number(fields, "domain_line") or 0,
    )


def labels_to_json(labels: ArticleLabels) -> str | None:
    """An object of its values; None for no labels."""
    return None if labels == NO_LABELS else _dump(asdict(labels))


def labels_from_json(text: str | None) -> ArticleLabels:
    """The reverse of `labels_to_json`; no labels for anything but an object."""
    fields = _load(text)
    if not isinstance(fields, dict):
        return NO_LABELS
    return ArticleLabels(
        heat=_real(fields, "heat"),
        quality=_real(fields, "quality"),
        topics=_texts(fields.get("topics")),
        authors=_texts(fields.get("authors")),
    )


def field_map_to_json(field_map: FieldMap) -> str:
    """An object of its values."""
    return _dump(asdict(field_map))


def field_map_from_json(text: str | None) -> FieldMap | None:
    """The reverse of `field_map_to_json`, without roles and fields that are no longer known; None for anything but an
    object."""
    values = _load(text)
    if not isinstance(values, dict):
        return None
    return FieldMap(
        places=tuple(
            (way, _FIELD_ROLES[name])
            for way, name in _ways(values.get("places"))
            if name in _FIELD_ROLES
        ),
        texts=tuple(
            (way, _TEXT_FIELDS[name])
            for way, name in _ways(values.get("texts"))
            if name in _TEXT_FIELDS
        ),
        is_settled=_truth(values, "is_settled") is True,
        is_foreign=_truth(values, "is_foreign") is True,
        is_plain=_truth(values, "is_plain") is True,
    )


def _ways(value: Any) -> Iterator[tuple[Way, str]]:
    for entry in value if isinstance(value, list) else ():
        match entry:
            case [[*keys], str(name)] if keys and all(isinstance(key, str) for key in keys):
                yield tuple(keys), name


def warnings_to_json(warnings: Sequence[WarningCode]) -> str | None:
    """The codes; None where there is none."""
    return _dump(warnings) if warnings else None


def warnings_from_json(text: str | None) -> tuple[WarningCode, ...]:
    """The reverse of `warnings_to_json`, without codes that are no longer known."""
    if text is None:
        return ()
    return tuple(_WARNINGS[name] for name in _texts(_load(text)) if name in _WARNINGS)


def suggestion_to_json(suggestion: Suggestion | None) -> str | None:
    """A kind and a value."""
    return _dump([suggestion.kind, suggestion.value]) if suggestion else None


def suggestion_from_json(text: str | None) -> Suggestion | None:
    """The reverse of `suggestion_to_json`; None for a kind that is no longer known."""
    match _load(text):
        case [str(kind), str(value), *_] if kind in set(SuggestionKind):
            return Suggestion(SuggestionKind(kind), value)
    return None
