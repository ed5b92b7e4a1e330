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

# robots.txt is obeyed by the spider itself, so that its requests wait for the host's turn too. Of the others that are left out
# some set for each request what it bears already, or what the downloader and its handler know. They are left out of the base,
# since what is named with None is loaded all the same: the one for cookies brings a client of its own.
ROBOTSTXT_OBEY = True
DOWNLOADER_MIDDLEWARES_BASE = {
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": 550,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": 580,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 590,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 600,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": 750,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": 850,
    "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": 900,
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
# Scrapy's own without the two that listen. They are off by the settings above, but would be loaded, and a web server with them.
EXTENSIONS_BASE = {
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.logcount.LogCount": 0,
    "scrapy.extensions.memusage.MemoryUsage": 0,
    "scrapy.extensions.memdebug.MemoryDebugger": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
    "scrapy.extensions.feedexport.FeedExporter": 0,
    "scrapy.extensions.logstats.LogStats": 0,
    "scrapy.extensions.spiderstate.SpiderState": 0,
    "scrapy.extensions.throttle.AutoThrottle": 0,
}
EXTENSIONS = {
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
