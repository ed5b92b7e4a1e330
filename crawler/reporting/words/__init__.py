"""What reports say in words: of codes, visits, articles and dates; and how outside text is made safe to show."""
