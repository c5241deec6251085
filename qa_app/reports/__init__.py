"""Reports: built, written, reviewed, published and frozen; as a page, as Word and as Excel."""
