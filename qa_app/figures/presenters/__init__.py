"""What the pages of figures say."""
