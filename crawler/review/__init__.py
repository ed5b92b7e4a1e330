"""The review: a report that is served to its own machine, decided in, and carried out (docs/review.md)."""
