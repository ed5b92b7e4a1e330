"""Rule F5: one picture in the dresses of many servers, and near misses."""

from __future__ import annotations

import time
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.rules.image.same_picture import picture_key, same_picture


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
            "https://site.example/wp-content/uploads/2024/03/copper-mine-1024x576.jpg",
        ),
        (
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg?w=300",
        ),
        (
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
            "https://site.example/_next/image?url=%2Fwp%2Fcopper-mine.jpg&w=1200&q=75",
        ),
        (
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg.webp",
        ),
        (
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
            "https://site.example/wp-content/uploads/2024/03/copper-mine-scaled.jpg",
        ),
        (
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
            "https://site.example/wp-content/uploads/2024/03/copper-mine@2x.jpg",
        ),
        (
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
            "https://site.example/wp-content/uploads/2024/03/copper-mine-scaled-e1612345678901-300x200.jpg.webp",
        ),
        (
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
            "https://i0.wp.com/site.example/wp-content/uploads/2024/03/copper-mine.jpg?resize=300%2C200&ssl=1",
        ),
        (
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
            "https://res.cloudinary.com/demo/image/upload/c_fill,w_300,h_200/v1612345678/folder/copper-mine.jpg",
        ),
        (
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
            "https://res.cloudinary.com/demo/image/fetch/w_300,f_auto/https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
        ),
        (
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
            "https://res.cloudinary.com/demo/image/fetch/w_300/https%3A%2F%2Fsite.example%2Fcopper-mine.jpg%3Fx%3D1",
        ),
        (
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
            "https://site.example/cdn-cgi/image/width=80,quality=75/https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
        ),
        (
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
            "https://site.example/cdn-cgi/image/width=80,quality=75/wp-content/uploads/copper-mine.jpg",
        ),
        (
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
            "https://ik.imagekit.io/demo/tr:w-300,h-200/copper-mine.jpg",
        ),
        (
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
            "https://ik.imagekit.io/demo/copper-mine.jpg?tr=w-300",
        ),
        (
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
            "https://thumbor.example/unsafe/300x200/smart/filters:quality(80)/site.example/a/copper-mine.jpg",
        ),
        (
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
            "https://imgproxy.example/insecure/rs:fit:300:200/plain/https://site.example/copper-mine.jpg@webp",
        ),
        (
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
            "https://imgproxy.example/sig/rs:fit:300/aHR0cHM6Ly9zaXRlLmV4YW1wbGUvY29wcGVyLW1pbmUuanBn.webp",
        ),
        (
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
            "https://site.example/styles/large/public/2024-03/copper-mine.jpg?itok=AbC",
        ),
        (
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
            "https://site.example/styles/large/public/copper-mine.jpg.webp?itok=AbC",
        ),
        (
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
            "https://upload.wikimedia.org/wikipedia/commons/thumb/a/ab/copper-mine.jpg/640px-copper-mine.jpg",
        ),
        (
            "https://upload.wikimedia.org/wikipedia/commons/a/ab/Foo_bar.svg",
            "https://upload.wikimedia.org/wikipedia/commons/thumb/a/ab/Foo_bar.svg/1200px-Foo_bar.svg.png",
        ),
        (
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
            "https://cdn.shopify.com/s/files/1/copper-mine_1024x1024_crop_center@2x.progressive.jpg?v=1",
        ),
        (
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
            "https://cdn.shopify.com/s/files/1/copper-mine_grande.jpg?v=1",
        ),
        (
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
            "https://images.weserv.nl/?url=site.example/copper-mine.jpg&w=300",
        ),
        (
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
            "https://site.example/timthumb.php?src=/uploads/copper-mine.jpg&w=300",
        ),
        (
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
            "https://dims.apnews.com/dims4/default/abc/2147483647/strip/true/crop/3000x2000+0+0/resize/599x399!/quality/90/?url=https%3A%2F%2Fassets.apnews.com%2Fcopper-mine.jpg",
        ),
        (
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
            "https://site.example/.netlify/images?url=/copper-mine.jpg&w=300",
        ),
        (
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
            "https://site.example/_vercel/image?url=copper-mine.jpg&w=300",
        ),
        (
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
            "https://site.example/_ipx/w_300,f_webp/uploads/copper-mine.jpg",
        ),
        (
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
            "https://a.storyblok.com/f/1/1600x900/hash/copper-mine.jpg/m/800x0/filters:quality(70)",
        ),
        (
            "https://static.wixstatic.com/media/abc123~mv2.jpg",
            "https://static.wixstatic.com/media/abc123~mv2.jpg/v1/fill/w_980,h_551,al_c,q_85/other.webp",
        ),
        (
            "https://lh3.googleusercontent.com/AbCdEf-gh=w1200-h630-p",
            "https://lh3.googleusercontent.com/AbCdEf-gh=s0",
        ),
        (
            "https://1.bp.blogspot.com/-x/AAA/s1600/foo.jpg",
            "https://1.bp.blogspot.com/-x/AAA/w640-h480/foo.jpg",
        ),
        (
            "https://miro.medium.com/v2/resize:fit:1200/1*abcDEF.jpeg",
            "https://miro.medium.com/max/600/1*abcDEF.jpeg",
        ),
        (
            "https://i.ytimg.com/vi/abc123XYZ/maxresdefault.jpg",
            "https://i.ytimg.com/vi_webp/abc123XYZ/hqdefault.webp",
        ),
        (
            "https://media.guim.co.uk/0123abc/0_200_3000_1800/master/3000.jpg",
            "https://media.guim.co.uk/0123abc/0_200_3000_1800/500.jpg",
        ),
        (
            "https://i.guim.co.uk/img/media/0123abc/0_200_3000_1800/master/3000.jpg?width=1200",
            "https://i.guim.co.uk/img/media/0123abc/0_0_3000_1800/master/3000.jpg?width=300",
        ),
        (
            "https://ichef.bbci.co.uk/news/1024/branded_news/83B3/production/_115651733_breaking.png",
            "https://ichef.bbci.co.uk/news/640/cpsprodpb/83B3/production/_115651733_breaking.png.webp",
        ),
        (
            "https://static01.nyt.com/images/2024/03/05/foo/05foo-facebookJumbo.jpg",
            "https://static01.nyt.com/images/2024/03/05/foo/05foo-articleLarge.jpg?quality=75",
        ),
        (
            "https://live.staticflickr.com/1/12345_abcdef0123_b.jpg",
            "https://live.staticflickr.com/1/12345_abcdef0123_z.jpg",
        ),
        (
            "https://64.media.tumblr.com/tumblr_abc_1280.jpg",
            "https://64.media.tumblr.com/tumblr_abc_500.jpg",
        ),
        (
            "https://ucarecdn.com/uuid-1/",
            "https://ucarecdn.com/uuid-1/-/resize/300x/-/format/auto/",
        ),
        (
            "https://iiif.example/iiif/2/id77/full/600,/0/default.jpg",
            "https://iiif.example/iiif/2/id77/full/max/0/default.jpg",
        ),
        (
            "https://imagedelivery.net/acct/id-9/public",
            "https://imagedelivery.net/acct/id-9/thumbnail",
        ),
        (
            "https://assets.bwbx.io/images/users/iqj/iAbC/v1/1200x-1.jpg",
            "https://assets.bwbx.io/images/users/iqj/iAbC/v1/600x400.jpg",
        ),
        (
            "https://site.example/content/images/size/w1200/2020/foo.jpg",
            "https://site.example/content/images/2020/foo.jpg",
        ),
        (
            "https://d.example/uploads/optimized/2X/a/abcdef_2_690x388.jpeg",
            "https://d.example/uploads/original/2X/a/abcdef.jpeg",
        ),
        (
            "https://x.example/a/foo_hu1234abcd1234abcd_12_1024x0_resize_q75_box.jpg",
            "https://x.example/a/foo.jpg",
        ),
        (
            "https://x.example/content/dam/foo.jpg/_jcr_content/renditions/cq5dam.web.1280.1280.jpeg",
            "https://x.example/content/dam/foo.jpg",
        ),
        (
            "https://substackcdn.com/image/fetch/w_1200,h_600,c_fill,f_jpg,q_auto:good/https%3A%2F%2Fbucket.example%2Fpublic%2Fimages%2Fuuid_1200x800.png",
            "https://bucket.example/public/images/uuid_1200x800.png",
        ),
        (
            "https://www.bing.com/th?id=OIP.abc&w=300&h=200",
            "https://www.bing.com/th?id=OIP.abc&pid=Api",
        ),
        ("https://s.example/image.php?id=5&w=100", "https://s.example/image.php?w=900&id=5"),
        ("https://x.example/a%20b.jpg", "https://x.example/a b-300x200.jpg"),
        (
            "https://images.unsplash.com/photo-1501785888041-af3ef285b470?w=1",
            "https://images.unsplash.com/photo-1501785888041-af3ef285b470?ixid=2&w=900",
        ),
    ],
)
def test_one_picture(one: str, other: str) -> None:
    assert same_picture(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "https://site.example/wp-content/uploads/2024/03/copper-mine.jpg",
            "https://site.example/wp-content/uploads/2024/03/silver-mine-1024x576.jpg",
        ),
        ("https://x.example/plane-1024x576.jpg", "https://x.example/train.jpg"),
        ("https://x.example/photo-1.jpg", "https://x.example/photo-2.jpg"),
        ("https://x.example/boeing-747.jpg", "https://x.example/boeing-737.jpg"),
        ("https://x.example/iphone-13-300x200.jpg", "https://x.example/iphone-14.jpg"),
        ("https://x.example/jeep-4x4.jpg", "https://x.example/jeep.jpg"),
        ("https://x.example/a/1024x576.jpg", "https://x.example/b/1024x576.jpg"),
        ("https://i.ytimg.com/vi/abc/hqdefault.jpg", "https://i.ytimg.com/vi/xyz/hqdefault.jpg"),
        ("https://s.example/image.php?id=5&w=100", "https://s.example/image.php?id=6&w=100"),
        (
            "https://site.example/_next/image?url=%2Fa.jpg&w=1200",
            "https://site.example/_next/image?url=%2Fb.jpg&w=1200",
        ),
        ("https://x.example/map-2-1024x576.jpg", "https://x.example/map-1024x576.jpg"),
        ("https://x.example/apollo-11.jpg", "https://x.example/apollo-13-640x480.jpg"),
        ("https://www.bing.com/th?id=OIP.abc", "https://www.bing.com/th?id=OIP.xyz"),
        ("https://x.example/times-square.jpg", "https://x.example/times.jpg"),
        ("https://x.example/car-small.jpg", "https://x.example/bus-large.jpg"),
        (
            "https://imagedelivery.net/acct/id-9/public",
            "https://imagedelivery.net/acct/id-8/public",
        ),
        ("https://x.example/2024/cover.jpg", "https://x.example/foo/cover.jpg"),
        ("https://x.example/", ""),
        (
            "https://static01.nyt.com/images/foo-jumbo.jpg",
            "https://static01.nyt.com/images/bar-jumbo.jpg",
        ),
        (
            "https://lh3.googleusercontent.com/AbC=w1200",
            "https://lh3.googleusercontent.com/XyZ=w1200",
        ),
        (
            "https://x.example/image/upload/w_300/v1/a.jpg",
            "https://x.example/image/upload/w_300/v1/b.jpg",
        ),
        ("https://x.example/route-66.jpg", "https://x.example/route-67.jpg"),
        ("https://x.example/p/12345/original.jpg", "https://x.example/p/12346/original.jpg"),
        ("https://x.example/a/bbc_logo-300x200.jpg", "https://x.example/a/bbc_studio.jpg"),
        (
            "https://x.example/uploads/2024/01/one.jpg",
            "https://x.example/uploads/2024/01/two-1024x576.jpg",
        ),
        (
            "https://x.example/_next/image?url=%2Fpier.jpg&w=640",
            "https://x.example/hall-640x360.jpg",
        ),
        ("//[", "//["),
        ("https://x.example/?url=//[", "https://x.example/?url=//["),
    ],
)
def test_two_pictures(one: str, other: str) -> None:
    assert not same_picture(one, other)


@pytest.mark.parametrize("url", ["", "//[", "https://x.example/", "https://x.example"])
def test_no_picture(url: str) -> None:
    assert picture_key(url) == ""


def test_a_name_that_says_nothing_is_better_than_none() -> None:
    assert picture_key("https://x.example/2020/01/image.jpg") == "image"
    assert picture_key("https://x.example/get.php?w=5") == "get.php"
    assert picture_key("https://x.example/tumblr_1280.jpg") == "tumblr_1280"


@given(st.text(max_size=300))
def test_no_address_fails(text: str) -> None:
    picture_key(text)
    picture_key(f"https://x.example/{text}")


@pytest.mark.parametrize(
    "part", ["a_", "=w1-", ".jpg", "-1024x576", "_hu", "%25", "aHR0c", "https://", "w_1,", "/-"]
)
def test_a_hostile_address_takes_no_time(part: str) -> None:
    began = time.process_time()
    picture_key(f"https://x.example/{part * 20_000}!")
    assert time.process_time() - began < 1


def test_addresses_within_addresses_are_followed_so_far() -> None:
    url = "https://x.example/pier.jpg"
    for _ in range(3):
        url = f"https://x.example/r?url={quote(url, safe='')}"
    assert picture_key(url) == "pier"
    for _ in range(9):
        url = f"https://x.example/r?url={quote(url, safe='')}"
    assert picture_key(url) == "r"
