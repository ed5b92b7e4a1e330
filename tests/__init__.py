"""The tests: a package, so that each may import the web of `tests.web`."""
