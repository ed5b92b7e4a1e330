"""Scrapy glue: the polite queue, requests, answers, failures, addresses and robots.txt."""
