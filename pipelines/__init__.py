"""Item pipelines, one job each, in this order: link_verdicts 100, dead_links 200, freshness 300,
image_size 400, write_back 900."""
