"""Parked, expired and for sale (rule V9): placeholders and loaders of registrars and marketplaces, and what looks so."""

from __future__ import annotations

from tests.labelled_web.case import ALIVE, BOT_WALL, PARKED, PATH, Case, Class, Label, moved
from tests.web.rules import Answer, redirect

_LISTING = "https://www.hugedomains.com/domain_profile.cfm?d=HOST"


def _html(title: str, body: str, head: str = "") -> str:
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body>{body}</body></html>"
    )


def _said(title: str, *lines: str) -> str:
    return _html(title, "".join(f"<p>{line}</p>" for line in lines))


def _headed(heading: str, *lines: str) -> str:
    return _html("HOST", f"<h1>{heading}</h1>" + "".join(f"<p>{line}</p>" for line in lines))


def _script(text: str, title: str = "") -> str:
    return _html(title, f"<script>{text}</script>")


_LOADERS: dict[str, str] = {
    "lander-replace": _script("window.location.replace('/lander?q=1')"),
    "lander-system": _html("", '<div id="root"></div><script>window.LANDER_SYSTEM="PW"</script>'),
    "lander-signal": _html(
        "HOST", '<script>window._trfd=window._trfd||[],window._trfd.push({ap:"parking"})</script><div id=root></div>'
    ),
    "frame": _html("HOST", '<iframe src="https://sedoparking.com/HOST" width="100%"></iframe>'),
    "frameset": (
        '<html><head><title>HOST</title></head><frameset rows="100%"><frame src="http://www.parkingcrew.net/?d=HOST">'
        "</frameset></html>"
    ),
    "router": _script("fetch('https://router.parklogic.com/HOST',{method:'POST'})", "Redirecting..."),
    "to-listing": _script("window.location.href='https://www.afternic.com/forsale/HOST?utm_medium=parkedpages'"),
    "listing-in-frame": _html("HOST", f'<iframe src="{_LISTING}"></iframe>'),
    "namecheap-script": _html("HOST", '<script src="https://parkingpage.namecheap.com/parking.js"></script>'),
    "squarespace": _html(
        "Coming Soon",
        "<h1>HOST</h1><p>We're under construction. Please check back for an update soon.</p>"
        '<script src="https://assets.squarespace.com/universal/scripts-compressed/parking-page-1a-min.js"></script>',
    ),
    "aliyun": _html("HOST", '<iframe src="//wanwang.aliyun.com/domain/parking?d=HOST"></iframe>'),
    "skenzo": _html("HOST", '<script src="//cdn.skenzo.com/park.js"></script>'),
}  # fmt: skip
"""Pages that hold nothing but a service's script, frame or way to it."""

_WORDS: dict[str, str] = {
    "hostinger": _html("Parked Domain name on Hostinger DNS system", "<h1>Happy to see your domain!</h1>"),
    "sedo-resources": _said("HOST - Pier Resources and Information.", "HOST is your first and best source."),
    "ionos": _headed("Herzlich willkommen!", "Hier entsteht eine neue Internetpräsenz.", "IONOS by 1&amp;1"),
    "ionos-connected": _said("", "This domain has been registered via IONOS and is not yet connected to a website."),
    "ionos-german": _headed("Diese Domain wurde bei IONOS registriert"),
    "strato": _said("STRATO - Domain reserved", "HOST"),
    "united-domains": _said("Domain im Kundenauftrag registriert", "united-domains AG"),
    "namecheap": _said("HOST - Registered at Namecheap.com", "HOST"),
    "namecheap-recent": _said("HOST", "This domain was recently registered at Namecheap. Please check back later!"),
    "network-solutions": _said("HOST", "NOTICE: This domain name expired on 04/05/2024 and is pending renewal or deletion."),
    "expired": _headed("This domain has expired"),
    "expired-tucows": _said("Domain Expired", "HOST has expired.", "If it is yours, renew it at Tucows."),
    "godaddy-may": _headed("HOST", "This domain is registered, but may still be available.", "Get this domain"),
    "loopia": _said("HOST", "This domain has been purchased and parked by a customer of Loopia."),
    "one-com": _said("HOST is hosted by One.com", "HOST is hosted by One.com"),
    "gandi": _said("", "This domain name has been registered with Gandi.net.", "It is currently parked by the owner."),
    "ovh": _said("Félicitations !", "Le domaine HOST a bien été enregistré chez OVHcloud."),
    "reg-ru": _said("Домен зарегистрирован в REG.RU", "HOST"),
    "timeweb": _html("HOST", "<strong>Домен припаркован</strong><p>Timeweb</p>"),
    "nic-ru": _said("HOST", "Домен не прилинкован к директории на сервере!"),
    "russian-expired": _headed("Срок регистрации домена HOST истёк"),
    "chinese-expired": _said("HOST", "您访问的域名已过期，请及时续费", "阿里云"),
    "chinese-sale": _headed("您正在访问的域名可以转让！"),
    "onamae": _said("HOST", "このドメインは、お名前.comで取得されています。"),
    "muumuu": _said("HOST", "このドメインはムームードメインで登録されています"),
    "japanese-sale": _said("このドメインは販売中です。", "お問い合わせ"),
    "korean-sale": _headed("이 도메인은 판매 중입니다"),
    "polish-sale": _said("HOST", "Domena HOST jest na sprzedaż w serwisie AfterMarket.pl"),
    "czech": _headed("Tato doména je zaparkována"),
    "dutch": _headed("Deze domeinnaam is geregistreerd door TransIP"),
    "swedish-sale": _headed("Domänen HOST är till salu"),
    "turkish-sale": _headed("Bu alan adı satılıktır"),
    "vietnamese-sale": _headed("Tên miền này đang được rao bán"),
    "portuguese-sale": _headed("Este domínio está à venda"),
    "arabic-sale": _headed("هذا النطاق معروض للبيع"),
    "wix": _html("Error", "<h1>Looks Like This Domain Isn't Connected To A Website Yet!</h1>"),
    "squarespace-expired": _html(
        "Website Expired",
        "<h1>Website Expired</h1><p>This account has expired. If you are the site owner, click below to login.</p>",
        '<link rel="stylesheet" href="https://static1.squarespace.com/static/expired.css">',
    ),
    "spaceship": _html("HOST for sale | Spaceship.com", '<div id="app"></div>'),
    "saw": _said("The domain HOST is available for purchase by Saw.com", "Inquire"),
    "porkbun": _headed("HOST is parked", "Porkbun"),
    "easyname": _headed("Domain geparkt", "easyname"),
    "offer": _said("HOST", "Make an offer on this domain"),
    "enom": _said("HOST", "This domain name has been registered with eNom, Inc."),
    "dynadot": _headed("HOST", "This domain is parked free of charge with Dynadot.com."),
    "name-com": _html("HOST", "<h2>Welcome to HOST</h2><p>This domain is parked, provided by Name.com.</p>"),
    "registro-br": _said("Domínio congelado", "Este domínio está congelado."),
    "hostpoint": _said("Hostpoint", "Diese Domain wurde erfolgreich registriert.", "Hostpoint AG"),
    "infomaniak": _said("HOST", "Ce nom de domaine est réservé", "Infomaniak"),
    "aruba": _headed("Dominio registrato", "Il dominio HOST è stato registrato da Aruba S.p.A."),
    "nazwa": _said("HOST", "Domena HOST jest utrzymywana na serwerach nazwa.pl"),
    "west-cn": _said("HOST", "该域名已被注册 西部数码"),
    "gabia": _said("HOST", "이 도메인은 가비아에 등록된 도메인입니다"),
    "persian-sale": _headed("این دامنه به فروش می‌رسد"),
    "hebrew-sale": _headed("הדומיין למכירה"),
    "thai-sale": _headed("โดเมนนี้ประกาศขาย"),
    "greek-sale": _headed("Το domain πωλείται"),
    "hungarian-sale": _headed("Ez a domain eladó"),
    "brandbucket": _headed("HOST", "This name is available for purchase at BrandBucket"),
}  # fmt: skip

_PROSE = (
    "The pier was opened again on Monday after a long winter of repairs, and the first to walk its whole length was the "
    "woman who had sold ice cream there for forty years. "
)
_ALIVE: dict[str, str] = {
    "explained": _html(
        "Domain parking explained", "<h1>Domain parking explained</h1><p>A parked domain shows adverts. Sedo pays.</p>"
    ),
    "what-happens": _html(
        "What happens when a domain expires | Namecheap",
        "<h1>What happens when a domain expires</h1><p>Your domain has expired? Renew it within 30 days.</p>",
    ),
    "imprint": _html("Impressum", "<h1>Impressum</h1><p>Diese Domain wurde bei IONOS registriert.</p>"),
    "hosted-footer": _html("Hafenblatt", f"<h1>Der Pier ist offen</h1><p>{_PROSE}</p><p>Gehostet bei STRATO</p>"),
    "adsense": _html(
        "Pier", '<h1>Pier</h1><p>Open.</p><script src="https://www.google.com/adsense/domains/caf.js"></script>'
    ),
    "listing-linked": _html(
        "Names", '<h1>Names we like</h1><p>See <a href="https://sedo.com/search/details/?domain=x.com">x.com</a>.</p>'
    ),
    "nginx": _html(
        "Welcome to nginx!", "<h1>Welcome to nginx!</h1><p>The nginx web server is successfully installed.</p>"
    ),
    "apache": _html("Apache2 Ubuntu Default Page: It works", "<p>It works!</p>"),
    "index-of": _html("Index of /news", "<h1>Index of /news</h1><pre><a href=a.txt>a.txt</a></pre>"),
    "own-soon": _html("Coming soon", "<h1>Our new site is coming soon</h1><p>Powered by GoDaddy</p>"),
    "own-relaunch": _html("Hafenblatt", "<h1>Hafenblatt</h1><p>Hier entsteht eine neue Website.</p>"),
    "finca": _html("Dominio en venta en Ronda", "<h1>Finca</h1><p>Veinte hectáreas.</p>"),
    "blocklist": _html(
        "Ad hosts", "<h1>Ad hosts</h1><script>var hosts=['sedoparking.com','bodis.com','parkingcrew.net'];</script>"
    ),
    "ad-detector": _html("Pier", "<h1>Pier</h1><script>d.setAttribute('data-adblockkey','200')</script>"),
    "sold": _html("Domain voice.com sold for 30 million", "<h1>Domain voice.com sold for 30 million</h1>"),
    "car-park-app": _html("Parking", "<h1>Parking</h1><script>window.parkMap={};window.park=function(){}</script>"),
    "sale-of-business": _html("This business is for sale", f"<h1>Ice cream</h1><p>{_PROSE}</p>"),
    "page-expired": _html("This page has expired", "<p>Please send the form again.</p>"),
    "help": _html("Domain expired - Help", "<h1>Domain expired</h1><p>Renew it in your account at Gandi.</p>"),
    "names-for-sale": _html(
        "Domains", "<h1>Domains</h1><p>pier.com is for sale</p><p>quay.com is for sale</p>"
    ),
    "chinese-glossary": _html("域名停放", "<h1>域名停放</h1><p>什么是域名停放</p>"),
    "french-question": _html("Nom de domaine expiré", "<h1>Nom de domaine expiré</h1><p>Que faire ?</p>"),
    "shop": _html("Buy premium domain", "<h1>Buy premium domain</h1><p>From 9 a year.</p>"),
    "reserved": _html("Die Seite ist reserviert", "<h1>Die Seite ist reserviert</h1>"),
    "long-with-sentence": _html(
        "HOST", f"<p>This domain is for sale.</p><p>{_PROSE * 12}</p>"
    ),
}  # fmt: skip

_SUSPENDED: dict[str, str] = {
    "cpanel": _html(
        "Account Suspended",
        "<h1>Account Suspended</h1><p>This Account has been suspended.</p><p>Contact your hosting provider for more "
        "information.</p>",
    ),
    "cpanel-frame": _html("", '<iframe src="/cgi-sys/suspendedpage.cgi"></iframe>'),
    "site": _html(
        "Website suspended",
        "<p>This website has been suspended. Please contact our billing support.</p>",
    ),
}
_NOT_SUSPENDED: dict[str, str] = {
    "network": _html(
        "Account suspended", "<h1>Account suspended</h1><p>We suspend accounts which violate our rules.</p>"
    ),
    "story": _html("Site suspended after a row", "<h1>Site suspended after a row</h1><p>So said its host.</p>"),
}  # fmt: skip


def _of(kind: Class, prefix: str, label: Label, bodies: dict[str, str]) -> tuple[Case, ...]:
    return tuple(
        Case(kind, f"{prefix}-{name}", label, {PATH: Answer(body=_named(f"{prefix}-{name}", body))})
        for name, body in bodies.items()
    )


def _named(name: str, body: str) -> str:
    return body.replace("HOST", f"{name}.example")


def _at_marketplace(name: str, label: Label, url: str, end: str = "") -> Case:
    """A link to an address at a marketplace, whose page offers a domain; where it leads to `end`, that does."""
    page = Answer(body=_html("pier.com is for sale", "<h1>pier.com is for sale</h1><p>Buy now</p>"))
    answers = {url: redirect(end), end: page} if end else {url: page}
    return Case(Class.LARGE_HOSTS, f"host-{name}", label, answers, raw=url)


_LISTED = "https://www.afternic.com/forsale/pier.com"
_ASKED_FOR = (
    _at_marketplace("listing", ALIVE, "https://www.hugedomains.com/domain_profile.cfm?d=pier.com"),
    _at_marketplace("listing-elsewhere", moved(_LISTED), "https://dan.com/buy-domain/pier.com", _LISTED),
    _at_marketplace("listing-of-country", ALIVE, "https://de.sedo.com/search/details/?domain=pier.com"),
    _at_marketplace("looks-like-marketplace", PARKED, "https://nothugedomains.example/domain_profile.cfm?d=pier.com"),
    Case(
        Class.PARKED, "loader-ends-at-listing", PARKED,
        {
            PATH: redirect("https://www.hugedomains.com/domain_profile.cfm?d=quay.com"),
            "https://www.hugedomains.com/domain_profile.cfm?d=quay.com": Answer(body=_html("quay.com", "<p>Buy now</p>")),
        },
    ),
)  # fmt: skip


CASES = (
    *_ASKED_FOR,
    *_of(Class.PARKED, "loader", PARKED, _LOADERS),
    *_of(Class.PARKED, "holder", PARKED, _WORDS),
    *_of(Class.NEAR_MISSES, "unparked", ALIVE, _ALIVE),
    *_of(Class.WALLS, "suspended", BOT_WALL, _SUSPENDED),
    *_of(Class.NEAR_MISSES, "unsuspended", ALIVE, _NOT_SUSPENDED),
)
