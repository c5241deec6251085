"""Who is told what by the clock (domain.md section 10)."""
