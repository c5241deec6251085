"""A report as a file: a Word document and an Excel workbook of the same blocks that its page shows."""
