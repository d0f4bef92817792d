"""Lambdesk: a contact desk for live chat and text messaging."""
