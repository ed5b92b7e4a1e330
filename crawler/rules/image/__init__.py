"""Rules on images: their size and form, what they are used for, what may take their place."""
