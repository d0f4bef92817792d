"""What an agent's screen begins with."""
