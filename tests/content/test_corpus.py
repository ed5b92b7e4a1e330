"""The real collections: every odd shape that people's files have taken."""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from crawler.content import (
    Site,
    SpliceRefused,
    UnreadableArticle,
    detect,
    read_article,
    render,
    splice,
    strip,
)
from crawler.content.article_document import Document
from crawler.content.edits import Edit, EditState
from crawler.content.notations import begins_front_matter
from crawler.model.article import Problem, ProblemCode
from crawler.model.check import ArticleChecks
from crawler.model.field_map import OWN_FIELDS
from crawler.model.reference import Scope
from crawler.model.role import Role
from crawler.rules.urls import examine
from tests.content.edit_oracle import check_block, check_edits

pytestmark = pytest.mark.shared_data

# The collections are written by a program, one value per line: a plain search finds every URL too.
URL_LINE = re.compile(
    rb'^ *(?:- )?(?:webUrl|originalUrl|ampWebUrl|cdnAmpWebUrl|url): ("(?:[^"\\\r\n]|\\.)*"|[^"\r\n]*)\r?$',
    re.MULTILINE,
)
BLOCK = render(ArticleChecks(), date(2026, 11, 22))


def members(archive: Path, step: int = 1) -> Iterator[tuple[str, bytes]]:
    """Every `step`-th Markdown file of an archive."""
    with tarfile.open(archive) as tar:
        position = 0
        for member in tar:
            if member.isfile() and member.name.endswith(".md"):
                position += 1
                stream = tar.extractfile(member)
                if position % step == 0 and stream is not None:
                    yield member.name, stream.read()


def searched_urls(data: bytes) -> list[str]:
    return [_unquoted(found[1].decode()) for found in URL_LINE.finditer(data)]


def _unquoted(value: str) -> str:
    return str(yaml.safe_load(value)) if "\\" in value else value.strip('"')


def test_azure_9182_urls_are_9182_identities(shared: Path) -> None:
    files = references = 0
    raw_urls: set[str] = set()
    for _, data in members(shared / "corpus/azure-news.tar.xz"):
        urls = searched_urls(data)
        files += 1
        references += len(urls)
        raw_urls.update(urls)
    examined = {raw: examine(raw) for raw in raw_urls}
    assert (files, references, len(raw_urls)) == (4_958, 396_869, 9_182)
    assert not [raw for raw, found in examined.items() if found.invalid]
    assert len({found.url for found in examined.values()}) == 9_182
    assert len({found.host for found in examined.values()}) == 864
    assert {urlsplit(raw).hostname for raw in raw_urls} == {f.host for f in examined.values()}


@pytest.mark.parametrize(("archive", "step"), [("azure-news.tar.xz", 29), ("diablo4-md.tar.xz", 3)])
def test_the_collections_are_of_the_projects_own_shape(
    archive: str, step: int, shared: Path
) -> None:
    """Nothing is looked for under other names: they are read as before, byte for byte."""

    def documents() -> Iterator[Document]:
        for name, data in members(shared / "corpus" / archive, step):
            with suppress(UnreadableArticle):
                yield Document(name, data)

    found = detect(documents())
    assert found.fields == OWN_FIELDS
    assert found.sentence() is None


def test_azure_sample_is_read_whole_and_restored(shared: Path) -> None:
    for name, data in members(shared / "corpus/azure-news.tar.xz", step=101):
        article = read_article(name, data, Site())
        assert article.problems == ()
        assert [reference.raw for reference in article.references] == searched_urls(data)
        lines = data.decode().split("\n")
        for reference in article.references:
            assert _unquoted(lines[reference.line - 1].split(": ")[1]) == reference.raw
        spliced = splice(data, BLOCK)
        assert strip(spliced.data) == data
        assert spliced.data != data


def test_diablo_has_four_broken_files_and_three_without_front_matter(shared: Path) -> None:
    problems: list[Problem] = []
    without: list[str] = []
    empty = restored = 0
    for name, data in members(shared / "corpus/diablo4-md.tar.xz"):
        if not begins_front_matter(data, name):
            without.append(name)
            continue
        try:
            article = read_article(name, data, Site())
        except UnreadableArticle as error:
            problems += error.problems
            with pytest.raises(SpliceRefused):
                splice(data, BLOCK)
            continue
        assert article.problems == ()
        empty += sum(r.invalid == "empty" and r.role is Role.WEB for r in article.references)
        if len(article.path) % 8 == 0:
            assert strip(splice(data, BLOCK).data) == data
            restored += 1
    assert sorted(Path(problem.path).name for problem in problems) == [
        "dm-diablo-immortal-barbarian-has-the-most-overpowered-build-in-diablo-4.md",
        "dm-diablo-immortal-diablo-4-open-beta-day-1-launch-druid-gameplay.md",
        "dm-diablo-immortal-how-good-is-diablo-4-druid.md",
        "dm-diablo-immortal-this-diablo-4-druid-hardcore-build-is-unstoppable.md",
    ]
    assert {(p.line, p.code) for p in problems} == {(13, ProblemCode.INVALID_YAML)}
    assert sorted(Path(name).name for name in without) == [
        "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "README.md"
    ]  # fmt: skip
    assert empty == 277
    assert restored > 100


@pytest.mark.parametrize(("name", "step"), [("azure-news.tar.xz", 499), ("diablo4-md.tar.xz", 97)])
def test_values_of_a_sample_are_edited_and_nothing_else(shared: Path, name: str, step: int) -> None:
    """Every file of both collections is a benchmark's (benchmarks/prove_edits.py)."""
    applied = 0
    for path, data in members(shared / "corpus" / name, step):
        if not begins_front_matter(data, name):
            continue
        assert check_block(data) is None
        edits = []
        for reference in read_article(path, data, Site()).references[:20]:
            if reference.role is Role.AMP:
                edits.append(Edit(reference.pointer, reference.raw, None))
            else:
                edits.append(Edit(reference.pointer, reference.raw, f"{reference.raw}?new=1#é"))
            if reference.role is Role.IMAGE:
                edits.append(Edit(f"{reference.pointer}/newWidth", None, 640))
        found = check_edits(data, edits)
        assert {outcome.state for outcome in found.outcomes} <= {EditState.APPLIED}
        assert found.data.count(b"\r\n") == 0 or b"\n" not in found.data.replace(b"\r\n", b"")
        applied += found.applied
    assert applied > 100


def test_the_seed_article(shared: Path) -> None:
    data = (shared / "corpus/seed-article.md").read_bytes()
    article = read_article("seed-article.md", data, Site())
    assert article.title == (
        "IBM Abandons Facial Recognition Products, Condemns Racially Biased Surveillance"
    )
    assert not article.listed
    assert [(r.line, r.pointer, r.url) for r in article.references] == SEED
    assert [r.pointer for r in article.references if r.scope is Scope.OWN] == ["webUrl", "images/0"]
    spliced = splice(data, BLOCK).data
    assert f"\n{BLOCK}secured: ".encode() in spliced
    assert strip(spliced) == data


SEED = [
    (
        6,
        "webUrl",
        "https://www.npr.org/2020/06/09/873298837/ibm-abandons-facial-recognition-products-condemns-racially-biased-surveillance",
    ),
    (
        22,
        "images/0",
        "https://media.npr.org/assets/img/2020/06/09/ap_19287456839427_wide-8aef6472073b160bdb7216880ae663d0748cef40.jpg?s=1400",
    ),
    (
        32,
        "related/0/webUrl",
        "https://www.cnet.com/news/senator-concerned-clearview-ai-facial-recognition-is-being-used-by-police-in-black-lives-matter-protests/",
    ),
    (
        33,
        "related/0/ampWebUrl",
        "https://www.cnet.com/google-amp/news/senator-concerned-clearview-ai-facial-recognition-is-being-used-by-police-in-black-lives-matter-protests/",
    ),
    (
        34,
        "related/0/cdnAmpWebUrl",
        "https://www-cnet-com.cdn.ampproject.org/c/s/www.cnet.com/google-amp/news/senator-concerned-clearview-ai-facial-recognition-is-being-used-by-police-in-black-lives-matter-protests/",
    ),
    (
        41,
        "related/0/images/0",
        "https://cnet3.cbsistatic.com/img/9iSXtLFKNXgiNKMOB6uefX3betU=/756x567/2020/06/04/6e5b36d7-6f9d-4afc-912e-38a007947e55/sf.jpg",
    ),
    (
        48,
        "related/1/webUrl",
        "https://www.multichannel.com/news/markey-presses-clearview-ai-on-facial-recognition",
    ),
    (
        49,
        "related/1/ampWebUrl",
        "https://www.multichannel.com/.amp/news/markey-presses-clearview-ai-on-facial-recognition",
    ),
    (
        50,
        "related/1/cdnAmpWebUrl",
        "https://www-multichannel-com.cdn.ampproject.org/c/s/www.multichannel.com/.amp/news/markey-presses-clearview-ai-on-facial-recognition",
    ),
    (
        57,
        "related/1/images/0",
        "https://www.multichannel.com/.image/c_fit%2Ccs_srgb%2Cfl_progressive%2Cq_auto:good%2Cw_620/MTU0MDYzNjkzNTczODU5MDY3/ed-markey-4x3jpg.jpg",
    ),
    (
        64,
        "related/2/webUrl",
        "https://thehill.com/policy/technology/501707-senator-presses-controversial-facial-recognition-company-on-usage-at",
    ),
    (
        65,
        "related/2/ampWebUrl",
        "https://thehill.com/policy/technology/501707-senator-presses-controversial-facial-recognition-company-on-usage-at?amp",
    ),
    (
        66,
        "related/2/cdnAmpWebUrl",
        "https://thehill-com.cdn.ampproject.org/c/s/thehill.com/policy/technology/501707-senator-presses-controversial-facial-recognition-company-on-usage-at?amp",
    ),
    (
        73,
        "related/2/images/0",
        "https://thehill.com/sites/default/files/markeyedward_012420gn_lead.jpg",
    ),
    (
        80,
        "related/3/webUrl",
        "https://www.telegraph.co.uk/technology/2020/06/09/ibm-scrap-facial-recognition-tool-wake-black-lives-matter-protests/",
    ),
    (
        81,
        "related/3/ampWebUrl",
        "https://www.telegraph.co.uk/technology/2020/06/09/ibm-scrap-facial-recognition-tool-wake-black-lives-matter-protests/amp/",
    ),
    (
        82,
        "related/3/cdnAmpWebUrl",
        "https://www-telegraph-co-uk.cdn.ampproject.org/c/s/www.telegraph.co.uk/technology/2020/06/09/ibm-scrap-facial-recognition-tool-wake-black-lives-matter-protests/amp/",
    ),
    (
        89,
        "related/3/images/0",
        "https://www.telegraph.co.uk/content/dam/technology/2019/12/27/197244899_AFP_FILES-US-IT-POLICE-CRIME-POLITICS_trans_NvBQzQNjv4BqZgEkZX3M936N5BQK4Va8RQJ6Ra64K3tAxfZq0dvIBJw.jpg",
    ),
    (
        96,
        "related/4/webUrl",
        "https://www.thestar.com.my/tech/tech-news/2020/06/08/us-protests-fuel-calls-for-ban-on-racially-biased-facial-recognition-tools",
    ),
    (
        103,
        "related/4/images/0",
        "https://apicms.thestar.com.my/uploads/images/2020/06/07/710900.jpg",
    ),
    (
        110,
        "related/5/webUrl",
        "https://www.nextgov.com/emerging-tech/2020/06/senator-questions-how-clearview-ais-facial-recognition-tech-put-use-protesters/166026/",
    ),
    (
        117,
        "related/5/images/0",
        "https://cdn.nextgov.com/media/img/upload/2020/06/09/shutterstock_1658380954/open-graph.jpg",
    ),
    (
        124,
        "related/6/webUrl",
        "https://northendwaterfront.com/2020/06/boston-moves-to-ban-facial-recognition-technology/",
    ),
    (
        131,
        "related/6/images/0",
        "https://northendwaterfront.com/wp-content/uploads/2020/06/PSX_20200606_205504.jpg",
    ),
]
