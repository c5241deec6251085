"""Charts as accessible inline SVG, and as PNG for Word."""
