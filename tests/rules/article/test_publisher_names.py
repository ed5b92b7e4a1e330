"""Names of one publisher in all dresses, and names of two that look alike (rule D4)."""

from __future__ import annotations

import pytest

from crawler.rules.article.publisher_names import are_alike, are_comparable, is_cut_to, is_general

ALIKE = [
    # The same name.
    ("The Verge", "the verge"),
    ("The Verge", "Verge"),
    ("THE VERGE", "www.theverge.com"),
    ("Benzinga.com", "Benzinga"),
    ("dbta.com", "dbta"),
    ("as.com", "AS"),
    ("vg247", "VG247.com"),
    ("itpro.co.uk", "ITPro"),
    ("WFMZ-TV", "wfmz"),
    ("WFMZ-TV", "WFMZ.com"),
    ("PR", "pr"),
    ("GameRant", "Game Rant"),
    ("PlayStation Universe", "Play Station Universe"),
    ("El País", "elpais"),
    ("Süddeutsche Zeitung", "sueddeutsche"),
    ("Süddeutsche Zeitung", "Suddeutsche Zeitung"),
    ("Aftonbladet.se", "AFTONBLADET"),
    ("Ærø Avis", "Aeroe Avis"),
    ("Barron’s", "Barrons"),
    ("Marks & Spencer", "marksandspencer"),
    ("GamesRadar+", "GamesRadar"),
    ("Wired&nbsp;", "WIRED"),
    ("https://www.gamespot.com", "GameSpot"),
    ("Redmond Magazine", "Redmond Mag"),
    # One holds the other's words.
    ("Game Rant on MSN", "MSN"),
    ("GameRant on MSN.com", "MSN"),
    ("Game Rant on MSN", "gamerant"),
    ("The Motley Fool", "fool"),
    ("BBC", "BBC News"),
    ("The Daily Telegraph", "telegraph"),
    ("The Pioneer", "dailypioneer"),
    ("BizTech", "biztechmagazine"),
    ("U.S. News & World Report", "usnews"),
    ("朝日新聞", "朝日新聞デジタル"),
    # Initials and other cuts.
    ("WSJ", "The Wall Street Journal"),
    ("AP", "Associated Press"),
    ("Associated Press", "apnews"),
    ("Associated Press", "AP News"),
    ("Play Station Universe", "psu"),
    ("Redmond Magazine", "redmondmag"),
    ("International Business Times", "ibtimes"),
    ("Popular Science", "popsci"),
    ("University of Arkansas", "uark"),
    ("Government Executive", "govexec"),
    # A letter mistyped.
    ("Aus Games", "ausgamers"),
    ("TechRadr", "TechRadar"),
    ("Datacenter Dynamics", "DatacentreDynamics"),
]
UNLIKE = [
    ("From Software", "GamingBolt"),
    ("Deep", "The Fast Mode"),
    ("Windows", "compsmag"),
    ("NBC News", "BBC News"),
    ("CBS News", "CNS News"),
    ("Fox News", "Sky News"),
    ("The Times", "Financial Times"),
    ("Daily Express", "The Indian Express"),
    ("PC Gamer", "PC World"),
    ("Gamespot", "Gamespew"),
    ("Wired", "Tired"),
    ("Channel 4", "Channel 5"),
    ("9to5Mac", "9to5Google"),
    ("VG247", "VG248"),
    ("MediaPost", "Washington Post"),
    ("ITWeb", "IT Security"),
    ("TIME", "timesofindia"),
    ("News", "Fox News"),
    ("The Daily", "Daily Mail"),
    ("The Next Web", "SegmentNext"),
    ("PC", "Gaming Bolt"),
    ("Zee", "Business Standard"),
    ("", "The Verge"),
    ("…", "—"),
    ("新华网", "人民网"),
    ("Datacenter Knowledge", "Datacenter Dynamics"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_names_of_one_publisher(one: str, other: str) -> None:
    assert are_alike(one, other)
    assert are_alike(other, one)


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_names_of_two_publishers(one: str, other: str) -> None:
    assert not are_alike(one, other)
    assert not are_alike(other, one)


def test_whole_names_hold_no_other() -> None:
    assert are_alike("The Verge", "verge.com", whole=True)
    assert not are_alike("BBC", "BBC Sport", whole=True)
    assert not are_alike("AP", "Associated Press", whole=True)
    assert not are_alike("TechRadr", "TechRadar", whole=True)


def test_what_is_cut_needs_a_letter_of_each_word() -> None:
    assert is_cut_to(("wall", "street", "journal"), "wsj")
    assert is_cut_to(("university", "of", "arkansas"), "uark")
    assert is_cut_to(("university", "of", "arkansas"), "uofa")
    assert not is_cut_to(("wall", "street", "journal"), "ws")
    assert not is_cut_to(("wall", "street", "journal"), "wsjx")
    assert not is_cut_to(("wall",), "wal")
    assert not is_cut_to(("a", "b"), "a")


def test_names_in_different_scripts_are_not_compared() -> None:
    assert are_comparable("TASS", "The Verge")
    assert are_comparable("ТАСС", "Известия")
    assert not are_comparable("TASS", "ТАСС")
    assert not are_comparable("1337", "The Verge")


def test_general_names_tell_nobody_from_others() -> None:
    assert is_general("The Daily News")
    assert is_general("Official Site")
    assert is_general("")
    assert not is_general("The Daily Example")


def test_hostile_names_cost_little() -> None:
    long = "a b " * 50_000
    assert not are_alike(long, "x" * 100_000)
    assert not are_alike("\0\ud800", "x")
