"""The whole crawl, without Scrapy: what is asked next and when, and what becomes of the answers."""
