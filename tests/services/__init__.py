"""Services that tests start for themselves."""
