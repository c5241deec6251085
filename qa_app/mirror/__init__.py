"""An auditor's own mirror: private, with its numbers, without a league table."""
