"""What the caseworker, their managers and the auditor say of an audit before it is final (domain.md section 3)."""
