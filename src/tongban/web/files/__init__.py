"""Files on the pages: brought with a form, shown, opened."""
