"""The certificates of hosts in the state (rule C6)."""

from __future__ import annotations

from datetime import datetime

from crawler.model.host_certificate import HostCertificate, Validity
from crawler.state import State
from tests.state.samples import DAY, NOW, article, reference, save, save_urls

A, B = Validity(NOW - 60 * DAY, NOW + 30 * DAY), Validity(NOW, NOW + 90 * DAY)


def known(state: State, path: str | None = None) -> dict[str, tuple[Validity, datetime]]:
    return {one.host: (one.validity, one.seen_at) for one in state.host_certificates(path)}


def test_the_last_one_that_was_seen_is_kept(state: State) -> None:
    save_urls(state, "https://a.example/1", "https://a.example/2", "https://b.example/")
    state.note_certificates({}, NOW)
    assert known(state) == {}
    state.note_certificates({"a.example": A, "b.example": B}, NOW)
    assert state.host_certificates() == [
        HostCertificate("a.example", A, NOW),
        HostCertificate("b.example", B, NOW),
    ]
    state.note_certificates({"a.example": B}, NOW + DAY)
    assert known(state) == {"a.example": (B, NOW + DAY), "b.example": (B, NOW)}


def test_what_holds_no_more_goes(state: State) -> None:
    save_urls(state, "https://a.example/", "https://b.example/")
    state.note_certificates({"a.example": A, "b.example": B}, NOW)
    state.note_certificates({"a.example": None, "b.example": B}, NOW + DAY)
    assert known(state) == {"b.example": (B, NOW + DAY)}


def test_hosts_without_links_are_left_out_and_pruned(state: State) -> None:
    save(state, article("a.md", [reference("a.md", "https://a.example/")]))
    state.note_certificates({"a.example": A, "led-to.example": A, "": A, "\ud800": A}, NOW)
    assert known(state) == {"a.example": (A, NOW)}
    state.forget(["a.md"])
    assert known(state) == {}, "no report lists a link of it"
    state.prune(NOW, 400 * DAY)
    save(state, article("a.md", [reference("a.md", "https://a.example/")]))
    assert known(state) == {}


def test_of_one_file_only_its_hosts_are_told(state: State) -> None:
    save(
        state,
        article("a.md", [reference("a.md", "https://a.example/")]),
        article("b.md", [reference("b.md", "https://b.example/")]),
    )
    state.note_certificates({"a.example": A, "b.example": B}, NOW)
    assert set(known(state, "b.md")) == {"b.example"}


def test_many_hosts_at_once(state: State) -> None:
    hosts = [f"{number}.example" for number in range(1200)]
    save_urls(state, *(f"https://{host}/" for host in hosts))
    state.note_certificates(dict.fromkeys(hosts, A), NOW)
    assert len(known(state)) == 1200
