"""Actions: what is to be put right, by whom and by when (domain.md section 8)."""
