"""Former names, platforms and relays (rules D3, D4, D5)."""

from __future__ import annotations

import pytest

from crawler.rules.article.publishers import (
    RENAMED,
    is_platform,
    is_relay,
    same_owner,
    same_publisher,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Twitter", "X"),
        ("The Huffington Post", "HuffPost"),
        ("HUFFPOST.com", "Huffington Post"),
        ("Facebook", "Meta"),
        ("MSNBC", "MS NOW"),
        ("International Herald Tribune", "New York Times"),
        ("Windows Azure", "Microsoft Azure"),
        ("Recode", "Vox"),
        ("Guardian Unlimited", "The Guardian"),
        ("Marketwired", "GlobeNewswire"),
        ("CBR", "Tech Monitor"),
        ("wpcentral.com", "Windows Central"),
        ("Twitter, Inc.", "x.com"),
    ],
)
def test_former_names_are_of_one_publisher(one: str, other: str) -> None:
    assert same_publisher(one, other)
    assert same_publisher(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Twitter", "Xbox Wire"),
        ("Twitter", "Meta"),
        ("The Huffington Post", "Washington Post"),
        ("Facebook", "Metacritic"),
        ("Vox", "GlobeNewswire"),
        ("Guardian Unlimited", "Ultimate Guitar"),
        ("Windows Azure", "Azerbaijan Today"),
    ],
)
def test_others_are_not(one: str, other: str) -> None:
    assert not same_publisher(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("itpro.co.uk", "itpro.com"),
        ("example.com", "example.com"),
        ("news.example.com", "example.com"),
        ("twitter.com", "x.com"),
        ("huffingtonpost.co.uk", "huffpost.com"),
        ("msnbc.com", "nbcnews.com"),
        ("iht.com", "nytimes.com"),
        ("guardian.co.uk", "theguardian.com"),
        ("recode.net", "vox.com"),
        ("youtu.be", "youtube.com"),
        ("windowsazure.com", "microsoft.com"),
    ],
)
def test_domains_of_one_owner(one: str, other: str) -> None:
    assert same_owner(one, other)
    assert same_owner(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("gamespot.com", "gamesport.com"),
        ("notexample.com", "example.com"),
        ("news.com.au", "news.google"),
        ("twitter.com", "x.ai"),
        ("voxmedia.com", "recode.net"),
        ("guardian.ng", "theguardian.com"),
        ("facebook.com", "metacritic.com"),
    ],
)
def test_domains_of_two_owners(one: str, other: str) -> None:
    assert not same_owner(one, other)


def test_platforms_hold_what_many_publish() -> None:
    assert is_platform("youtube.com", "m.youtube.com")
    assert is_platform("yahoo.co.jp", "news.yahoo.co.jp")
    assert is_platform("google.com", "news.google.com")
    assert is_platform("microsoft.com", "techcommunity.microsoft.com")
    assert not is_platform("google.com", "cloud.google.com")
    assert not is_platform("microsoft.com", "azure.microsoft.com")
    assert not is_platform("mediumrare.com", "mediumrare.com")


def test_relays_show_pages_of_others() -> None:
    assert is_relay("web.archive.org")
    assert is_relay("news-example.cdn.ampproject.org")
    assert is_relay("t.co")
    assert not is_relay("t.com")
    assert not is_relay("archive.org.example")


def test_no_two_entries_speak_of_one_publisher() -> None:
    names = [name.casefold() for renamed in RENAMED for name in renamed.names]
    sites = [site for renamed in RENAMED for site in renamed.sites]
    assert len(set(names)) == len(names)
    assert len(set(sites)) == len(sites)
