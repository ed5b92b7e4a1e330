"""What lies below Scrapy's downloader: names, addresses, TLS, heads and bodies, and the table of failures."""
