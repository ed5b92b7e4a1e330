"""A web whose every link bears a label: the verdict that docs/rules.md gives it, written down beforehand.

`table.py` gathers the cases, `judging.py` has them crawled, `test_labels.py` compares. The labels were
written from the rules, never from what the crawler said.
"""
