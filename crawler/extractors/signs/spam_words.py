"""The vocabulary of what fills domains that their owners gave up: gambling, pharmacies, adult sites (rule V19).

The kinds and their terms are those of two studies of search spam on other people's sites (Liao and others 2016, *Seeking
Nonsense, Looking for Trouble*; Yang and others 2021, *Scalable Detection of Promotional Website Defacements*), of
one on pharmacies (Leontiadis, Moore and Christin 2011, *Measuring and Analyzing Search-Redirection Attacks*), and
what such sites call themselves in the languages below. An article may use any of the words: they prove
nothing alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from crawler.extractors.html.folding import fold

_LONGEST = 200_000
_LONGEST_TERM = 4
"""Words of a term."""

_SHORTEST_IN_NAME = 5
"""Letters of a term that is looked for inside the name of a host: Essex is no such site."""

_TOKEN = re.compile(r"[^\W_]+")
_BRAND = re.compile(
    r"(?:slot|togel|toto|judi|poker|casino|kasino|bola|gacor|bet|mpo|qq|idn|joker)\d{2,5}"
    r"|\d{1,4}x?bet|[a-z]{2,12}(?:bet|slot|toto|togel|casino)\d{2,5}|(?:\w{2,12}4d)"
)
"""What such sites call themselves: `slot88`, `1xbet`, `hoki4d`."""
_MAYBE_BRAND = re.compile(r"(?:[a-z]\d{2,5}|\dx?bet|\w\w4d)(?![^\W_])")
"""What each of them ends with, and some other words."""


def spam_terms(text: str) -> Mapping[str, frozenset[str]]:
    """The terms of each kind in a text; no kind without one. The longest term counts where several overlap."""
    folded = fold(text[:_LONGEST])
    found: dict[str, set[str]] = {}
    tokens = _TOKEN.findall(folded)
    at = 0
    if _FIRST_WORDS.isdisjoint(tokens) and not _MAYBE_BRAND.search(folded):
        # So it is with nearly all pages, and to look at each word takes ten times as long.
        at = len(tokens)
    while at < len(tokens):
        length, term = _term_at(tokens, at)
        if term is not None:
            found.setdefault(_kind_of(term), set()).add(term)
        at += length
    for term, kind in () if folded.isascii() else _UNSPACED_TERMS:
        if term in folded:
            found.setdefault(kind, set()).add(term)
    return {kind: frozenset(_longest(terms)) for kind, terms in found.items()}


def is_offer(term: str) -> bool:
    """Whether a term offers the thing: an article about casinos speaks of roulette, but not of free spins."""
    return term not in _TOPICS


def kinds_near(text: str) -> frozenset[str]:
    """The kinds that a text comes near, by its terms or the beginnings of its words: an article about bets, however it
    says so, may well lead to a page about them."""
    folded = fold(text[:_LONGEST])
    near = {kind for kind, stems in _STEMS.items() if stems.search(folded)}
    return frozenset(near | spam_terms(text).keys())


def kinds_in_name(host: str) -> frozenset[str]:
    """The kinds that the name of a host speaks of: `pokernews.com` is no stranger to poker."""
    name = fold(host)
    return frozenset(
        kind
        for term, kind in _TERMS.items()
        if len(term) >= _SHORTEST_IN_NAME and " " not in term and term in name
    )


def _term_at(tokens: list[str], at: int) -> tuple[int, str | None]:
    """The longest term that begins with a word, and the number of its words; 1 and None for none."""
    if tokens[at] in _FIRST_WORDS:
        for length in range(_LONGEST_TERM, 0, -1):
            term = " ".join(tokens[at : at + length])
            if term in _TERMS:
                return length, term
    return 1, tokens[at] if _BRAND.fullmatch(tokens[at]) else None


def _kind_of(term: str) -> str:
    return _TERMS.get(term, "gambling")


def _longest(terms: set[str]) -> set[str]:
    """The terms that are no part of another one of a script that does not part words."""
    return {one for one in terms if not any(one != other and one in other for other in terms)} | {
        one for one in terms if one in _TERMS
    }


_SPACED = {
    "gambling": """
        casino, casinos, online casino, online casinos, casino online, casinos online, live casino, crypto casino,
        crypto casinos, casino games, casino bonus, casino bonuses, slots, online slots, slot games, slot machine,
        slot machines, free spins, no deposit bonus, no deposit, roulette, blackjack, baccarat, poker, video poker,
        online poker, jackpot, jackpots, betting, sports betting, sportsbook, sportsbooks, bookmaker, bookmakers,
        bookies, gambling, online gambling, free bets, welcome bonus, real money, pokies, online pokies, igaming,
        non gamstop, not on gamstop, betting tips, betting sites, betting site, sbobet, megaways, pragmatic play,

        judi, judi online, judi bola, slot gacor, slot online, situs slot, situs judi, situs slot gacor, link slot,
        link slot gacor, gacor, togel, togel online, bandar togel, situs togel, toto togel, bandar slot, maxwin,
        rtp slot, rtp live, agen judi, agen slot, bandar judi, bandarqq, dominoqq, pkv games, slot dana, slot pulsa,
        deposit pulsa, deposit dana, link alternatif, daftar slot, slot thailand, slot demo, demo slot, slot terbaru,
        slot terpercaya, idn poker, sabung ayam, mix parlay, bocoran slot, akun pro, slot deposit, judi slot,
        judi slot online, situs judi online, situs judi slot, agen bola, kasino online, kasino,

        bahis, canli bahis, bahis siteleri, kacak bahis, kumar oyna, kumarhane, casino siteleri, deneme bonusu,
        deneme bonusu veren siteler, slot oyunlari, rulet, canli casino, guncel giris, yeni giris, iddaa,
        bedava bonus, kumar siteleri,

        казино, онлайн казино, казино онлайн, ставки на спорт, букмекер, букмекерская контора, букмекерские конторы,
        букмекерская, игровые автоматы, игровых автоматов, слоты, рулетка, фриспины, бездепозитный бонус, джекпот,
        покер, рабочее зеркало, зеркало казино, азартные игры, тотализатор, 1xставка, ставки онлайн,
        ігрові автомати, гральні автомати, онлайн казіно, казіно, азартні ігри, хазарт, казино игри, залагания,
        ротативки, спортни залози, казино онлајн, кладионица, кладионице,

        deposit bonus, bonus code, sign up bonus, best betting sites, best online casino, best online casinos,
        bonus new member, bonus member baru, hosgeldin bonusu, yatirim sartsiz, бонус за регистрацию, вывод на карту,
        промокод казино, бонус за реєстрацію, безкоштовні обертання, фріспіни, bonus sichern, willkommensbonus,
        casino bonus ohne einzahlung, bonus de bienvenue, bonus sans depot immediat, bono de bienvenida,
        bonos de bienvenida, mejores bonos, bono sin deposito, bonus de cadastro, bonus de boas vindas, saque por pix,
        bonus di benvenuto, bonus powitalny, premia powitalna, premie powitalna, bonus bez depozytu, welkomstbonus,
        valkomstbonus, insattningsbonus, talletusbonus, velkomstbonus, bonus za registraci, volne otocky, free spiny,
        bonus za registraciu, udvozlo bonusz, ingyenes porgetes, bonus fara depunere, bonus de bun venit,
        bonus dobrodoslice, besplatni spinovi, μπονους εγγραφης, δωρεαν περιστροφες, ζωντανο καζινο,
        مكافاة ترحيبية, مكافاة الايداع, بونص, بونوس, ضریب بالا, درگاه مستقیم, בונוס הצטרפות, בונוס ללא הפקדה,
        स्वागत बोनस, फ्री स्पिन, স্বাগতম বোনাস, nap lan dau, rut tien nhanh, khuyen mai nap,

        online spielcasino, spielautomaten, sportwetten, freispiele, glucksspiel, glucksspiele, spielothek,
        ohne einzahlung, echtgeld, wettanbieter, spielbank, online spielothek,
        casino en ligne, casinos en ligne, machines a sous, machine a sous, paris sportifs, tours gratuits,
        bonus sans depot, jeux d argent, bookmakers en ligne,
        casino en linea, casinos en linea, tragamonedas, tragaperras, apuestas, apuestas deportivas, giros gratis,
        tiradas gratis, ruleta, casas de apuestas, casa de apuestas,
        cassino, cassinos, cassino online, caca niqueis, apostas, apostas esportivas, apostas desportivas,
        casas de apostas, casa de apostas, rodadas gratis, roleta, jogo do tigrinho, fortune tiger,
        casino online sicuri, slot online gratis, scommesse, scommesse sportive, giri gratis, bonus senza deposito,
        non aams, siti scommesse, gioco d azzardo,
        kasyno, kasyna, kasyno online, kasyna online, zaklady bukmacherskie, bukmacher, bukmacherzy, bukmacherskie,
        automaty do gier, darmowe spiny,
        gokken, gokkast, gokkasten, online gokken, gratis spins, sportweddenschappen, casino zonder cruks,
        natcasino, spelautomater, casino utan svensk licens, utan svensk licens, spelsidor, nettcasino, spilleautomater,
        casino uden rofus, uden rofus, spillemaskiner,
        nettikasino, nettikasinot, kasinot, ilmaiskierrokset, vedonlyonti, kasinobonus, pikakasino,
        online kasino, hraci automaty, sazkove kancelare, sazky, kasina, hracie automaty, stavkove kancelarie,
        kaszino, online kaszino, nyerogep, nyerogepes, sportfogadas, szerencsejatek,
        cazino, cazinouri, cazino online, pacanele, pariuri, pariuri sportive, jocuri de noroc, rotiri gratuite,
        kladionica, kladionice, sportsko kladenje, automat klub, casino igre,
        καζινο, καζινο online, στοιχημα, στοιχηματικες, φρουτακια, διαδικτυακο καζινο, στοιχηματικη, ρουλετα,

        كازينو, كازينو اون لاين, كازينوهات, مراهنات, المراهنات, مراهنات رياضية, قمار, القمار, روليت, بلاك جاك,
        ماكينات القمار, رهانات, الرهان, بوكر, شرط بندی, سایت شرط بندی, کازینو, کازینو آنلاین, پوکر, قمار آنلاین,
        بازی انفجار, پیش بینی فوتبال, קזינו, קזינו אונליין, הימורים, הימורי ספורט, פוקר, רולטה, מכונות מזל,
        कैसीनो, ऑनलाइन कैसीनो, सट्टा, सट्टा मटका, सट्टेबाजी, जुआ, रूलेट, satta, satta king, satta matka, matka,
        teen patti, rummy, andar bahar, ক্যাসিনো, অনলাইন ক্যাসিনো, জুয়া, বেটিং, বাজি, ஆன்லைன் கேசினோ, கேசினோ,
        nha cai, nha cai uy tin, ca cuoc, ca cuoc bong da, song bac, no hu, tai xiu, xoc dia, lo de, soi keo,
        danh bai, game bai, game bai doi thuong, casino truc tuyen, ca do, ban ca doi thuong, keo nha cai, da ga
    """,
    "pharma": """
        viagra, cialis, levitra, sildenafil, tadalafil, vardenafil, kamagra, xanax, tramadol, phentermine, ambien,
        valium, modafinil, oxycodone, adderall, hydrocodone, priligy, dapoxetine, clomid, soma online, online pharmacy,
        online pharmacies, buy viagra, generic viagra, viagra online, cheap viagra, buy cialis, cialis online,
        generic cialis, canadian pharmacy, canadian pharmacies, without prescription, no prescription,
        without a prescription, erectile dysfunction, ed pills, weight loss pills, male enhancement, cbd gummies,
        keto gummies, steroids for sale, overnight delivery,
        potenzmittel, rezeptfrei, rezeptfrei kaufen, ohne rezept, online apotheke, erektionsstorungen,
        sans ordonnance, pharmacie en ligne, acheter viagra, viagra sans ordonnance, dysfonction erectile,
        sin receta, farmacia online, farmacia en linea, comprar viagra, disfuncion erectil,
        sem receita, comprar cialis, disfuncao eretil, senza ricetta, disfunzione erettile, acquistare viagra,
        bez recepty, na potencje, leki na potencje, zonder recept, erectiepillen, receptfritt, utan recept,
        купить виагру, купить сиалис, купить виагру без рецепта, виагра, виагру, сиалис, левитра, дженерик, дженерики, без рецепта, интернет аптека, онлайн аптека, потенция,
        для потенции, потенции, виагры, віагра, для потенції, bez predpisu, lek na potenci, na erekci, recept nelkul,
        potencianovelo, fara reteta, pentru potenta, ereksiyon, sertlesme, cinsel guc, recetesiz, βιαγκρα, χωρις συνταγη,
        فياجرا, سياليس, فیاگرا, ویاگرا, ויאגרה, סיאליס, वियाग्रा, viagra chinh hang, thuoc cuong duong,
        obat kuat, obat aborsi, obat viagra
    """,
    "adult": """
        porn, porno, xxx, porns, free porn, porn videos, porn video, porn tube, porn hub, sex cams, sex cam, live sex,
        live cams, sex chat, sex videos, sex video, escort, escorts, escort service, escort services, escort agency,
        call girls, call girl, milf, hentai, adult dating, camgirls, cam girls, nude girls, nudes, hookup, hookups,
        onlyfans leaks, sex dating, adult videos, blowjob, hardcore sex, sex dolls,
        bokep, video bokep, bokep indo, bokep viral, bokep indo viral, nonton bokep, bokep terbaru, porno izle, escort bayan, sikis, sex hikaye, turk ifsa,
        pornos, sextreffen, sexkontakte, huren, hobbyhuren, erotikkontakte, fickfilme, gratis pornos,
        plan cul, rencontre coquine, rencontres coquines, femmes nues, film porno, films porno, annonces coquines,
        putas, videos porno, porno gratis, sexo gratis, escorts en, videos xxx, sexo en vivo, acompanhantes,
        videos de sexo, garotas de programa, incontri sessuali, video porno, donna cerca uomo, bakeca incontri,
        смотреть порно, порно без регистрации, порно, порно видео, порно онлайн, секс видео, секс знакомства, проститутки, индивидуалки, эскорт, порнуха,
        путаны, шлюхи, порно відео, повії, sex ogloszenia, seks telefon, darmowe porno, seks kamerki, sexdate,
        gratis porno, porrfilm, eskort, porno zdarma, sex po telefonu, ingyen porno, szexpartner, filme porno,
        escorte, πορνο, συνοδοι, سكس, افلام سكس, سكس عربي, نيك, سکس, فیلم سکسی, سکسی, סקס, פורנו, נערות ליווי,
        सेक्स, सेक्स वीडियो, चुदाई, সেক্স ভিডিও, চোদা, phim sex, gai goi, phim xxx, phim heo
    """,
}
"""Terms of scripts that part words by spaces, separated by commas, each in its folded form or not."""

_UNSPACED = {
    "gambling": """
        博彩 赌场 賭場 老虎机 老虎機 百家乐 百家樂 时时彩 時時彩 下注 投注 真人娱乐 娱乐城 娛樂城 赌博 賭博 网赌 線上賭場 棋牌 体育投注 體育投注 威尼斯人 葡京 菠菜网
        六合彩 足彩 皇冠体育 真钱 送彩金 电子游艺 线上娱乐 運彩 在线赌场 外围 現金版 注册即送 註冊即送 注册送 体验金 體驗金 存取款 出金 真人荷官 立即开户 官网注册 娱乐平台
        オンラインカジノ カジノ スロット パチンコ パチスロ ブックメーカー 入金不要ボーナス フリースピン 登録だけで 初回入金 入金ボーナス 出金 バカラ ルーレット ギャンブル オンカジ
        카지노 온라인카지노 바카라 토토사이트 스포츠토토 사설토토 먹튀 먹튀검증 슬롯 도박 안전놀이터 꽁머니 배팅 베팅 파워볼 릴게임
        คาสิโน คาสิโนออนไลน์ สล็อต สล็อตเว็บตรง บาคาร่า แทงบอล พนัน พนันออนไลน์ เว็บตรง เครดิตฟรี หวยออนไลน์ รูเล็ต แตกง่าย เว็บพนัน
        កាស៊ីណូ ຄາສິໂນ ကာစီနို
    """,
    "pharma": """
        伟哥 偉哥 威而鋼 威而钢 壮阳药 壯陽藥 犀利士 必利勁 バイアグラ通販 正規品の バイアグラ シアリス レビトラ 精力剤 勃起不全 ed治療薬 個人輸入 비아그라 시알리스 레비트라 발기부전 ไวอากร้า ยาปลุกเซ็กส์
    """,
    "adult": """
        色情 成人视频 成人影片 成人電影 a片 av在线 无码 無碼 約炮 约炮 裸聊 黄色网站 情色 援交 アダルト動画 エロ動画 無修正 出会い系 風俗嬢 デリヘル セフレ 야동 출장안마 출장샵
        조건만남 성인용품 오피사이트 หนังโป๊ หนังเอ็กซ์ ไซด์ไลน์ คลิปหลุด
    """,
}

_TOPICS_SPACED = """
    casino, casinos, online casino, online casinos, casino online, casinos online, crypto casino, crypto casinos, slots,
    casino games, slot machine, slot machines, roulette, blackjack, baccarat, poker, video poker, online poker, jackpot,
    jackpots, betting, sports betting, sportsbook, sportsbooks, bookmaker, bookmakers, bookies, gambling, rummy, matka,
    online gambling, pokies, igaming, judi, judi online, togel, judi bola, sabung ayam, situs judi, situs judi online,
    slot online, kasino, kasino online, bahis, kumarhane, rulet, iddaa, canli bahis, bahis siteleri, kacak bahis, satta,
    казино, онлайн казино, казино онлайн, ставки на спорт, букмекер, букмекерская контора, букмекерские конторы, слоты,
    букмекерская, игровые автоматы, игровых автоматов, рулетка, джекпот, покер, азартные игры, тотализатор, казіно,
    онлайн казіно, ігрові автомати, гральні автомати, азартні ігри, хазарт, залагания, кладионица, кладионице, ротативки,
    online spielcasino, spielautomaten, sportwetten, glucksspiel, glucksspiele, spielothek, spielbank, wettanbieter,
    machines a sous, machine a sous, paris sportifs, jeux d argent, casino en ligne, casinos en ligne, tragamonedas,
    tragaperras, apuestas, apuestas deportivas, ruleta, casas de apuestas, casa de apuestas, casino en linea, cassino,
    casinos en linea, cassinos, cassino online, caca niqueis, apostas, apostas esportivas, apostas desportivas, roleta,
    casas de apostas, casa de apostas, jogo do tigrinho, scommesse, scommesse sportive, gioco d azzardo, siti scommesse,
    kasyno, kasyna, kasyno online, kasyna online, zaklady bukmacherskie, bukmacher, bukmacherzy, bukmacherskie, gokken,
    automaty do gier, gokkast, gokkasten, online gokken, spelautomater, spilleautomater, spillemaskiner, spelsidor,
    sportweddenschappen, nettikasino, nettikasinot, kasinot, vedonlyonti, online kasino, sazky, kasina, hraci automaty,
    sazkove kancelare, hracie automaty, stavkove kancelarie, kaszino, online kaszino, nyerogep, nyerogepes, cazino,
    sportfogadas, szerencsejatek, cazinouri, cazino online, pacanele, pariuri, pariuri sportive, jocuri de noroc,
    kladionica, kladionice, καζινο, στοιχημα, στοιχηματικες, φρουτακια, ρουλετα, στοιχηματικη,
    كازينو, كازينوهات, مراهنات, المراهنات, مراهنات رياضية, قمار, القمار, روليت, بلاك جاك, رهانات, الرهان, بوكر,
    شرط بندی, سایت شرط بندی, کازینو, پوکر, קזינו, הימורים, הימורי ספורט, פוקר, רולטה, कैसीनो, सट्टा, सट्टेबाजी, जुआ, रूलेट,
    ক্যাসিনো, জুয়া, বেটিং, বাজি, கேசினோ, ca cuoc, ca cuoc bong da, song bac, lo de, danh bai, ca do, da ga, nha cai,
    viagra, cialis, levitra, sildenafil, tadalafil, vardenafil, kamagra, xanax, tramadol, phentermine, ambien, valium,
    modafinil, oxycodone, adderall, hydrocodone, dapoxetine, clomid, online pharmacy, online pharmacies, rezeptfrei,
    without prescription, no prescription, without a prescription, erectile dysfunction, weight loss pills, potenzmittel,
    ohne rezept, online apotheke, erektionsstorungen, sans ordonnance, pharmacie en ligne, dysfonction erectile,
    viagra online, sin receta, farmacia online, farmacia en linea, disfuncion erectil, sem receita, disfuncao eretil,
    senza ricetta, disfunzione erettile, bez recepty, zonder recept, receptfritt, utan recept, виагра, виагру, виагры,
    сиалис, левитра, дженерик, без рецепта, интернет аптека, онлайн аптека, потенция, потенции, віагра, bez predpisu,
    recept nelkul, fara reteta, ereksiyon, sertlesme, recetesiz, χωρις συνταγη, فياجرا, سياليس, فیاگرا, ویاگرا, ויאגרה,
    वियाग्रा, steroids for sale, overnight delivery,
    porn, porno, xxx, escort, escorts, escort service, escort services, milf, hentai, nudes, hookup, hookups, huren,
    pornos, call girl, call girls, sex video, sex videos, bokep, film porno, films porno, video porno, videos porno, putas,
    acompanhantes, порно, проститутки, эскорт, эскорт услуги, порнуха, шлюхи, повії, eskort, sikis, escorte, πορνο, سكس,
    سکس, סקס, פורנו, सेक्स, sextreffen, adult dating, sex chat, femmes nues, sex dolls
"""
_TOPICS_UNSPACED = """
    博彩 赌场 賭場 老虎机 老虎機 百家乐 百家樂 赌博 賭博 网赌 棋牌 威尼斯人 葡京 六合彩 足彩 運彩 在线赌场 下注 投注 体育投注 體育投注
    オンラインカジノ カジノ スロット パチンコ パチスロ ブックメーカー バカラ ルーレット ギャンブル オンカジ 카지노 온라인카지노 바카라 스포츠토토 슬롯 도박 배팅 베팅
    คาสิโน คาสิโนออนไลน์ สล็อต บาคาร่า พนัน พนันออนไลน์ รูเล็ต เว็บพนัน กាស៊ីណូ
    伟哥 偉哥 威而鋼 威而钢 壮阳药 壯陽藥 犀利士 バイアグラ シアリス レビトラ 勃起不全 비아그라 시알리스 발기부전 ไวอากร้า
    色情 無修正 援交 出会い系 風俗嬢 야동 성인용품 หนังโป๊
"""
"""What an article may be about. Every other term offers it, as no article does."""

_TERMS: Mapping[str, str] = {
    " ".join(_TOKEN.findall(fold(term))): kind
    for kind, terms in _SPACED.items()
    for term in terms.split(",")
}
_TOPICS = frozenset(
    (
        *(" ".join(_TOKEN.findall(fold(term))) for term in _TOPICS_SPACED.split(",")),
        *map(fold, _TOPICS_UNSPACED.split()),
    )
)
_FIRST_WORDS = frozenset(term.partition(" ")[0] for term in _TERMS)
_UNSPACED_TERMS = tuple(
    (fold(term), kind) for kind, terms in _UNSPACED.items() for term in terms.split()
)

_STEMS = {
    kind: re.compile(rf"(?<![^\W_])(?:{spaced})|{unspaced}")
    for kind, spaced, unspaced in (
        (
            "gambling",
            (
                r"casino|cassino|kasino|kasyn|cazino|spielbank|spielauto|spielsuch|glucksspiel|sportwett|wett(?:e|en|buro|anbieter"
                r"|skandal|quote|mafia)\b|buchmach|bookmak|bookie|gambl|gaming|bett(?:or|ing)|bets?\b|wager|poker|roulett|rulet"
                r"|lotter|lotto|jackpot|apuest|apost|azar\b|ludop|scommess|azzardo|paris? sportif|loto|bukmach|hazard|zaklad"
                r"|gokk?|sazk|szerencse|pariur|noroc|bahis|kumar|judi|togel|slots?\b|casinot|spelbolag|veikka|казин|казін|азарт"
                r"|букмек|ставк|ставок|лотере|игорн|гральн|στοιχη|τυχερ|καζιν|كازينو|قمار|مراهن|رهان|شرط|کازینو|קזינו|הימור"
                r"|सटट|जआ|कसन|জয|কযসন|ca cuoc|co bac|danh bac|xo so"
            ),
            "赌|賭|博彩|彩票|老虎机|老虎機|ギャンブル|カジノ|パチンコ|도박|카지노|복권|พนน|คาสโน|หวย|สลอต",
        ),
        (
            "pharma",
            (
                r"viagra|cialis|sildenafil|potenz|impot|erekt|erect|pharma|apothe|apotek|farmac|farmak|drug|medic|medik|arznei|pill"
                r"|prescription|rezept|ordonnance|receta|ricetta|recept|opioid|xanax|tramadol|oxycod|виагр|сиалис|аптек|лекарств"
                r"|рецепт|потенц|ліки|φαρμακ|دواء|صيدل|دارو|תרופ|दव|thuoc"
            ),
            "药|藥|医|醫|伟哥|薬|약|ยา",
        ),
        (
            "adult",
            (
                r"porn|sex|escort|eskort|prostit|erotic|erotik|erotiq|nude|nackt|nudi|hentai|bokep|adult|brothel|bordell|hooker"
                r"|порн|секс|проститу|эскорт|эротик|сексу|سكس|جنس|سکس|סקס|פורנ|सकस|mai dam"
            ),
            "色情|性|成人|裸|アダルト|エロ|風俗|성인|성매매|야동|เซกส|โปเปลอย",
        ),
    )
}
"""Beginnings of words, folded, and parts of texts whose script does not part words."""
