"""Real receivers on loopback: what arrives at each kind, that text arrives as text, and how a refusal is told."""

from __future__ import annotations

import json
import logging
import os
import socket
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lxml.html
import pytest
import trustme

from crawler.configuration.mistakes import Mistakes
from crawler.configuration.notification_targets import Target, read_targets
from crawler.notifications.delivery import Delivery, deliver
from crawler.notifications.message import Message
from crawler.notifications.receivers import NotDeliveredError, receiver
from tests.notifications.local_receivers import MATRIX, HttpReceiver, MailServer
from tests.notifications.test_message import HOSTILE, changed, message, news_of

pytestmark = [
    pytest.mark.server,
    # Of the library, when it is imported: deliveries ask for silence, a receiver alone does not.
    pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning"),
]
MARKUP = (
    "<b>x</b> **y** [z](https://evil.example) <!here> <@U1> @channel @room `c` {{DATE(1)}} &lt;"
)


def target(address: str) -> Target:
    mistakes = Mistakes()
    (found,) = read_targets({"LINKHEALTH_NOTIFY": address}, mistakes)["default"]
    mistakes.end()
    return found


def send(address: str, made: Message | None = None, *, seconds: float = 5.0) -> None:
    receiver(target(address)).send(made or hostile(), seconds)


def hostile(text: str = MARKUP) -> Message:
    one = changed(f"https://a.example/{text}", path=f"{text}.md")
    return message(news_of(one, owners=(text,), content=text))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[trustme.LeafCert, Path]:
    """A certificate of localhost, and the file of the authority that signed it."""
    made = trustme.CA()
    file = tmp_path_factory.mktemp("authority") / "ca.pem"
    made.cert_pem.write_to_path(str(file))
    return made.issue_cert("localhost"), file


# ------------------------------------------------------------------------------------ each kind


def test_json(http: HttpReceiver) -> None:
    made = hostile()
    send(f"json://localhost:{http.port}/hook", made)
    (one,) = http.received
    assert (one.method, one.path) == ("POST", "/hook")
    document = one.document
    assert document["title"] == made.title
    assert document["message"] == made.text(32_768)
    assert document["type"] == "info"


def test_ntfy(http: HttpReceiver) -> None:
    made = hostile()
    send(f"ntfy://localhost:{http.port}/topic", made)
    (document,) = http.bodies
    assert document == {"topic": "topic", "title": made.title, "message": made.text(3_900)}


def test_ntfy_gets_no_more_than_it_takes(http: HttpReceiver) -> None:
    made = message(news_of(*(changed(f"https://a.example/{n:090}") for n in range(100))))
    send(f"ntfy://localhost:{http.port}/topic", made)
    (document,) = http.bodies
    assert len(document["message"].encode()) <= 3_900
    assert "… and 90 more" in document["message"]


def test_matrix_with_a_password_in_a_room() -> None:
    made = hostile()
    with HttpReceiver(answer=MATRIX) as http:
        send(f"matrix://user:pass@localhost:{http.port}/%23room", made)
    paths = [one.path.rpartition("/v3/")[2] for one in http.received]
    assert paths[0] == "login"
    (sent,) = (one.document for one in http.received if "/send/m.room.message/" in one.path)
    # No `formatted_body`: it is text, and `@room` would ring for everybody.
    assert sent == {"msgtype": "m.text", "body": f"# {made.title}\r\n{made.text(60_000)}"}
    assert "@room" not in sent["body"]


def test_matrix_by_a_webhook(http: HttpReceiver) -> None:
    made = hostile()
    send(f"matrix://user:token@localhost:{http.port}/?mode=matrix", made)
    document = http.bodies[-1]
    assert document["format"] == "plain"
    assert made.text(60_000) in document["text"]


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[HttpReceiver]:
    """A receiver in the place of Slack's own host, which is all that is replaced."""
    from apprise.plugins.slack import NotifySlack

    with HttpReceiver() as http:
        monkeypatch.setattr(NotifySlack, "webhook_url", f"http://localhost:{http.port}/services")
        yield http


@pytest.mark.parametrize(
    "address",
    [
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ?blocks=yes",
        "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
    ],
)
def test_slack_reads_no_markup_and_calls_nobody(slack: HttpReceiver, address: str) -> None:
    made = hostile()
    send(address, made)
    (one,) = slack.received
    assert one.path == "/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
    said = json.dumps(one.document, ensure_ascii=False)
    # Where Slack reads anything, it is between angle brackets.
    assert "<" not in said
    assert 'mrkdwn": true' not in said
    assert '"type": "mrkdwn"' not in said
    assert "&lt;!here&gt;" in said
    assert "@channel" not in said


def test_teams(authority: tuple[trustme.LeafCert, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    certificate, file = authority
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(file))
    with HttpReceiver(certificate=certificate) as http:
        send(f"workflows://localhost:{http.port}/workflow-of-ours/signature")
    (one,) = http.received
    assert one.path.startswith("/workflows/workflow-of-ours/triggers/manual/paths/invoke?")
    (card,) = (part["content"] for part in one.document["attachments"])
    texts = [part["text"] for part in card["body"]]
    assert texts[0] == "linkhealth: 1 newly broken"
    # Whatever Markdown reads is escaped, and no macro of cards is left.
    assert "**y**" not in texts[1]
    assert r"\*\*y\*\*" in texts[1]
    assert "[z](" not in texts[1]
    assert "{{" not in texts[1]
    # A line of its own is a paragraph.
    assert "\n\nNewly broken: 1 link\n\n" in texts[1]


def test_mail() -> None:
    made = hostile()
    with MailServer() as server:
        send(f"mailto://localhost:{server.port}?from=us@news.example&to=desk@news.example", made)
        (letter,) = server.mailbox.letters
        assert server.mailbox.recipients == [["desk@news.example"]]
    assert letter["Subject"] == made.title
    assert letter["From"] == "us@news.example"
    html, text = (letter.get_body((kind,)) for kind in ("html", "plain"))
    assert html is not None
    assert text is not None
    tree = lxml.html.document_fromstring(html.get_content())
    assert tree.xpath("//b | //script | //img | //link") == []
    assert "<b>x</b>" in tree.text_content()
    assert "1 newly broken" in text.get_content()
    assert "http-404: The server says that this page does not exist." in text.get_content()


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_adds_a_header_to_a_mail(text: str) -> None:
    with MailServer() as server:
        send(f"mailto://localhost:{server.port}?from=us@n.example&to=d@n.example", hostile(text))
        (letter,) = server.mailbox.letters
    assert set(letter.keys()) == {
        *("Content-Type", "MIME-Version", "X-Application", "Subject", "From", "To"),
        *("Message-ID", "Date"),
    }
    assert letter["Subject"] == "linkhealth: 1 newly broken"


def test_mail_over_tls(
    authority: tuple[trustme.LeafCert, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, file = authority
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with MailServer(certificate=certificate) as server:
        send(f"mailtos://localhost:{server.port}?from=us@n.example&to=d@n.example")
        assert len(server.mailbox.letters) == 1


# ---------------------------------------------------------------------------------------- a file


def test_a_line_for_each_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Apprise is not asked.
    monkeypatch.setitem(sys.modules, "apprise", None)
    file = tmp_path / "with space" / "told.jsonl"
    file.parent.mkdir()
    made = hostile()
    for address in (f"file:{file}", f"file://{file}"):
        send(address, made)
    first, second = map(json.loads, file.read_text().splitlines())
    assert first == second == made.document()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("kind", ["folder", "link", "no folder", "fifo"])
def test_a_file_that_cannot_be_written_is_told_without_its_name(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "s3cret"
    match kind:
        case "folder":
            file.mkdir()
        case "link":
            file.symlink_to(tmp_path / "elsewhere")
        case "no folder":
            file = file / "x"
        case "fifo":
            os.mkfifo(file)
    with pytest.raises(NotDeliveredError, match="the file was not written") as caught:
        send(f"file:{file}")
    assert "s3cret" not in str(caught.value)
    assert not (tmp_path / "elsewhere").exists()


def test_a_disk_that_is_full_leaves_no_half_line() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    with pytest.raises(NotDeliveredError, match="no space left"):
        send("file:/dev/full")


# ------------------------------------------------------------------------------------- refusals


def refusal(address: str, *, seconds: float = 5.0) -> NotDeliveredError:
    with pytest.raises(NotDeliveredError) as caught:
        send(address, seconds=seconds)
    return caught.value


@pytest.mark.parametrize(
    ("status", "is_final"),
    [
        (400, True),
        (401, True),
        (404, True),
        (410, True),
        (408, False),
        (429, False),
        (500, False),
        (503, False),
    ],
)
def test_a_status_is_told_and_says_whether_to_try_again(status: int, is_final: bool) -> None:
    with HttpReceiver([status]) as http:
        error = refusal(f"json://localhost:{http.port}/")
    assert str(error) == f"it answered {status}"
    assert error.is_final is is_final


def test_an_answer_that_says_no_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack answers 200 to a token that it does not know."""
    from apprise.plugins.slack import NotifySlack

    with HttpReceiver(answer=b"invalid_token") as http:
        monkeypatch.setattr(NotifySlack, "webhook_url", f"http://localhost:{http.port}/services")
        error = refusal("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ")
    assert (str(error), error.is_final) == ("it did not take the message", False)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    with (
        HttpReceiver() as other,
        HttpReceiver([status], location=f"http://localhost:{other.port}/") as http,
    ):
        error = refusal(f"json://localhost:{http.port}/")
        assert other.received == []
    assert (str(error), error.is_final) == (f"it answered {status}", True)


@pytest.mark.parametrize(
    "address", ["json://localhost:{}/", "mailto://localhost:{}?from=a@b.example&to=c@d.example"]
)
def test_a_receiver_that_refuses_connections(address: str) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        error = refusal(address.format(unused.getsockname()[1]))
    assert str(error) == "it refused the connection"
    assert not error.is_final


def test_a_receiver_that_hangs() -> None:
    with HttpReceiver(hangs=True) as http:
        error = refusal(f"json://localhost:{http.port}/", seconds=0.2)
    assert str(error) == "it did not answer in time"


def test_a_receiver_that_never_ends_its_answer() -> None:
    found: dict[int, Delivery] = {}
    with HttpReceiver(drips=True) as http:

        class Errand:
            def send(self, seconds: float) -> None:
                send(f"json://localhost:{http.port}/", seconds=seconds)

        deliver([Errand()], 0.5, found.__setitem__)
    assert found == {0: Delivery("it had not ended after 0.5 s")}


def test_a_name_without_an_address() -> None:
    assert str(refusal("json://no-such-name.invalid/")) == "its name has no address"


@pytest.mark.parametrize("scheme", ["jsons", "mailtos"])
def test_a_certificate_that_is_not_trusted(
    authority: tuple[trustme.LeafCert, Path], scheme: str
) -> None:
    certificate, _ = authority
    opened: Any = HttpReceiver if scheme == "jsons" else MailServer
    with opened(certificate=certificate) as server:
        address = f"{scheme}://localhost:{server.port}/?from=a@b.example&to=c@d.example"
        error = refusal(address)
    assert str(error) == "its certificate is not trusted"


def test_a_mail_server_that_wants_to_be_asked_again() -> None:
    with MailServer(refusals=2) as server:
        found: dict[int, Delivery] = {}

        class Errand:
            def send(self, seconds: float) -> None:
                send(
                    f"mailto://localhost:{server.port}?from=a@b.example&to=c@d.example",
                    seconds=seconds,
                )

        deliver([Errand()], 3.0, found.__setitem__)
        assert found == {0: Delivery()}
        assert len(server.mailbox.letters) == 1


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """What is logged where everything is, at every level."""
    lines: list[str] = []
    root, level = logging.getLogger(), logging.getLogger().level
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize(
    "address", ["qqq://s3cret.example", "slack://s3cret", "json:", "mailto:s3cret"]
)
def test_a_target_that_nobody_knows(address: str, logged: list[str]) -> None:
    error = refusal(address)
    assert str(error) == "apprise knows no such target"
    assert error.is_final
    assert logged == []


def test_nothing_of_an_address_is_logged(
    logged: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    with HttpReceiver([500]) as http:
        refusal(f"json://user:s3cret@localhost:{http.port}/s3cret?verify=no")
    assert "s3cret" not in "".join([*logged, *capfd.readouterr()])
    assert "s3cret" not in repr(receiver(target("json://s3cret.example")))


def test_without_apprise_a_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    error = refusal("json://localhost:1/")
    assert str(error) == (
        "messages need apprise: pip install 'linkhealth[notify]'; a target file:PATH works without it"
    )
    assert error.is_final
