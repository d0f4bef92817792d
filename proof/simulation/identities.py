"""Who is who in an event that a customer sees."""

import re

from proof.simulation.cloud.tables import Json


def knows_only_in_public(event: Json) -> bool:
    """Whether an event tells nobody's id with which they sign in to the desk."""
    people = [event[name] for name in ("sender", "participant") if name in event]
    staff = [who for who in people if who["role"] != "customer"]
    return all(re.fullmatch("[0-9a-f]{16}", who["id"]) for who in staff)
