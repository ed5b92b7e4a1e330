"""How pages say that their article was corrected or retracted, by language (BCP 47): labels, notes of editors, evidence.

Case and accents do not matter (`fold`). A label begins a notice and is followed by a mark; evidence is looked for within
a text that has begun as a note of the editors.
"""

from __future__ import annotations

from collections.abc import Mapping

CORRECTIONS: Mapping[str, tuple[str, ...]] = {
    "af": ("regstelling",),
    "ar": ("تصحيح", "تصويب", "استدراك"),
    "bg": ("поправка", "корекция", "уточнение"),
    "bn": ("সংশোধনী", "ভুল সংশোধন"),
    "ca": ("correcció", "rectificació", "fe d'errades", "fe d'errors"),
    "cs": ("oprava", "opraveno"),
    "cy": ("cywiriad",),
    "da": ("rettelse", "rettet", "berigtigelse"),
    "de": ("korrektur", "korrigiert", "korrekturhinweis", "berichtigung", "berichtigt", "richtigstellung"),
    "el": ("διόρθωση", "διευκρίνιση και διόρθωση", "επανόρθωση"),
    "en": ("correction", "corrections", "corrected", "a correction", "editor's correction", "important correction",
           "correction notice", "correction appended", "correction note", "notice of correction", "correction/clarification",
           "correction and clarification", "corrections and clarifications", "correction & clarification", "erratum", "errata",
           "corrigendum", "corrigenda", "article correction", "story correction", "factual correction"),
    "es": ("corrección", "correcciones", "corregido", "fe de errores", "fe de erratas", "fe de errata", "rectificación"),
    "et": ("parandus", "õiendus"),
    "eu": ("zuzenketa", "akats zuzenketa"),
    "fa": ("اصلاحیه", "تصحیح", "تصحیح و پوزش"),
    "fi": ("oikaisu", "korjaus", "korjattu"),
    "fr": ("correction", "corrections", "corrigé", "rectificatif", "rectification", "erratum", "correctif", "mise au point et correction"),
    "ga": ("ceartúchán",),
    "gl": ("corrección", "fe de erros"),
    "he": ("תיקון", "תיקון טעות", "הבהרה ותיקון"),
    "hi": ("भूल सुधार", "शुद्धिपत्र", "सुधार", "संशोधन"),
    "hr": ("ispravak", "ispravka", "ispravljeno"),
    "hu": ("helyesbítés", "helyreigazítás", "javítás"),
    "hy": ("ուղղում",),
    "id": ("koreksi", "ralat"),
    "is": ("leiðrétting", "leiðrétt"),
    "it": ("errata corrige", "correzione", "rettifica", "corretto"),
    "ja": ("訂正", "お詫びと訂正", "おわびと訂正", "【訂正】", "[訂正]", "訂正とお詫び", "訂正とおわび", "訂正のお知らせ"),
    "ka": ("შესწორება",),
    "kk": ("түзету",),
    "ko": ("정정", "정정보도", "정정 보도", "정정보도문", "바로잡습니다", "정정합니다", "[바로잡습니다]"),
    "lt": ("pataisymas", "klaidos atitaisymas", "patikslinimas"),
    "lv": ("labojums", "precizējums un labojums"),
    "mk": ("исправка",),
    "ms": ("pembetulan",),
    "nl": ("rectificatie", "correctie", "gecorrigeerd"),
    "no": ("rettelse", "rettet", "rettelser", "korrigering", "retting"),
    "pl": ("sprostowanie", "korekta", "erratum"),
    "pt": ("correção", "correcção", "correções", "corrigido", "errata", "erramos", "retificação", "rectificação"),
    "ro": ("erată", "rectificare", "corectură", "corecție"),
    "ru": ("исправление", "исправлено", "поправка", "уточнение и исправление", "опровержение и исправление"),
    "sk": ("oprava", "opravené"),
    "sl": ("popravek", "popravljeno"),
    "sq": ("korrigjim", "saktësim"),
    "sr": ("исправка", "ispravka"),
    "sv": ("rättelse", "rättat", "rättad", "korrigering"),
    "sw": ("masahihisho", "marekebisho"),
    "ta": ("திருத்தம்",),
    "th": ("แก้ไขข้อผิดพลาด", "ขออภัยและแก้ไข"),
    "tr": ("düzeltme", "düzeltme ve özür", "tekzip ve düzeltme", "düzeltildi"),
    "uk": ("виправлення", "виправлено", "спростування та виправлення"),
    "ur": ("تصحیح", "درستی"),
    "vi": ("đính chính", "cải chính"),
    "zh": ("更正", "更正启事", "更正啟事", "更正声明", "更正聲明", "勘误", "勘誤", "【更正】", "[更正]"),
}  # fmt: skip

EDITORS_NOTES: Mapping[str, tuple[str, ...]] = {
    "ar": ("ملاحظة المحرر", "ملاحظة من المحرر"),
    "bg": ("бележка на редактора", "от редакцията"),
    "ca": ("nota de la redacció", "nota de l'editor"),
    "cs": ("poznámka redakce", "pozn. red."),
    "da": ("redaktionel note", "redaktionens note"),
    "de": ("anmerkung der redaktion", "anm. d. red.", "hinweis der redaktion", "transparenzhinweis"),
    "el": ("σημείωση σύνταξης", "σημείωση της σύνταξης"),
    "en": ("editor's note", "editors' note", "editors note", "editor note", "ed. note", "a note from the editor", "note to readers",
           "publisher's note", "editorial note"),
    "es": ("nota del editor", "nota de la redacción", "nota de redacción", "nota del director", "nota de la editora"),
    "fa": ("یادداشت سردبیر",),
    "fi": ("toimituksen huomautus", "toimituksen huomio"),
    "fr": ("note de la rédaction", "ndlr", "note de l'éditeur", "précision de la rédaction"),
    "he": ("הערת המערכת", "הערת עורך"),
    "hu": ("a szerkesztő megjegyzése", "szerkesztői megjegyzés"),
    "id": ("catatan redaksi", "catatan editor"),
    "it": ("nota della redazione", "nota del redattore", "nota del direttore", "ndr"),
    "ja": ("編集部注", "編集部より", "編集者注"),
    "ko": ("편집자 주", "편집자주"),
    "nl": ("noot van de redactie", "opmerking van de redactie"),
    "no": ("redaksjonell merknad", "redaksjonens merknad"),
    "pl": ("od redakcji", "przypis redakcji", "nota redakcji"),
    "pt": ("nota da redação", "nota do editor", "nota da redacção", "nota da editora"),
    "ro": ("nota redacției", "nota editorului"),
    "ru": ("примечание редакции", "от редакции"),
    "sv": ("redaktörens anmärkning", "red. anm.", "redaktionell kommentar"),
    "tr": ("editörün notu", "editör notu"),
    "uk": ("примітка редакції", "від редакції"),
    "vi": ("ghi chú của biên tập viên", "lời tòa soạn"),
    "zh": ("编者按", "編者按", "编辑注", "編輯註", "编者注"),
}  # fmt: skip
"""What may say anything: it is a notice only with evidence."""

CORRECTED: Mapping[str, tuple[str, ...]] = {
    "ar": ("تم تصحيح", "جرى تصحيح", "صححت", "نسخة سابقة من هذا"),
    "bg": ("беше коригиран", "поправена", "предишна версия"),
    "ca": ("s'ha corregit", "versió anterior d'aquest"),
    "cs": ("byl opraven", "byla opravena", "jsme opravili", "předchozí verzi"),
    "da": ("er blevet rettet", "er rettet", "tidligere version af", "er korrigeret"),
    "de": ("korrigiert", "berichtigt", "richtiggestellt", "richtig gestellt", "in einer früheren version", "in einer früheren fassung",
           "in der ursprünglichen fassung", "in der ursprünglichen version", "in einer ersten version"),
    "el": ("διορθώθηκε", "διορθωθεί", "προηγούμενη έκδοση"),
    "en": ("been corrected", "was corrected", "were corrected", "is corrected", "corrected version", "corrected to", "to correct",
           "correction to", "correction has been", "fix an error", "incorrectly", "misstated", "misidentified", "misspelled", "erroneously",
           "inaccurately"),
    "es": ("ha sido corregid", "fue corregid", "se ha corregido", "se corrigio", "hemos corregido", "version anterior de est", "rectificad"),
    "fa": ("اصلاح شد", "تصحیح شد", "نسخه قبلی این"),
    "fi": ("on korjattu", "korjattu", "aiemmassa versiossa"),
    "fr": ("a été corrigé", "a été rectifié", "avons corrigé", "corrigée", "une version précédente", "une première version",
           "une version antérieure"),
    "he": ("תוקן", "תוקנה", "בגרסה קודמת"),
    "hu": ("javítottuk", "helyesbítettük", "korábbi változatában"),
    "id": ("telah dikoreksi", "telah diperbaiki", "versi sebelumnya"),
    "it": ("è stato corretto", "è stata corretta", "abbiamo corretto", "versione precedente di quest"),
    "ja": ("訂正し", "訂正いたし", "修正しました", "誤りがあり"),
    "ko": ("정정", "바로잡", "이전 버전"),
    "nl": ("gecorrigeerd", "rechtgezet", "eerdere versie van dit", "gerectificeerd"),
    "no": ("er rettet", "er korrigert", "tidligere versjon av"),
    "pl": ("został poprawiony", "została poprawiona", "poprawiono", "skorygowan", "wcześniejszej wersji", "poprzedniej wersji"),
    "pt": ("foi corrigid", "corrigimos", "versão anterior dest", "retificad"),
    "ro": ("a fost corectat", "versiune anterioară"),
    "ru": ("исправлен", "исправили", "предыдущей версии", "в первоначальной версии"),
    "sv": ("har rättats", "är rättad", "har korrigerats", "tidigare version av"),
    "tr": ("düzeltilmiştir", "düzeltildi", "önceki sürümünde", "önceki versiyonunda"),
    "uk": ("виправлен", "попередній версії"),
    "vi": ("đã được đính chính", "đã được sửa", "phiên bản trước"),
    "zh": ("已更正", "更正为", "更正為", "先前版本", "早前版本", "已作更正"),
}  # fmt: skip
"""What a note of the editors says where it tells of a correction."""

RETRACTIONS: Mapping[str, tuple[str, ...]] = {
    "ar": ("تم سحب المقال", "مقال مسحوب", "سحب مقال"),
    "ca": ("retractat", "article retractat"),
    "cs": ("článek stažen", "stažený článek", "retrahováno"),
    "da": ("artiklen er trukket tilbage",),
    "de": ("zurückgezogen", "zurückgezogener artikel", "artikel zurückgezogen", "beitrag zurückgezogen", "retraktion"),
    "en": ("retracted", "retraction", "retraction note", "retraction notice", "notice of retraction", "statement of retraction",
           "retraction statement", "notice of retraction and replacement", "article retracted", "story retracted", "retraction to",
           "retraction of"),
    "es": ("retractado", "retractada", "artículo retractado", "retractación", "artículo retirado", "nota de retractación"),
    "fa": ("مقاله پس گرفته شد", "سلب اعتبار مقاله"),
    "fi": ("juttu vedetty pois", "artikkeli vedetty pois"),
    "fr": ("rétracté", "rétractée", "article rétracté", "étude rétractée", "rétractation", "avis de rétractation", "article retiré"),
    "hu": ("visszavont cikk",),
    "id": ("artikel ditarik", "pencabutan artikel"),
    "it": ("ritrattato", "ritrattazione", "articolo ritrattato", "articolo ritirato"),
    "ja": ("論文撤回", "撤回論文", "記事撤回", "撤回済み"),
    "ko": ("논문 철회", "철회 논문", "기사 철회"),
    "nl": ("artikel ingetrokken", "teruggetrokken artikel"),
    "no": ("artikkelen er trukket",),
    "pl": ("artykuł wycofany", "retrakcja"),
    "pt": ("artigo retratado", "retratação", "artigo retirado", "nota de retratação"),
    "ro": ("retractat", "articol retras", "articol retractat"),
    "ru": ("статья отозвана", "отозванная статья", "ретрагировано", "ретракция"),
    "sv": ("artikeln är tillbakadragen", "återkallad artikel"),
    "tr": ("geri çekilmiş makale", "geri çekilen makale", "makale geri çekildi"),
    "uk": ("статтю відкликано", "відкликана стаття", "ретракція"),
    "vi": ("bài báo bị rút", "đã rút bài", "bài báo đã bị rút lại"),
    "zh": ("撤稿", "已撤稿", "撤稿声明", "撤稿聲明", "论文撤回", "論文撤稿"),
}  # fmt: skip

WITHDRAWN: Mapping[str, tuple[str, ...]] = {
    "ar": ("مسحوب",),
    "da": ("trukket tilbage", "tilbagetrukket"),
    "de": ("widerrufen",),
    "en": ("retracted article", "retracted paper", "retracted chapter", "retracted story", "withdrawn", "withdrawn article"),
    "fi": ("vedetty takaisin",),
    "hu": ("visszavonva",),
    "id": ("ditarik",),
    "ja": ("撤回",),
    "ko": ("철회", "철회됨"),
    "nl": ("ingetrokken", "teruggetrokken"),
    "no": ("trukket tilbake", "tilbaketrukket"),
    "pl": ("wycofany", "wycofano"),
    "pt": ("retratado", "retratada", "despublicado"),
    "ru": ("отозвано", "отозвана"),
    "sv": ("återkallad", "tillbakadragen", "tillbakadraget"),
    "tr": ("geri çekildi",),
    "uk": ("відкликано",),
    "zh": ("撤回",),
}  # fmt: skip
"""Words that news of other things begin with too (a licence, a car, a remark): they count between brackets or in capitals."""

SELF = r"\b(?:version|story|article|post|report|piece|headline|column|caption|photo|graphic|chart|page|name|spelling|transcript|essay|paper|dispatch)s?\b"
"""What an English note of the editors is about where it tells of a correction of its own page."""

_OWN = r"(?:article|story|post|piece|column|manuscript|chapter|dispatch|essay|op-ed|editorial)"
"""What a page calls itself. Not a study, a paper or a report: news tell of these."""
_GAP = r"(?: (?!about\b|that\b|which\b|who\b|whose\b|how\b|why\b|is\b|says?\b|said\b)\S+){0,8}?"
"""What may stand between a noun and its verb, without beginning a clause of its own."""

RETRACTED: tuple[str, ...] = (
    rf"this (?:\w+ )?{_OWN}{_GAP} (?:has been|was|is|has now been|is being|is hereby) (?:\w+ )?(?:retracted|withdrawn)",
    rf"(?:has|have|had) (?:since )?(?:retracted|withdrawn) this {_OWN}",
    rf"we (?:are |have |hereby |now )*(?:retract|retracting|retracted|withdrawn|withdrawing) (?:this|our) {_OWN}",
    rf"dieser (?:artikel|beitrag|text){_GAP} (?:wurde|ist)(?: \S+){{0,6}}? (?:zuruckgezogen|zuruckgenommen)",
    rf"(?:cet|ce) (?:article|texte){_GAP} a ete (?:retracte|retire|depublie)",
    rf"est[ea] (?:articulo|texto|nota|noticia){_GAP} (?:ha sido|fue) (?:retractad|retirad|despublicad)[oa]",
    rf"est[ea] (?:artigo|texto|reportagem|noticia){_GAP} foi (?:retratad|retirad|despublicad)[oa]",
    rf"quest(?:o |a |')(?:articolo|testo){_GAP} (?:e stat[oa]|viene) (?:ritrattat|ritirat)[oa]",
    rf"dit (?:artikel|stuk|bericht){_GAP} (?:is|werd)(?: \S+){{0,4}}? (?:ingetrokken|teruggetrokken)",
    (
        rf"(?:denne|den har) (?:artiklen|artikel|artikkelen|artikeln|sak|saken){_GAP} (?:er|har|ar)(?: \S+){{0,3}}? "
        r"(?:trukket tilbage|trukket tilbake|dragits tillbaka|aterkallats)"
    ),
    rf"ten (?:artykul|tekst){_GAP} zostal (?:wycofany|usuniety)",
    r"(?:эта|данная) статья (?:была )?отозвана",
    r"(?:本(?:記事|論文)|この記事)は(?:.{0,20})撤回",
    r"(?:本文|本论文|本論文)(?:.{0,8})(?:撤稿|撤回)",
    r"(?:(?:이|본) 기사|본 논문)(?:은|는)(?:.{0,40})철회",
    r"تم سحب هذا المقال",
)
"""Sentences, folded, in which a page says of its own article that it was retracted."""

CORRECTED_SENTENCES: tuple[str, ...] = (
    r"\(corrects ",
    r"\((?:this|in this)(?: \S+){0,5}? (?:story|article)(?: \S+){0,8}? correct(?:s|ed)?\b",
    (
        r"an? (?:earlier|previous|prior|initial|original) version of (?:this|the) (?:\w+ )?(?:article|story|post|report|piece|column|page|headline)"
        r"(?: \S+){0,12}? (?:\w*incorrect\w*|misstated|mistakenly|misidentified|misspelled|wrongly|erroneously|inaccurately|misquoted|mischaracterized"
        r"|an? error|a mistake|the wrong)"
    ),
    rf"this (?:\w+ )?(?:{_OWN}|report|headline|caption){_GAP} (?:has been|was|has since been) (?:\w+ )?corrected",
    r"in einer (?:fruheren|vorherigen|ersten) (?:version|fassung) (?:dieses|des) (?:artikels|beitrags|textes)",
    r"dieser (?:artikel|beitrag|text) wurde(?: \S+){0,4}? (?:korrigiert|berichtigt)",
    r"une (?:premiere|precedente) version de cet article|une version (?:precedente|anterieure) de cet article",
    r"cet article a ete (?:corrige|rectifie)",
    r"(?:una|en una) version anterior de est[ea] (?:articulo|nota|noticia|texto)",
    r"est[ea] (?:articulo|nota|noticia|texto) (?:ha sido|fue) corregid[oa]",
)
"""Sentences, folded, in which a page says of its own article that it was corrected."""

ABOUT_CORRECTING: tuple[str, ...] = (
    r"corrections? (?:and \w+ )?polic",
    r"(?:our|editorial|ethics|standards) (?:\w+ )?polic",
    r"report (?:an?|any) (?:error|correction|mistake)",
    r"(?:send|submit|suggest|request|make|email|e-mail) (?:us )?(?:an?|any|your) (?:correction|error)",
    r"spotted (?:an?|something)",
    r"see something (?:wrong|inaccurate)",
    r"did we (?:get|make)",
    r"(?:contact|email|e-mail|tell|let|write to) (?:us|the editor|our)",
    r"we (?:strive|aim|are committed|correct|will correct|try)",
    r"please (?:contact|email|e-mail|write|send|let)",
    r"want to (?:suggest|report)",
    r"if you (?:see|find|spot|believe|notice|have)",
    r"fehler (?:gefunden|melden|entdeckt)",
    r"schreiben sie uns",
    r"korrektur (?:melden|vorschlagen)",
    r"(?:signaler|proposer) une (?:erreur|correction)",
    r"contactez",
    r"(?:reportar|avisar de|notificar|enviar) (?:un|una) (?:error|correccion)",
    r"(?:reportar|comunicar|enviar) (?:um|uma) (?:erro|correcao)",
    r"segnala (?:un|una)",
    r"fout (?:gezien|melden|gevonden)",
    r"tip (?:os|oss)",
    r"сообщите нам",
    r"сообщить об ошибке",
    r"нашли (?:ошибку|опечатку)",
)
"""Words, folded, of what asks for corrections or says how they are made: policies, forms, links."""

QUESTION_WORDS: tuple[str, ...] = (
    "why", "how", "what", "what's", "when", "where", "who", "which", "is", "are", "can", "could", "should", "will", "does", "do", "here's", "inside",
    "warum", "wie", "was", "wann", "wer", "weshalb", "pourquoi", "comment", "quand", "quel", "quelle", "que", "por", "como", "cuando", "quien",
    "porque", "quando", "quem", "perche", "come", "cosa", "waarom", "hoe", "wat", "hvorfor", "hvordan", "varfor", "hur", "dlaczego", "jak",
    "почему", "как", "что", "чому", "як", "neden", "nasil", "nicin",
)  # fmt: skip
"""First words, folded, of headlines about a correction: a notice tells and does not ask."""

BEGINNINGS: tuple[str, ...] = (
    *(f"this {noun}" for noun in (
        "article", "story", "post", "piece", "column", "manuscript", "chapter", "dispatch", "essay", "op-ed", "editorial", "headline",
        "caption", "report", "opinion", "news", "research", "blog")),
    *(f"{one} version of" for one in ("an earlier", "a previous", "a prior", "an initial", "an original")),
    "we ", "dieser ", "in einer ", "cet art", "ce texte", "une premi", "une préc", "une prec", "une version", "este ", "esta ", "una version",
    "una versión", "en una version", "en una versión", "questo ", "quest'", "quest’", "questa ", "dit artikel", "dit stuk", "dit bericht", "denne ",
    "den här ", "den har ", "ten artykuł", "ten artykul", "ten tekst", "эта статья", "данная статья", "本記事", "本論文", "この記事", "本文", "本论文",
    "이 기사", "본 기사", "본 논문", "تم سحب هذا", "corrects ",
)  # fmt: skip
"""How the sentences begin, in small letters."""

EXERCISES: tuple[str, ...] = (
    "exercice", "exercices", "devoir", "sujet", "dictee", "examen", "bac", "brevet", "aufgabe", "ubung", "ubungen", "klassenarbeit", "exercise",
    "exercises", "ejercicio", "ejercicios", "exercicio", "exercicios", "esercizio", "esercizi", "a decline", "a drop", "a fall", "a memoir",
)  # fmt: skip
"""First words, folded, behind a label that means the solution of an exercise, or a term of finance."""
