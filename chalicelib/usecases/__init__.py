"""What Lambdesk does: load, decide, commit, deliver."""
