"""Doors to other people's databases: read-only, bounded, and only where the platform's operator allows."""
