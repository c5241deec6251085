"""The inspection pack of a chosen window."""
