"""What a leader looks at in between reports."""
