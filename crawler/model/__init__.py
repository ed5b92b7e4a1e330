"""The domain: frozen values and enums that every other layer passes on. Standard library only."""
