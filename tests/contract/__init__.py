"""What every fake promises, asked of the fake and of the real thing."""
