"""A web in which every link has a label: the verdict that docs/rules.md gives it, written down beforehand.

`table.py` gathers the cases, `judging.py` crawls them, `test_labels.py` compares. The labels were
written from the rules, never from the crawler's verdicts.
"""
