"""One visit, from its request to the observation of its answer."""
