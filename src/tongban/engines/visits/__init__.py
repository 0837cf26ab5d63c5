"""Officers who go and see: liaison officers of firms, their visits, and what they hear there."""
