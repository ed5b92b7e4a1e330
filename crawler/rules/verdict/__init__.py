"""Rules on one URL: what an answer shows, what all answers together come to, when to look again."""
