"""A headless client of Lambdesk, written from docs/protocol.md alone.

It shares no code with the server, so that a mistake in the document or a change of the wire shows.
"""

from clients.python.agent import AgentClient
from clients.python.answers import Json, Refused
from clients.python.customer import CustomerClient
from clients.python.transcript import Transcript

__all__ = ["AgentClient", "CustomerClient", "Json", "Refused", "Transcript"]
