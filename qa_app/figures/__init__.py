"""Every figure of the reports and the dashboard: one named function each, and the audits behind it."""
