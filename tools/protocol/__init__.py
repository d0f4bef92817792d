"""Generates the JSON Schema, the TypeScript types and the document of the wire protocol."""
