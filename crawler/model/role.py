"""A role: the entry to add so that one more kind of URL in the files is read, visited and reported.

A role is a member of `Role` and its row in `_TRAITS`: where its URLs stand in the files, and what is expected of
them. The shortest one, for the text under `videoUrl` of an article and of its related articles:

    VIDEO = "video"                               in `Role`: the name in the state and in report.json
    Role.VIDEO: RoleTraits(place="videoUrl"),     in `_TRAITS`

>>> RoleTraits(place="videoUrl").target
<Target.ANYTHING: 'anything'>
>>> Role.PROVIDER_IMAGE.traits.place
'provider/images/*'

Its name goes into report.schema.json and docs/reports.md. Code that needs a property of a role reads the table;
code that names a role means that role alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Target(StrEnum):
    """What a URL is expected to lead to."""

    PAGE = "page"
    """The article's own page, in one of its forms."""
    IMAGE = "image"
    ANYTHING = "anything"


@dataclass(frozen=True, slots=True)
class RoleTraits:
    """What is true of every URL of a role.

    `place` is the pointer to its URLs in an article's front matter, with `*` for the entries of a list, each a
    URL or a mapping with `url`; None where they stand below the front matter, or only where a collection's fields are
    mapped to the role (`crawler/model/field_map.py`). `is_described` means that the
    article's own title, excerpt and day are those of the URL's page. URLs of a role that is `on_request` are
    always read, but visited and reported only if the configuration or a command asks for them. `weight` is how much it
    matters that such a URL works (rule Q2).
    """

    place: str | None
    target: Target = Target.ANYTHING
    is_described: bool = False
    on_request: bool = False
    weight: float = 1


class Role(StrEnum):
    """What a URL is for in its article. It decides how the URL is visited and what is compared."""

    WEB = "web"
    ORIGINAL = "original"
    AMP = "amp"
    AMP_CACHE = "amp-cache"
    IMAGE = "image"
    PROVIDER_IMAGE = "provider-image"
    BODY = "body"
    LINK = "link"
    """An address that an article names and that is not its own page: nothing is compared with it (rule K2)."""
    SMALL_IMAGE = "small-image"
    """A thumbnail, a logo, a portrait: an image of any size."""

    @property
    def traits(self) -> RoleTraits:
        """The role's row."""
        return _TRAITS[self]

    @property
    def is_image(self) -> bool:
        """Whether the URL is expected to answer with an image."""
        return self in IMAGES


_TRAITS: Mapping[Role, RoleTraits] = {
    Role.WEB: RoleTraits("webUrl", Target.PAGE, is_described=True, weight=10),
    Role.ORIGINAL: RoleTraits("originalUrl", Target.PAGE, is_described=True, weight=8),
    Role.AMP: RoleTraits("ampWebUrl", Target.PAGE, is_described=True, weight=4),
    Role.AMP_CACHE: RoleTraits("cdnAmpWebUrl", Target.PAGE),
    Role.IMAGE: RoleTraits("images/*", Target.IMAGE, weight=5),
    Role.PROVIDER_IMAGE: RoleTraits("provider/images/*", Target.IMAGE, weight=2),
    Role.BODY: RoleTraits(None, on_request=True, weight=6),
    Role.LINK: RoleTraits(None, weight=8),
    Role.SMALL_IMAGE: RoleTraits(None, Target.IMAGE, weight=2),
}


def _of(target: Target) -> frozenset[Role]:
    return frozenset(role for role in Role if role.traits.target is target)


IMAGES = _of(Target.IMAGE)
PAGES = _of(Target.PAGE)
ON_REQUEST = frozenset(role for role in Role if role.traits.on_request)
CRAWLED = frozenset(Role) - ON_REQUEST
"""The roles that a crawl visits unless a spider or an option says otherwise."""

COMPARED = (Role.WEB, Role.ORIGINAL)
"""The pages that an article is compared with: the first that was seen."""
