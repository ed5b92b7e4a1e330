"""Names under which collections keep addresses, images and days in their front matter (rule K1).

A name counts in any spelling: `featured_image`, `featuredImage` and `featured-image` are one. What stands there decides
too: `link: Read more` is no address, `image: true` no image.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from crawler.model.field_map import URL_KEYS, TextField, Way
from crawler.model.role import Role

_LINKS: Final = (
    "link links url external external_url external_link external_links link_url link_to linked_url target_url "
    "canonical canonical_url canonical_link original original_url original_link source source_url source_link sources "
    "via via_url redirect_to href website website_url homepage homepage_url page_url article_url post_url story_url "
    "web_url repo repository repo_url repository_url github github_url gitlab demo demo_url live_url "
    "project_url preview_url video video_url pdf pdf_url slides slides_url code code_url paper paper_url download "
    "download_url doi_url url_code url_pdf url_dataset url_poster url_project url_slides url_source url_video "
    "references further_reading see_also buttons seo.canonical seo.canonical_url link.url"
)
_IMAGES: Final = (
    "image images cover cover_image cover_img cover_photo featured_image feature_image featured_img featured_photo "
    "hero hero_image header_image header_img banner banner_image og_image open_graph_image social_image share_image "
    "share_img twitter_image card_image seo_image meta_image preview_image lead_image main_image post_image "
    "article_image page_image image_url image_path img img_url img_path img_src picture photo gallery photos pictures "
    "background background_image background_img bigimg cover.image cover.src cover.url featured.image feature.image "
    "hero.image header.image header.overlay_image header.og_image banner.image image.feature image.featured seo.image "
    "og.image opengraph.image twitter.image social.image meta.image"
)
_SMALL: Final = (
    "thumbnail thumbnail_image thumbnail_img thumbnail_url thumb thumb_image thumb_url teaser teaser_image logo "
    "logo_url avatar avatar_url author_image author_avatar portrait icon_url header.teaser image.teaser image.thumb "
    "image.thumbnail author.image author.avatar"
)
_AMP: Final = "amp amp_url amp_link amphtml amp_html amp_web_url"
_TEXTS: Final[Mapping[TextField, str]] = {
    TextField.EXCERPT: "description summary abstract subtitle tagline",
    TextField.PUBLISHED: (
        "date pub_date publish_date published_date published_at published_on publication_date date_published published "
        "post_date posted created created_at created_on date_created "
        "lastmod last_mod last_modified last_modified_at modified modified_at date_modified updated updated_at "
        "updated_date updated_on last_updated last_update date_updated"
    ),
    TextField.AUTHOR: "byline by writer writers contributors posted_by author_name",
}
"""Of several the first that is there counts: a day of publication before one of a change."""

DEEPEST: Final = 3
"""Keys of a way: no name above is longer than two, and one more leads into the value."""

_NOT_SPELLED = re.compile(r"[-_ ]+")
_WEB: Final = re.compile(r"\s*(?:https?:)?//[^\s/]", re.IGNORECASE)
_PICTURE: Final = re.compile(
    r"[^\s:?#][^:?#\n]*\.(?:jpe?g|jfif|png|apng|gif|webp|avif|heic|heif|svg|bmp|ico|tiff?|jxl)(?:[?#][^\n]*)?",
    re.IGNORECASE,
)
_OF_THE_SITE: Final = re.compile(r"/[^\s/][^\s]*|/")


def spelled(key: str) -> str:
    """A key without what spellings differ in."""
    return _NOT_SPELLED.sub("", key).lower()


def _named(names: str) -> Iterator[Way]:
    return (tuple(map(spelled, name.split("."))) for name in names.split())


_ROLES: Final[Mapping[Way, Role]] = {
    way: role
    for role, names in (
        (Role.LINK, _LINKS),
        (Role.IMAGE, _IMAGES),
        (Role.SMALL_IMAGE, _SMALL),
        (Role.AMP, _AMP),
    )
    for way in _named(names)
}
TEXT_WAYS: Final[Mapping[TextField, tuple[Way, ...]]] = {
    field: tuple(_named(names)) for field, names in _TEXTS.items()
}


def role_of(way: Way) -> Role | None:
    """The role of the addresses that stand at keys of these names; None where the names say nothing."""
    return _ROLES.get(tuple(map(spelled, way)))


def is_address(text: str, role: Role, *, has_site: bool) -> bool:
    """Whether a text at a place of this role is an address, by its looks.

    A path of the site counts for a link where the site's address is known: without that nobody could visit it. An image
    counts by its ending too.
    """
    if _WEB.match(text):
        return True
    if role.is_image:
        return _PICTURE.fullmatch(text.strip()) is not None
    return has_site and role is Role.LINK and _OF_THE_SITE.fullmatch(text.strip()) is not None


__all__ = ["DEEPEST", "TEXT_WAYS", "URL_KEYS", "is_address", "role_of", "spelled"]
