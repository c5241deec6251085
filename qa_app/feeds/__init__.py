"""Plain tables that Power BI reads, behind tokens that carry their owner's rights."""
