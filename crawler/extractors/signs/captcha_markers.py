"""The captchas of today's vendors, by the addresses, calls and elements of their documentation (rule V4)."""

from __future__ import annotations

import re
from collections.abc import Mapping

_VENDORS: Mapping[str, str] = {
    "hCaptcha": r"//(?:[\w-]{1,63}\.)*hcaptcha\.com/|\bhcaptcha\.(?:render|execute)\(|^widget=h-captcha$",
    "Turnstile": r"//challenges\.cloudflare\.com/turnstile/|\bturnstile\.(?:render|execute)\(|^widget=cf-turnstile$",
    "reCAPTCHA": (
        r"//www\.google\.com/recaptcha/|//(?:www\.)?recaptcha\.net/recaptcha/|//www\.gstatic\.com/recaptcha/"
        r"|\bgrecaptcha\.(?:enterprise\.)?(?:render|execute)\(|^widget=g-recaptcha$"
    ),
    "Friendly Captcha": r"friendly-challenge(?:@|/|\.)|//(?:[\w-]{1,63}\.)*friendlycaptcha\.(?:com|eu)/|//(?:[\w-]{1,63}\.)*frcapi\.com/|^widget=frc-captcha$",
    "GeeTest": r"//(?:[\w-]{1,63}\.)*geetest\.com/|//(?:[\w-]{1,63}\.)*geevisit\.com/|\binitGeetest4?\(|^widget=geetest_(?:holder|captcha)$",
    "Arkose": r"//(?:[\w-]{1,63}\.)*arkoselabs\.com/|//(?:[\w-]{1,63}\.)*funcaptcha\.com/|^widget=arkose$",
    "MTCaptcha": r"//service2?\.mtcaptcha\.com/|^widget=mtcaptcha$",
    "ALTCHA": r"^widget=altcha$|/altcha(?:@[\w.]+)?(?:/dist)?(?:/altcha)?(?:\.min)?\.js\b",
    "Yandex SmartCaptcha": (
        r"//smartcaptcha\.(?:yandexcloud\.net|cloud\.yandex\.(?:ru|com))/|//captcha-api\.yandex\.ru/|\bsmartCaptcha\.render\("
        r"|^widget=smart-captcha$"
    ),
    "Tencent captcha": r"//(?:[\w-]{1,63}\.)*captcha\.(?:qcloud|qq|gtimg)\.com/|//captcha\.gtimg\.com/|\bnew TencentCaptcha\(|^widget=tencent-captcha$",
    "Aliyun captcha": r"//o\.alicdn\.com/captcha-frontend/|\binitAliyunCaptcha\(|//g\.alicdn\.com/AWSC/AWSC/awsc\.js",
    "NetEase captcha": r"//cstaticdun\.126\.net/|\binitNECaptcha(?:WithFallback)?\(",
    "CaptchaFox": r"//cdn\.captchafox\.com/|^widget=captchafox$",
    "Prosopo": r"//js\.prosopo\.io/|^widget=procaptcha$",
    "mCaptcha": r"^widget=mcaptcha__widget-container$",
}  # fmt: skip
_ANY = {name: re.compile(marker, re.MULTILINE) for name, marker in _VENDORS.items()}
_SHOWN = re.compile(
    r"^widget=|\.(?:render|execute)\(|\binitGeetest4?\(|\bnew TencentCaptcha\(|\binitAliyunCaptcha\(|\binitNECaptcha"
    r"|^src=[^\n]*(?:/anchor|/bframe|captcha/v1/|\.html\?)",
    re.MULTILINE,
)


def captcha_in(machinery: str) -> str | None:
    """The vendor of a captcha that a page loads or shows, None where it has none."""
    return next((name for name, marker in _ANY.items() if marker.search(machinery)), None)


def shows_captcha(machinery: str) -> bool:
    """Whether a captcha stands in the page; a script alone also watches pages that show none (reCAPTCHA v3)."""
    return bool(_SHOWN.search(machinery))
