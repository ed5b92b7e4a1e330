"""Publishers that changed their names, sites of many publishers, and hosts that show other sites' pages (rules D3, D5)."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.rules.article.publisher_names import GENERAL, are_alike
from crawler.rules.places import domains_of, is_of_domain


@dataclass(frozen=True, slots=True)
class Renamed:
    """One publisher under the names and at the sites that it has had.

    A site is a whole registrable domain, or its first label where no other owner is likely to have that.
    """

    names: tuple[str, ...]
    sites: tuple[str, ...]


RENAMED = (
    # Renamed in July 2023; the domain followed in May 2024.
    Renamed(("Twitter", "X"), ("twitter", "x.com")),
    # Renamed in April 2017.
    Renamed(("The Huffington Post", "HuffPost"), ("huffingtonpost", "huffpost")),
    # The company was renamed in October 2021.
    Renamed(("Facebook", "Meta", "Meta Platforms"), ("facebook", "fb.com", "meta.com")),
    # msnbc.com became NBC News in 2012; the channel became MS NOW in November 2025.
    Renamed(("MSNBC", "NBC News", "MS NOW"), ("msnbc", "nbcnews", "ms.now")),
    # The New York Times Company gave its paper for the world its own name in 2013.
    Renamed(("International Herald Tribune", "The New York Times"), ("iht.com", "nytimes")),
    # Renamed in April 2014.
    Renamed(("Windows Azure", "Microsoft Azure"), ("windowsazure", "azure.com", "microsoft")),
    # Visual Studio Team Services was renamed in September 2018.
    Renamed(("Visual Studio Team Services", "Visual Studio Online", "Azure DevOps"), ()),
    # The people of AllThingsD began Recode in 2014; it became a part of Vox in 2019.
    Renamed(("AllThingsD", "Recode", "Vox"), ("allthingsd", "recode", "vox.com")),
    # Guardian Unlimited until 2008; the domain was changed in July 2013.
    Renamed(("Guardian Unlimited", "The Guardian"), ("guardian.co.uk", "theguardian")),
    # The Times was at timesonline.co.uk until 2010.
    Renamed(("Times Online", "The Times"), ("timesonline", "thetimes")),
    # Marketwire became Marketwired in 2013, which GlobeNewswire took over in 2018.
    Renamed(("Marketwire", "Marketwired", "GlobeNewswire"), ("marketwire", "marketwired", "globenewswire")),
    # Renamed in 2012.
    Renamed(("ReadWriteWeb", "ReadWrite"), ("readwriteweb", "readwrite")),
    # Renamed with Microsoft's system, in 2014.
    Renamed(("WPCentral", "Windows Phone Central", "Windows Central"), ("wpcentral", "windowsphonecentral", "windowscentral")),
    # Renamed in 2014.
    Renamed(("WinBeta", "OnMSFT"), ("winbeta", "onmsft")),
    # Renamed in December 2020.
    Renamed(("Computer Business Review", "CBR", "Tech Monitor"), ("cbronline", "techmonitor")),
    # SC Magazine became SC Media in 2016; the domain was changed in 2022.
    Renamed(("SC Magazine", "SC Media"), ("scmagazine", "scworld")),
    # A part of Nextgov since 2023.
    Renamed(("Federal Computer Week", "FCW", "Nextgov"), ("fcw.com", "nextgov")),
    # Renamed in 2021, and back in 2023.
    Renamed(("Business Insider", "Insider"), ("businessinsider", "insider.com")),
    # The domain was shortened in 2023.
    Renamed(("The Next Web", "TNW"), ("thenextweb", "tnw")),
    # The short domain of its videos.
    Renamed(("YouTube",), ("youtube", "youtu.be")),
)  # fmt: skip

_PLATFORMS = frozenset({
    "youtube", "youtu", "vimeo", "dailymotion", "twitch", "tiktok", "bilibili", "rumble", "odysee", "medium", "substack",
    "wordpress", "blogspot", "blogger", "tumblr", "typepad", "livejournal", "ghost", "hashnode", "hackernoon", "dev",
    "github", "gitlab", "bitbucket", "netlify", "vercel", "pages", "herokuapp", "azurewebsites", "appspot", "wixsite",
    "weebly", "squarespace", "jimdo", "linkedin", "twitter", "x", "facebook", "instagram", "threads", "reddit", "quora",
    "stackoverflow", "pinterest", "telegram", "t", "vk", "weibo", "mastodon", "bsky", "patreon", "spotify", "soundcloud",
    "slideshare", "scribd", "issuu", "msn", "yahoo", "aol", "flipboard", "newsbreak", "smartnews", "feedly",
    "prnewswire", "businesswire", "globenewswire", "marketwired", "accesswire", "prweb", "einpresswire", "newswire",
    "prlog", "openpr", "pressreleasepoint", "eurekalert", "presseportal", "podbean", "libsyn", "buzzsprout", "naver", "qq",
})  # fmt: skip
"""First labels of sites that hold what many publish: their name is not that of who wrote."""
_PLATFORM_HOSTS = frozenset(
    {
        *("podcasts.apple.com", "techcommunity.microsoft.com"),
        *(
            f"{name}.google.com"
            for name in ("news", "sites", "groups", "docs", "drive", "plus", "play")
        ),
    }
)

_RELAYS = frozenset({
    "cdn.ampproject.org", "bing-amp.com", "webcache.googleusercontent.com", "translate.goog", "translate.google.com",
    "feedproxy.google.com", "feedburner.com", "archive.org", "archive.ph", "archive.is", "archive.today", "archive.li",
    "archive.vn", "archive.md", "archive.fo", "perma.cc", "webcitation.org", "arquivo.pt", "12ft.io", "outline.com",
    "t.co", "bit.ly", "j.mp", "goo.gl", "ow.ly", "tinyurl.com", "buff.ly", "dlvr.it", "lnkd.in", "trib.al", "fb.me",
    "is.gd", "v.gd", "wp.me", "amzn.to", "aka.ms", "flip.it", "apple.news", "rebrand.ly", "cutt.ly", "shorturl.at",
    "safelinks.protection.outlook.com", "urldefense.com", "l.facebook.com", "lm.facebook.com", "out.reddit.com",
})  # fmt: skip
"""Caches, archives, translators and shorteners: who owns the host published nothing there."""


def same_publisher(one: str, other: str) -> bool:
    """Whether two names are of one publisher: alike, or one of them is a former name."""
    if are_alike(one, other):
        return True
    return any(
        _is_named(one, renamed) and _is_named(other, renamed)
        for renamed in RENAMED
        if renamed.names
    )


def is_at_site_of(name: str, site: str) -> bool:
    """Whether a site is one of a publisher that has or had this name."""
    return are_alike(name, label_of(site)) or any(
        _is_at(site, renamed) and _is_named(name, renamed) for renamed in RENAMED
    )


def same_owner(one: str, other: str) -> bool:
    """Whether two registrable domains are of one owner: the same, one below the other, under another public suffix, or
    one of them a former one."""
    if is_of_domain(one, other) or is_of_domain(other, one):
        return True
    if label_of(one) == label_of(other) and label_of(one) not in GENERAL:
        return True
    return any(_is_at(one, renamed) and _is_at(other, renamed) for renamed in RENAMED)


def label_of(site: str) -> str:
    """What a registrable domain is without its public suffix."""
    return site.partition(".")[0]


def is_platform(site: str, host: str) -> bool:
    """Whether a site holds what many publish. `site` is the registrable domain of the host."""
    return label_of(site) in _PLATFORMS or not _PLATFORM_HOSTS.isdisjoint(domains_of(host))


def is_relay(host: str) -> bool:
    """Whether a host shows or leads to the pages of other sites."""
    return not _RELAYS.isdisjoint(domains_of(host))


def _is_named(name: str, renamed: Renamed) -> bool:
    return any(are_alike(name, one, whole=True) for one in renamed.names)


def _is_at(site: str, renamed: Renamed) -> bool:
    return site in renamed.sites or label_of(site) in renamed.sites
