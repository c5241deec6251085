"""What a small sample can say: intervals, control charts, target tests, suppression. Values in, values out."""
