"""Rules on articles: dead links, freshness, AMP, identity, suggestions and repairs."""
