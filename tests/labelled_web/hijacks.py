"""Other owners' pages (rules V18, V19): expired domains that answer an article's path, and what only looks so.

The spam's texts are written after what such pages say; no page is a copy.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

from tests.labelled_web.case import (
    ALIVE,
    PATH,
    TITLE,
    Case,
    Class,
    DayCase,
    Label,
    unverifiable,
)
from tests.labelled_web.chrome import Site, page
from tests.labelled_web.sites_eastern import SITES as EASTERN
from tests.labelled_web.sites_western import ENGLISH
from tests.labelled_web.sites_western import SITES as WESTERN
from tests.web.rules import Answer, Ending, redirect

HIJACKED = unverifiable("hijacked")
EXCERPT = "After a winter of repairs the old pier of Wexcombe is open, and three thousand people came to walk on it."
_BY_CODE = {site.code: site for site in (*WESTERN, *EASTERN)}
_GERMAN = _BY_CODE["de"]

_STORY = (
    "On Monday morning the gates of the pier were unlocked for the first time since the storm of November. By noon three "
    "thousand people had walked out to the end, among them Ethel Marlowe, ninety-four, who was at the first opening too. "
    "The repairs took the whole winter and cost four million pounds, twice what the council of Wexcombe had planned. "
    "Divers replaced sixty iron columns; carpenters from Holmbury laid new planks of oak. The engineer, Josef Adeyemi, says "
    "that it will stand for another hundred years. In the pavilion the orchestra will play again from June, and the "
    "small railway is to run at Easter. The fishermen, who were not asked, have their own opinion of the new lamps."
)
_STORY_DE = (
    "Am Montag wurden die Tore der Seebrücke zum ersten Mal seit dem Sturm im November wieder geöffnet. Bis Mittag gingen "
    "dreitausend Menschen bis ans Ende, unter ihnen Ethel Marlowe, vierundneunzig, die schon bei der ersten Eröffnung dabei "
    "war. Die Arbeiten dauerten den ganzen Winter und kosteten vier Millionen Pfund, doppelt so viel, wie der Rat von "
    "Wexcombe geplant hatte. Taucher ersetzten sechzig eiserne Säulen, Zimmerleute aus Holmbury legten neue Bohlen aus "
    "Eiche. Der Ingenieur Josef Adeyemi sagt, dass sie noch hundert Jahre stehen wird. Im Pavillon spielt ab Juni wieder das "
    "Orchester, und die kleine Bahn soll zu Ostern fahren. Die Fischer wurden nicht gefragt und haben ihre eigene Meinung."
)
_STORY_JA = (
    "月曜日の朝、十一月の嵐以来はじめて桟橋の門が開かれた。正午までに三千人が先端まで歩いた。その中には九十四歳のエセル・マーロウさんもいた。修理には冬いっぱいかかり、"
    "費用は町の予定の二倍になった。潜水士が六十本の鉄の柱を取り替え、大工が新しい樫の板を張った。技師は、あと百年は持つと話している。六月からは楽団が再び演奏し、"
    "小さな鉄道も復活祭には走る予定だ。漁師たちには相談がなく、新しい灯りについて別の意見を持っている。"
)


def spam(
    lang: str,
    title: str,
    *texts: str,
    site: str = "",
    head: str = "",
    heading: str | None = None,
) -> str:
    """A page of a site that lives on others' names."""
    named = f'<meta property="og:site_name" content="{html.escape(site)}">' if site else ""
    body = "".join(f"<p>{html.escape(text)}</p>" for text in texts)
    level = html.escape(title if heading is None else heading)
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"{named}{head}</head><body><h1>{level}</h1>{body}</body></html>"
    )


_SPAM: Sequence[tuple[str, str, str, str]] = (
    ("indonesian", "id", "Situs Slot Gacor Hari Ini Link Judi Online Terpercaya",
     ("Selamat datang di situs slot gacor nomor satu. Daftar sekarang dan nikmati bonus new member, deposit pulsa tanpa "
     "potongan, rtp live tertinggi serta maxwin setiap hari. Tersedia juga togel, sabung ayam dan judi bola dari bandar resmi.")),
    ("malay", "ms", "Kasino Online Terbaik: Slot88, Togel dan Judi Bola",
     ("Main di kasino online paling dipercayai. Tuntut bonus selamat datang, pusingan percuma dan jackpot progresif. "
     "Agen judi berlesen, bayaran pantas, khidmat pelanggan dua puluh empat jam, setiap hari untuk semua pemain.")),
    ("turkish", "tr", "Deneme Bonusu Veren Siteler – Canlı Bahis ve Casino",
     ("En güvenilir canlı bahis siteleri listesi güncellendi. Güncel giriş adresi, yatırım şartsız bonus, rulet, slot oyunları "
     "ve yüksek oranlarla hemen üye olun. Kaçak bahis sitelerinde çekim dakikalar içinde yapılır.")),
    ("russian", "ru", "Онлайн казино: игровые автоматы на деньги и фриспины",
     ("Лучшие игровые автоматы, рулетка и покер с выводом на карту. Бездепозитный бонус за регистрацию, рабочее зеркало "
     "казино и ставки на спорт в одном месте. Джекпот разыгрывается каждый день среди всех игроков клуба.")),
    ("chinese", "zh-CN", "澳门威尼斯人真人娱乐城官网",
     "欢迎来到真人娱乐平台，百家乐、老虎机、棋牌、体育投注应有尽有。注册即送彩金，存取款快速安全，二十四小时在线客服为您服务。立即开户下注，赢取六合彩大奖。"),
    ("taiwanese", "zh-TW", "線上娛樂城推薦：百家樂、老虎機、運彩",
     "最受玩家信賴的娛樂城，註冊即送體驗金，提供百家樂、老虎機、體育投注與六合彩。出金快速，客服全天候待命，立即加入體驗真人荷官的刺激。"),
    ("vietnamese", "vi", "Nhà cái uy tín số 1 – Cá cược bóng đá, casino trực tuyến",
     ("Đăng ký ngay hôm nay để nhận thưởng nạp lần đầu. Nhà cái cung cấp cá cược thể thao, tài xỉu, xóc đĩa, nổ hũ và game bài "
     "đổi thưởng với tỷ lệ cao nhất thị trường, rút tiền nhanh trong năm phút.")),
    ("thai", "th", "สล็อตเว็บตรง แตกง่าย บาคาร่าออนไลน์",
     "เว็บตรงไม่ผ่านเอเย่นต์ สมัครวันนี้รับเครดิตฟรี เล่นสล็อต บาคาร่า รูเล็ต แทงบอล และหวยออนไลน์ได้ครบในที่เดียว ฝากถอนไม่มีขั้นต่ำ ระบบอัตโนมัติรวดเร็ว"),
    ("korean", "ko", "온라인카지노 바카라 먹튀검증 토토사이트",
     "안전놀이터 추천 카지노에서 바카라, 슬롯, 스포츠토토를 즐기세요. 가입 즉시 꽁머니 지급, 빠른 환전, 먹튀 없는 검증된 업체만 소개합니다. 지금 바로 가입하세요."),
    ("japanese", "ja", "オンラインカジノおすすめ｜入金不要ボーナス・スロット",
     "初心者でも安心のオンラインカジノをランキングで紹介。バカラ、ルーレット、スロットなど人気ゲームが揃い、登録だけで入金不要ボーナスがもらえます。出金も速く、日本語の対応も万全です。"),
    ("arabic", "ar", "كازينو اون لاين: روليت ومراهنات رياضية بأموال حقيقية",
     ("انضم الآن إلى أفضل كازينو واحصل على مكافأة الإيداع الأول. روليت، بلاك جاك، ماكينات القمار ومراهنات رياضية مباشرة مع سحب "
     "سريع للأرباح وخدمة عملاء طوال اليوم لجميع اللاعبين.")),
    ("persian", "fa", "سایت شرط بندی فوتبال و کازینو آنلاین معتبر",
     ("با ثبت نام در سایت شرط بندی، بونوس هدیه بگیرید. بازی انفجار، پوکر، رولت و پیش بینی فوتبال با ضریب بالا و برداشت سریع جوایز "
     "در تمام ساعات شبانه روز برای همه کاربران.")),
    ("hindi", "hi", "ऑनलाइन कैसीनो और सट्टा मटका रिजल्ट",
     "आज ही जुड़ें और स्वागत बोनस पाएं। सट्टा मटका, तीन पत्ती, रूलेट और सट्टेबाजी के सभी खेल एक ही जगह। तुरंत निकासी और चौबीस घंटे ग्राहक सेवा उपलब्ध है।"),
    ("spanish", "es", "Casinos online y apuestas deportivas: mejores bonos",
     ("Regístrate hoy y recibe giros gratis en las mejores tragamonedas. Ruleta en vivo, póquer y casas de apuestas con licencia, "
     "pagos rápidos y promociones cada semana para todos los jugadores nuevos.")),
    ("portuguese", "pt-BR", "Fortune Tiger: jogo do tigrinho e cassino online",
     ("Cadastre-se no melhor cassino online e ganhe rodadas grátis. Roleta ao vivo, caça níqueis, apostas esportivas e saque por "
     "Pix em poucos minutos. Bônus de boas-vindas para todos os novos jogadores.")),
    ("italian", "it", "Casino non AAMS: slot machine e scommesse sportive",
     ("I migliori siti di scommesse con bonus senza deposito e giri gratis. Roulette dal vivo, poker e slot machine con prelievi "
     "rapidi; apri subito un conto e ricevi la promozione di benvenuto riservata ai nuovi iscritti.")),
    ("polish", "pl", "Kasyno online: automaty do gier i zakłady bukmacherskie",
     ("Zarejestruj się i odbierz darmowe spiny oraz premię powitalną. Ruletka na żywo, poker i najlepsi bukmacherzy w jednym "
     "miejscu, szybkie wypłaty i obsługa przez całą dobę dla wszystkich graczy.")),
    ("german", "de", "Online Casino ohne Einzahlung: Freispiele und Sportwetten",
     ("Die besten Spielautomaten um Echtgeld, dazu Roulette und Blackjack mit echten Croupiers. Jetzt anmelden, Bonus sichern und "
     "sofort losspielen; Auszahlungen in wenigen Minuten auf Ihr Konto.")),
    ("english", "en", "Best Online Casinos 2026 – Free Spins, Slots & Sports Betting",
     ("Claim your welcome bonus and play blackjack, roulette and baccarat for real money. Our experts rank every sportsbook by "
     "payout speed, jackpots and mobile apps, so that you can start winning within minutes.")),
    ("pharmacy", "en", "Buy Viagra Online Without Prescription | Canadian Pharmacy",
     ("Order generic Viagra, Cialis and Levitra at the lowest price. Discreet shipping worldwide, bonus pills with every purchase, "
     "and a doctor on call. Treat erectile dysfunction safely from your home.")),
    ("pharmacy-russian", "ru", "Купить виагру и сиалис без рецепта – интернет аптека",
     ("Дженерики для потенции с доставкой по всей стране. Виагра, сиалис, левитра по низким ценам, анонимная упаковка и оплата при "
     "получении. Постоянным покупателям скидка и бесплатные таблетки.")),
    ("pharmacy-japanese", "ja", "バイアグラ通販｜シアリス・レビトラの個人輸入",
     "正規品のバイアグラを最安値でお届けします。勃起不全でお悩みの方に、シアリスやレビトラなど各種の精力剤を取り揃えました。匿名配送、全国送料無料、まとめ買いでさらにお得です。"),
    ("adult", "ru", "Порно видео онлайн и секс знакомства",
     ("Смотреть порно без регистрации, проститутки и индивидуалки вашего города с проверенными анкетами. Эскорт на вечер, "
     "ежедневные обновления и тысячи роликов в высоком качестве бесплатно.")),
    ("adult-indonesian", "id", "Nonton Bokep Indo Viral – Video Bokep Terbaru",
     ("Kumpulan video bokep dan bokep indo paling lengkap, selalu diperbarui setiap malam, bisa ditonton gratis tanpa iklan di ponsel. "
     "Pilih kategori kesukaanmu lalu mulai menonton sekarang juga.")),
)  # fmt: skip


def _first(name: str, label: Label, body: str, *, title: str = TITLE, **facts: object) -> Case:
    """A page at its first visit, of which the article's texts alone are known."""
    answers = {PATH: Answer(body=body)}
    return Case(Class.HIJACKS, f"owner-{name}", label, answers, title=title, **facts)  # type: ignore[arg-type]


_SLOTS = spam(*_SPAM[0][1:])
HIJACKED_PAGE = _SLOTS
WELL_PAGE = page(ENGLISH, f"{TITLE} | {ENGLISH.name}", TITLE, _STORY)
_CASINO = spam(*_SPAM[18][1:])
_CASINO_NEWS = page(
    ENGLISH, "Casino vote splits the town", "Casino vote splits the town",
    "Should Wexcombe have a casino? The council heard both sides: jobs and hotel beds on the one, gambling debts on the other. "
    "The operator promises slot machines, roulette and a poker room; the bishop promises sermons.",
)  # fmt: skip

CASES = (
    *(_first(name, HIJACKED, spam(lang, title, text)) for name, lang, title, text in _SPAM),
    # with the name of the domain, as such sites like to have it
    _first("named-by-host", HIJACKED, spam("id", "OWNER NAMED BY HOST: Slot Gacor, Togel, Judi Online", _SPAM[0][3],
                                           site="owner-named-by-host")),
    # with the template's language, a time of publication and a type of its own
    _first("dated", HIJACKED, spam("en-US", *_SPAM[0][2:], head='<meta property="og:type" content="article">'
           '<meta property="article:published_time" content="2026-01-04T08:00:00Z">')),
    _first("in-english-letters", HIJACKED, spam("en", "Online Slots and Sports Betting", "Play slots, poker and blackjack. "
           "Sports betting with the best odds, a welcome bonus and jackpots for every new player who signs up today.")),
    _first("excerpt", HIJACKED, _CASINO, excerpt=EXCERPT),
    _first("shop-of-pills-with-excerpt", HIJACKED, spam(*_SPAM[19][1:]), excerpt=EXCERPT),
    Case(Class.HIJACKS, "owner-redirected", HIJACKED,
         {PATH: redirect("https://slots-elsewhere.example/promo/landing-page-one", 302),
          "//slots-elsewhere.example/promo/landing-page-one": Answer(body=_SLOTS)}),
    Case(Class.HIJACKS, "owner-redirected-for-good", HIJACKED,
         {PATH: redirect("https://slots-for-good.example/promo/landing-page-one", 301),
          "//slots-for-good.example/promo/landing-page-one": Answer(body=_SLOTS)}),
    Case(Class.HIJACKS, "owner-every-path", HIJACKED, {PATH: Answer(body=_SLOTS), "/news/2020/*": Answer(body=_SLOTS),
                                                       "/": Answer(body=_SLOTS)}),
    Case(Class.HIJACKS, "owner-root", HIJACKED, {"/": Answer(body=_CASINO)}, path="/", title="The Wexcombe Historical Society"),
    Case(Class.HIJACKS, "owner-body-broken-off", HIJACKED, {PATH: Answer(body=_SLOTS + " " * 4_000, ending=Ending.CLOSE_IN_BODY)}),
    # articles about such things
    _first("miss-casino-news", ALIVE, _CASINO_NEWS, title="Casino vote splits the town"),
    _first("miss-casino-news-retitled", ALIVE, _CASINO_NEWS, title="Town divided over plans for gambling hall"),
    _first("miss-casino-news-in-german", ALIVE, spam("de", "Stadtrat lehnt Spielbank ab",
           "Der Stadtrat von Wexcombe hat die Pläne für eine Spielbank mit Roulette, Poker und zweihundert Spielautomaten "
           "abgelehnt. Die Gegner des Glücksspiels feierten auf dem Marktplatz."), title="Council rejects casino"),
    _first("miss-slot-gacor-report", ALIVE, spam("id", "Pemerintah blokir ribuan situs judi online",
           "Kementerian memblokir ribuan situs judi online dan slot gacor selama bulan ini. Polisi menangkap bandar togel di tiga "
           "kota dan menyita uang tunai."), title="Indonesia blocks thousands of gambling sites"),
    _first("miss-viagra", ALIVE, page(ENGLISH, "How viagra was found by chance", "How viagra was found by chance",
           "Sildenafil was meant for the heart. The history of viagra, from a failed trial to a cure for erectile dysfunction."),
           title="How viagra was found by chance"),
    Case(Class.HIJACKS, "owner-miss-host", ALIVE, {"//pokerweekly.example/news/2020/friday-evening-at-last": Answer(
        body=spam("en", "Marlowe takes it all", "Poker, blackjack and baccarat in one casino: the jackpot went to a newcomer."))},
         raw="https://pokerweekly.example/news/2020/friday-evening-at-last"),
    _first("miss-same-brand", ALIVE, spam("en", "Casino night raises money | Owner-miss-same-brand",
           "Our casino night with blackjack, roulette and poker was a success; thank you to everybody who came and played."),
           ),
    _first("miss-sports-page", ALIVE, page(ENGLISH, "Bookmakers lose on the final", "Bookmakers lose on the final",
           "The pier was full when the final began. Bookmakers had offered betting odds of ten to one, and the town had taken "
           "them; it opens the question again of who pays for the jackpot."),),
    # other pages, without a word of it
    _first("miss-retitled", ALIVE, page(ENGLISH, "Crowds are back above the waves", "Crowds are back above the waves", _STORY)),
    _first("miss-other-language", ALIVE, page(_GERMAN, "Die Seebrücke ist wieder offen", "Die Seebrücke ist wieder offen",
                                              _STORY_DE)),
    _first("miss-untitled", ALIVE, spam("en", "", _STORY, heading="")),
    _first("miss-slot-car", ALIVE, spam("en", "Slot car racing for beginners",
           "Two lanes, two cars and a steady hand. The track runs past the pier, opens into a loop and comes back again; most "
           "clubs race on Thursdays and lend a controller to newcomers.")),
    _first("miss-bet-as-word", ALIVE, spam("en", "You bet: a walk along the quay",
           "The best bet on a windy day is the tea room. From there the pier can be seen, and it opens at nine again.")),
    _first("miss-kumar", ALIVE, spam("en", "An interview with Anil Kumar", "He has been an engineer for thirty years, and "
           "says that the columns of the pier will hold. When it opens in June he wants to walk over it with his "
           "grandchildren, again and again.")),
    # retitled by an editor, in other words or in another language
    _first("miss-bookmaker-in-german", ALIVE, spam("en", "Gambling commission fines bookmaker", "The commission fined the "
           "bookmaker ten million pounds: sports betting was offered to people who had excluded themselves."),
           title="Aufsicht bestraft Buchmacher"),
    _first("miss-lottery-in-french", ALIVE, spam("zh-CN", "澳门博彩收入创新高，赌场生意兴隆", "统计显示，澳门赌场上月博彩收入再创新高，百家乐仍占最大部分，分析师认为游客增长是主因。"),
           title="Les jeux d’azar rapportent à Macao"),
    _first("miss-drugs", ALIVE, spam("en", "Buying Viagra online: what regulators say", "A review of online pharmacies that sell "
           "sildenafil and tadalafil without prescription; half of the samples were fake."), title="Fake medicines on the rise"),
    _first("miss-law-on-sex-work", ALIVE, spam("de", "Escort und Porno: Plattformen vor Gericht", "Die Richter prüfen, ob "
           "Escort-Portale und Porno-Seiten haften. Ein Urteil fällt im Herbst, heißt es aus Karlsruhe."),
           title="Court hears case of sex workers"),
    _first("miss-horse", ALIVE, spam("fr", "Paris sportifs : le cheval Marlowe gagne", "À Wexcombe, les bookmakers ont perdu ; "
           "les parieurs ont fêté le jackpot sur la jetée jusqu’à minuit."), title="A horse named Marlowe wins the wager"),
    # a title of one word; a stored title that the spam's words hardly meet
    _first("one-word", HIJACKED, _CASINO, title="Wexcombe"),
    _first("common-words", HIJACKED, _CASINO, title="What we know about the new pier and who pays for repairs"),
    _first("chinese-title", HIJACKED, _CASINO, title="码头重新开放"),
    _first("japanese-title", HIJACKED, _SLOTS, title="桟橋が再び開く"),
    _first("script-built", HIJACKED, '<!doctype html><html lang=id><head><title>Slot Gacor Maxwin: Situs Judi Online Resmi</title>'
           '<meta name="description" content="Daftar situs judi slot gacor dengan rtp live tertinggi, deposit pulsa tanpa potongan">'
           '</head><body><div id="root"></div><script src="/app.js"></script></body></html>'),
    _first("upper-case", HIJACKED, spam("tr", "CANLI BAHİS SİTELERİ VE DENEME BONUSU", _SPAM[2][3].upper())),
    _first("with-menus", HIJACKED, page(Site("id", "Bintang88", "Slot|Togel|Judi Bola|Sabung Ayam|Promo", "Cari", "Populer",
           "Rtp live hari ini|Bocoran slot malam|Link alternatif terbaru", "© Bintang88", ENGLISH.gone, "", ENGLISH.about,
           ENGLISH.removed), "Bintang88: Slot Gacor dan Togel Resmi", "Slot Gacor", _SPAM[0][3])),
    _first("miss-comment-spam", ALIVE, page(ENGLISH, "Crowds are back above the waves", "Crowds are back above the waves", _STORY,
           after="<div id=comments><p>casino, poker, blackjack, roulette, sportsbook, jackpot, free spins, viagra, cialis, "
           "porn videos, slot gacor, online casino</p></div>")),
)  # fmt: skip


def _site(site: Site, title: str, text: str, **facts: str) -> Answer:
    return Answer(body=page(site, f"{title} | {site.name}", title, text, **facts))  # type: ignore[arg-type]


_PUBLISHER = Site(
    "en", "Northshore Media", ENGLISH.menu, "Search", "Trending", ENGLISH.headlines, "© 2026 Northshore Media",
    ENGLISH.gone, ENGLISH.sorry, ENGLISH.about, ENGLISH.removed,
)  # fmt: skip
_LONG_WELL = _site(ENGLISH, TITLE, _STORY)
_LATER = (4, 8, 15, 30)
_SHOP = Answer(
    body=spam(
        "ja", "人気ブランドのスニーカー通販｜激安セール", "新作のスニーカーやバッグを特別価格でお届けします。期間限定の割引、全国送料無料、最短翌日配送。サイズ交換にも対応し、お支払いは代金引換や銀行振込が選べます。"
        "当店は安心の正規保証付きで、初めてのお客様にもわかりやすくご案内いたします。", "季節の新着商品を毎週追加しています。会員登録をすると、誕生日の特典や先行販売の案内が届きます。お問い合わせは電子メールで受け付けています。",
        site="激安ブランド館",
    )
)  # fmt: skip
_BOUGHT_IN_SPANISH = Answer(
    body=spam(
        "es", "Reparación de lavadoras a domicilio", "Somos técnicos con más de veinte años de experiencia. Arreglamos "
        "lavadoras, neveras, hornos y lavavajillas de todas las marcas, con piezas originales y garantía por escrito.",
        "Llame por la mañana y tendrá a uno de nuestros técnicos en su casa antes de que acabe el día. El desplazamiento es "
        "gratuito si acepta el presupuesto, y no cobramos más por trabajar los domingos ni los días de fiesta.",
        "Trabajamos en toda la provincia. Pregunte por los contratos de mantenimiento para hoteles, bares y comunidades.",
        site="Electro Servicio Rápido",
    )
)  # fmt: skip


def _days(name: str, first: Answer, later: Answer, label: Label, *, title: str = TITLE) -> DayCase:
    """A link that answers well on the first day, and otherwise from the fourth on."""
    return DayCase(
        f"owner-{name}",
        {0: first, 4: later},
        {0: ALIVE, **dict.fromkeys(_LATER, label)},
        title=title,
    )


DAYS = (
    _days("sold-in-jakarta", _LONG_WELL, Answer(body=_SLOTS), HIJACKED),
    _days("sold-in-london", _LONG_WELL, Answer(body=_CASINO), HIJACKED),
    _days("sold-in-macao", _LONG_WELL, Answer(body=spam(*_SPAM[4][1:], site="威尼斯人")), HIJACKED),
    _days("sold-to-shop", _LONG_WELL, _SHOP, HIJACKED),
    _days("sold-to-repairs", _LONG_WELL, _BOUGHT_IN_SPANISH, HIJACKED),
    _days("japanese-sold", _site(_BY_CODE["ja"], "桟橋が再び開く", _STORY_JA), Answer(body=_CASINO), HIJACKED, title="桟橋が再び開く"),
    _days("german-sold", _site(_GERMAN, "Die Seebrücke ist offen", _STORY_DE), Answer(body=_SLOTS), HIJACKED,
          title="Die Seebrücke ist offen"),
    DayCase("owner-comes-back", {0: _LONG_WELL, 4: Answer(body=_SLOTS), 15: _LONG_WELL},
            {0: ALIVE, 4: HIJACKED, 8: HIJACKED, 15: ALIVE, 30: ALIVE}, strikes={8: 2, 15: 0}),
    DayCase("owner-then-lost", {0: _LONG_WELL, 4: Answer(body=_SLOTS), 8: Answer(status=404)},
            {4: HIJACKED, 8: Label("broken", "http-404")}),
    DayCase("owner-lost-then-sold", {0: Answer(status=404), 8: Answer(body=_SLOTS)},
            {0: Label("broken", "http-404"), 4: Label("broken", "http-404"), 15: Label("broken", "http-404")}),
    # near misses
    _days("relaunch", _LONG_WELL, _site(_PUBLISHER, "Wexcombe pier: the gates are open", _STORY), ALIVE),
    _days("relaunch-without-the-story", _LONG_WELL, _site(_PUBLISHER, "Ten things to do by the sea", ENGLISH.headlines), ALIVE),
    _days("sold-to-publisher", _LONG_WELL, Answer(body=spam("en", TITLE, _STORY, site="Northshore Media")), ALIVE),
    _days("translated", _LONG_WELL, Answer(body=page(
        Site("de", ENGLISH.name, *(_GERMAN.menu, _GERMAN.search, _GERMAN.popular, _GERMAN.headlines, "© Wexcombe"), _GERMAN.gone,
             _GERMAN.sorry, _GERMAN.about, _GERMAN.removed),
        "Die Seebrücke ist wieder offen", "Die Seebrücke ist wieder offen", _STORY_DE)), ALIVE),
    _days("translated-without-name", _LONG_WELL, Answer(body=spam("de", "Die Seebrücke ist wieder offen", _STORY_DE)), ALIVE),
    _days("translated-with-alternates", _LONG_WELL, Answer(body=spam(
        "ja", "桟橋が再び開く", _STORY_JA, _STORY_JA[::-1], site="港新聞",
        head='<link rel="alternate" hreflang="en" href="/en/the-pier-opens-again">')), ALIVE),
    _days("host-in-the-footer", _LONG_WELL, Answer(body=spam(
        "ja", "桟橋が再び開く", _STORY_JA, "© 2026 owner-host-in-the-footer.example", site="港新聞")), ALIVE),
    _days("now-about-a-casino", _LONG_WELL, _site(ENGLISH, "Casino vote splits the town", "Slot machines, roulette and poker: "
          "the council has to decide, and gambling is not what everybody wants."), ALIVE),
    _days("same-picture", _site(ENGLISH, TITLE, _STORY, head='<meta property="og:image" content="/media/pier-of-1903.jpg">'),
          Answer(body=spam("ja", "桟橋が再び開く", _STORY_JA, site="港新聞",
                           head='<meta property="og:image" content="/media/pier-of-1903.jpg">')), ALIVE),
)  # fmt: skip
