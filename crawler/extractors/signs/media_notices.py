"""Notices in place of a film, a picture or a post: it is gone (rule N2), or it is not shown to us (rule V15).

"This video is not available" does not say why: removed, private, or kept from this country. Only words that say that the
thing is no more are evidence of that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from crawler.extractors.html.document import Document
from crawler.extractors.html.folding import fold
from crawler.extractors.signs.page_shape import Shape
from crawler.model.observation import SoftSign

_WHOLE_PAGE = 1_500
"""Visible characters under which a notice is the whole page (as for rule N2)."""

_LONGEST_NOTICE = 120
_LONGEST_SITE = 50
_PARTS = re.compile(r"\s+[-|·•»–—]+\s+|\s*\|\s*|[!.]+\s+")

_NOUN = (
    "(?:video|clip|movie|film|live ?stream|stream|broadcast|recording|episode|track|song|playlist|picture|photo|"
    "image|album|gallery|post|tweet|media|content|account|profile|channel)"
)
_THIS = f"(?:this|that|your|(?:(?:this|the) )?(?:requested|shared|embedded)) {_NOUN}"
"""The very thing that was asked for. "The film does not exist" may be a headline."""
_ANY = f"(?:{_THIS}|(?:the )?(?:video|clip|photo|picture|image|post|content))"
_SORRY = "(?:(?:we're |we are |i'm |so )?sorry,? (?:but )?|oops,? |unfortunately,? )?"
_WHERE = (
    "(?: (?:in|for|to|from|at|on|right|any|here|currently|now|your|this|the|you|country|region|location|area|"
    "territory|moment|time|more|anymore|device|platform|due|legal|reasons|geographical|restrictions)){0,8}"
)
_BY_OWNER = "(?: by (?:the |its )?(?:user|uploader|owner|author|creator|publisher|poster))?"
_WHY = "(?: (?:by|due to|because of|because|for|following) .{1,70})?"
_IS = "(?:is|was|has been)"
_NOT = r"(?:isn't|is (?:currently |temporarily )?not)"

_GONE_ENGLISH = re.compile(
    rf"{_SORRY}{_THIS} {_IS} (?:removed|deleted|taken down){_WHY}"
    rf"|{_SORRY}{_ANY} (?:{_IS} )?(?:removed|deleted){_BY_OWNER}"
    rf"|{_SORRY}{_THIS} (?:is )?no longer (?:available|exists|online){_WHY}"
    rf"|{_SORRY}{_ANY} (?:is )?no longer available"
    rf"|{_SORRY}{_THIS} (?:does not|doesn't) exist(?: any ?more)?"
    rf"|{_SORRY}{_ANY} (?:was )?not found|{_SORRY}{_THIS} (?:could not|couldn't|can't|cannot) be found"
    r"|(?:deleted|removed) video"
)
_WITHHELD_ENGLISH = re.compile(
    rf"{_SORRY}{_ANY} (?:{_NOT} available|(?:is )?(?:currently |temporarily )?unavailable){_WHERE}"
    rf"|{_SORRY}{_THIS} is private|private (?:video|account|profile|photo|album|playlist)"
    rf"|{_SORRY}(?:{_ANY} )?not available in your (?:country|region|location|area|territory)"
    rf"|{_SORRY}{_THIS} is (?:age[- ]restricted|blocked|geo[- ]?blocked|restricted){_WHERE}"
    r"|(?:please )?(?:sign|log) in to (?:confirm your age|(?:watch|view|see) this (?:video|content|post|page))"
)
_GONE: Mapping[str, tuple[str, ...]] = {
    "de": ("dieses video wurde entfernt", "dieses video wurde gelöscht", "dieses video ist nicht mehr verfügbar",
           "das video wurde gelöscht", "das video wurde entfernt", "das video ist nicht mehr verfügbar"),
    "fr": ("cette vidéo a été supprimée", "cette vidéo n'est plus disponible", "cette vidéo n'existe plus"),
    "es": ("este video ha sido eliminado", "este video fue eliminado", "este video ya no está disponible",
           "este vídeo ha sido eliminado", "este vídeo ya no está disponible"),
    "it": ("questo video è stato rimosso", "questo video è stato eliminato", "questo video non è più disponibile"),
    "nl": ("deze video is verwijderd", "deze video is niet meer beschikbaar"),
    "pl": ("ten film został usunięty", "ten film nie jest już dostępny"),
    "pt": ("este vídeo foi removido", "este vídeo foi excluído", "este vídeo não está mais disponível",
           "este vídeo já não está disponível"),
    "ru": ("это видео удалено", "видео удалено", "видео было удалено"),
    "ja": ("この動画は削除されました",),
    "ko": ("삭제된 동영상입니다",),
    "zh": ("该视频已被删除", "此视频已被删除", "视频已删除", "該影片已被刪除"),
}  # fmt: skip
"""By language (BCP 47): each says that the thing is no more."""
_WITHHELD: Mapping[str, tuple[str, ...]] = {
    "de": ("dieses video ist nicht verfügbar", "video nicht verfügbar", "das video ist nicht verfügbar",
           "dieses video ist privat", "dieses video ist in deinem land nicht verfügbar",
           "dieses video ist in ihrem land nicht verfügbar", "privates video"),
    "fr": ("cette vidéo n'est pas disponible", "vidéo non disponible", "vidéo indisponible", "vidéo privée",
           "cette vidéo est privée", "cette vidéo n'est pas disponible dans votre pays"),
    "es": ("este video no está disponible", "este vídeo no está disponible", "video no disponible", "vídeo no disponible",
           "video privado", "vídeo privado", "este video es privado",
           "este video no está disponible en tu país", "este vídeo no está disponible en tu país"),
    "it": ("questo video non è disponibile", "video non disponibile", "video privato", "questo video è privato",
           "questo video non è disponibile nel tuo paese"),
    "nl": ("deze video is niet beschikbaar", "video niet beschikbaar", "privévideo", "deze video is privé"),
    "pl": ("ten film jest niedostępny", "film niedostępny", "film prywatny", "ten film jest prywatny"),
    "pt": ("este vídeo não está disponível", "vídeo indisponível", "vídeo não disponível", "vídeo privado",
           "vídeo particular", "este vídeo é privado"),
    "ru": ("видео недоступно", "это видео недоступно", "видео с ограниченным доступом"),
    "ja": ("この動画は再生できません", "動画を再生できません", "非公開動画", "この動画は非公開です"),
    "ko": ("동영상을 재생할 수 없음", "비공개 동영상", "비공개 동영상입니다"),
    "zh": ("视频不可用", "视频无法播放", "此视频不可用", "影片無法播放", "私人视频", "私人影片"),
}  # fmt: skip
"""By language (BCP 47): each says no more than that the thing is not shown."""
_FOLDED_GONE = frozenset(fold(one) for ones in _GONE.values() for one in ones)
_FOLDED_WITHHELD = frozenset(fold(one) for ones in _WITHHELD.values() for one in ones)


def find_notice(document: Document, shape: Shape) -> tuple[SoftSign, str] | None:
    """The sign of a notice that stands in a thing's place, with its evidence; None for every other page.

    A notice is the title, with no more than the site's name beside it, or the first h1; or all that a page without an
    h1 shows. Where there is an h1, the title alone is none. Asked only of pages that are no articles.
    """
    if shape.is_long or len(shape.text) >= _WHOLE_PAGE:
        return None
    heading = next(iter(document.headings), "")
    said = heading or document.title
    if (kind := _kind(said, beside=_LONGEST_SITE)) is None and not heading:
        said = shape.text
        kind = _kind(said, beside=0)
    return (kind, f"notice: {said[:80]}") if kind else None


def _kind(text: str, *, beside: int) -> SoftSign | None:
    """What a text says, with parts of no more than `beside` characters beside it; withheld where it says both."""
    if not text or len(text) > _LONGEST_NOTICE:
        return None
    parts = [part.strip(" .!?。,:;¡¿'\"") for part in _PARTS.split(fold(text))]
    said = {part: kind for part in parts if part and (kind := _kind_of_part(part))}
    if not said or any(len(part) > beside for part in parts if part not in said):
        return None
    return SoftSign.PRIVATE if SoftSign.PRIVATE in said.values() else SoftSign.NOT_FOUND


def _kind_of_part(part: str) -> SoftSign | None:
    if part in _FOLDED_WITHHELD or _WITHHELD_ENGLISH.fullmatch(part):
        return SoftSign.PRIVATE
    if part in _FOLDED_GONE or _GONE_ENGLISH.fullmatch(part):
        return SoftSign.NOT_FOUND
    return None
