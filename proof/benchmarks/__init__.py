"""What `make bench` runs: what Lambdesk costs, measured beside its budgets."""
