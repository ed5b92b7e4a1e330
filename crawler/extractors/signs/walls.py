"""Walls: what a site shows in place of its page to a visitor that it takes for a program, that has
not consented, or that has not logged in (rules V4, V7).

Each rule takes a page's title and shape and gives its evidence in words, None for nothing. None of
them is asked about a long page, nor about one that says of itself that it is an article.
"""

from __future__ import annotations

import re

from crawler.extractors.html.folding import fold
from crawler.extractors.signs.page_shape import Shape

_EMPTY = 500
"""Visible characters under which a page consists of its scripts (the longest wall text of the
vendors below, Imperva's "additional security check", has some 300)."""

_LONGEST_LOGIN = 1_500

_TITLES = frozenset(map(fold, (
    # Cloudflare, in the languages of its interstitial, and its block page
    "just a moment", "attention required! | cloudflare", "einen moment", "nur einen moment",
    "un instant", "un momento", "un momento, por favor", "um momento", "een moment geduld",
    "один момент", "请稍候", "請稍候", "しばらくお待ちください", "잠시만 기다리십시오", "bir dakika lutfen",
    # Akamai, Imperva, PerimeterX, F5, Sucuri, DDoS-Guard, Radware, Vercel, Anubis, Fastly
    "access denied", "access to this page has been denied", "pardon our interruption",
    "request rejected", "sucuri website firewall - access denied", "ddos-guard",
    "radware bot manager captcha", "radware page", "vercel security checkpoint",
    "making sure you're not a bot", "client challenge",
    # in a site's own words
    "robot or human", "are you a robot", "bloomberg - are you a robot", "human verification",
    "verify you are human", "please verify you are a human", "verifying you are human",
    "verifying your browser", "checking your browser", "checking your browser before accessing",
    "security check", "security checkpoint", "captcha", "captcha challenge", "bot verification",
    "you have been blocked", "sorry, you have been blocked", "403 forbidden", "too many requests",
    "429 too many requests", "unusual traffic detected", "sina visitor system",
    # Imunify360, Amazon, Yandex, Baidu
    "one moment, please", "robot check", "are you not a robot", "вы не робот", "百度安全验证",
    # YouTube puts the film's name before this only where it shows the film
    "- youtube",
)))  # fmt: skip
"""Whole titles. An article's "Access Denied: the story of …" is none of them."""

_CHALLENGES = {
    "_cf_chl_opt": "Cloudflare challenge",
    "captcha-delivery.com/captcha": "DataDome captcha",
    "captcha-delivery.com/interstitial": "DataDome captcha",
    "captcha-delivery.com/c.js": "DataDome captcha",
    "captcha-delivery.com/i.js": "DataDome captcha",
    "geo.captcha-delivery.com": "DataDome captcha",
    "px-captcha": "PerimeterX captcha",
    "captcha.px-cdn.net": "PerimeterX captcha",
    "captcha.px-cloud.net": "PerimeterX captcha",
    "gokuProps": "AWS WAF challenge",
    "anubis_challenge": "Anubis challenge",
    "/.well-known/sgcaptcha/": "SiteGround captcha",
}
"""Markers that only the challenge itself carries (the vendors' own pages; rule V4)."""

# …/h/g/scripts/ is a sensor on ordinary pages, …/turnstile/ a box in an ordinary form.
_CLOUDFLARE_PATH = re.compile(r"/cdn-cgi/challenge-platform/h/(?!\w{1,9}/(?:scripts|turnstile)/)")

_SENSORS = {
    "/_Incapsula_Resource": "Imperva script",
    "token.awswaf.com": "AWS WAF script",
    "KPSDK": "Kasada script",
    "sucuri_cloudproxy_js": "Sucuri script",
    "distil_r_captcha": "Distil captcha",
    "id=captcha-form": "Google captcha",
}
"""Markers that ordinary pages carry too: they count only where a page has nothing else."""

_WORDS = {
    "Akamai refusal": re.compile(
        r"Reference ?#\d{1,3}\.[0-9a-f.]+.{0,200}errors\.edgesuite\.net", re.DOTALL
    ),
    "Imperva refusal": re.compile(r"\bIncapsula incident ID: ?\d"),
    "F5 refusal": re.compile(r"The requested URL was rejected\. Please consult with your admin"),
}

_CONSENT_TITLES = re.compile(
    r"(?:before you continue to|bevor (?:sie|du) zu|avant d'acceder a|antes de ir a|"
    r"prima di continuare su|voordat je verdergaat naar) .{0,20}?(?:google|youtube).{0,30}"
    r"|dpg media privacy gate|privacy gate"
)
_CONSENT_FORM = re.compile(
    r"^action=https?://(?:[\w-]+\.){0,5}(?:consent|guce)\.[\w.-]+(?:[/?]|$)"
    r"|^action=[^\n]*/collectConsent\b",
    re.MULTILINE,
)
_LOGIN_TITLES = re.compile(fold(
    r"(?:please )?(?:log ?in|sign ?in|log in or sign up|sign in or (?:register|join)|"
    r"log ?in or (?:register|join)|member log ?in|user log ?in|account log ?in)"
    r"(?: (?:to|into|with) .{1,40})?"
    r"|anmelden|anmeldung|einloggen|connexion|se connecter|s'identifier|identification|"
    r"iniciar sesion|inicia sesion|acceso|accedi|entrar|fazer login|iniciar sessao|inloggen|"
    r"logga in|logg inn|log ind|kirjaudu(?: sisaan)?|zaloguj(?: sie)?|logowanie|prihlaseni|"
    r"bejelentkezes|autentificare|giris yap|вход|войти|авторизация|увійти|вхід|ログイン|"
    r"로그인|登录|登入"
))  # fmt: skip
_AUTHWALL = re.compile(r"/authwall\?trk=")
_PARTS = re.compile(r"\s+[-|:·•»]+\s+|\s*\|\s*")


def challenge(title: str, shape: Shape, *, speaks: bool) -> str | None:
    """A bot wall: a whole title, a challenge in the machinery, or a refusal in a vendor's words.

    `speaks` says that the page has content of its own, a headline or "not found": then the markers that a
    sensor leaves on ordinary pages are no evidence (rule V4). The markers are those of Cloudflare, DataDome,
    HUMAN (PerimeterX), Imperva, AWS WAF, Akamai and Anubis as they document their challenges.
    """
    folded = folded_title(title)
    if folded in _TITLES:
        return f"title: {title[:80]}"
    for marker, name in _CHALLENGES.items():
        if marker in shape.machinery:
            return name
    if _CLOUDFLARE_PATH.search(shape.machinery):
        return "Cloudflare challenge"
    for name, words in _WORDS.items():
        if words.search(shape.text):
            return name
    if speaks or len(shape.text) >= _EMPTY:
        return None
    return next((name for marker, name in _SENSORS.items() if marker in shape.machinery), None)


def consent(title: str, shape: Shape) -> str | None:
    """A consent wall: Google's and DPG's by title, any other by a form that posts to a consent host.

    Rule V7, read in the page where no redirect shows it. A cookie banner over a page has no such form.
    """
    if _CONSENT_TITLES.fullmatch(folded_title(title)):
        return f"title: {title[:80]}"
    form = _CONSENT_FORM.search(shape.machinery)
    return f"form: {form[0][:80]}" if form else None


def login(title: str, shape: Shape) -> str | None:
    """A login wall: a short page whose title is the login's and that asks for a password.

    Rule V7, read in the page where no redirect shows it. A login form in the header of a page with its own title is none.
    """
    if len(shape.text) < _EMPTY and _AUTHWALL.search(shape.machinery):
        return "LinkedIn authwall"
    if not shape.has_password or len(shape.text) >= _LONGEST_LOGIN:
        return None
    parts = _PARTS.split(folded_title(title))
    found = next((part for part in parts if _LOGIN_TITLES.fullmatch(part)), None)
    return f"title and password: {title[:80]}" if found else None


def folded_title(title: str) -> str:
    """A title as the tables above write it: no accents, no case, no full stops at its end."""
    return fold(title).strip(" .!?。")
