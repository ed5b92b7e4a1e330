"""Targets of channels: which variable is whose, and that nothing of them is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.configuration import FILE_NAME, Configuration, ConfigurationError, load
from crawler.configuration.notification_targets import variable_of
from crawler.model.notification import USUAL, About, Channel, Rhythm

FILE = """\
notifications:
  desk: {about: newly-dead, digest: weekly, owners: Ada, most: 3}
  default:
profiles:
  night:
    notifications:
      desk: {most: 99}
      owls: {about: 'RECOVERED, held'}
"""


def loaded(
    folder: Path, text: str = "", profile: str | None = None, **environ: str
) -> Configuration:
    (folder / FILE_NAME).write_text(text)
    return load(folder, {"profile": profile} if profile else {}, environ)


def test_channels_of_the_file_come_first_then_those_of_the_environment(tmp_path: Path) -> None:
    read = loaded(
        tmp_path, FILE, LINKHEALTH_NOTIFY_MAIL="mailto:x", LINKHEALTH_NOTIFY_DESK="file:y"
    )
    desk = Channel("desk", (About.NEWLY_DEAD,), ("Ada",), Rhythm.WEEKLY, 3)
    assert read.channels == (desk, Channel("default"), Channel("mail"))
    assert Channel("default").about == USUAL
    assert {name: [one.address for one in of] for name, of in read.targets.items()} == {
        "desk": ["file:y"],
        "mail": ["mailto:x"],
    }
    assert read.channels_without_target == (
        "the channel default leads nowhere: LINKHEALTH_NOTIFY is not set",
    )


def test_a_channel_of_the_file_counts_before_that_of_its_profile(tmp_path: Path) -> None:
    read = loaded(tmp_path, FILE, "night")
    assert [(one.name, one.most, one.about) for one in read.channels] == [
        ("desk", 3, (About.NEWLY_DEAD,)),
        ("default", 20, USUAL),
        ("owls", 20, (About.RECOVERED, About.HELD)),
    ]


def test_one_variable_is_enough(tmp_path: Path) -> None:
    read = loaded(tmp_path, LINKHEALTH_NOTIFY=" json://a.example/x ")
    assert read.channels == (Channel("default"),)
    (target,) = read.targets["default"]
    assert (target.name, target.scheme, target.address) == ("json", "json", "json://a.example/x")
    assert loaded(tmp_path, LINKHEALTH_NOTIFY="  ").channels == ()
    assert loaded(tmp_path).channels == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("slack://a slack://b json://c", ["slack", "slack 2", "json"]),
        ("SLACK://a\n\tslack://b", ["slack", "slack 2"]),
        # A space that no address follows belongs to a path.
        ("file:/srv/my news/told", ["file"]),
        ("file:/srv/my news file:b", ["file", "file 2"]),
        ("mailtos://u:p@h?to=a@b.example,c@d.example", ["mailtos"]),
        ("https://hooks.slack.com/services/T/B/x", ["https"]),
    ],
)
def test_several_targets_stand_in_one_variable(tmp_path: Path, text: str, found: list[str]) -> None:
    targets = loaded(tmp_path, LINKHEALTH_NOTIFY=text).targets["default"]
    assert [one.name for one in targets] == found
    assert "".join(one.address for one in targets).split() == text.split() or len(found) > 1


@pytest.mark.parametrize(
    "variable",
    [
        "LINKHEALTH_NOTIFY_",
        "LINKHEALTH_NOTIFY_desk",
        "LINKHEALTH_NOTIFY_1",
        "LINKHEALTH_NOTIFYDESK",
    ],
)
def test_what_is_no_variable_of_a_channel_is_let_be(tmp_path: Path, variable: str) -> None:
    assert loaded(tmp_path, **{variable: "slack://a"}).channels == ()


def test_the_variable_of_a_channel() -> None:
    assert variable_of("default") == "LINKHEALTH_NOTIFY"
    assert variable_of("desk_2") == "LINKHEALTH_NOTIFY_DESK_2"


def test_targets_are_shown_nowhere(tmp_path: Path) -> None:
    read = loaded(
        tmp_path, LINKHEALTH_NOTIFY="slack://s3cret/s3cret", LINKHEALTH_NOTIFY_B="s3cret:x"
    )
    assert "s3cret" not in repr(read)
    assert "x" not in repr(read.targets["b"][0]).replace("s3cret", "")
    assert [one for one in read.settings if "slack" in one.value] == []


@pytest.mark.parametrize(
    "value", ["s3cret", "s3cret@news.example", "//s3cret", "a\x00:s3cret", ":s3cret"]
)
def test_a_value_that_is_no_target_is_not_quoted(tmp_path: Path, value: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        loaded(tmp_path, LINKHEALTH_NOTIFY=value)
    assert str(caught.value).startswith("LINKHEALTH_NOTIFY: is not")
    assert "s3cret" not in str(caught.value)
