"""The sample collection is what docs/demo.md says, and the table of surprises fits it."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
import yaml

from crawler.configuration import FILE_NAME, OPTIONS, load
from crawler.configuration.file_keys import PROFILES
from crawler.configuration.rule_keys import RULE_KEYS
from crawler.demonstration.drawn_images import png
from crawler.demonstration.sample import COLLECTION, SITE, Kind, front_matter, mentions
from crawler.demonstration.scenes import ROUNDS, host_names, load_scenes
from crawler.demonstration.scripted_answers import Answer
from crawler.demonstration.surprises import SURPRISES
from crawler.model.verdict import VerdictKind

SCENES = load_scenes()
FILES = sorted(COLLECTION.rglob("*.md"))
ARTICLES = [path for path in FILES if front_matter(path) is not None]
URL = re.compile(rb'h?t?tps?://[^\s")]+')
FIELDS = {
    "category",
    "title",
    "excerpt",
    "publishedDateTime",
    "type",
    "quality",
    "heat",
    "published",
    "provider",
    "topics",
    "images",
    "related",
    "secured",
}


def answers() -> list[tuple[str, Answer]]:
    return [
        (scene.url, answer)
        for scene in SCENES.values()
        for answer in scene.answers
        if answer is not None
    ]


def test_there_are_forty_articles() -> None:
    assert len(ARTICLES) == 40


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_an_article_has_every_field(path: Path) -> None:
    article = front_matter(path)
    assert article is not None
    assert article.keys() >= FIELDS
    assert article["provider"].keys() >= {"name", "domain"}
    assert re.fullmatch(r"[A-Za-z0-9+/]{300,}={0,2};[A-Za-z0-9+/]+={0,2}", article["secured"])
    assert "linkHealth" not in article


def test_the_rarer_fields_are_somewhere() -> None:
    articles = [article for path in ARTICLES if (article := front_matter(path)) is not None]
    keys = {key for article in articles for key in article}
    assert keys >= {"webUrl", "originalUrl", "ampWebUrl", "cdnAmpWebUrl", "removed"}
    assert {article["published"] for article in articles} == {True, False}
    image_keys = {key for article in articles for image in article["images"] for key in image}
    assert image_keys == {"url", "width", "height", "isCached", "title"}
    assert any("images" in article["provider"] for article in articles)
    assert len({len(article["related"]) for article in articles}) > 4
    assert any("related" in other for article in articles for other in article["related"])
    assert sum("webUrl" not in article for article in articles) == 1


def test_titles_are_all_different() -> None:
    titles = [mention.story.title for mention in mentions()]
    urls = {(mention.story.title, mention.story.published) for mention in mentions()}
    assert len(set(titles)) == len(urls)


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("_news/2024-12-22-upland-snow.md", lambda data: data.count(b"\r\n") == data.count(b"\n")),
        ("_reviews/2021-10-03-library-of-things.md", lambda data: data[:3] == b"\xef\xbb\xbf"),
        ("_news/2024-05-07-night-shift.md", lambda data: data[-1:] != b"\n"),
        ("about.md", lambda data: not data.startswith(b"---")),
    ],
)
def test_the_odd_shapes_survive_editors_and_git(name: str, sign: object) -> None:
    assert callable(sign)
    assert sign((COLLECTION / name).read_bytes())


def test_all_other_files_have_plain_line_ends() -> None:
    with_cr = [path.name for path in FILES if b"\r" in path.read_bytes()]
    assert with_cr == ["2024-12-22-upland-snow.md"]


def test_one_file_is_no_yaml() -> None:
    broken = COLLECTION / "_news/2024-03-19-unclosed-quote.md"
    text = broken.read_text(encoding="utf-8").split("---\n")[1]
    with pytest.raises(yaml.YAMLError):
        yaml.safe_load(text)


def test_every_url_in_a_readable_file_has_a_scene() -> None:
    written = {url.decode() for path in ARTICLES for url in URL.findall(path.read_bytes())}
    assert written - SCENES.keys() == set()


def test_every_scene_is_named_by_a_file_a_redirect_or_is_a_robots_txt() -> None:
    named = {mention.url for mention in mentions()}
    ends = {urljoin(url, answer.location) for url, answer in answers() if answer.location}
    strangers = {
        url for url in SCENES if url not in named | ends and urlsplit(url).path != "/robots.txt"
    }
    assert strangers == set()
    assert ends <= SCENES.keys()


def test_a_scene_has_verdicts_exactly_where_a_file_names_it() -> None:
    named = {mention.url for mention in mentions()}
    assert {url for url, scene in SCENES.items() if scene.verdicts is not None} == named


def test_each_surprise_stands_once() -> None:
    assert len({surprise.url for surprise in SURPRISES}) == len(SURPRISES)


def test_between_the_rounds_one_goes_one_comes_back_and_one_image_changes() -> None:
    changed = [scene for scene in SCENES.values() if scene.answers[0] != scene.answers[1]]
    verdicts = sorted(str(scene.verdicts) for scene in changed)
    assert verdicts == sorted(
        str(pair)
        for pair in (
            (VerdictKind.ALIVE, VerdictKind.BROKEN),
            (VerdictKind.BROKEN, VerdictKind.ALIVE),
            (VerdictKind.ALIVE, VerdictKind.ALIVE),
        )
    )


def test_every_verdict_of_a_finished_run_that_leaves_nothing_out_is_shown() -> None:
    shown = {scene.verdict(number) for scene in SCENES.values() for number in ROUNDS}
    assert shown - {None} == set(VerdictKind) - {VerdictKind.UNCHECKED, VerdictKind.EXCLUDED}


def test_all_hosts_are_reserved_for_examples_but_the_amp_cache() -> None:
    for host in host_names(SCENES.values()):
        assert host.endswith((".example", "-example.cdn.ampproject.org"))


def test_images_of_the_collection_have_the_declared_size() -> None:
    local = [mention for mention in mentions() if mention.kind is Kind.FILE]
    assert sorted(mention.url for mention in local) == [
        "assets/images/lock-keeper.png",
        "assets/images/two-hundred-bowls.png",
    ]
    for mention in local:
        assert mention.size is not None
        image = COLLECTION / "assets/images" / mention.url.rsplit("/", 1)[1]
        assert image.read_bytes() == png(*mention.size)


def test_the_sample_configuration_changes_nothing_and_shows_every_option(tmp_path: Path) -> None:
    text = (COLLECTION / FILE_NAME).read_text(encoding="utf-8")
    assert yaml.safe_load(text) is None
    uncommented = "".join(
        f"{line[2:]}\n" for line in text.splitlines() if re.match(r"#  *\w+:( |$)", line)
    )
    operators = [option for option in OPTIONS.values() if option.is_operators]
    assert yaml.safe_load(uncommented).keys() == {
        PROFILES,
        *RULE_KEYS,
        *(option.name for option in OPTIONS.values() if option not in operators),
    }
    assert {option.variable for option in operators} == set(re.findall(r"LINKHEALTH_\w+", text))
    (tmp_path / FILE_NAME).write_text(uncommented, encoding="utf-8")
    assert load(tmp_path, {}, {}).site_url == SITE.rstrip("/")
