"""Rules on one URL: what an answer shows, the verdict on all answers together, when to visit again."""
