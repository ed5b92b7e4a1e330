"""The plain words for every code that a report shows: what it means, and what an editor can do.

The HTML report and docs/reasons.md take the words from here alone. A code that is not here still gets a
sentence, which says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from crawler.reporting.words.article_words import (
    AMP,
    DRIFT,
    FRESHNESS,
    IDENTITY,
    IMAGES,
    NOTICES,
    OFFERS,
    UPDATES,
    WALLED,
)


@dataclass(frozen=True, slots=True)
class Wording:
    """One sentence of meaning and one of advice, plain text, each ending with a full stop."""

    meaning: str
    advice: str


_NOTHING = "Nothing to do."
_LATER = "Nothing to do: it is tried again in a later run."
_LOOK = "Open the link in a browser; if it works for you, nothing is wrong."
_TELL_SITE = "Open the link in a browser; tell the site, or choose another link if it stays so."
_SEE_WHO = (
    "Open the link in a browser and see whether it is the page that is meant; else replace it."
)
_REPLACE = "Replace the link with one that works, or take it out."
_CORRECT = "Correct the address in the file."
_REPLACE_IMAGE = "Choose another image, or take it out."
_YAML = "Correct the file at the line named; until then its links are not checked."
_LEFT_ALONE = "Look at the value in the file; everything else in the file was checked."

VERDICTS = {
    "alive": ("The link works.", _NOTHING),
    "moved": (
        "The page has moved for good; the old address still works.",
        "Take the new address over when it suits you.",
    ),
    "broken": (
        "All evidence says gone; later checks must agree.",
        "Look at it now, or wait for the confirmation.",
    ),
    "dead": ("The page is gone: checks on several days agree.", _REPLACE),
    "unverifiable": (
        "It could not be verified. That is not the same as broken.",
        _LOOK,
    ),
    "invalid": ("No browser could open this address as it is written.", _CORRECT),
    "excluded": (
        "It was left out by a rule, which the reason names.",
        "Nothing to do, unless the reason says so.",
    ),
    "unchecked": ("The link has not been visited yet.", "Run the check again."),
}

ANSWERS = {
    "http-200": ("The server answered with the page.", _NOTHING),
    "http-304": ("The server says that the page is unchanged since the last visit.", _NOTHING),
    "http-400": ("The server did not understand the request.", _LOOK),
    "http-401": ("The page asks for a login.", _LOOK),
    "http-402": ("The page asks for a payment.", _LOOK),
    "http-403": ("The server refuses automatic visitors, or everyone.", _LOOK),
    "http-404": ("The server says that this page does not exist.", _REPLACE),
    "http-405": ("The server refuses this kind of request.", _LOOK),
    "http-406": ("The server has no version of the page for automatic visitors.", _LOOK),
    "http-407": (
        "A proxy on the way asks for a login.",
        "Check the proxy settings of the machine that runs the check.",
    ),
    "http-408": ("The server gave up waiting for the request.", _LATER),
    "http-410": ("The server says that this page has been removed for good.", _REPLACE),
    "http-418": ("The server answered with a joke in place of the page.", _LOOK),
    "http-429": ("The server had too many visits in a short time and asked to wait.", _LATER),
    "http-451": ("The page is withheld for legal reasons, perhaps only in some countries.", _LOOK),
    "http-500": ("The server had an error of its own.", _LATER),
    "http-502": ("The server could not reach the system behind it.", _LATER),
    "http-503": ("The server is overloaded or under maintenance.", _LATER),
    "http-504": ("The server waited too long for the system behind it.", _LATER),
    "server-errors": (
        "The server has given nothing but errors of its own for two weeks or more.",
        "Open the link in a browser; if it fails for you too, replace it or take it out.",
    ),
    "http-999": ("The server turns automatic visitors away.", _LOOK),
    "accepted-status": (
        "The server answers with a status that the configuration accepts for this site.",
        "Nothing to do; the status stands in .linkhealth.yml, under hosts.",
    ),
    "credential-withheld": (
        "The site wants a credential that this address must not get, so its answer says nothing of the page.",
        "Write https in place of http, and the address that the page has in the end.",
    ),
    "redirect-temporary": ("The address leads on to another for the time being.", _NOTHING),
    "redirect-trivial": (
        "The address leads to the same place written a little differently.",
        _NOTHING,
    ),
    "redirect-by-language": (
        "The address leads on to a page in the language, or for the country, of the one who asks.",
        _NOTHING,
    ),
    "redirect-general": (
        "The address leads on for good to a general page: the site's home page or its log-in.",
        "Look whether that page is what the link was meant for.",
    ),
    "https-only": (
        "The address answers over https only; over http it cannot be connected to.",
        "Write https in place of http.",
    ),
    "moved-permanently": VERDICTS["moved"],
    "bot-wall": ("The site shows automatic visitors a barrier in place of the page.", _LOOK),
    "consent-wall": ("The site asks for consent before it shows the page.", _LOOK),
    "login-wall": ("The site asks for a login before it shows the page.", _LOOK),
    "not-public": (
        "The site says that it does not show this to everyone, or not here: it may be private, or gone.",
        "Open the link in a browser; replace it if readers see nothing there.",
    ),
    "removed": (
        "The site itself says that this was removed, or is private now.",
        _REPLACE,
    ),
    "soft-404": (
        "All is well, says the server, but it shows “page not found”, or what it shows for any address.",
        _REPLACE,
    ),
    "empty-shell": (
        "The site sends the same bare page for every address, for a browser to fill in.",
        _LOOK,
    ),
    "site-barrier": (
        "The site gives one answer to every address, or keeps readers out before it shows the page.",
        _LOOK,
    ),
    "soft-404-home": (
        "The link to one page now ends at the site's home page: the page itself is gone.",
        _REPLACE,
    ),
    "parked": ("The domain is for sale or shows only advertisements.", _REPLACE),
    "hijacked": (
        "Another owner's page answers here: nothing is left of the page that was known.",
        "Open the link in a browser: the domain may have another owner. If so, replace the link or take it out.",
    ),
    "html-for-image": ("Where an image should be, the server sends a page.", _REPLACE_IMAGE),
    "not-visited": VERDICTS["unchecked"],
    "host-asks-to-wait": (
        "Not visited yet: the site asks visitors to wait (429 or 503), and its other links waited with it.",
        "Nothing at first; if it stays so, give the site a longer delay in .linkhealth.yml, under hosts.",
    ),
}

EXCLUSIONS = {
    "editor-not-broken": (
        "An editor found that the link works; that holds until the evidence changes.",
        _NOTHING,
    ),
    "editor-ignored": (
        "An editor left the link out until a date; then it is visited and judged again.",
        _NOTHING,
    ),
    "host-skipped": (
        "The configuration of the collection leaves out all links of this site.",
        "Nothing to do; its rule stands in .linkhealth.yml, under hosts.",
    ),
    "url-excluded": (
        "The configuration of the collection leaves this address out.",
        "Nothing to do; its rule stands in .linkhealth.yml, under exclude_urls.",
    ),
}

HELD = {
    "mass-change": (
        "Many articles would be marked broken or dead at once; their files are left as they are.",
        "Look whether these links are gone, then accept them with `linkhealth accept`.",
    ),
}

FAILURES = {
    "proxy-failed": (
        "The proxy that the check goes through did not lead to the site: it refused, or could not.",
        "See whether the proxy lets the check through; the link itself may well work.",
    ),
    "dns-nxdomain": ("The domain does not exist.", _REPLACE),
    "dns-nodata": ("The domain exists, but has no web address.", _REPLACE),
    "dns-servfail": ("The domain's name servers had an error.", _LATER),
    "dns-timeout": ("The domain's name servers did not answer in time.", _LATER),
    "dns-unavailable": (
        "No name server could be reached.",
        "Check the network of the machine that runs the check.",
    ),
    "dns-bad-name": ("The domain name is not a possible one.", _CORRECT),
    "address-blocked": (
        "The address leads into a private network or to a port of another protocol: neither is visited.",
        "Check whether such an address belongs in this file.",
    ),
    "connect-refused": ("The server refuses every connection.", _LATER),
    "connect-timeout": ("The server did not accept a connection in time.", _LATER),
    "connect-no-route": ("No way through the network led to the server.", _LATER),
    "connect-failed": ("The connection to the server failed.", _LATER),
    "connection-reset": ("The server closed the connection before it answered.", _LATER),
    "tls-certificate-expired": ("The server's certificate has expired.", _LOOK),
    "tls-certificate-untrusted": (
        "The server's certificate was signed by nobody known, or its chain is incomplete.",
        _LOOK,
    ),
    "tls-wrong-host": ("The server's certificate was made for another site.", _LOOK),
    "tls-failed": ("No secure connection to the server came about.", _LOOK),
    "response-timeout": ("The server accepted the connection, but did not answer in time.", _LATER),
    "response-malformed": ("The server's answer does not follow the rules of HTTP.", _LOOK),
    "image-changed": (
        "The last visit got another picture than the one before.",
        "Look whether the new picture suits the articles that show it.",
    ),
    "body-incomplete": ("The answer broke off before its end.", _NOTHING),
    "body-undecodable": ("The answer's compression is damaged.", _LOOK),
    "body-too-large": ("The answer is larger than the check reads.", _LOOK),
    "content-error": ("The page could not be read by the check.", _LOOK),
    "redirect-loop": ("The address leads round in a circle.", _LOOK),
    "redirect-too-many": ("The address leads on and on, through too many others.", _LOOK),
    "redirect-bad-location": ("The address leads on to one that cannot exist.", _LOOK),
    "robots-denied": (
        "The site's robots.txt asks automatic visitors not to open this page.",
        _LOOK,
    ),
    "robots-unreachable": ("The site's robots.txt, which is asked first, gave no answer.", _LATER),
    "own-machine": (
        "This machine had no descriptor, memory or thread left for the connection.",
        "Raise the limit (ulimit -n), or lower `in_flight`; the link is tried again.",
    ),
    "cancelled": ("The run was stopped before the visit ended.", _LATER),
    "image-file-missing": (
        "The image should be a file of the collection, and is not there.",
        "Put the file there, correct the address, or choose another image.",
    ),
    "image-folder-missing": (
        "The image is no file of the collection, which holds no images at such a place.",
        "Set site_url in .linkhealth.yml, so that the site is asked; or check the whole site's folder.",
    ),
    "image-file-closed": (
        "The file leads out of the collection, or may not be read.",
        "Check the file and its permissions; nothing outside of the collection is read.",
    ),
    "file-missing": (
        "The text links to a file or a page of the collection itself, and there is none.",
        "Correct the address, or put the file there.",
    ),
    "unexpected": (
        "Something happened that this program does not know.",
        "Please report it as a bug, with the address.",
    ),
}

INCONCLUSIVE = {
    "own-network-down": ("The network of the machine that runs the check was down.", _LATER),
    "portal": (
        "A log-in page of the local network answered in place of the web.",
        "Log in to that network, then run the check again.",
    ),
    "blocked-by-proxy": (
        "A proxy or filter on the way answered in place of the site.",
        "Check the proxy settings of the machine that runs the check.",
    ),
    "breaker-tripped": (
        "Too many sites failed at once for the fault to be theirs.",
        _LATER,
    ),
    "clock-jumped": (
        "The clock of the machine that runs the check jumped.",
        "Set the clock right; the link is tried again in a later run.",
    ),
    "resolver-lies": (
        "The name server in use gives this site the address that it gives to names which do not exist.",
        "Use another name server, then run the check again.",
    ),
    "unconfirmed": (
        "It failed once, and did not fail in the same way when it was asked again.",
        _LATER,
    ),
    "host-leads-home": (
        "The site leads all of its pages to its home page at present, as in maintenance.",
        "Nothing for now: if it lasts for a week, the links count as broken.",
    ),
    "host-blocks-us": ("The site turned most visits of this run away.", _LOOK),
    "passing-fault": ("It failed, but its site answered other visits of the same run.", _LATER),
}

INVALID = {
    "empty": ("The address is empty.", "Fill it in, or take the field out."),
    "malformed": ("The address is not a possible one.", _CORRECT),
    "unknown-scheme": ("The address is not one of the web (http or https).", _CORRECT),
    "relative-url": (
        "The address is relative, and the address of its site is not known.",
        "Set site_url in .linkhealth.yml, or write the whole address.",
    ),
    "local-file": (
        "The address leads to a file of the collection, which is there.",
        "Nothing to do. An image is measured from its file.",
    ),
    "white-space": ("The address has white space inside.", _CORRECT),
    "too-long": ("The address is longer than any server accepts.", _CORRECT),
    "no-host": ("The address names no site.", _CORRECT),
    "bad-host": ("The address names a site that cannot exist.", _CORRECT),
    "bad-port": ("The address names a port that cannot exist.", _CORRECT),
    "credentials": ("The address holds a user name or password.", _CORRECT),
    "no-scheme": (
        "The address does not begin with https://: readers are led to a page of your own site.",
        "Write the whole address; the suggestion has it.",
    ),
    "mark-up": (
        "Brackets, quotes or a link of HTML or Markdown stand around the address.",
        "Leave only the address itself.",
    ),
    "placeholder": (
        "A word such as “TODO” stands where an address should.",
        "Fill the address in, or take the field out.",
    ),
    "several-urls": ("Two addresses stand in the place of one.", "Leave the right one only."),
    "not-an-address": (
        "A text stands where an address should.",
        "Write the address alone, or take the field out.",
    ),
}

WARNINGS = {
    "url-html-entity": ("The address holds an HTML entity such as “&amp;”.", _CORRECT),
    "url-white-space": ("The address has white space around or inside it.", _CORRECT),
    "url-invisible-characters": (
        "The address has characters that nobody sees, such as a zero-width space; at its ends they are left out.",
        "Type the end of the address in the file anew.",
    ),
    "certificate-expired": (
        "The site's certificate has expired: browsers warn before they show the page.",
        _TELL_SITE,
    ),
    "certificate-not-yet-valid": (
        "The site's certificate is not valid yet: browsers warn before they show the page.",
        "Set the clock of the machine that runs the check right, if it is wrong; else tell the site.",
    ),
    "certificate-self-signed": (
        "The site vouches for itself: browsers warn, and who answered may not be the site.",
        _SEE_WHO,
    ),
    "certificate-untrusted": (
        "Nobody known vouches for the site: browsers warn, and who answered may not be it.",
        _SEE_WHO,
    ),
    "certificate-wrong-host": (
        "The certificate is another site's: browsers warn, and who answered may not be this one.",
        "See whether the address with or without “www.” does better, and correct it; else tell the site.",
    ),
    "certificate-chain-incomplete": (
        "The site leaves out one of its certificates: most browsers fetch it, other programs warn.",
        _TELL_SITE,
    ),
    "redirects-to-home": (
        "The address only leads to the home page of a site.",
        "Look for the page itself, and replace the link or take it out.",
    ),
    "redirects-to-section": (
        "The address only leads to a section of a site, which does not bear the article's title.",
        "Look for the page itself, and replace the link or take it out.",
    ),
    "tls-too-old": (
        "The site's encryption is out of date: today's browsers refuse it.",
        "Choose another link, since few readers can open this one, or tell the site.",
    ),
}

PROBLEMS = {
    "alias": ("The front matter uses YAML aliases, which are not read.", _YAML),
    "duplicate-key": (
        "The front matter has one key twice. The last value counts, and its links are checked.",
        "Take one of the two out; until then nothing is written into the file.",
    ),
    "file-too-large": ("The file is larger than an article may be.", _YAML),
    "ignore-expired": (
        "Addresses were left out by the configuration until a day that has come: they are judged again.",
        "Take the entry under exclude_urls out of .linkhealth.yml, or give it another day.",
    ),
    "invalid-block": ("The file's linkHealth block was changed by hand.", _LEFT_ALONE),
    "invalid-date": ("A date in the file does not exist.", _LEFT_ALONE),
    "invalid-json": ("The front matter is not valid JSON.", _YAML),
    "invalid-toml": ("The front matter is not valid TOML.", _YAML),
    "invalid-yaml": ("The front matter is not valid YAML.", _YAML),
    "leads-outside": ("The file is a link that leads out of the collection.", _NOTHING),
    "lone-carriage-return": ("A line ends with a lone carriage return.", _YAML),
    "merge-key": ("The front matter uses YAML merge keys, which are not read.", _YAML),
    "never-closed": (
        "The front matter begins with a line of --- and never ends.",
        "Put a line of --- below its last key; until then its links are not checked, and nothing is written.",
    ),
    "no-front-matter": ("The file has no front matter, so it is not an article.", _NOTHING),
    "not-a-file": ("What looks like an article is no ordinary file.", _NOTHING),
    "not-a-mapping": ("The front matter holds no fields.", _YAML),
    "not-utf-8": ("The file is not UTF-8 text.", "Save the file as UTF-8."),
    "too-deep": ("The front matter is nested too deeply.", _YAML),
    "unreadable": ("The file could not be read.", "Check the file and its permissions."),
    "unexpected-value": ("A value is not of the kind that its field needs.", _LEFT_ALONE),
    "write-refused": (
        "The result could not be written into the file without risk, so it was not.",
        "See the message; the reports hold the result all the same.",
    ),
}

HOSTS = {
    "certificate-ends": (
        "The certificate of the site is about to end and has not been replaced.",
        "Nothing in the articles; where the site is yours, or you know whose it is, tell them: from then on browsers warn of it.",
    ),
}

GROUPS: Mapping[str, Mapping[str, Wording]] = MappingProxyType(
    {
        title: MappingProxyType({code: Wording(*words) for code, words in group.items()})
        for title, group in {
            "Verdicts": VERDICTS,
            "Answers": ANSWERS,
            "Visits without an answer": FAILURES,
            "Visits that count for nothing": INCONCLUSIVE,
            "Links that are left out": EXCLUSIONS,
            "Results that are held back": HELD,
            "Addresses that are not visited": INVALID,
            "Images": IMAGES,
            "Freshness": FRESHNESS,
            "What became of a page": UPDATES,
            "Pages behind a wall": WALLED,
            "Fields that drifted": DRIFT,
            "Notices of the page": NOTICES,
            "Fields that the page offers": OFFERS,
            "AMP pages": AMP,
            "Which page an article is of": IDENTITY,
            "Hosts": HOSTS,
            "Warnings": WARNINGS,
            "Problems of files": PROBLEMS,
        }.items()
    }
)
"""Every code with its words, by heading, in the order of docs/reasons.md. No code stands twice."""

_ALL: Mapping[str, Wording] = MappingProxyType(
    {code: words for group in GROUPS.values() for code, words in group.items()}
)
_STATUS = re.compile(r"http-([1-9]\d\d)")
_FAMILIES = {
    "1": Wording("The server announced an answer and never gave it.", _LATER),
    "2": Wording("The server answered.", _NOTHING),
    "3": Wording("The server pointed elsewhere without saying where.", _LOOK),
    "4": Wording("The server refused the request.", _LOOK),
    "5": Wording("The server had an error of its own.", _LATER),
}
_UNKNOWN_STATUS = Wording("The server gave an answer that no standard knows.", _LOOK)
_UNKNOWN = Wording("No plain words for this code yet.", "See docs/reasons.md, or ask for them.")


def explain(reason: str) -> Wording:
    """The words for a reason, warning, verdict, freshness or problem code; never an error."""
    known = _ALL.get(reason)
    if known is not None:
        return known
    status = _STATUS.fullmatch(reason)
    if status is None:
        return _UNKNOWN
    return _FAMILIES.get(status[1][0], _UNKNOWN_STATUS)


def is_known(reason: str) -> bool:
    """Whether `explain` has words for the code."""
    return explain(reason) is not _UNKNOWN
