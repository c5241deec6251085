"""Frame, strata, seed and reserves: which cases a round looks at (domain.md section 4)."""
