#!/usr/bin/env python3
"""Write the table of month names and of the order of numeric dates from CLDR.

    pip install babel && python scripts/month_names.py > crawler/extractors/metadata/month_names.py

For development only: the project itself needs no Babel. Run it again for a newer CLDR, and read the difference.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from itertools import product

from babel import Locale, UnknownLocaleError, __version__
from babel.core import get_cldr_version
from babel.localedata import locale_identifiers

LANGUAGES = (
    "en", "af", "am", "ar", "az", "be", "bg", "bn", "bs", "ca", "cs", "cy", "da", "de",
    "el", "es", "et", "eu", "fa", "fi", "fil", "fo", "fr", "ga", "gl", "gu", "he", "hi",
    "hr", "hu", "hy", "id", "is", "it", "ka", "kk", "km", "kn", "ky", "lb", "lo", "lt",
    "lv", "mk", "ml", "mn", "mr", "ms", "mt", "my", "nb", "ne", "nl", "nn", "or", "pa",
    "pl", "ps", "pt", "ro", "ru", "sd", "si", "sk", "sl", "sq", "sr", "sr_Latn", "sv", "sw",
    "ta", "te", "th", "tk", "tr", "uk", "ur", "uz", "uz_Cyrl", "zu",
)  # fmt: skip
REGIONS = ("ar_LB", "ar_IQ", "ar_DZ", "ar_MA", "de_AT", "es_CO", "fr_CA", "it_CH", "bs_Cyrl")
_UNFIT = re.compile(r"[\s\d]")


def names_of(name: str) -> list[set[str]]:
    """The names of the twelve months in a language, folded."""
    found: list[set[str]] = [set() for _ in range(12)]
    months = Locale.parse(name).months
    for form, width in product(("format", "stand-alone"), ("wide", "abbreviated")):
        for number, month in months[form][width].items():
            text = (
                unicodedata.normalize("NFKC", month)
                .casefold()
                .replace(".", "")
                .replace("\u200f", "")
            )
            text = text.removeprefix("d’")
            if len(text) > 1 and not _UNFIT.search(text):
                found[number - 1].add(text)
    return found


def order_of(name: str) -> str:
    """`d`, `m` or `y`: what comes first in a short date."""
    pattern = Locale.parse(name).date_formats["short"].pattern.lower()
    return next((char for char in pattern if char in "dmy"), "y")


def orders() -> tuple[list[str], list[str]]:
    """The locales that put the day first and those that put the month first; a region only where it differs, or is English."""
    day, month = set[str](), set[str]()
    for name in locale_identifiers():
        parts = name.split("_")
        territory = next((part for part in parts[1:] if len(part) in (2, 3) and part.isupper()), "")
        try:
            order = order_of(name)
        except UnknownLocaleError:
            continue
        if order == "y" or (territory and parts[0] != "en" and order == order_of(parts[0])):
            continue
        if parts[0] == "en" and not territory:
            continue
        (day if order == "d" else month).add(f"{parts[0]}-{territory}" if territory else parts[0])
    return sorted(day), sorted(month - day)


def wrapped(names: list[str]) -> str:
    """The names as lines of a set."""
    lines = [""]
    for name in names:
        if len(lines[-1]) > 100:
            lines.append("")
        lines[-1] += f'"{name}", '
    return "\n".join(f"    {line.rstrip()}" for line in lines)


def main() -> None:
    """Print the module."""
    out = sys.stdout.write
    out(
        '"""Names of months and the order of numeric dates, made by `scripts/month_names.py`; not to be edited.\n\n'
    )
    out(
        f"Source: Unicode CLDR, version {get_cldr_version()}, as in Babel {__version__} (Unicode License v3).\n"
    )
    out('"""\n\nfrom __future__ import annotations\n\n')
    out("MONTHS = {\n")
    for name in (*LANGUAGES, *REGIONS):
        months = names_of(name)
        if all(months) or name == "en":
            text = "|".join(" ".join(sorted(one)) for one in months)
            out(f'    "{name.replace("_", "-")}": "{text}",\n')
    out(
        '}  # fmt: skip\n"""By language: the twelve months, folded and without dots; wide and short, as in a date and alone."""\n'
    )
    day, month = orders()
    out(f"DAY_FIRST = frozenset({{\n{wrapped(day)}\n}})  # fmt: skip\n")
    out(
        '"""Languages, and regions of one, that put the day before the month. English alone says neither."""\n'
    )
    out(f"MONTH_FIRST = frozenset({{\n{wrapped(month)}\n}})  # fmt: skip\n")
    out('"""Those that put the month first."""\n')


if __name__ == "__main__":
    main()
