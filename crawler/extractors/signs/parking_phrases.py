"""How parked domains speak of themselves, by language: for sale, expired, parked, registered (rule V9).

Each is a regular expression over folded text and matches a whole title, heading or sentence. `{this}` stands for
"this domain" in the language of its line, or for the domain's own name: words alone ("domaine à vendre" is a
vineyard, "parked domain" is an entry of a glossary) are none of them.
"""

from __future__ import annotations

from collections.abc import Mapping

HOST = r"(?:[\w-]{1,63}\.){1,4}[a-zа-я][\w-]{1,23}"
"""A domain's name in a text."""

_THIS: Mapping[str, str] = {
    "en": rf"(?:this(?: premium)? domain(?: name)?(?: {HOST})?|the domain(?: name)? {HOST}|domain(?: name)? {HOST})",
    "de": rf"(?:diese (?:internet-?)?(?:domain|internetadresse)(?: {HOST})?|(?:die )?domain {HOST})",
    "fr": rf"(?:ce (?:nom de )?domaine(?: {HOST})?|(?:le )?(?:nom de )?domaine {HOST})",
    "es": rf"(?:este (?:nombre de )?dominio(?: {HOST})?|(?:el )?dominio {HOST})",
    "pt": rf"(?:(?:este|esse) (?:nome de )?dominio(?: {HOST})?|(?:o )?dominio {HOST})",
    "it": rf"(?:questo (?:nome di )?dominio(?: {HOST})?|(?:il )?dominio {HOST})",
    "nl": rf"(?:deze domeinnaam(?: {HOST})?|dit domein(?: {HOST})?|(?:de |het )?domein(?:naam)? {HOST})",
    "pl": rf"(?:ta domena(?: {HOST})?|domena {HOST})",
    "cs": rf"(?:tato domena(?: {HOST})?|domena {HOST})",
    "sk": rf"(?:tato domena(?: {HOST})?|domena {HOST})",
    "hu": rf"(?:ez a domain(?: ?nev)?(?: {HOST})?|az? {HOST} domain(?: ?nev)?)",
    "ro": rf"(?:acest (?:nume de )?domeniu(?: {HOST})?|domeniul {HOST})",
    "hr": rf"(?:ova domena(?: {HOST})?|domena {HOST}|ovaj domen(?: {HOST})?|domen {HOST})",
    "sv": rf"(?:(?:den har|denna) doman(?:en)?(?: {HOST})?|domanen {HOST}|doman(?:namnet|namn) {HOST})",
    "da": rf"(?:dette domaene(?:navn)?(?: {HOST})?|domaenet {HOST})",
    "nb": rf"(?:dette domenet(?: {HOST})?|domenet {HOST})",
    "fi": rf"(?:tama (?:verkkotunnus|domain)(?: {HOST})?|verkkotunnus {HOST})",
    "el": rf"(?:(?:αυτο )?το (?:domain|ονομα χωρου)(?: {HOST})?)",
    "tr": rf"(?:bu (?:alan adi|domain)(?: {HOST})?|{HOST} alan adi)",
    "ru": rf"(?:(?:этот|данный) домен(?:ное имя)?(?: {HOST})?|домен {HOST})",
    "uk": rf"(?:цей домен(?:не ім'я)?(?: {HOST})?|домен {HOST})",
    "bg": rf"(?:(?:този )?домейнът?(?: {HOST})?|този домейн(?: {HOST})?)",
    "vi": rf"(?:ten mien nay(?: {HOST})?|ten mien {HOST})",
    "id": rf"(?:domain ini(?: {HOST})?|(?:nama )?domain {HOST})",
    "ja": rf"(?:この(?:ドメイン|独自ドメイン)(?:名)?|ドメイン {HOST}|{HOST} ?)",
    "zh": rf"(?:(?:此|该|該|本|您(?:正在|所)?访问的|您(?:正在|所)?訪問的|这个|這個)域名(?: ?{HOST})?|域名 ?{HOST})",
    "ko": rf"(?:이 도메인|도메인 {HOST}|{HOST} ?도메인)",
    "ar": rf"(?:هذا (?:النطاق|الدومين)|(?:اسم )?النطاق {HOST})",
    "fa": rf"(?:این دامنه|دامنه {HOST})",
    "he": rf"(?:הדומיין(?: הזה)?(?: {HOST})?|דומיין זה)",
    "th": rf"(?:โดเมน(?:เนม)?นี้|โดเมน(?:เนม)? ?{HOST})",
    "hi": rf"(?:यह डोमेन|डोमेन {HOST})",
}

SALE: Mapping[str, str] = {
    "en": (
        rf"{{this}} (?:is|may be|might be|could be|has been listed|is listed)(?: now| currently)?"
        r"(?: listed)?(?: available)? for (?:sale|purchase|lease)(?: by .{1,30}| at .{1,30}| on .{1,30})?"
        r"|{this} for sale|this web ?site (?:is|may be) for sale|this name is available for purchase(?: at .{1,30})?|(?:buy|purchase|acquire|get|own|lease) {this}(?: now| today)?"
        r"|make (?:an|your) offer (?:on|for) {this}|(?:inquire about|interested in|enquire about) {this}"
        r"|(?:domain(?: name)?|premium domain(?: name)?) for sale"
        rf"|{HOST} domain(?: name)? (?:is )?for sale|{HOST} (?:is|may be|might be) (?:for sale|available for purchase)(?: .{{0,30}})?"
    ),
    "de": (
        r"{this} (?:ist|steht|wird)(?: .{1,30})? (?:zu verkaufen|zum verkauf|verkauft|verkauflich|kauflich)"
        rf"|{{this}} (?:zu verkaufen|zum verkauf|kaufen|erwerben)|{HOST} (?:steht zum verkauf|ist zu verkaufen|zu verkaufen)"
        r"|diese domain kaufen|domain zu verkaufen|domain steht zum verkauf"
    ),
    "fr": (
        rf"{{this}} (?:est |serait |peut etre |pourrait etre )?(?:a vendre|en vente)|{HOST} est a vendre"
        r"|acheter (?:ce|cet) (?:nom de )?domaine|achetez ce (?:nom de )?domaine"
    ),
    "es": (
        rf"{{this}} (?:esta|puede estar|podria estar) (?:en|a la) venta|{HOST} esta (?:en|a la) venta"
        r"|(?:compra|compre|comprar) (?:este|el) dominio|dominio en venta"
    ),
    "pt": rf"{{this}} (?:esta|pode estar) a venda|{HOST} esta a venda|(?:compre|comprar) este dominio|dominio a venda",
    "it": rf"{{this}} (?:e|potrebbe essere) in vendita|{HOST} e in vendita|(?:acquista|compra) questo dominio|dominio in vendita",
    "nl": rf"{{this}} (?:is |staat )?te koop|{HOST} is te koop|koop (?:deze domeinnaam|dit domein)|domein(?:naam)? te koop",
    "pl": rf"{{this}} (?:jest )?na sprzedaz(?: .{{1,40}})?|{HOST} jest na sprzedaz|kup (?:te|ta) domene",
    "cs": rf"{{this}} (?:je )?(?:na prodej|k prodeji)|{HOST} je na prodej",
    "sk": rf"{{this}} (?:je )?na predaj|{HOST} je na predaj",
    "hu": rf"{{this}} elado|{HOST} elado",
    "ro": rf"{{this}} (?:este )?de vanzare|{HOST} este de vanzare",
    "hr": rf"{{this}} je na prodaju|{HOST} je na prodaju",
    "sv": rf"{{this}} ar till salu|{HOST} ar till salu",
    "da": rf"{{this}} er til salg|{HOST} er til salg",
    "nb": rf"{{this}} er til salgs|{HOST} er til salgs",
    "fi": rf"{{this}} on (?:myytavana|myynnissa)|{HOST} on (?:myytavana|myynnissa)",
    "el": r"{this} (?:πωλειται|ειναι προς πωληση|διατιθεται προς πωληση)",
    "tr": rf"{{this}} satilik(?:tir)?|{HOST} satilik(?:tir)?|satilik domain {HOST}",
    "ru": r"{this} (?:продается|выставлен(?:о)? на продажу|можно купить)|домен (?:продается|выставлен на продажу)|(?:купить|приобрести) (?:этот )?домен",
    "uk": r"{this} (?:продається|виставлений на продаж)|домен продається",
    "bg": r"{this} (?:се продава|е за продажба)",
    "vi": r"{this} (?:dang )?(?:duoc )?(?:rao )?ban|{this} can ban",
    "id": r"{this} (?:di)?jual",
    "ja": r"{this}(?:は|を)(?:現在)?、?(?:販売中|売り出し中|販売しています|売却中|購入|お譲り)(?:です|できます|いただけます|可能です)?",
    "zh": r"{this}(?:正在|现正|可以?|现在|正|诚意|已)?(?:出售|转让|轉讓|购买|求购|被出售|挂牌出售)(?:中|!)?|域名(?:出售|转让|轉讓)",
    "ko": r"{this}(?:은|는|을|를)? ?(?:판매 ?중|매각|구매|구입).{0,12}|도메인 판매",
    "ar": r"{this} (?:معروض )?للبیع",
    "fa": r"{this} (?:به فروش م(?:ی|ى)‌?رسد|برای فروش(?: است)?|فروش(?:ی|ى)(?: است)?)",
    "he": r"{this} (?:עומד )?למכירה",
    "th": r"{this} ?(?:ประกาศ)?(?:ขาย|สำหรับขาย)",
    "hi": r"{this} (?:बिक्री|बेचने) .{1,20}",
}

HELD: Mapping[str, str] = {
    "en": (
        rf"(?:{{this}}|this web ?(?:site|page)|{HOST}) (?:is|has been)(?: currently)? parked"
        rf"|{HOST} (?:- )?parked (?:domain|page)|(?:domain|web ?page|web ?site) (?:is )?parked free"
        rf"|parked domain(?: name)? (?:on|at|with) .{{1,30}}|(?:notice: )?(?:{{this}}|{HOST}) (?:has |is )?(?:just |recently )?expired"
        r"|(?:notice: )?{this} (?:is|are) pending (?:renewal|deletion)|(?:the|this|your) domain registration (?:has )?expired"
        r"|{this} is registered,? but may still be available|{this} (?:is not|isn't)(?: yet)? connected to a web ?site(?: yet)?"
        r"|looks like this domain isn't connected to a website yet|error connectyourdomain occurred|{this} is reserved"
        r"|{this} (?:has been|was)(?: recently| just| successfully)? (?:purchased and parked|reserved and parked) .{1,40}"
    ),
    "de": (
        r"{this} (?:ist|wurde|wird)(?: .{1,30})? (?:geparkt|abgelaufen|reserviert|noch nicht konnektiert|noch nicht verknupft)"
        r"|{this} (?:ist|wurde) (?:im kundenauftrag|von einem kunden) registriert|domain im kundenauftrag registriert"
        r"|strato - domain reserved|domain geparkt"
    ),
    "fr": r"{this} (?:a expire|est expire|est parque|est reserve|est en parking|est en attente)",
    "es": r"{this} (?:ha expirado|ha caducado|esta (?:aparcado|estacionado|vencido|caducado|expirado|en parking)|se encuentra (?:vencido|en parking|aparcado))",
    "pt": r"{this} (?:expirou|esta (?:expirado|estacionado|congelado|em parking))",
    "it": r"{this} (?:e scaduto|e parcheggiato|e in parcheggio|e stato parcheggiato)",
    "nl": r"{this} (?:is|staat)(?: .{1,20})? (?:geparkeerd|verlopen|gereserveerd)",
    "pl": r"{this} (?:wygasla|jest zaparkowana|zostala zaparkowana|stracila waznosc)",
    "cs": r"{this} (?:je (?:za)?parkovana|expirovala|vyprsela)",
    "sk": r"{this} (?:je (?:za)?parkovana|expirovala|vyprsala)",
    "hu": r"{this} (?:lejart|parkol|parkoltatott)",
    "ro": r"{this} (?:a expirat|este parcat)",
    "hr": r"{this} (?:je istekl[ao]|je parkiran[a]?)",
    "sv": r"{this} (?:ar parkerad|har gatt ut|har lopt ut|ar reserverad)",
    "da": r"{this} (?:er parkeret|er udlobet|er reserveret)",
    "nb": r"{this} (?:er parkert|har utlopt|er utlopt|er reservert)",
    "fi": r"{this} on (?:parkkeerattu|parkissa|vanhentunut|varattu)",
    "el": r"{this} (?:εχει ληξει|εληξε|ειναι παρκαρισμενο)",
    "tr": r"{this}(?:nin suresi dolmustur|nin suresi doldu| park edilmistir| suresi dolmustur)",
    "ru": (
        rf"(?:{{this}}|домен) (?:припаркован(?:о)?|не прилинкован .{{1,60}})|{{this}} истек|истек срок регистрации домена(?: {HOST})?"
        rf"|срок регистрации домена(?: {HOST})? (?:истек|закончился)"
    ),
    "uk": r"(?:{this}|домен) припаркован(?:о|ий)?|термін реєстраціі домен[уа] (?:закінчився|минув)",
    "bg": r"{this} е паркиран",
    "vi": r"{this} (?:da )?het han",
    "id": r"{this} (?:telah |sudah )?(?:kedaluwarsa|kadaluarsa|kadaluwarsa|diparkir)",
    "ja": r"{this}(?:は|の)(?:現在)?、?(?:パーキング|有効期限(?:が|は)?切れ|期限切れ|失効).{0,20}",
    "zh": r"{this}(?:已经?)?(?:过期|到期|過期|停放)(?:,.{0,30})?",
    "ko": r"{this}(?:은|는|이)? ?(?:만료|파킹|주차).{0,12}",
    "ar": r"انتهت صلاحیة هذا النطاق|{this} منته(?:ی|ى) الصلاحیة",
    "fa": r"{this} منقضی شده(?: است)?",
    "he": r"{this} (?:פג תוקפו|פג|חונה)",
    "th": r"{this} ?(?:หมดอายุ)(?:แล้ว)?",
}
"""Parked, expired or without a site."""

REGISTERED = (
    r"registered|registriert|enregistre|reserve|registrado|registrada|registrato|geregistreerd|zarejestrowan|zaregistrovan|"
    r"registrovan|regisztral|inregistrat|registrirana|registrerad|registreret|registrert|rekisteroity|kayitli|"
    r"kaydedilmistir|utrzymywan|tescil|зарегистрирован|зареєстрован|регистриран|κατοχυρω|dang ky|terdaftar|取得され|登録され|注册|註冊|등록|مسجل|ثبت شده|רשום|"
    r"จดทะเบียน|parked|geparkt|reserved|reserviert|gehostet|hosted"
)
"""Words of the state that a registrar's page tells; they count beside the registrar's name."""

PLACEHOLDERS = (
    r"hier entsteht (?:in kurze )?eine neue (?:internetprasenz|website|webseite|homepage|webprasenz|internetseite)"
    r"|sie sehen hier eine soeben freigeschaltete homepage|website expired"
    r"|(?:diese )?domain(?: wurde| ist)?(?: erfolgreich| soeben| bereits| neu)? registriert"
    r"|this domain(?: name)? (?:has been|was|is)(?: just| recently| successfully| already)? registered"
    r"|ce (?:nom de )?domaine (?:est|a ete)(?: deja| bien)? enregistre|este dominio (?:ya )?(?:esta|ha sido) registrado"
    r"|este dominio (?:ja )?(?:esta|foi) registrado|questo dominio e (?:stato )?(?:gia )?registrato"
    r"|deze domeinnaam is(?: al)? geregistreerd|ta domena jest (?:juz )?zarejestrowana|домен зарегистрирован"
    r"|このドメインは(?:取得|登録)されています|[该此]域名已(?:被)?注册"
)
"""What hosts of sites put on a domain that has none; each counts only beside the host's own name."""

STATES = r"domain (?:geparkt|parking|parked|expired|reserved)|(?:parked|expired|reserved) domain|parking page|domain is parked"
"""The same without a word on which domain: counts only where the page names its own too."""


def compiled(phrases: Mapping[str, str]) -> str:
    """The phrases of all languages as one expression, as they are written here: not folded."""
    return "|".join(f"(?:{each.replace('{this}', _THIS[code])})" for code, each in phrases.items())
