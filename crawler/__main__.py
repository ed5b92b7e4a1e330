"""`python -m crawler X` is `linkhealth X`."""

from crawler.commands.entry import main

main()
