"""What the pages about cases and imports say."""
