"""Each person's due dates as a private calendar feed."""
