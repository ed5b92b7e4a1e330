"""A collection and a web of its own on the loopback interface, for `linkhealth demo`."""
