"""Calibration sets: one case graded blind by several auditors, then revealed side by side (domain.md section 7)."""
