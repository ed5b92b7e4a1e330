"""Scrapy settings: components by path and defaults that are safe for a link checker.

Each is explained in docs/settings.md. Nothing of ours is imported here.
"""

BOT_NAME = "linkhealth"
SPIDER_MODULES = ["spiders"]
NEWSPIDER_MODULE = "spiders"
COMMANDS_MODULE = "crawler.commands"

# What may run beside a crawl: nothing that listens.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# One queue decides about every request, so Scrapy's own delays, redirects and retries stand back.
DOWNLOAD_DELAY = 0
CONCURRENT_REQUESTS = 256
REDIRECT_ENABLED = False
REDIRECT_MAX_TIMES = 20  # rule B4
METAREFRESH_ENABLED = False
RETRY_ENABLED = False
# A request says who asks, and nothing of the visits before it (rule P9).
REFERER_ENABLED = False
COOKIES_ENABLED = False
HTTPPROXY_ENABLED = False

# Whose turn it is has been decided before a request is made: no queue of Scrapy's is behind ours.
DOWNLOADER = "crawler.transport.downloader.StraightDownloader"
DOWNLOADER_STATS = False  # writes each request and answer out once more, for their lengths

# robots.txt is obeyed by the spider itself, so that its requests wait for the host's turn too. The others set for each
# request what it bears already, or what the downloader and its handler know.
ROBOTSTXT_OBEY = True
DOWNLOADER_MIDDLEWARES = {
    # Off by the setting above; loading it takes a twentieth of a run with nothing due.
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": None,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
}

# Time and size limits (rules B1, B5). Seconds and bytes.
DOWNLOAD_TIMEOUT = 20
DOWNLOAD_MAXSIZE = 5_000_000
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = False
DNS_TIMEOUT = 10
LINKHEALTH_CONNECT_TIMEOUT = 10.0
LINKHEALTH_BODY_TIMEOUT = 18.0
LINKHEALTH_IMAGE_RANGES = True
URLLENGTH_LIMIT = 0
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_HANDLERS = {
    "http": "crawler.transport.download_handler.DownloadHandler",
    "https": "crawler.transport.download_handler.DownloadHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
EXTENSIONS = {
    # Off by the settings above: named here, too, they are not even loaded, and with them a web server and a terminal.
    "scrapy.extensions.remote_control.RemoteControl": None,
    "scrapy.extensions.telnet.TelnetConsole": None,
    "crawler.transport.body_budget.BodyBudget": 100,
    "crawler.fetching.progress.Progress": 200,
    "crawler.fetching.stopping.Stopping": 300,
}
ITEM_PIPELINES = {
    "pipelines.link_verdicts.LinkVerdictsPipeline": 100,
    "pipelines.dead_links.DeadLinksPipeline": 200,
    "pipelines.freshness.FreshnessPipeline": 300,
    "pipelines.image_size.ImageSizePipeline": 400,
    "pipelines.write_back.WriteBackPipeline": 900,
}
FEED_EXPORT_ENCODING = "utf-8"
FEED_EXPORT_FIELDS = [
    "url",
    "verdict",
    "reason",
    "change",
    "status",
    "failure",
    "final_url",
    "redirects",
    "strikes",
    "failing_since",
    "checked_at",
    "warnings",
    "suggestion",
    "image",
    "page",
    "dead_links",
    "freshness",
    "image_sizes",
]

LINKHEALTH_PROGRESS = True
LINKHEALTH_NOTIFICATION_SECONDS = 30.0
LOG_LEVEL = "INFO"
LOG_FORMATTER = "crawler.fetching.log_lines.LogLines"
LOGSTATS_INTERVAL = 0
MEMUSAGE_ENABLED = False
