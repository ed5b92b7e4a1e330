"""The words of which not-found sentences consist, by language (BCP 47).

Sites vary the sentence more than a table of whole ones can hold ("Die von Ihnen gewünschte Seite konnte
leider nicht gefunden werden"). So a text also says "not found" where it consists of such words and no
others: one for the page, one that denies and one that is denied. A headline has words of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from crawler.extractors.html.folding import fold


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language. `pages` are words for a page, `wares` for things that a shop may sell too;
    `denials` deny `finds`, and of a page also `offers` ("not available"); `removals` deny and are denied in
    one word ("removed"); `all` are these and whatever may stand between. `pattern` finds the words of a script
    that does not separate them by spaces."""

    pages: frozenset[str]
    wares: frozenset[str]
    denials: frozenset[str]
    finds: frozenset[str]
    offers: frozenset[str]
    removals: frozenset[str]
    all: frozenset[str]
    pattern: re.Pattern[str] | None = None

    def says_not_found(self, text: str) -> bool:
        """Whether a folded text says "not found" in this language."""
        said = self._words(text)
        if not said or not said <= self.all:
            return False
        is_page = bool(said & self.pages)
        if not is_page and not said & self.wares:
            return False
        if said & self.removals:
            return True
        denied = said & self.finds or (is_page and said & self.offers)
        return bool(said & self.denials and denied)

    def _words(self, text: str) -> frozenset[str]:
        if self.pattern is None:
            return frozenset(filter(None, _BETWEEN.split(text)))
        solid = _BETWEEN.sub("", text)
        found = self.pattern.findall(solid)
        return frozenset(found) if "".join(found) == solid else frozenset()


_BETWEEN = re.compile(r"[\s.,!?:;()\[\]'\"،؛。、|«»„“”।-]+")


def says_not_found(text: str) -> bool:
    """Whether a folded text is a sentence that a page was not found, in any of the languages."""
    return any(words.says_not_found(text) for words in _LANGUAGES)


def _words(given: str, *, spaced: bool) -> Words:
    pages, wares, denials, finds, offers, removals, rest = (
        frozenset(filter(None, _BETWEEN.split(fold(role)))) for role in given.split("|")
    )
    every = pages | wares | denials | finds | offers | removals | rest
    longest_first = sorted(every, key=len, reverse=True)
    pattern = None if spaced else re.compile("|".join(map(re.escape, longest_first)))
    return Words(pages, wares, denials, finds, offers, removals, every, pattern)


_SPACED: Mapping[str, str] = {
    "en": """
        page webpage url | | not t no cannot unable | found find exist exists locate located |
        available here | removed deleted | the this that which you re ve are were is was be been have has we
        i it your our looking searching for looks seems like but sorry oops whoops uh oh hmm requested
        request tried trying to reach view access visit open see want wanted or moved may might could can
        couldn does doesn don did didn isn wasn won what any more anymore longer currently at moment on
        server site website there anything however unfortunately apologies m seem appear appears
    """,
    "de": """
        seite webseite internetseite | artikel | nicht | gefunden existiert vorhanden auffindbar gibt finden
        | verfügbar erreichbar | gelöscht entfernt | die diese dieser dieses den der das es von ihnen dir
        sie du gesuchte gewünschte angeforderte aufgerufene angefragte angegebene verlangte leider konnte
        konnten kann können wurde werden worden ist mehr hier unter oder und verschoben umbenannt wir haben
        suchen suchst auf zu sein scheint tut uns leid aber möglicherweise existieren nun unserer unserem
        website versuchen versucht aufzurufen aufrufen erreichen öffnen anscheinend offenbar aktuell derzeit
        so ihre deine eingegebene verfügbare ups
    """,
    "fr": """
        page | article | pas plus non impossible | existe trouvée trouvé trouver trouvons | disponible
        accessible | introuvable inexistante inexistant supprimée supprimé | la le l cette cet ce que vous
        avez demandée demandé recherchez cherchez recherchée souhaitez consulter ou et n ne a été est pu
        être semble déplacée nous sommes désolés désolé malheureusement de en ligne ici sur notre site qui
        mais oups tentez d afficher atteindre accéder à voir essayez cherchée consultée peut dans serveur
        semblait car elle actuellement désormais
    """,
    "es": """
        página url | artículo | no | encontrada encontrado encontró encontrar existe encuentra encontramos
        encontrarse localizar localizada | disponible | inexistente eliminada eliminado borrada | la el esta
        este esa ese que buscas busca buscabas buscaba estás está buscando solicitada solicitado solicitas
        ha se han podido pudo puede pudimos podemos hemos sido fue ya o y movida en nuestro sitio lo
        sentimos siento intentas acceder a quieres parece usted pero haya uy ups intenta intentaste visitar
        ver al cual estabas tratando trata de haber ser movido actualmente momento servidor nuestra web
        deseas desea le
    """,
    "pt": """
        página url | artigo | não | encontrada encontrado encontrar existe encontramos localizada |
        disponível | inexistente removida removido excluída | a o esta essa este esse que você procura
        procurava está procurando busca buscou solicitada solicitou pode podemos pôde ser foi mais ou e
        movida ter sido desculpe lamentamos sentimos muito acessar tentou tentando mas possível em nosso
        site conseguimos conseguiu tentava tenta quer deseja ver visitar abrir esteja pelo pela parece ups
        uups disponivel neste momento atualmente infelizmente
    """,
    "it": """
        pagina url | articolo | non impossibile | trovata trovato trovare esiste | disponibile raggiungibile
        accessibile | inesistente rimossa rimosso eliminata cancellata | la il l lo questa questo quella che
        stai stavi cercando cerchi cercavi cercata richiesta hai richiesto è stata stato possibile più e o
        spostata siamo spiacenti ci dispiace purtroppo abbiamo nel nostro sito sembra può essere ma
        riusciamo riesci a visualizzare visitare raggiungere volevi vuoi tentato di accedere al momento oops
        ops sul server esista
    """,
    "nl": """
        pagina | artikel | niet | gevonden bestaat vinden bestaan | beschikbaar bereikbaar | verwijderd | de
        deze dit het die je jij u zoekt zocht opgevraagde gevraagde gezochte kon kan kunnen konden worden is
        meer helaas wij we sorry of en verplaatst lijkt hebt aangevraagd wilt bezoeken op website maar te
        probeert proberen bereiken openen bekijken dat er momenteel hebben ze onze site server hij
    """,
    "pl": """
        strona strony stronę | artykuł artykułu | nie | znaleziono znaleziona znaleźć istnieje odnaleziono |
        dostępna | usunięta usunięto | ta tej tę taka takiej szukana szukanej szukasz której która
        poszukiwana została podana podanym o adresie można możemy udało się przepraszamy przykro nam
        niestety już lub przeniesiona pod żądana żądanej ale chcesz odwiedzić próbujesz otworzyć wejść na
        nią zobaczyć wygląda to że być może obecnie była jest serwerze ups
    """,
    "sv": """
        sidan sida | artikeln | inte ej | hittades hittas hitta finns hittar existerar | tillgänglig |
        saknas borttagen | den här där du som söker sökte letar efter letade kunde kan går att längre vi
        tyvärr eller är begärde begärda ville flyttats flyttad ha blivit har tagits bort det ser ut försöker
        försökte nå öppna besöka oj hoppsan verkar om på vår sajt webbplats kanske just nu oops beklagar
    """,
    "da": """
        siden side | artiklen | ikke | fundet findes finde eksisterer | tilgængelig | fjernet slettet | den
        denne du leder efter søger ledte søgte blev kan kunne længere mere vi desværre beklager er eller
        flyttet som ønskede prøver at bliver her var har men der forsøger forsøgte nå åbne besøge det ser ud
        til om på vores websted måske ups oops
    """,
    "nb": """
        siden side | artikkelen | ikke | funnet finnes finner fant finne eksisterer | tilgjengelig | fjernet
        slettet | denne den du leter etter ser søker ble kan kunne lenger vi dessverre beklager er eller
        flyttet som prøver å har bli her var men forsøker prøvde nå åpne besøke det ut til om på våre
        nettsted kanskje oops ups
    """,
    "fi": """
        sivua sivu | artikkelia | ei | löydy löytynyt ole olemassa löytää | saatavilla | poistettu |
        hakemaasi etsimääsi pyydettyä pyytämääsi tätä tämä valitettavasti voitu enää on tai siirretty
        pahoittelut tästä osoitteesta haettua etsittyä kyseistä haluamaasi jota etsit mutta yrität yritit
        avata nyt sivusto sivustolta palvelimelta näyttää siltä että hups oho
    """,
    "cs": """
        stránka stránku stránky | článek | nebyla nebyl nelze nepodařilo není nemůžeme | nalezena nalezen
        nalézt najít | | neexistuje nenalezena nenalezen odstraněna smazána nenalezli nenašli | tato tuto
        požadovaná požadovanou hledaná hledanou vámi kterou hledáte již už zde bohužel omlouváme se ale je
        nám líto že nebo byla přesunuta na této adrese chcete otevřít zobrazit navštívit snažíte dostupná
        momentálně našem webu serveru ups jejda
    """,
    "sk": """
        stránka stránku | článok | nebola nebol nepodarilo nemožno nie | nájdená nájdený nájsť | |
        neexistuje nenájdená nenašla nenašiel odstránená nenašli | táto túto požadovaná požadovanú hľadaná
        hľadanú vami ktorú hľadáte už tu bohužiaľ žiaľ ospravedlňujeme sa ale je nám ľúto že alebo bola
        presunutá na tejto adrese chcete otvoriť zobraziť navštíviť ľutujeme prepáčte momentálne našom webe
        serveri
    """,
    "hu": """
        oldal oldalt lap lapot | cikk | nem nincs | található létezik találjuk ilyen találtuk | elérhető |
        törölve törölték | az a ez ezt keresett kért kívánt ön által sajnos sajnáljuk elnézést már vagy amit
        amelyet keres keresel ezen címen meg áthelyezték de hoppá megnyitni próbál próbált lehet hogy
        jelenleg szerveren
    """,
    "ro": """
        pagina pagină | articolul | nu | găsită găsit găsi există găsim | disponibilă | inexistentă ștearsă
        negăsită | pe care o ai cauți căutați căutată solicitată cerută această acea ne pare rău a fost
        putut fi poate mai sau mutată dar am site server nostru nostră încercați încerci accesezi vizitezi
        momentan se că oops ups
    """,
    "hr": """
        stranica stranicu stranice | članak | nije ne | pronađena pronaći nađena postoji pronašli | dostupna
        | uklonjena obrisana | ova ovu tu ta tražena traženu koju tražite ste tražili žao nam je nažalost
        više ili premještena moguće mogli smo se ali pokušavate otvoriti posjetiti trenutno na našoj
        stranici ups čini da trenutačno nismo
    """,
    "tr": """
        sayfa sayfayı | | değil | mevcut erişilebilir | | bulunamadı bulunamıyor bulamadık yoktur bulunmuyor
        bulunmamaktadır | aradığınız aradığın bu böyle bir istediğiniz istenen üzgünüz maalesef ulaşmaya
        çalıştığınız talep ettiğiniz artık veya ne yazık ki ancak kaldırılmış taşınmış olabilir görüntülemek
        açmak gitmek sitemizde şu anda silinmiş kaldırıldı taşındı ya da ups
    """,
    "ru": """
        страница страницы страницу | статья | не нет невозможно | найдена найден найдено найти существует
        нашли существовать находится | доступна | удалена удалён отсутствует | эта этой такой такая данная
        по этому адресу запрашиваемая запрашиваемой запрошенная запрошенной искомая вами вы которую ищете
        искали к сожалению увы извините простите но больше или была перемещена может быть мы у нас возможно
        указанному удалось на сайте нашем сайта сервере кажется похоже что которой пытаетесь открыть перейти
        хотите увидеть упс ой ошибка вам нужна нами уже могла временно здесь
    """,
    "uk": """
        сторінка сторінку сторінки | стаття статтю | не немає | знайдено знайдена знайти існує | доступна |
        видалено видалена відсутня | ця цю цієї така такої на жаль вибачте вдалося яку ви шукаєте шукали
        запитувана запитувану або переміщено за цією адресою більше може бути вами але сайті нашому сервері
        здається схоже що намагаєтеся відкрити перейти хочете йой ой уже тут
    """,
    "bg": """
        страница страницата | статията | не няма | намерена съществува намери намерим | достъпна |
        премахната изтрита | тази която търсите търсена търсената от вас може да бъде беше такава за
        съжаление съжаляваме вече или преместена се е бе исканата но на сайта нашия сървъра изглежда че
        опитвате отворите посетите искате опа тук
    """,
    "el": """
        σελίδα | άρθρο | δεν δε | βρέθηκε βρεθεί υπάρχει | διαθέσιμη | διαγραφεί | η αυτή που ζητήσατε
        αναζητάτε ψάχνετε μπορεί να λυπούμαστε δυστυχώς πια πλέον συγγνώμη είναι την τη το έχει ή αλλά ωχ
        ουπς αναζητούσατε ψάχνατε προσπαθείτε δείτε επισκεφθείτε στον ιστότοπο μας φαίνεται ότι αυτήν
    """,
    "ar": """
        الصفحة صفحة | المقال | غير لم لا تعذر ليست | موجودة موجود العثور | متاحة متوفرة | حذفها | هذه تلك
        التي تبحث عنها طلبتها المطلوبة على يتم يمكن عذرا عفوا نأسف للأسف أو تم نقلها نعتذر لكن نتمكن نستطيع
        من إيجاد الوصول إليها تحاول أن يبدو عليها حاليا في الموقع
    """,
    "fa": """
        صفحه برگه صفحه‌ای صفحه‌ی | | نشد ندارد نیست | یافت پیدا وجود موجود | | | مورد نظر شما آن این
        درخواستی که به دنبال هستید متاسفانه متأسفانه متأسفیم دیگر چنین دنبالش می‌گردید آن‌ در سایت ما اوه
        درخواست شده
    """,
    "he": """
        הדף דף העמוד עמוד | הכתבה | לא אינו | נמצא קיים נמצאה קיימת מצאנו קיימים | זמין | | הזה זה שחיפשת
        שחיפשתם שביקשת המבוקש המבוקשת מצטערים יותר או הוסר אך את אליו ניסיתם ניסית להגיע אתה מחפש אתם מחפשים
        באתר אולי לצערנו
    """,
    "hi": """
        पेज पृष्ठ पन्ना | | नहीं | मिला मिल मौजूद | उपलब्ध | | वह यह आप जिस को ढूंढ रहे हैं है क्षमा करें
        सका गया अब जो आपने खोज आपके द्वारा खोजा अनुरोध किया अनुरोधित हम हमें वाला रहा हो इस उस
    """,
    "bn": """
        পৃষ্ঠাটি পৃষ্ঠা পাতাটি পাতা পেজটি পেজ | | যায়নি | পাওয়া | | | আপনি যে খুঁজছেন তা দুঃখিত খুঁজে এই
        আপনার কাঙ্ক্ষিত অনুরোধ করা আমরা
    """,
    "ko": """
        페이지를 페이지가 페이지는 페이지 페이지입니다 | 기사를 기사가 기사입니다 | 없습니다 없음 없어요 않는 않습니다 없는 않거나 없거나 | 찾을 존재하지 | | 삭제된 삭제되었습니다
        | 요청하신 요청한 찾으시는 원하시는 해당 이 그 죄송합니다 수 삭제되었거나 이동되었거나 또는 더 이상 이동했습니다 접속하려는 방문하신 주소의 현재 이용할 사용할 변경되었거나
    """,
    "vi": """
        trang | bài viết | không | thấy tồn | | | bạn đang tìm kiếm yêu cầu này nào rất tiếc xin lỗi truy
        cập muốn web hoặc tại đã bị xóa chúng tôi rằng được hiện có thể di chuyển oops ôi mà của
    """,
    "id": """
        halaman laman | artikel | tidak | ditemukan ada ditemui dijumpai wujud menemukan | tersedia |
        dihapus | yang anda kamu cari ini itu maaf dapat bisa minta tuju telah atau dipindahkan kami ups
        sedang mungkin sepertinya oops tersebut sudah kunjungi di situs
    """,
}
"""The roles of `Words` in their order, separated by `|`; the last is the rest."""

_UNSPACED: Mapping[str, str] = {
    "ja": """
        ページ | 記事 | | | | 見つかりませんでした 見つかりません 存在しません ありません 見つけることができませんでした 見当たりません 削除されました 削除されています 表示できません
        ご利用いただけません 存在しないか 移動または削除された可能性があります 移動したか削除された可能性があります | お探しの ご指定の 指定された 指定の 該当する 該当の その この は が を
        現在 移動 または もしくは された したか 申し訳ございません 申し訳ありません すでに 既に アクセスしようとした お客様が ご覧になろうとした web ウェブ 削除 可能性があります 既 に
        まだ ません サイト内 当サイト内に お手数 url 指定した
    """,
    "zh": """
        页面 网页 頁面 網頁 | 文章 | | | | 不存在 未找到 没有找到 找不到 无法找到 已删除 已被删除 不见了 已失效 沒有找到 無法找到 已刪除 已被刪除 走丢了 不见啦 无法访问 已被移除
        已移除 無法訪問 已经不存在 已不存在 不存在或已被移除 | 抱歉 很 对不起 對不起 您 你 要 所 想 访问 訪問 查看 查找 寻找 请求 請求 找 的 该 該 此 这个 這個 或 或者 可能
        符合 条件 條件 了 浏览 瀏覽 哎呀 糟糕 被 移除 已 吧 您的 正在 页 内
    """,
    "th": """
        หน้าเว็บ หน้า เพจ | | | | | ไม่พบ หาไม่พบ ไม่สามารถพบได้ | นี้ นั้น ที่คุณ ที่ คุณ ต้องการ ค้นหา
        กำลัง ขออภัย ร้องขอ ใน เว็บไซต์ คุณกำลัง นี้ครับ
    """,
}
_LANGUAGES = (
    *(_words(given, spaced=True) for given in _SPACED.values()),
    *(_words(given, spaced=False) for given in _UNSPACED.values()),
)
