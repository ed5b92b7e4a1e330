"""Large hosts whose pages and redirects say what became of the thing (rules V7, V14, V15), and what only looks so.

The pages have the shape of the hosts' own, made small: the data in a script, beside the site's own metadata.
"""

from __future__ import annotations

import json
from typing import Any

from tests.labelled_web.case import (
    ALIVE,
    BOT_WALL,
    BROKEN_404,
    FOR_NOW_TO_SECTION,
    LOGIN,
    SOFT_404,
    TEMPORARY,
    TITLE,
    TRIVIAL,
    Answers,
    Case,
    Class,
    Label,
    moved,
    unverifiable,
)
from tests.web import pages
from tests.web.rules import Answer, redirect

_REMOVED = Label("broken", "removed")
_NO_ADDRESS = Label("moved", "moved-permanently")
"""Moved, with nothing that is suggested."""
_NOT_PUBLIC = unverifiable("not-public")
_SIZE = (640, 480)
_OG = '<meta property="og:site_name" content="YouTube"><meta property="og:type" content="video.other">'
_ARTICLE_OG = '<meta property="og:type" content="article">'


def _case(name: str, label: Label, url: str, answers: Answers, *, title: str = TITLE) -> Case:
    return Case(Class.LARGE_HOSTS, f"host-{name}", label, answers, raw=url, title=title)


def _html(title: str, head: str = "", body: str = "") -> Answer:
    return Answer(
        body=f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    )


def _player(
    status: str,
    *,
    details: bool = False,
    below: bool = False,
    title: str = " - YouTube",
    **state: Any,
) -> Answer:
    """A watch page. `details` are the film's in the player, `below` its headline below the player."""
    player: dict[str, Any] = {
        "responseContext": {"visitorData": "Cgt"},
        "playabilityStatus": {"status": status, **state},
    }
    if details:
        player["videoDetails"] = {"videoId": "EkdXGPGciUY", "title": TITLE, "lengthSeconds": "60"}
    contents = {"contents": [{"videoPrimaryInfoRenderer": {"title": TITLE}}]} if below else {}
    data = {"contents": {"twoColumnWatchNextResults": {"results": {"results": contents}}}}
    scripts = (
        f"<script>var ytInitialPlayerResponse = {json.dumps(player)};var meta = 1;</script>"
        f"<script>var ytInitialData = {json.dumps(data)};</script>"
    )
    return _html(title, _OG, scripts)


def _film(
    name: str,
    label: Label,
    answer: Answer,
    *,
    path: str | None = None,
    host: str = "www.youtube.com",
) -> Case:
    url = f"https://{host}{path or f'/watch?v={name}'}"
    return _case(f"youtube-{name}", label, url, {url: answer})


def _screen(reason: str, subreason: str = "") -> dict[str, Any]:
    renderer = {"reason": {"simpleText": reason}, "subreason": {"simpleText": subreason}}
    return {"errorScreen": {"playerErrorMessageRenderer": renderer}}


_GONE = _player("ERROR", reason="Video unavailable", **_screen("Video unavailable"))
_EMBED = '<h1>The pier</h1><iframe src="https://www.youtube.com/embed/gone"></iframe><p>A film is missing here.</p>'
_QUOTED = (
    f"<h1>How we read players</h1><p>Removed.</p><script>var ytInitialPlayerResponse = "
    f"{json.dumps({'playabilityStatus': {'status': 'ERROR'}})};</script>"
)
_YOUTUBE = (
    _film("removed", _REMOVED, _GONE),
    _film("german", _REMOVED, _player("ERROR", reason="Video nicht verfügbar")),
    _film("uploader", _REMOVED, _player("ERROR", reason="Video unavailable",
                                        **_screen("Video unavailable", "This video has been removed by the uploader"))),
    _film("shorts", _REMOVED, _GONE, path="/shorts/EkdXGPGciUY"),
    _film("live", _REMOVED, _GONE, path="/live/EkdXGPGciUY?feature=share"),
    _film("mobile", _REMOVED, _GONE, host="m.youtube.com"),
    _film("bare-host", _REMOVED, _GONE, host="youtube.com"),
    _case("youtube-short-address", _REMOVED, "https://youtu.be/gone1", {
        "https://youtu.be/gone1": redirect("https://www.youtube.com/watch?v=gone1&feature=youtu.be", 303),
        "https://www.youtube.com/watch?v=gone1&feature=youtu.be": _GONE,
    }),
    _film("private", _REMOVED, _player(
        "LOGIN_REQUIRED", messages=["This is a private video. Please sign in to verify that you may see it."],
        **_screen("Private video", "Sign in if you've been granted access to this video"))),
    _film("private-malay", _REMOVED, _player("LOGIN_REQUIRED", messages=["Ini video peribadi."], **_screen("Video peribadi"))),
    # near misses
    _film("alive", ALIVE, _player("OK", details=True, below=True, title=f"{TITLE} - YouTube")),
    _film("live-offline", ALIVE, _player("LIVE_STREAM_OFFLINE", details=True, below=True, title=f"{TITLE} - YouTube",
                                         reason="This live event will begin in 3 hours.")),
    _film("viewer-discretion", ALIVE, _player("CONTENT_CHECK_REQUIRED", details=True, below=True, title=f"{TITLE} - YouTube")),
    _film("age", _NOT_PUBLIC, _player("LOGIN_REQUIRED", details=True, below=True, title=f"{TITLE} - YouTube",
                                      reason="Sign in to confirm your age")),
    _film("age-without-details", BOT_WALL, _player("LOGIN_REQUIRED", reason="Sign in to confirm your age")),
    _film("bot-check", BOT_WALL, _player("LOGIN_REQUIRED", reason="Sign in to confirm you’re not a bot")),
    _film("bot-check-titled", BOT_WALL, _player("LOGIN_REQUIRED", title=f"{TITLE} - YouTube",
                                                reason="Bestätige, dass du kein Bot bist")),
    _film("bot-check-messages", BOT_WALL, _player("LOGIN_REQUIRED", messages=["Sign in"], reason="Sign in")),
    _film("region", _NOT_PUBLIC, _player("UNPLAYABLE", details=True, below=True, title=f"{TITLE} - YouTube", **_screen(
        "Video unavailable", "The uploader has not made this video available in your country"))),
    _film("region-without-details", _NOT_PUBLIC, _player("UNPLAYABLE", reason="Video unavailable")),
    _film("members", _NOT_PUBLIC, _player("UNPLAYABLE", details=True, reason="Join this channel to get access")),
    _film("rate-limit", _NOT_PUBLIC, _player("UNPLAYABLE", reason="This content isn’t available, try again later.")),
    _film("fault-of-the-player", _NOT_PUBLIC, _player("ERROR", details=True, reason="An error occurred.")),
    _film("fault-above-the-film", _NOT_PUBLIC, _player("ERROR", below=True, title=f"{TITLE} - YouTube",
                                                       reason="This video is unavailable")),
    _film("unknown-status", ALIVE, _player("SOMETHING_NEW", title=f"{TITLE} - YouTube")),
    _film("no-status", ALIVE, _html(f"{TITLE} - YouTube", _OG, "<script>var ytInitialPlayerResponse = null;</script>")),
    _film("broken-data", ALIVE, _html(f"{TITLE} - YouTube", _OG,
                                      '<script>var ytInitialPlayerResponse = {"playabilityStatus":{"status":"ERR</script>')),
    _film("shell", BOT_WALL, _html(" - YouTube", _OG)),
    _film("channel", ALIVE, _player("ERROR", title="Harbour films - YouTube", reason="x"), path="/@harbour"),
    _film("embed-page", ALIVE, _player("ERROR", title="The pier - YouTube", reason="x"), path="/embed/EkdXGPGciUY"),
    _film("in-a-comment", ALIVE, _html(
        f"{TITLE} - YouTube", _OG, '<!-- ytInitialPlayerResponse = {"playabilityStatus":{"status":"ERROR"}} -->'
        '<p>ytInitialPlayerResponse = {"playabilityStatus":{"status":"ERROR"}}</p>')),
    _case("other-site-embeds", ALIVE, "https://embeds.host-case.example/news/the-pier",
          {"https://embeds.host-case.example/news/the-pier": _html("The pier", "", _EMBED)}),
    _case("other-site-quotes", ALIVE, "https://quotes.host-case.example/watch?v=1",
          {"https://quotes.host-case.example/watch?v=1": _html("How we read players", "", _QUOTED)}),
    _case("other-host-like-it", ALIVE, "https://www.notyoutube.com/watch?v=1",
          {"https://www.notyoutube.com/watch?v=1": _player("ERROR", title="A film", reason="x")}),
)  # fmt: skip


def _post(code: int, title: str = "TikTok - Make Your Day") -> Answer:
    detail = {"statusCode": code, "statusMsg": "" if code == 0 else "item doesn't exist"}
    data = {"__DEFAULT_SCOPE__": {"webapp.video-detail": detail}}
    script = f'<script id="__UNIVERSAL_DATA_FOR_REHYDRATION__" type="application/json">{json.dumps(data)}</script>'
    return _html(title, "", script)


def _page_of(name: str, label: Label, url: str, answer: Answer) -> Case:
    return _case(name, label, url, {url: answer})


_BILIBILI = "<script>window.__INITIAL_STATE__={};(function(){{}})()</script>"
_OTHER_PAGES = (
    _page_of("tiktok-10204", _NOT_PUBLIC, "https://www.tiktok.com/@pier/video/7406254501511925010", _post(10204)),
    _page_of("tiktok-private", _NOT_PUBLIC, "https://www.tiktok.com/@pier/video/7406254501511925011", _post(10222)),
    _page_of("tiktok-alive", ALIVE, "https://www.tiktok.com/@pier/video/7406254501511925012", _post(0, "The pier | TikTok")),
    _page_of("tiktok-profile", ALIVE, "https://www.tiktok.com/@pier", _post(10204, "Pier | TikTok")),
    _page_of("bilibili-404", _NOT_PUBLIC, "https://www.bilibili.com/video/BV1uT4y1P7CX",
             _html("视频去哪了呢？_哔哩哔哩", "", _BILIBILI.format(
                 json.dumps({"error": {"code": 404, "trueCode": -404, "message": "啥都木有"}})))),
    _page_of("bilibili-alive", ALIVE, "https://www.bilibili.com/video/BV1uT4y1P7CY",
             _html("码头_哔哩哔哩", "", _BILIBILI.format(json.dumps({"error": {}, "videoData": {"title": "码头"}})))),
)  # fmt: skip


def _led(
    name: str, label: Label, url: str, end: str, status: int = 302, answer: Answer | None = None
) -> Case:
    return _case(
        name,
        label,
        url,
        {url: redirect(end, status), end: answer or _html("An end", "", "<p>Here.</p>")},
    )


def _picture(name: str, label: Label, url: str, end: str, status: int = 302) -> Case:
    picture = Answer(image=(161, 81))
    return Case(
        Class.LARGE_HOSTS, f"host-{name}", label, {url: redirect(end, status), end: picture}, raw=url, image=_SIZE
    )  # fmt: skip


_FLICKR = "https://s.yimg.com/pw/images/en-us/photo_unavailable.png"
_PICTURES = (
    _picture("imgur", _REMOVED, "https://i.imgur.com/yDoCnHk.png", "https://i.imgur.com/removed.png"),
    _picture("imgur-http", _REMOVED, "http://i.imgur.com/aDoCnHk.jpg", "http://i.imgur.com/removed.png"),
    _led("imgur-page", _REMOVED, "https://imgur.com/bDoCnHk", "https://i.imgur.com/removed.png", answer=Answer(image=(161, 81))),
    _picture("flickr", _REMOVED, "https://live.staticflickr.com/1/2_abc_b.jpg", _FLICKR),
    _picture("flickr-farm", _REMOVED, "https://farm9.staticflickr.com/1/2_abc_b.jpg",
             "https://s.yimg.com/pw/images/photo_unavailable_l.gif"),
    _picture("flickr-old", _REMOVED, "https://farm3.static.flickr.com/1/3_abc.jpg",
             "https://l.yimg.com/g/images/photo_unavailable.gif"),
    _picture("same-site-removed", _REMOVED, "https://c231.host-case.example/aB3xQ.jpg", "https://c231.host-case.example/removed.png"),
    _picture("image-deleted", _REMOVED, "https://deleted.host-case.example/p/pier.jpg",
             "https://deleted.host-case.example/static/image_deleted.gif", 301),
    _picture("image-not-found", _REMOVED, "https://lost.host-case.example/p/pier.jpg",
             "https://cdn.lost.host-case.example/image-not-found.svg"),
    _picture("not-found-picture", SOFT_404, "https://tinypic.host-case.example/r/pier.jpg",
             "https://tinypic.host-case.example/images/404.gif"),
    # near misses
    _picture("removed-is-meant", TRIVIAL, "http://i.imgur.com/removed.png", "https://i.imgur.com/removed.png", 301),
    _picture("other-picture", TEMPORARY, "https://i.imgur.com/dWs5fLb.png", "https://i.imgur.com/uH6EmZ7.png"),
    _picture("default", TEMPORARY, "https://avatars.host-case.example/u/7.png", "https://avatars.host-case.example/default.png"),
    _picture("placeholder", TEMPORARY, "https://lazy.host-case.example/u/7.png", "https://lazy.host-case.example/placeholder.png"),
    _picture("unavailable-elsewhere", TEMPORARY, "https://cam.host-case.example/live/7.png",
             "https://cam.host-case.example/unavailable.png"),
    _picture("name-has-the-word", moved("https://cdn.words.host-case.example/removed.jpg"),
             "https://words.host-case.example/pier-removed.jpg", "https://cdn.words.host-case.example/removed.jpg", 301),
    _picture("title-has-the-word", moved("https://longer.host-case.example/img/removed-pier-at-dawn.jpg"),
             "https://longer.host-case.example/p/17.jpg", "https://longer.host-case.example/img/removed-pier-at-dawn.jpg", 301),
    _picture("nameless", _NO_ADDRESS,
             "https://files.host-case.example/attachments/17", "https://files.host-case.example/f/deleted.png", 301),
    _picture("yimg-of-others", moved(_FLICKR), "https://news.host-case.example/p/unavailable.png", _FLICKR, 301),
)  # fmt: skip
_GOOGLE = "https://accounts.google.com/ServiceLogin?service=wise&continue=https://drive.google.com/file/d/1/view"
_ENDS = (
    _led("wordpress-typo", _REMOVED, "https://harbourblog.wordpress.com/2019/06/a-pier/", "https://wordpress.com/typo/?subdomain=harbourblog"),
    _led("bandcamp-signup", _REMOVED, "https://harbourband.bandcamp.com/", "https://bandcamp.com/signup?new_domain=harbourband", 303),
    _led("twitter-suspended", _REMOVED, "https://twitter.com/harbour/status/1", "https://twitter.com/account/suspended"),
    _led("x-suspended", _REMOVED, "https://x.com/harbour", "https://x.com/account/suspended"),
    _led("blogger-door", _NOT_PUBLIC, "https://harbour.blogspot.com/2012/01/a-pier.html",
         "https://www.blogger.com/blogin.g?blogspotURL=https://harbour.blogspot.com/2012/01/a-pier.html&type=blog"),
    _led("linkedin-closed", _NOT_PUBLIC, "https://www.linkedin.com/jobs/view/123456",
         "https://www.linkedin.com/jobs/harbour-master-jobs?trk=expired_jd_redirect"),
    _led("tumblr-login", LOGIN, "https://harbour.tumblr.com/post/12345/a-pier",
         "https://www.tumblr.com/login_required/harbour/12345/a-pier"),
    _led("google-drive", LOGIN, "https://drive.google.com/file/d/1/view", _GOOGLE),
    _led("google-v3", LOGIN, "https://docs.google.com/document/d/1/edit",
         "https://accounts.google.com/v3/signin/identifier?continue=x"),
    _led("gitlab-login", LOGIN, "https://gitlab.com/harbour/pier", "https://gitlab.com/users/sign_in"),
    _led("gitlab-own", LOGIN, "https://gitlab.host-case.example/harbour/pier/-/blob/main/x",
         "https://gitlab.host-case.example/users/sign_in", 301),
    _led("bitbucket-login", LOGIN, "https://bitbucket.org/harbour/pier/src/main/x", "https://id.atlassian.com/login?continue=x&application=bitbucket"),
    _led("github-login", LOGIN, "https://github.com/harbour/pier/issues/new", "https://github.com/login?return_to=x"),
    _led("instagram-login", LOGIN, "https://www.instagram.com/harbour/", "https://www.instagram.com/accounts/login/?next=/harbour/"),
    _led("facebook-login", LOGIN, "https://www.facebook.com/harbour/posts/1", "https://www.facebook.com/login/?next=x"),
    _led("x-login", LOGIN, "https://x.com/harbour/status/2", "https://x.com/i/flow/login?redirect_after_login=x"),
    _led("linkedin-authwall", LOGIN, "https://www.linkedin.com/in/harbour", "https://www.linkedin.com/authwall?trk=gf"),
    _page_of("github-404", BROKEN_404, "https://github.com/harbour/gone", Answer(status=404)),
    # near misses
    _led("wordpress-post", moved("https://harbour.wordpress.com/2019/06/typo/"), "https://harbour.wordpress.com/?p=17",
         "https://harbour.wordpress.com/2019/06/typo/", 301, Answer(body=pages.page(TITLE))),
    _led("wordpress-typography", FOR_NOW_TO_SECTION, "https://harbour2.wordpress.com/2019/06/a", "https://harbour2.wordpress.com/typography/"),
    _led("bandcamp-album", TEMPORARY, "https://onealbum.bandcamp.com/music", "https://onealbum.bandcamp.com/album/the-pier", 303),
    _led("bandcamp-signup-elsewhere", TEMPORARY, "https://labels.host-case.example/join/us", "https://bandcamp.com/signup?new_domain=x"),
    _led("linkedin-job", TEMPORARY, "https://www.linkedin.com/jobs/view/123457",
         "https://www.linkedin.com/jobs/view/harbour-master-at-pier-123457"),
    _led("steam-age", TEMPORARY, "https://store.steampowered.com/app/1/pier", "https://store.steampowered.com/agecheck/app/1/"),
)  # fmt: skip


def _notice(
    name: str, label: Label, said: str, *, title: str | None = None, body: str = "", head: str = ""
) -> Case:
    url = f"https://{name}.host-case.example/watch?v=abc"
    page = _html(said if title is None else title, head, f"<h1>{said}</h1>{body}")
    return _page_of(f"notice-{name}", label, url, page)


_PROSE = (
    "<p>" + "The pier was opened again on Monday after a long winter of repairs. " * 30 + "</p>"
)
_NOTICES = (
    _notice("c424", _NOT_PUBLIC, "This video is not available"),
    _notice("c424-site", _NOT_PUBLIC, "Video unavailable", title="Video unavailable | HarbourTube"),
    _notice("country", _NOT_PUBLIC, "This video is not available in your country"),
    _notice("private", _NOT_PUBLIC, "This video is private", title="The pier - HarbourTube"),
    _notice("right-now", _NOT_PUBLIC, "This content isn't available right now", title="Harbourbook"),
    _notice("spanish", _NOT_PUBLIC, "Este video no está disponible"),
    _notice("removed", SOFT_404, "This video has been removed by the uploader", title="HarbourTube"),
    _notice("no-longer", SOFT_404, "Sorry, this video is no longer available."),
    _notice("german-deleted", SOFT_404, "Dieses Video wurde gelöscht", title="Dieses Video wurde gelöscht - HafenTV"),
    _notice("unavailable-and-removed", _NOT_PUBLIC, "Video unavailable. This video has been removed"),
    _page_of("notice-bare", _NOT_PUBLIC, "https://bare.host-case.example/watch?v=abc",
             _html("HarbourTube", "", "<p>This video is not available.</p>")),
    # near misses
    _notice("news", ALIVE, "This video has been removed", body=_PROSE, head=_ARTICLE_OG),
    _notice("long", ALIVE, "This video has been removed", body=_PROSE),
    _notice("why", ALIVE, "Why this video is not available in your country", body="<p>Rights.</p>"),
    _notice("question", ALIVE, "The video that was removed: what we know", body="<p>Not much.</p>"),
    _notice("games", ALIVE, "Private video games", body="<p>A shop.</p>"),
    _notice("film-title", ALIVE, "Deleted Scenes", body="<p>A film.</p>"),
    _page_of("notice-in-a-player", ALIVE, "https://player.host-case.example/news/the-pier", _html(
        "The pier", "", "<h1>The pier</h1><div class=player><h1>This video is not available</h1></div><p>Opened.</p>")),
)  # fmt: skip

_CONTENT = pages.page(
    "A film about a removed film", body="<p>The film was removed, and we say why.</p>"
)
_ABOUT = _page_of(
    "about-a-removed-film", ALIVE, "https://about.host-case.example/news/a-removed-film", Answer(body=_CONTENT)
)  # fmt: skip
CASES = (*_YOUTUBE, *_OTHER_PAGES, *_PICTURES, *_ENDS, *_NOTICES, _ABOUT)
