"""Services that hold domains without a site: parking, marketplaces, registrars (rule V9).

Each marker is what the service's own pages load, lead to or say of themselves; no ordinary page of another site
has it. A network of advertisements alone is no marker: `google.com/adsense/domains` and `/afs/ads` serve sites too.
"""

from __future__ import annotations

from collections.abc import Mapping

HOSTS: Mapping[str, str] = {
    "sedoparking.com": "Sedo parking",
    "parkingcrew.net": "ParkingCrew",
    "parkingcrew.com": "ParkingCrew",
    "d38psrni17bvxu.cloudfront.net": "ParkingCrew",
    "bodis.com": "Bodis",
    "bodiscdn.com": "Bodis",
    "parklogic.com": "ParkLogic",
    "parking.above.com": "Above",
    "park.above.com": "Above",
    "skenzo.com": "Skenzo",
    "dsparking.com": "DomainSponsor",
    "dsnextgen.com": "DomainSponsor",
    "ndparking.com": "NameDrive",
    "fastpark.net": "Fastpark",
    "smartname.com": "SmartName",
    "trafficz.com": "TrafficZ",
    "voodoo.com": "Voodoo",
    "cashparking.com": "GoDaddy CashParking",
    "parked-content.godaddy.com": "GoDaddy parking",
    "domainparkingserver.net": "DomainParkingServer",
    "domainnamesales.com": "Uniregistry",
    "uniregistrymarket.link": "Uniregistry",
    "undeveloped.com": "Dan.com",
    "cdn.efty.com": "Efty",
    "parkingpage.namecheap.com": "Namecheap parking",
    "parked.porkbun.com": "Porkbun parking",
    "ztomy.com": "Network Solutions parking",
    "parking.reg.ru": "REG.RU parking",
    "domainparking.ru": "Domainparking",
    "snparking.ru": "SN parking",
    "parking.livedns.com": "LiveDNS parking",
    "parking.hostpoint.ch": "Hostpoint parking",
}
"""Hosts that serve nothing else: a script, frame, form, style sheet or refresh of theirs says enough."""

LOADERS: Mapping[str, str] = {
    r"wsimg\.com/parking-lander/": "GoDaddy parking",
    r"LANDER_SYSTEM\s*=\s*[\"']": "GoDaddy parking",
    r"_trfd\.push\(\s*\{\s*[\"']?ap[\"']?\s*:\s*[\"']parking[\"']": "GoDaddy parking",
    r"location(?:\.href)?\s*=\s*[\"']/lander(?:\?[^\"']{0,200})?[\"']": "GoDaddy parking",
    r"location\.(?:replace|assign)\(\s*[\"']/lander(?:\?[^\"']{0,200})?[\"']": "GoDaddy parking",
    r"^refresh=[^\n]{0,20}url=[\"']?/lander(?:[?\"']|$)": "GoDaddy parking",
    r"^(?:html|body)=data-adblockkey": "advertising key",
    r"window\.park\s?=\s?[\"']": "window.park",
    r"assets\.squarespace\.com/universal/(?:scripts|styles)-compressed/parking-page-": "Squarespace parking",
    r"wanwang\.aliyun\.com/domain/parking": "Aliyun parking",
    r"godaddy\.com/parked?/park\.aspx": "GoDaddy parking",
    r"domains\.googlesyndication\.com/apps/domainpark/": "Google domain park",
    r"googlesyndication\.com/apps/domainpark/show_afd_ads\.js": "Google domain park",
}  # fmt: skip
"""Scripts, paths and attributes of the services, as regular expressions."""

LISTINGS = (
    r"(?:www\.)?hugedomains\.com/domain_profile\.cfm",
    r"(?:www\.)?afternic\.com/(?:forsale|domain)/",
    r"forsale\.godaddy\.com/forsale/",
    r"(?:www\.)?dan\.com/buy-domain/",
    r"(?:www\.)?sedo\.com/search/(?:details|showdetails)",
    r"(?:www\.)?sedo\.com/checkdomainoffer",
    r"(?:www\.)?buydomains\.com/lander/",
    r"(?:www\.)?domainmarket\.com/buynow/",
    r"(?:www\.)?atom\.com/name/",
    r"(?:www\.)?squadhelp\.com/name/",
    r"(?:www\.)?brandbucket\.com/names/",
    r"(?:www\.)?brandpa\.com/names?/",
    r"(?:www\.)?perfectdomain\.com/domain/",
    r"(?:www\.)?saw\.com/(?:buy|domain)/",
    r"forsale\.dynadot\.com/",
    r"(?:www\.)?dynadot\.com/market/",
    r"(?:www\.)?spaceship\.com/(?:domain|for-sale|lander)/",
    r"(?:www\.)?dropcatch\.com/domain/",
    r"(?:www\.)?epik\.com/domain/",
    r"(?:www\.)?above\.com/marketplace/",
    r"(?:www\.)?dnpric\.es/domain/",
    r"(?:www\.)?juming\.com/(?:ykj|jp|jump)/",
    r"(?:www\.)?4\.cn/(?:buynow|detail)/",
    r"(?:www\.)?22\.cn/(?:ykj|jingjia|jm)/",
    r"mi\.aliyun\.com/(?:detail|shop)/",
    r"(?:www\.)?aftermarket\.pl/(?:domain|domena)/",
    r"parkingpage\.namecheap\.com/",
)  # fmt: skip
"""Addresses under which marketplaces list one domain each, as regular expressions behind `https://`."""

NAMES = (
    "godaddy", "namecheap", "network solutions", "register.com", "web.com", "domain.com", "enom", "tucows", "hover",
    "name.com", "namesilo", "namebright", "dynadot", "porkbun", "epik", "uniregistry", "spaceship", "hostinger",
    "bluehost", "hostgator", "dreamhost", "ionos", "1&1", "1und1", "strato", "united-domains", "united domains",
    "host europe", "hosteurope", "all-inkl", "checkdomain", "domainfactory", "df.eu", "hetzner", "netcup", "inwx",
    "easyname", "world4you", "hostpoint", "infomaniak", "cyon", "metanet", "gandi", "ovh", "lws", "amen", "planethoster",
    "one.com", "loopia", "simply.com", "unoeuro", "dandomain", "domeneshop", "domainnameshop", "binero", "websupport",
    "fs data", "zoner", "domainhotelli", "louhi", "zone.ee", "veebimajutus", "transip", "hostnet", "versio",
    "mijndomein", "combell", "antagonist", "argeweb", "123-reg", "fasthosts", "lcn.com", "names.co.uk", "aruba",
    "register.it", "serverplan", "tophost", "netsons", "dinahosting", "arsys", "piensa solutions", "cdmon", "dondominio",
    "raiola", "nominalia", "registro.br", "locaweb", "uol host", "kinghost", "hostinger", "donweb", "nic.ar", "neubox",
    "akky", "home.pl", "nazwa.pl", "ovhcloud", "aftermarket.pl", "cyberfolks", "lh.pl", "dhosting", "wedos", "forpsi",
    "active24", "active 24", "ignum", "savana", "rackhost", "tarhelypark", "rotld", "romarg", "superhosting",
    "papaki", "tophost.gr", "natro", "turhost", "isimtescil", "ihs telekom", "reg.ru", "рег.ру", "ru-center", "nic.ru",
    "timeweb", "beget", "jino", "джино", "masterhost", "sweb", "spaceweb", "webnames", "r01", "imena.ua", "ukraine.com.ua",
    "hostpro", "nic.ua", "aliyun", "阿里云", "万网", "新网", "xinnet", "west.cn", "西部数码", "腾讯云", "dnspod", "易名",
    "ename", "4.cn", "22.cn", "爱名网", "聚名", "juming", "gname", "お名前.com", "ムームードメイン", "muumuu", "value-domain",
    "value domain", "バリュードメイン", "さくらインターネット", "エックスサーバー", "xserver", "スタードメイン", "star domain",
    "gabia", "가비아", "cafe24", "카페24", "후이즈", "whois.co.kr", "hosting.kr", "crazy domains", "ventraip", "netregistry",
    "mat bao", "p.a viet nam", "pa vietnam", "inet.vn", "exabytes", "niagahoster", "rumahweb", "domainesia", "bigrock",
    "resellerclub", "znetlive", "iwantmyname", "internet.bs", "key-systems", "rrpproxy", "squarespace", "wix", "sedo",
    "afternic", "dan.com", "hugedomains", "atom.com", "squadhelp", "brandbucket", "saw.com", "bodis", "parkingcrew",
    "above.com", "parklogic", "skenzo",
)  # fmt: skip
"""Registrars, hosts of sites and marketplaces by the names that they call themselves on such pages."""
