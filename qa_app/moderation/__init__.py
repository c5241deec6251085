"""Moderation: a second pair of eyes on a submitted audit, its final grade, feedback, dispute (domain.md section 7)."""
