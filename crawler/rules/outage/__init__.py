"""Rules on our own network: whether the answers of a window came from the sites at all."""
