"""Slippage notices: an audit that may not make its due date (domain.md section 6)."""
