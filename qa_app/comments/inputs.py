"""What a comment may be."""

MOST_CHARACTERS = 4000
