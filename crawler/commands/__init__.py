"""Scrapy commands of the project; `linkhealth X` and `scrapy X` are the same.

A module is a command by Scrapy's convention: its name is the command's, its class `Command`.
"""
