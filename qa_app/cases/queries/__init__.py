"""Read cases and imports."""
