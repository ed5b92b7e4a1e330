"""`write_back: sidecar`: what is known of URLs as data files beside the articles (docs/sidecar.md). Apart: only
what writes files and strips them asks for it."""
