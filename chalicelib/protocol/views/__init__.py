"""What clients are shown, by topic, each with how it comes from the domain."""
