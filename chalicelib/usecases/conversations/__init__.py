"""Conversations: started, read, ended."""
