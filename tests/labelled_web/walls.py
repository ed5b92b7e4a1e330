"""Walls (rules V4 and V7), by the vendors' own documentation, their pages and their statuses."""

from __future__ import annotations

from tests.labelled_web.case import (
    ALIVE,
    BOT_WALL,
    CONSENT,
    GENERAL,
    LOGIN,
    PATH,
    PICTURE,
    Case,
    Class,
    Label,
    Seen,
    moved,
    unverifiable,
)
from tests.labelled_web.chrome import page
from tests.labelled_web.sites_western import ENGLISH
from tests.web import pages
from tests.web.rules import Answer, redirect

Headers = tuple[tuple[str, str], ...]


def _html(title: str, body: str, head: str = "") -> str:
    return (
        f'<!DOCTYPE html><html lang="en-US"><head><meta charset="utf-8"><title>{title}</title>{head}'
        f"</head><body>{body}</body></html>"
    )


_CF_MITIGATED: Headers = (("cf-mitigated", "challenge"), ("Server", "cloudflare"))
_CF_CHALLENGE = _html(
    "Just a moment...",
    '<div class="main-wrapper" role="main"><noscript><div class="h2"><span id="challenge-error-text">'
    "Enable JavaScript and cookies to continue</span></div></noscript></div><script>(function(){"
    "window._cf_chl_opt={cvId:'3',cZone:'wall.example',cType:'managed',cRay:'8f1'};var a=document."
    "createElement('script');a.src='/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1?ray=8f1';"
    "document.getElementsByTagName('head')[0].appendChild(a)})();</script>",
    '<meta name="robots" content="noindex,nofollow">',
)
_CF_BLOCK = _html(
    "Attention Required! | Cloudflare",
    '<div id="cf-wrapper"><h1 data-translate="block_headline">Sorry, you have been blocked</h1>'
    "<h2>You are unable to access wall.example</h2><p>Cloudflare Ray ID: <strong>8f1</strong></p></div>",
)
_CF_RATE = _html(
    "Access denied | wall.example used Cloudflare to restrict access",
    "<h1>Error 1015</h1><h2>You are being rate limited</h2>",
)
_DATADOME = (
    '<html lang="en"><head><title>wall.example</title></head><body style="margin:0"><p id="cmsg">Please '
    "enable JS and disable any ad blocker</p><script data-cfasync=\"false\">var dd={'rt':'c','cid':'AHr',"
    "'hsh':'0','t':'fe','host':'geo.captcha-delivery.com'}</script><script data-cfasync=\"false\" "
    'src="https://ct.captcha-delivery.com/c.js"></script></body></html>'
)
_DATADOME_FRAME = _html(
    "wall.example",
    '<iframe src="https://geo.captcha-delivery.com/interstitial/?initialCid=A&hash=B" width="100%">'
    "</iframe>",
)
_PERIMETERX = _html(
    "Access to this page has been denied",
    '<div class="page-title"><h1>Press &amp; Hold to confirm you are a human</h1></div>'
    '<div id="px-captcha"></div><p>Reference ID 9c1</p><script>window._pxAppId="PXabcd";</script>'
    '<script src="https://captcha.px-cdn.net/PXabcd/captcha.js"></script>',
)
_AKAMAI = (
    "<HTML><HEAD>\n<TITLE>Access Denied</TITLE>\n</HEAD><BODY>\n<H1>Access Denied</H1>\n\nYou don't have "
    'permission to access "http&#58;&#47;&#47;wall&#46;example&#47;news" on this server.<P>\nReference'
    "&#32;&#35;18&#46;6f2e1002&#46;1786518982&#46;2a3b4c\n<P>https&#58;&#47;&#47;errors&#46;edgesuite"
    "&#46;net&#47;18&#46;6f2e1002&#46;1786518982&#46;2a3b4c</P>\n</BODY>\n</HTML>"
)
_AKAMAI_CHALLENGE = _html(
    "Challenge Validation",
    '<div id="sec-if-cpt-container" role="main"></div><script src="/_sec/cp_challenge/ak-challenge-4-4.htm">'
    "</script>",
)
_IMPERVA = (
    '<html style="height:100%"><head><META NAME="ROBOTS" CONTENT="NOINDEX, NOFOLLOW"><script type='
    '"text/javascript" src="/_Incapsula_Resource?SWJIYLWA=719d34d31c8e3a6e6fffd425f7e032f3"></script></head>'
    '<body style="margin:0px;height:100%"><iframe id="main-iframe" src="/_Incapsula_Resource?CWUDNSAI=24" '
    'frameborder=0 width="100%">Request unsuccessful. Incapsula incident ID: 7003-19</iframe></body></html>'
)
_IMPERVA_WORDS = _html(
    "wall.example",
    "<h1>Additional security check is required</h1><p>Why is this verification required? Something about "
    "the behavior of the browser has caught our attention.</p><p>Incapsula incident ID: 7003-1942</p>",
)
_DISTIL = _html(
    "Pardon Our Interruption",
    "<h1>Pardon Our Interruption...</h1><p>As you were browsing, something about your browser made us "
    "think you were a bot. There are a few reasons this might happen:</p><ul><li>You're a power user "
    "moving through this website with super-human speed.</li><li>You've disabled JavaScript.</li></ul>",
)
_AWS = _html(
    "",
    "<div id=challenge-container></div><script type=text/javascript>window.awsWafCookieDomainList=[];"
    'window.gokuProps={"key":"AQID","iv":"A","context":"B"};</script>'
    '<script src="https://a1b2.eu-west-1.token.awswaf.com/a1b2/challenge.js"></script>',
)
_AWS_CAPTCHA = _html(
    "Human Verification",
    "<script src='https://a1b2.eu-west-1.captcha.awswaf.com/a1b2/captcha.js'></script>"
    "<script>window.gokuProps={};</script><main id=main-content></main>",
)
_CLOUDFRONT = (
    "<HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD><BODY><H1>403 ERROR</H1>"
    "<H2>The request could not be satisfied.</H2><HR>Request blocked. We can't connect to the server."
    "<PRE>Generated by cloudfront (CloudFront)</PRE></BODY></HTML>"
)
_ANUBIS = _html(
    "Making sure you&#39;re not a bot!",
    '<main><h1 id="title">Making sure you&#39;re not a bot!</h1><p id="status">Loading...</p></main>'
    '<script id="anubis_challenge" type="application/json">{"rules":{"difficulty":4}}</script>',
)
_VERCEL = _html(
    "Vercel Security Checkpoint",
    "<p>We're verifying your browser</p><p>Website owner? Click here to fix</p>",
)
_KASADA = (
    "<!DOCTYPE html><html><head></head><body><script>window.KPSDK={};KPSDK.now=typeof performance;"
    '</script><script src="/149e9513-01fa/2d206a39-8ed7/ips.js?KP_UIDz=03"></script></body></html>'
)
_F5 = (
    "<html><head><title>Request Rejected</title></head><body>The requested URL was rejected. Please "
    "consult with your administrator.<br><br>Your support ID is: 1234567890<br><br></body></html>"
)
_SUCURI = _html(
    "Sucuri WebSite Firewall - Access Denied",
    "<h1>Access Denied - Sucuri Website Firewall</h1><p>Block ID: GEO02</p>",
)
_SUCURI_SCRIPT = (
    "<html><title>You are being redirected...</title><noscript>Javascript is required.</noscript>"
    "<script>var s={},u,c,U,r,i,l=0,a;sucuri_cloudproxy_js='';</script></html>"
)
_DDOS_GUARD = _html(
    "DDoS-Guard", '<h1>Checking your browser before accessing wall.example</h1><script src="/.well-known/'
    'ddos-guard/js-challenge/index.js"></script>',
)  # fmt: skip
_RADWARE = _html("Radware Bot Manager Captcha", "<p>We apologize for the inconvenience...</p>")
_FASTLY = _html(
    "Client Challenge", '<noscript>JavaScript is disabled</noscript><script src="/_fs-ch"></script>'
)
_SITEGROUND = (
    '<html><head><link rel="icon" href="data:;"><meta http-equiv="refresh" content="0;/.well-known/'
    'sgcaptcha/?r=%2Fnews&y=ipc:1.2.3.4:1"></meta></head></html>'
)
_IMUNIFY = _html(
    "One moment, please...",
    "<h1>Please wait while your request is being verified...</h1><form id=wsidchk-form style=display:none "
    "action=/z0f76a1d14fd21a8fb5fd0d03e0fdc3d3cedae52f method=GET><input name=wsidchk></form>",
)
_AMAZON = _html(
    "Robot Check",
    "<h4>Enter the characters you see below</h4><p>Sorry, we just need to make sure you're not a robot. For "
    'best results, please make sure your browser is accepting cookies.</p><form action="/errors/'
    'validateCaptcha"></form>',
)
_YANDEX = _html(
    "Вы не робот?",
    "<h1>Подтвердите, что запросы отправляли вы, а не робот</h1><form action=/checkcaptcha></form>"
    '<div class="CheckboxCaptcha">SmartCaptcha by Yandex Cloud</div>',
)
_BAIDU = _html(
    "百度安全验证",
    '<div class="timeout">网络不给力，请稍后重试</div><script src="/mkd.js"></script>',
)
_WEIBO = _html("Sina Visitor System", '<span id="message"></span><script>wload();</script>')
_REDDIT = _html(
    "Blocked",
    "<h1>whoa there, pardner!</h1><p>Your request has been blocked due to a network policy.</p>",
)
_WORDFENCE = _html(
    "Your access to this site has been limited by the site owner",
    "<h1>Your access to this site has been limited by the site owner</h1><p>HTTP response code 503</p>",
)
_MOD_SECURITY = (
    "<head><title>Not Acceptable!</title></head><body><h1>Not Acceptable!</h1><p>An appropriate "
    "representation of the requested resource could not be found on this server. This error was generated "
    "by Mod_Security.</p></body></html>"
)
_WALMART = _html(
    "Robot or human?", "<h1>Activate and hold the button to confirm that you're human.</h1>"
)
_QRATOR = (
    '<html><head><script src="/__qrator/qauth_utm_v2_d85.js"></script></head><body></body></html>'
)

_BY_PAGE: dict[str, tuple[int, str, Headers]] = {
    "cloudflare-challenge": (403, _CF_CHALLENGE, _CF_MITIGATED),
    "cloudflare-by-body": (403, _CF_CHALLENGE, ()),
    "cloudflare-503": (503, _CF_CHALLENGE, (("Server", "cloudflare"),)),
    "cloudflare-200": (200, _CF_CHALLENGE, ()),
    "cloudflare-404": (404, _CF_CHALLENGE, _CF_MITIGATED),
    "cloudflare-410": (410, _CF_CHALLENGE, _CF_MITIGATED),
    "cloudflare-header-alone": (200, pages.page("The Gazette"), _CF_MITIGATED),
    "cloudflare-block": (403, _CF_BLOCK, (("Server", "cloudflare"),)),
    "cloudflare-german": (403, _CF_CHALLENGE.replace("Just a moment", "Nur einen Moment"), ()),
    "datadome": (403, _DATADOME, (("x-datadome", "protected"),)),
    "datadome-401": (401, _DATADOME, ()),
    "datadome-200": (200, _DATADOME, ()),
    "datadome-frame": (405, _DATADOME_FRAME, ()),
    "perimeterx": (403, _PERIMETERX, ()),
    "perimeterx-200": (200, _PERIMETERX, ()),
    "akamai": (403, _AKAMAI, (("Server", "AkamaiGHost"),)),
    "akamai-200": (200, _AKAMAI, ()),
    "imperva": (403, _IMPERVA, (("X-Iinfo", "1-2-3"),)),
    "imperva-200": (200, _IMPERVA, ()),
    "imperva-words": (200, _IMPERVA_WORDS, ()),
    "distil": (200, _DISTIL, ()),
    "distil-405": (405, _DISTIL, ()),
    "aws-waf": (202, _AWS, (("x-amzn-waf-action", "challenge"),)),
    "aws-waf-by-body": (202, _AWS, ()),
    "aws-waf-captcha": (405, _AWS_CAPTCHA, (("x-amzn-waf-action", "captcha"),)),
    "anubis": (200, _ANUBIS, ()),
    "anubis-401": (401, _ANUBIS, ()),
    "f5": (200, _F5, ()),
    "sucuri": (403, _SUCURI, ()),
    "sucuri-script": (200, _SUCURI_SCRIPT, ()),
    "ddos-guard": (403, _DDOS_GUARD, ()),
    "radware": (200, _RADWARE, ()),
    "fastly": (200, _FASTLY, ()),
    "siteground": (202, _SITEGROUND, ()),
    "imunify360": (200, _IMUNIFY, ()),
    "amazon": (200, _AMAZON, ()),
    "yandex": (200, _YANDEX, ()),
    "baidu": (200, _BAIDU, ()),
    "weibo": (200, _WEIBO, ()),
    "walmart": (200, _WALMART, ()),
}
_BY_STATUS: dict[str, tuple[int, str, Headers]] = {
    "cloudflare-1015": (429, _CF_RATE, (("Server", "cloudflare"),)),
    "akamai-428": (428, _AKAMAI_CHALLENGE, ()),
    "vercel": (429, _VERCEL, (("x-vercel-mitigated", "challenge"),)),
    "kasada": (429, _KASADA, (("x-kpsdk-ct", "0r1"),)),
    "cloudfront": (403, _CLOUDFRONT, (("Server", "CloudFront"),)),
    "reddit": (403, _REDDIT, ()),
    "wordfence": (503, _WORDFENCE, ()),
    "mod-security": (406, _MOD_SECURITY, ()),
    "qrator": (401, _QRATOR, ()),
    "linkedin": (999, "<script>location='/authwall?trk=bf'</script>", ()),
    "plain-403": (403, "<html><title>403 Forbidden</title><center>nginx</center></html>", ()),
    "pay-per-crawl": (402, "", (("crawler-price", "USD 0.01"),)),
    "teapot": (418, "", ()),
}
"""Statuses that suffice alone; where the page is a known wall, the reason is the wall's (rules V4 and V6)."""


def _wall(name: str, label: Label, status: int, body: str, headers: Headers) -> Case:
    answer = Answer(status=status, body=body, headers=headers)
    return Case(
        Class.WALLS, f"wall-{name}", label, {PATH: answer}, seen=Seen(status=status, strikes=0)
    )


def _known(status: int, body: str) -> Label:
    """A refusal by status whose page is one of the exact titles is called a wall."""
    return BOT_WALL if "403 Forbidden" in body else unverifiable(status)


WALLS = (
    *(_wall(name, BOT_WALL, *given) for name, given in _BY_PAGE.items()),
    *(_wall(name, _known(*given[:2]), *given) for name, given in _BY_STATUS.items()),
    Case(
        Class.WALLS, "wall-sorry", unverifiable(429),
        {
            PATH: redirect("https://www.wall-sorry.example/sorry/index?continue=x", 302),
            "//www.wall-sorry.example/sorry/index?continue=x": Answer(
                status=429, body=_html("https://wall.example/", '<form id="captcha-form"></form>')
            ),
        },
    ),
    Case(
        Class.WALLS, "wall-perfdrive", BOT_WALL,
        {
            PATH: redirect("https://validate.wall-perfdrive.example/?ssa=1", 302),
            "//validate.wall-perfdrive.example/?ssa=1": Answer(body=_RADWARE),
        },
    ),
    Case(
        Class.WALLS, "wall-showcaptcha", BOT_WALL,
        {
            PATH: redirect("/showcaptcha?retpath=news", 302),
            "/showcaptcha?retpath=news": Answer(body=_YANDEX),
        },
    ),
    Case(
        Class.WALLS, "wall-for-image", BOT_WALL, {PICTURE: Answer(body=_DATADOME)}, PICTURE,
        image=(640, 480),
    ),
    Case(
        Class.WALLS, "wall-for-image-403", BOT_WALL,
        {PICTURE: Answer(status=403, body=_CF_CHALLENGE)}, PICTURE, image=(640, 480),
    ),
    Case(
        Class.WALLS, "wall-permanent", BOT_WALL,
        {PATH: redirect("/blocked?url=news", 301), "/blocked?url=news": Answer(body=_WALMART)},
    ),
)  # fmt: skip

_PASSWORD = (
    '<form method="post"><label>E-mail <input name="email"></label><label>Password <input type="password" '
    'name="password"></label><button>Log in</button></form>'
)


def _detour(name: str, label: Label, location: str, *, status: int = 302, body: str = "") -> Case:
    """A link that is led to another page, of consent or log-in."""
    end = location if location.startswith("https:") else f"//gate-{name}.example{location}"
    return Case(
        Class.CONSENT_AND_LOGIN,
        f"gate-{name}",
        label,
        {
            PATH: redirect(location, status),
            "//" + end.partition("//")[2]: Answer(body=body or pages.page("Before you go on")),
        },
        seen=Seen(hops=1, strikes=0),
    )


def _gate(name: str, label: Label, body: str, *, path: str = PATH, title: str = "A story") -> Case:
    return Case(
        Class.CONSENT_AND_LOGIN, f"gate-{name}", label, {path: Answer(body=body)}, path, title=title
    )


_TO_CONSENT = {
    "guce": "https://guce.gate-guce.example/consent?brandType=nonEu&gcrumb=1",
    "collect-consent": "https://consent.gate-collect-consent.example/v2/collectConsent?sessionId=3_cc",
    "collect-path": "/v2/collectConsent?sessionId=3_cc",
    "google": "https://consent.gate-google.example/m?continue=https://x.example/&gl=DE",
    "youtube": "https://consent.youtube.gate.example/ml?continue=x",
    "tcf": "/consent/tcf/https://gate-tcf.example/news",
    "zustimmung": "/zustimmung?url=https%3A%2F%2Fgate-zustimmung.example%2Fnews",
}
_TO_LOGIN = (
    "/login", "/login?next=/news", "/log-in", "/signin", "/sign-in?return=1", "/sign_in",
    "/users/sign_in", "/accounts/login/?next=/p/1/", "/wp-login.php?redirect_to=x", "/login.aspx?ReturnUrl=x",
    "/subscribe", "/authwall?trk=gf", "/account/login.php", "/LOGIN",
)  # fmt: skip

GATES = (
    *(_detour(name, CONSENT, location) for name, location in _TO_CONSENT.items()),
    _detour("consent-301", CONSENT, "https://consent.gate-consent-301.example/c", status=301),
    _gate(
        "google-title", CONSENT,
        _html("Before you continue to Google Search", "<form action=/save>We use cookies</form>"),
    ),
    _gate("dpg", CONSENT, _html("DPG Media Privacy Gate", "<div id=pg-root></div>")),
    _gate(
        "consent-form", CONSENT,
        _html("Ihre Wahl", '<form action="https://consent.x.example/v2/collectConsent"><button>OK</form>'),
    ),
    *(_detour(f"login-{number}", LOGIN, path) for number, path in enumerate(_TO_LOGIN)),
    _detour("login-301", LOGIN, "/login?next=news", status=301),
    _detour("login-host", LOGIN, "https://login.gate-login-host.example/oauth2/authorize?client_id=1"),
    _detour("sso-host", LOGIN, "https://sso.gate-sso-host.example/idp/start?client_id=1", status=301),
    _gate("login-page", LOGIN, _html("Log in | The Forum", _PASSWORD)),
    _gate("login-german", LOGIN, _html("Anmelden - Das Forum", _PASSWORD)),
    _gate("login-french", LOGIN, _html("Connexion | Le Forum", _PASSWORD)),
    _gate("login-japanese", LOGIN, _html("ログイン | フォーラム", _PASSWORD)),
    # near-misses
    _gate("link-to-login", ALIVE, _html("Log in", _PASSWORD), path="/login", title="Log in"),
    _gate("link-to-subscribe", ALIVE, pages.page("Subscribe"), path="/subscribe", title="Subscribe"),
    Case(
        Class.CONSENT_AND_LOGIN, "gate-login-moved", GENERAL,
        {"/login": redirect("/signin")}, "/login", pages=("/signin",),
    ),
    Case(
        Class.CONSENT_AND_LOGIN, "gate-story-on-login", moved("/news/login-troubles-at-the-bank"),
        {PATH: redirect("/news/login-troubles-at-the-bank")},
        pages=("/news/login-troubles-at-the-bank",),
    ),
    Case(
        Class.CONSENT_AND_LOGIN, "gate-story-on-consent", moved("/news/consent-of-the-governed"),
        {PATH: redirect("/news/consent-of-the-governed")},
        pages=("/news/consent-of-the-governed",),
    ),
    Case(
        Class.CONSENT_AND_LOGIN, "gate-login-itself-403", unverifiable(403),
        {PATH: redirect("/login"), "/login": Answer(status=403)},
    ),
)  # fmt: skip


def _paywall(
    name: str, label: Label, head: str, *, text: str, title: str = "", status: int = 200
) -> Case:
    body = page(
        ENGLISH, title or f"The pier opens again | {ENGLISH.name}", "The pier opens again", text, head=head,
        chrome=0, after='<div class="paywall">Subscribe to go on reading.' + _PASSWORD + "</div>",
    )  # fmt: skip
    return Case(Class.PAYWALLS, f"pay-{name}", label, {PATH: Answer(status=status, body=body)})


_TEASER = "The pier was opened again on Monday."
_LOCKED = '<meta property="article:content_tier" content="locked">'
_NOT_FREE = (
    '<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle",'
    '"headline":"The pier opens again","isAccessibleForFree":%s,"hasPart":{"@type":"WebPageElement",'
    '"isAccessibleForFree":"False","cssSelector":".paywall"}}</script>'
)
PAYWALLS = (
    _paywall("not-free", ALIVE, _NOT_FREE % "false", text=_TEASER),
    _paywall("not-free-text", ALIVE, _NOT_FREE % '"False"', text=_TEASER),
    _paywall("content-tier", ALIVE, _LOCKED, text=_TEASER),
    _paywall("metered", ALIVE, _LOCKED.replace("locked", "metered"), text=_TEASER),
    _paywall("silent", ALIVE, "", text=_TEASER),
    _paywall("title", ALIVE, _LOCKED, text="", title="Subscribe to read | The Harbour Gazette"),
    _paywall("login-title", ALIVE, _LOCKED, text="", title="Log in | The Harbour Gazette"),
    _paywall(
        "sensor", ALIVE, _LOCKED + '<script src="/_Incapsula_Resource?S=1"></script>', text=""
    ),
    _paywall("402", unverifiable(402), _LOCKED, text=_TEASER, status=402),
    _paywall("401", unverifiable(401), _LOCKED, text=_TEASER, status=401),
)
CASES = (*WALLS, *GATES, *PAYWALLS)
