"""Hard rules, preferences, solver and explanation: who audits what (domain.md section 5)."""
