"""The domain: frozen values and enums that every other layer uses. Standard library only."""
