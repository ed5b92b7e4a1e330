"""Messages after a run: what is new for each channel, in words, on its way to people (docs/notifications.md)."""
