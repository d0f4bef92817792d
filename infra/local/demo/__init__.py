"""The website of a small company, with the chat widget on it."""
