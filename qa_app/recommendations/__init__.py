"""Recommendations of reports, and the follow-up audits that say how far each is implemented (domain.md section 8)."""
