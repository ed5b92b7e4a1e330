"""`write_back: sidecar`: what is known of URLs as data files beside the articles (docs/sidecar.md). It stands apart:
only write-back and stripping import it."""
