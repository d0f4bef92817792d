"""How much DynamoDB charges for an item, by its documented rules.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
"""

from typing import Any


def item_size(item: dict[str, Any]) -> int:
    """The bytes of an item: its attributes' names and values."""
    return sum(len(name.encode()) + value_size(value) for name, value in item.items())


def value_size(value: dict[str, Any]) -> int:
    """The bytes of an attribute's value."""
    kind: str
    content: Any
    ((kind, content),) = value.items()
    if kind == "S":
        return len(content.encode())
    if kind == "N":
        digits = content.lstrip("-").replace(".", "").strip("0")
        return (len(digits) + 1) // 2 + 1 + int(content.startswith("-"))
    if kind in ("BOOL", "NULL"):
        return 1
    if kind == "M":
        entries = content.items()
        return 3 + sum(len(name.encode()) + value_size(entry) + 1 for name, entry in entries)
    if kind == "L":
        return 3 + sum(value_size(entry) + 1 for entry in content)
    if kind == "SS":
        return sum(len(member.encode()) for member in content)
    raise TypeError(f"No item of ours has an attribute of type {kind}.")
