"""Conversations, agents, queues and access in DynamoDB."""
