"""Pages that do to the widget what pages of customers do, and what they need to run quickly."""
