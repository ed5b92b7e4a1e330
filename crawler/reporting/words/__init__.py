"""The words of reports on codes, visits, articles and dates, and the escaping of outside text."""
