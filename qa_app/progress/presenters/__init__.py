"""What the pages of progress say: words and figures, the list of managers, the list of audits behind a figure."""
