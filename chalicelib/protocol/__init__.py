"""The wire protocol, written once.

Everything that crosses the network between Lambdesk and its clients is a struct of this package.
The JSON Schema, the TypeScript types and ``docs/protocol.md`` are generated from it.
"""

VERSION = 1
