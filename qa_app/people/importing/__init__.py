"""The staff import: reading a list, comparing it with what is known, and applying it as a whole or not at all."""
