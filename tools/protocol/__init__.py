"""Generates what describes the wire protocol: document, schemas, TypeScript types."""
