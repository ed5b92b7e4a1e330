"""Captchas and waiting rooms (rule V4): pages that ask who reads them or let readers in by turns, and what looks so."""

from __future__ import annotations

from tests.labelled_web.case import ALIVE, BOT_WALL, PATH, PICTURE, SOFT_404, Case, Class, Label
from tests.web.rules import Answer

_HCAPTCHA = '<script src="https://js.hcaptcha.com/1/api.js" async></script>'
_TURNSTILE = '<script src="https://challenges.cloudflare.com/turnstile/v0/api.js" async></script>'
_RECAPTCHA = '<script src="https://www.google.com/recaptcha/api.js" async></script>'
_RECAPTCHA_3 = '<script src="https://www.google.com/recaptcha/api.js?render=K"></script>'
_FOLDER = "/news/2020/*"


def _html(title: str, body: str, head: str = "") -> str:
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body>{body}</body></html>"
    )


def _box(kind: str, script: str, title: str = "", heading: str = "") -> str:
    level = f"<h1>{heading}</h1>" if heading else ""
    return _html(title, f'{level}<form><div class="{kind}" data-sitekey="k"></div></form>{script}')


def _refresh(content: str) -> str:
    return f'<meta http-equiv="refresh" content="{content}">'


_CAPTCHAS: dict[str, str] = {
    "hcaptcha": _box("h-captcha", _HCAPTCHA, "captcha-hcaptcha.example"),
    "hcaptcha-words": _box("h-captcha", _HCAPTCHA, "Verification", "Are you human?"),
    "turnstile": _box("cf-turnstile", _TURNSTILE, "One more step", "One more step"),
    "turnstile-bare": _box("cf-turnstile", _TURNSTILE),
    "recaptcha": _box("g-recaptcha", _RECAPTCHA),
    "recaptcha-3": _html(
        "The Gazette",
        f"<p>Verifying that you are human…</p>{_RECAPTCHA_3}"
        '<script>grecaptcha.ready(function(){grecaptcha.execute("K",{action:"visit"})})</script>',
    ),
    "recaptcha-enterprise": _html(
        "",
        '<script src="https://www.google.com/recaptcha/enterprise.js?render=K"></script>'
        '<script>grecaptcha.enterprise.execute("K")</script>',
    ),
    "recaptcha-china": _box(
        "g-recaptcha", '<script src="https://www.recaptcha.net/recaptcha/api.js"></script>', "人机验证", "请完成验证"
    ),
    "friendly": _box(
        "frc-captcha",
        '<script type="module" src="https://cdn.jsdelivr.net/npm/friendly-challenge@0.9.12/widget.module.min.js"></script>',
        "Sicherheitsabfrage", "Sicherheitsabfrage",
    ),
    "geetest": _html(
        "", '<div id=box></div><script src="https://static.geetest.com/v4/gt4.js"></script>'
        '<script>initGeetest4({captchaId:"x"},function(c){c.appendTo("#box")})</script>',
    ),
    "arkose": _html("", '<script src="https://client-api.arkoselabs.com/v2/KEY/api.js" data-callback=on></script>'),
    "arkose-frame": _html("Verify", '<iframe src="https://iframe.arkoselabs.com/KEY/index.html?mkt=en"></iframe>'),
    "mtcaptcha": _box(
        "mtcaptcha", '<script src="https://service.mtcaptcha.com/mtcv1/client/mtcaptcha.min.js"></script>', "Checking"
    ),
    "altcha": _html(
        "", '<altcha-widget challengeurl="/challenge"></altcha-widget><script type=module src=/altcha.min.js></script>'
    ),
    "yandex": _box(
        "smart-captcha", '<script src="https://smartcaptcha.yandexcloud.net/captcha.js" defer></script>', "Проверка"
    ),
    "tencent": _html(
        "", '<script src="https://turing.captcha.qcloud.com/TCaptcha.js"></script>'
        '<script>new TencentCaptcha("1",back).show()</script>',
    ),
    "aliyun": _html("", "<div id=box></div><script>initAliyunCaptcha({SceneId:'x'})</script>"
        '<script src="https://o.alicdn.com/captcha-frontend/aliyunCaptcha/AliyunCaptcha.js"></script>'),
}  # fmt: skip

_QUEUES: dict[str, str] = {
    "german": _html(
        "Warteraum", "<h1>Bitte warten</h1><p>Sie sind in der Warteschlange, Platz 531.</p>", _refresh("20")
    ),
    "script": _html(
        "Salle d'attente", "<p>Merci de patienter.</p><script>setTimeout(function(){window.location.reload();},15000)"
        "</script>",
    ),
    "script-text": _html("", "<p>…</p><script>setTimeout('location.reload()',5000)</script>"),
    "japanese": _html("混雑しています", "<h1>順番にご案内しています</h1>", _refresh("30;")),
    "unknown-language": _html("", "<p>გთხოვთ დაელოდოთ</p>", _refresh("8")),
    "cloudflare": _html("Waiting Room powered by Cloudflare", "<h1>You are now in line.</h1><p>Thank you.</p>"),
    "cookie-test": (
        "<html><head><script>function set(){document.cookie='beget=begetok;path=/';}set();location.reload();</script>"
        "</head><body></body></html>"
    ),
}  # fmt: skip

_FIELDS = '<input name="name"><input type="email" name="mail"><textarea name="text"></textarea>'
_HOW_TO = "Put the script at the end of the page and the box into the form. " * 6
_ALIVE: dict[str, str] = {
    "contact": _html("Contact", f'<h1>Contact</h1><form>{_FIELDS}<div class="h-captcha"></div></form>{_HCAPTCHA}'),
    "contact-no-h1": _html("Contact", f'<form>{_FIELDS}<div class="g-recaptcha"></div></form>{_RECAPTCHA}'),
    "comments": _html(
        "The pier opens again",
        f'<h1>The pier opens again</h1><p>It is open.</p><form><textarea name=c></textarea><div class="cf-turnstile">'
        f"</div></form>{_TURNSTILE}",
    ),
    "newsletter": _html(
        "Newsletter",
        f'<form><input type=email name=e><select name=l></select><div class="cf-turnstile"></div></form>{_TURNSTILE}',
    ),
    "app": _html("The pier opens again", f"<div id=root></div><script src=/m.js></script>{_RECAPTCHA_3}"),
    "photo": _html("Pier at dusk", f"<h1>Pier at dusk</h1><img src=/p.jpg alt=Pier>{_RECAPTCHA_3}"),
    "photo-no-h1": _html(
        "Pier at dusk", f"<img src=/p.jpg alt=Pier><p>A photo</p><script src=/wp.js></script>{_RECAPTCHA_3}"
    ),
    "how-to": _html(
        "How to add reCAPTCHA to a form",
        f'<h1>How to add reCAPTCHA to a form</h1><p>{_HOW_TO}</p><div class="g-recaptcha"></div>{_RECAPTCHA}',
    ),
    "ticker": _html("Live: the regatta", "<h1>Live: the regatta</h1><p>14:05 Boat 3 leads</p>", _refresh("60")),
    "weather": _html("Weather station", "<h2>Now</h2><p>12 °C</p>", _refresh("60")),
    "home-300": _html("The Gazette", "<h1>Today</h1>" + "<p>News of the day, and more.</p>" * 30, _refresh("300")),
    "noscript": _html("Pier", "<p>It is open.</p>", f"<noscript>{_refresh('0')}</noscript>"),
    "noscript-in-body": _html("Pier", f"<p>It is open.</p><noscript>{_refresh('0;url=/plain')}</noscript>"),
    "chunks": _html(
        "Harbour App",
        "<div id=root></div><script>addEventListener('error',()=>setTimeout(()=>location.reload(),1000))</script>",
    ),
    "webcam": _html("Harbour webcam", "<img src=/cam.jpg alt=Harbour>", _refresh("60")),
    "departures": _html("Departures", "<table><tr><td>14:05<td>Whitby<td>2</table>", _refresh("30")),
    "vote": _html(
        "Vote", "<h1>Vote for the pier of the year</h1><form><input type=radio name=v>"
        f'<div class="cf-turnstile"></div></form>{_TURNSTILE}',
    ),
    "queue-client": _html(
        "Tickets", '<h1>Tickets</h1><p>From 9.</p><script src="//static.queue-it.net/script/queueclient.min.js"></script>'
    ),
    "button": _html("Pier", "<h1>Pier</h1><p>Open.</p><button onclick='location.reload()'>Again</button>"),
}  # fmt: skip


def _of(kind: Class, prefix: str, label: Label, bodies: dict[str, str]) -> tuple[Case, ...]:
    return tuple(
        Case(kind, f"{prefix}-{name}", label, {PATH: Answer(body=body)})
        for name, body in bodies.items()
    )


def _image(name: str, answer: Answer) -> Case:
    return Case(
        Class.WALLS, f"captcha-for-image-{name}", BOT_WALL, {PICTURE: answer}, PICTURE, image=(640, 480)
    )  # fmt: skip


CASES = (
    *_of(Class.WALLS, "captcha", BOT_WALL, _CAPTCHAS),
    *_of(Class.WALLS, "queue", BOT_WALL, _QUEUES),
    *_of(Class.NEAR_MISSES, "no-captcha", ALIVE, _ALIVE),
    *(
        _image(name, Answer(body=_CAPTCHAS[name]))
        for name in ("hcaptcha", "turnstile", "recaptcha", "geetest", "altcha")
    ),
    _image("queue", Answer(body=_QUEUES["german"])),
    _image("404", Answer(status=404, body=_CAPTCHAS["turnstile"])),
    Case(
        Class.WALLS, "captcha-404", BOT_WALL,
        {PATH: Answer(status=404, body=_CAPTCHAS["hcaptcha-words"])},
    ),
    Case(
        Class.WALLS, "captcha-403", BOT_WALL, {PATH: Answer(status=403, body=_CAPTCHAS["recaptcha"])}
    ),
    Case(
        Class.WALLS, "captcha-for-every-address", BOT_WALL,
        {path: Answer(body=_CAPTCHAS["turnstile"]) for path in (PATH, _FOLDER)},
    ),
    Case(
        Class.WALLS, "queue-for-every-address", BOT_WALL,
        {path: Answer(body=_QUEUES["german"]) for path in (PATH, _FOLDER)},
    ),
    Case(
        Class.SOFT_404, "soft-with-captcha-script", SOFT_404,
        {PATH: Answer(body=_html("Page not found", f"<h1>Page not found</h1>{_RECAPTCHA_3}"))},
    ),
)  # fmt: skip
