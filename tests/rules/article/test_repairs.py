"""The changes that follow from findings and decisions."""

from __future__ import annotations

import pytest

from crawler.model.check import ChangeKind, FieldChange, LinkedReference
from crawler.model.field_map import FieldMap
from crawler.model.observation import AmpPart, ImageFacts, PageFacts
from crawler.model.reference import Declared, Reference, Scope
from crawler.model.repair import Instruction, RepairKind, Verb
from crawler.model.role import Role
from crawler.model.verdict import VerdictKind
from crawler.rules.article.repairs import (
    UnclearError,
    amp_of,
    copies,
    decided_here,
    dropped,
    is_address,
    is_image,
    is_length,
    kind_of,
    move,
    replaced,
    suggested_at,
    true_size,
    with_its_size,
)
from crawler.rules.image.image_size import image_sizes, sides_of
from crawler.rules.policy import ImagePolicy
from tests.rules.articles import linked

ADD, REPLACE, DROP = ChangeKind.ADD, ChangeKind.REPLACE, ChangeKind.DROP
AMP, NEW_AMP = "https://news.example/a/amp", "https://news.example/amp/a"
CACHE = "https://news-example.cdn.ampproject.org/c/s/news.example/a/amp"
NEW_CACHE = "https://news-example.cdn.ampproject.org/c/s/news.example/amp/a"
BING = CACHE.replace("cdn.ampproject.org", "bing-amp.com")
NEW_BING = NEW_CACHE.replace("cdn.ampproject.org", "bing-amp.com")


@pytest.mark.parametrize(
    ("at", "kind"),
    [
        ("images/0/width", RepairKind.IMAGE_SIZES),
        ("related/3/images/12/height", RepairKind.IMAGE_SIZES),
        ("images/0", RepairKind.IMAGES),
        ("provider/images/1", RepairKind.IMAGES),
        ("images/0/url", RepairKind.IMAGES),
        ("ampWebUrl", RepairKind.AMP),
        ("related/0/cdnAmpWebUrl", RepairKind.AMP),
        ("title", RepairKind.METADATA),
        ("excerpt", RepairKind.METADATA),
        ("publishedDateTime", RepairKind.METADATA),
        ("provider/name", RepairKind.PROVIDER),
        ("provider/domain", RepairKind.PROVIDER),
        ("related/2/provider/name", RepairKind.PROVIDER),
        ("webUrl", RepairKind.CANONICAL),
        ("related/1/originalUrl", RepairKind.CANONICAL),
    ],
)
def test_the_kind_of_a_change_follows_from_its_field(at: str, kind: RepairKind) -> None:
    assert kind_of(FieldChange(at, 1, REPLACE, "a", "b", "size-missing")) is kind


def test_a_move_takes_the_suggested_address() -> None:
    moved = linked(
        kind=VerdictKind.MOVED, reason="redirect-permanent", suggestion="https://b.test/"
    )
    assert move(moved.reference, moved.link) == FieldChange(
        "webUrl", 7, REPLACE, "https://news.example/a", "https://b.test/", "redirect-permanent"
    )


@pytest.mark.parametrize(
    "known",
    [
        linked(kind=VerdictKind.ALIVE),
        linked(kind=VerdictKind.BROKEN, suggestion="https://b.test/"),
        linked(kind=VerdictKind.MOVED),
        linked(kind=VerdictKind.MOVED, suggestion="https://news.example/a"),
    ],
)
def test_what_has_not_moved_is_not_changed(known: object) -> None:
    assert move(known.reference, known.link) is None  # type: ignore[attr-defined]


@pytest.mark.parametrize("role", [Role.AMP, Role.AMP_CACHE, Role.WEB])
@pytest.mark.parametrize(
    ("page", "moves"),
    [
        (PageFacts("A story", amp_lacks=(AmpPart.MARK,)), False),
        (PageFacts("A story", amp_lacks=()), True),
        (PageFacts("A story", amp_lacks=(AmpPart.VIEWPORT,)), True),
        (PageFacts("A story"), False),
        (None, False),
    ],
)
def test_an_amp_page_moves_to_pages_known_as_amp_only(
    role: Role, page: PageFacts | None, moves: bool
) -> None:
    moved = linked(role, VerdictKind.MOVED, page=page, suggestion="https://b.test/a-story")
    assert (move(moved.reference, moved.link) is not None) is (moves or role is Role.WEB)


@pytest.mark.parametrize("suggestion", [None, "https://www.a.test/x"])
def test_what_was_typed_is_replaced_by_what_was_meant(suggestion: str | None) -> None:
    """Rule U9."""
    typed = linked(
        url="www.a.test/x", kind=VerdictKind.INVALID, reason="no-scheme", suggestion=suggestion
    )
    found = suggested_at(typed.reference, typed.link, [])
    assert [(one.old, one.new) for one in found] == (
        [("www.a.test/x", suggestion)] if suggestion else []
    )


@pytest.mark.parametrize(
    ("raw", "suggested", "new"),
    [
        ("https://a.test/old#part", "https://a.test/new", "https://a.test/new#part"),
        ("https://a.test/old#part", "https://a.test/new#theirs", "https://a.test/new#theirs"),
        ("https://a.test/old", "https://a.test/new#theirs", "https://a.test/new#theirs"),
        ("https://a.test/old#part", "https://a.test/old", None),
        ("https://a.test/old#part", "https://a.test/old#part", None),
    ],
)
def test_a_move_keeps_the_fragment(raw: str, suggested: str, new: str | None) -> None:
    """Rule E5."""
    moved = linked(url=raw, kind=VerdictKind.MOVED, suggestion=suggested)
    change = move(moved.reference, moved.link)
    assert (change.new if change else None) == new


@pytest.mark.parametrize(
    ("verb", "new"), [(Verb.ACCEPT, "https://a.test/new#part"), (Verb.REPLACE, "https://b.test/")]
)
def test_an_accepted_row_keeps_the_fragment(verb: Verb, new: str) -> None:
    """Rule E5: the row of an older report does not have it; what an editor writes stays as it is."""
    row = Instruction(
        "row 2",
        verb,
        "https://a.test/old#part",
        "a.md",
        "webUrl",
        3,
        kind="moved",
        suggestion="https://a.test/new",
        new_value="https://b.test/",
    )
    assert [change.new for change in decided_here(row)] == [new]


def at(pointer: str, url: str) -> Reference:
    return Reference("a.md", 3, pointer, Role.AMP_CACHE, Scope.OWN, url, url)


def amp_change(new: str | None = NEW_AMP, old: str | None = AMP, prefix: str = "") -> FieldChange:
    return FieldChange(f"{prefix}ampWebUrl", 2, REPLACE, old, new, "moved")


def suggestion(at: str, reason: str) -> FieldChange:
    return FieldChange(at, 1, REPLACE, "a", "b", reason)


def test_what_is_suggested_for_one_place() -> None:
    moved = linked(
        kind=VerdictKind.MOVED, reason="redirect-permanent", suggestion="https://b.test/"
    )
    title = suggestion("title", "title")
    (change,) = suggested_at(moved.reference, moved.link, [title])
    assert change.new == "https://b.test/"
    image = linked(Role.IMAGE, pointer="images/0")
    width, other = (suggestion(f"images/{n}/width", "size-missing") for n in (0, 1))
    assert suggested_at(image.reference, image.link, [title, other, width]) == [width]
    amp = linked(Role.AMP, pointer="ampWebUrl")
    page, copy = (suggestion(name, "amp-dead") for name in ("ampWebUrl", "cdnAmpWebUrl"))
    wrong = suggestion("cdnAmpWebUrl", "amp-cache-mismatch")
    assert suggested_at(amp.reference, amp.link, [copy, page, wrong]) == [page, copy]
    assert suggested_at(amp.reference, amp.link, [title]) == []


@pytest.mark.parametrize("prefix", ["", "related/2/"])
@pytest.mark.parametrize(("cached", "new"), [(CACHE, NEW_CACHE), (BING, NEW_BING)])
def test_the_copy_in_a_cache_follows_a_new_amp_address(cached: str, new: str, prefix: str) -> None:
    copy = at(f"{prefix}cdnAmpWebUrl", cached)
    found = list(copies([amp_change(prefix=prefix)], {copy.pointer: copy}))
    assert found == [FieldChange(copy.pointer, 3, REPLACE, cached, new, "moved")]
    assert amp_of(copy.pointer) == f"{prefix}ampWebUrl"


COPY = at("cdnAmpWebUrl", CACHE)


@pytest.mark.parametrize(
    ("changes", "references"),
    [
        pytest.param([amp_change()], [], id="no copy"),
        pytest.param([amp_change()], [at("related/0/cdnAmpWebUrl", CACHE)], id="another's copy"),
        pytest.param([amp_change(new=None)], [COPY], id="the page goes"),
        pytest.param([amp_change(old=None)], [COPY], id="the page comes"),
        pytest.param([amp_change(), replaced(COPY, "x", "r")], [COPY], id="the copy is decided"),
        pytest.param([amp_change(old="https://b.test/")], [COPY], id="it followed another"),
        pytest.param([amp_change()], [at("cdnAmpWebUrl", "https://b.test/")], id="in no cache"),
        pytest.param([amp_change(new=NEW_CACHE)], [COPY], id="the page is in a cache itself"),
        pytest.param([replaced(at("webUrl", AMP), NEW_AMP, "r")], [COPY], id="no AMP page"),
        pytest.param([amp_change(new="https://a b/")], [COPY], id="no address"),
    ],
)
def test_other_copies_are_left_alone(
    changes: list[FieldChange], references: list[Reference]
) -> None:
    assert list(copies(changes, {one.pointer: one for one in references})) == []


def image(declared: Declared, actual: tuple[int, int] | None) -> LinkedReference:
    width, height = actual or (None, None)
    facts = ImageFacts("PNG", width, height, None, 30)
    return linked(Role.IMAGE, pointer="images/0", declared=declared, image=facts)


@pytest.mark.parametrize(
    ("known", "changes"),
    [
        (
            image(Declared(width=1400, height=787), (1024, 576)),
            [("width", REPLACE, "1400", "1024"), ("height", REPLACE, "787", "576")],
        ),
        (
            image(Declared(width=1024, height=787), (1024, 576)),
            [("height", REPLACE, "787", "576")],
        ),
        (
            image(Declared(), (1024, 576)),
            [("width", ADD, None, "1024"), ("height", ADD, None, "576")],
        ),
        (image(Declared(width=1024, height=576), (1024, 576)), []),
        (image(Declared(width=1024, height=576), None), []),
    ],
)
def test_true_sizes_take_the_place_of_declared_ones(
    known: LinkedReference, changes: list[tuple[str, ChangeKind, str | None, str]]
) -> None:
    found = list(true_size(known, ImagePolicy()))
    assert [(one.at.rpartition("/")[2], one.kind, one.old, one.new) for one in found] == changes
    assert {one.at.rpartition("/")[0] for one in found} <= {"images/0"}


def test_another_image_brings_its_size_along() -> None:
    new = FieldChange("images/0", 1, REPLACE, "a", "b", "image-dead")
    width = FieldChange("images/0/width", 1, REPLACE, "1", "2", "image-dead")
    other = FieldChange("images/1/width", 1, REPLACE, "1", "2", "image-dead")
    title = FieldChange("title", 1, REPLACE, "a", "b", "title")
    assert list(with_its_size([new, title], [new, width, other])) == [new, width, title]
    assert list(with_its_size([new], [width])) == [new], "the size of another address"
    assert kind_of(width) is RepairKind.IMAGES


@pytest.mark.parametrize(
    ("at", "is_it"),
    [
        ("images/0", True),
        ("webUrl", True),
        ("images/0/width", False),
        ("title", False),
        ("provider/name", False),
        ("provider/domain", False),
    ],
)
def test_what_is_an_address(at: str, is_it: bool) -> None:
    assert is_address(FieldChange(at, 1, REPLACE, "a", "b", "r")) is is_it
    assert is_image(at) is (at == "images/0")
    assert is_length(at) is (at == "images/0/width")


def row(verb: Verb, at: str, **cells: object) -> Instruction:
    return Instruction("d.csv:2", verb, path="a.md", at=at, line=4, **cells)  # type: ignore[arg-type]


def change(at: str, kind: ChangeKind, old: str | None, new: str | None, reason: str) -> FieldChange:
    return FieldChange(at, 4, kind, old, new, reason)


@pytest.mark.parametrize(
    ("given", "changes"),
    [
        (
            row(Verb.ACCEPT, "webUrl", url="http://a/", suggestion="https://a/", reason="moved"),
            [change("webUrl", REPLACE, "http://a/", "https://a/", "moved")],
        ),
        (
            row(Verb.REPLACE, "webUrl", url="http://a/", suggestion="no", new_value="https://b/"),
            [change("webUrl", REPLACE, "http://a/", "https://b/", "replace")],
        ),
        (
            row(Verb.ACCEPT, "title", url="http://a/", declared="Old", suggestion="New"),
            [change("title", REPLACE, "Old", "New", "accept")],
        ),
        (
            row(Verb.ACCEPT, "images/0", suggestion="https://a/1.png", reason="image-offered"),
            [change("images/0", ADD, None, "https://a/1.png", "image-offered")],
        ),
        (
            row(Verb.ACCEPT, "images/0", url="u", declared="9x8", suggestion="7x6", reason="size"),
            [
                FieldChange("images/0/width", 0, REPLACE, "9", "7", "size"),
                FieldChange("images/0/height", 0, REPLACE, "8", "6", "size"),
            ],
        ),
        (
            row(Verb.REPLACE, "images/0", url="u", new_value="7×6", reason="size-missing"),
            [
                FieldChange("images/0/width", 0, ADD, None, "7", "size-missing"),
                FieldChange("images/0/height", 0, ADD, None, "6", "size-missing"),
            ],
        ),
        (
            row(Verb.REPLACE, "images/0", url="u", declared="9x8", new_value="https://a/2.png"),
            [change("images/0", REPLACE, "u", "https://a/2.png", "replace")],
        ),
        (
            row(
                Verb.ACCEPT,
                "images/0",
                kind="metadata",
                url="p",
                declared="u",
                suggestion="https://a/2.png",
            ),
            [change("images/0", REPLACE, "u", "https://a/2.png", "accept")],
        ),
        (
            row(Verb.DROP, "ampWebUrl", url="u", reason="amp-dead"),
            [
                change("ampWebUrl", DROP, "u", None, "amp-dead"),
                change("cdnAmpWebUrl", DROP, None, None, "amp-dead"),
            ],
        ),
        (
            # A name is no address: it hands no fragment on.
            row(Verb.ACCEPT, "provider/name", url="C #Corner", suggestion="The Corner", reason="r"),
            [change("provider/name", REPLACE, "C #Corner", "The Corner", "r")],
        ),
        (
            row(Verb.REPLACE, "provider/domain", url="a.example", new_value="b.example"),
            [change("provider/domain", REPLACE, "a.example", "b.example", "replace")],
        ),
        (
            row(Verb.DROP, "related/1/cdnAmpWebUrl", url="u"),
            [change("related/1/cdnAmpWebUrl", DROP, "u", None, "drop")],
        ),
        (
            row(Verb.REPLACE, "publishedDateTime", declared="2020-01-02", new_value="2021-05-06"),
            [change("publishedDateTime", REPLACE, "2020-01-02", "2021-05-06", "replace")],
        ),
        (row(Verb.ACCEPT, "publishedDateTime", declared="2020-01-02", suggestion="2020-03-04"), []),
        (row(Verb.ACCEPT, "ampWebUrl", url="u", reason="amp-dead"), []),
    ],
)
def test_a_row_changes_its_place(given: Instruction, changes: list[FieldChange]) -> None:
    assert decided_here(given) == changes


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (row(Verb.ACCEPT, "webUrl", url="u"), "nothing is suggested"),
        (row(Verb.ACCEPT, "image", url="u", suggestion="https://a/"), "names no one image"),
        (row(Verb.DROP, "title", url="u"), "only an AMP pair"),
        (row(Verb.DROP, "images/0", url="u"), "only an AMP pair"),
    ],
)
def test_what_is_unclear_is_refused(given: Instruction, message: str) -> None:
    with pytest.raises(UnclearError, match=message):
        decided_here(given)


MAPPED = FieldMap(
    (
        (("cover", "image"), Role.IMAGE),
        (("photos",), Role.IMAGE),
        (("amp",), Role.AMP),
        (("link",), Role.LINK),
    ),
    is_foreign=True,
)


@pytest.mark.parametrize(
    ("at", "kind"),
    [
        ("cover/image", RepairKind.IMAGES),
        ("photos/0/src", RepairKind.IMAGES),
        ("cover/width", RepairKind.IMAGE_SIZES),
        ("amp", RepairKind.AMP),
        ("link", RepairKind.CANONICAL),
        ("cover/alt", RepairKind.CANONICAL),
    ],
)
def test_the_kind_follows_from_the_role_under_other_names(at: str, kind: RepairKind) -> None:
    assert kind_of(FieldChange(at, 1, REPLACE, "a", "b", "size-missing"), MAPPED) is kind


def test_an_amp_address_under_another_name_is_dropped_alone() -> None:
    assert [one.at for one in dropped("amp", 3, "x", "drop", MAPPED)] == ["amp"]
    with pytest.raises(UnclearError, match="only an AMP pair is"):
        dropped("amp", 3, "x", "drop")
    with pytest.raises(UnclearError, match="only an AMP pair is"):
        dropped("link", 3, "x", "drop", MAPPED)


@pytest.mark.parametrize(
    ("at", "sides"),
    [
        ("images/0", ("images/0/width", "images/0/height")),
        ("images/0/url", ("images/0/url/width", "images/0/url/height")),
        ("related/2/images/1", ("related/2/images/1/width", "related/2/images/1/height")),
        ("cover/image", ("cover/width", "cover/height")),
        ("photos/0/src", ("photos/0/width", "photos/0/height")),
        ("photos/0", ()),
        ("featured_image", ()),
    ],
)
def test_the_size_of_an_image_stands_beside_it(at: str, sides: tuple[str, ...]) -> None:
    assert sides_of(at) == sides


@pytest.mark.parametrize(
    ("pointer", "declared", "reasons"),
    [
        ("featured_image", Declared(), []),
        ("cover/image", Declared(), []),
        ("photos/0", Declared(), []),
        ("images/0", Declared(), ["size-missing"]),
        ("cover/image", Declared(width=1200), ["size-missing"]),
        ("cover/image", Declared(width=100, height=50), ["size-mismatch"]),
    ],
)
def test_a_size_is_missed_where_a_size_is_kept(
    pointer: str, declared: Declared, reasons: list[str]
) -> None:
    measured = ImageFacts("PNG", 1200, 600, 1, 1)
    one = linked(Role.IMAGE, pointer=pointer, declared=declared, image=measured)
    assert [found.reason for found in image_sizes([one], ImagePolicy())] == reasons
