"""What a page is instead of an article: a wall, a parked domain, a "not found" that answers 200."""
