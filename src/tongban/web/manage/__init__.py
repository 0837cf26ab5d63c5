"""Pages: manage."""
