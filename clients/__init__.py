"""Clients of Lambdesk, a folder a language."""
