"""Template tags and filters: ``{% load zw %}``."""
