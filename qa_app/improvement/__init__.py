"""The improvement process of an inadequate audit, its stages and their clocks, and the monitoring board (section 8)."""
