"""The spiders: `articles` visits everything, the others one kind of link. All share one base."""
