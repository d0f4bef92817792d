"""What the developers of Lambdesk run; none of it is packaged."""
