"""Messages: received, numbered, stored and pushed."""
