"""What pages of reports say."""
