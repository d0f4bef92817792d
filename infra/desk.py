"""Who works at the desk and what they serve: agents and queues."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from botocore.exceptions import ClientError

from infra import build
from infra.cloud import Cloud
from infra.errors import OperatorError

if TYPE_CHECKING:
    from chalicelib.domain.queue import Queue
    from chalicelib.ports import Ports
    from chalicelib.provisioning import Provisioning

Role = Literal["agent", "supervisor", "admin"]
_EMAIL = re.compile(r"[^\s@]+@[^\s@.]+(\.[^\s@.]+)+")
_MOST_AT_ONCE = 50

GROUPS: Mapping[str, str] = {"agent": "agents", "supervisor": "supervisors", "admin": "admins"}


def provisioning(cloud: Cloud, values: Mapping[str, str]) -> "Provisioning":
    """The application's own way into the tables of a stage."""
    # The application takes place and credentials from the environment, as in a function.
    os.environ.update(cloud.environ())
    from chalicelib.provisioning import Provisioning

    return Provisioning(values["ConversationsTable"], values["AgentsTable"])


def ports(cloud: Cloud, values: Mapping[str, str]) -> "Ports":
    """The application's ports to a stage, as its functions have them."""
    os.environ.update(cloud.environ())
    from chalicelib.adapters.system import SystemClock, SystemIds
    from chalicelib.bootstrap import make_ports
    from chalicelib.config import read_settings

    return make_ports(read_settings(build.environment(values)), SystemClock(), SystemIds())


def add_agent(
    cognito: Any,
    pool: str,
    desk: "Provisioning",
    *,
    email: str,
    name: str,
    role: Role,
    queues: Sequence[str],
    capacity: int,
    password: str | None = None,
) -> str:
    """Create or change an agent and return their id.

    Without a password Cognito mails an invitation with a temporary one. Raises OperatorError,
    before anything is written, when something about them cannot be.
    """
    queues = tuple(dict.fromkeys(queues))
    _check_agent(email, name, queues, capacity, desk.queue_ids())
    agent_id = _create_user(cognito, pool, email, name, invite=password is None)
    # A removal that was cut off has disabled the user.
    cognito.admin_enable_user(UserPoolId=pool, Username=email)
    if password is not None:
        cognito.admin_set_user_password(
            UserPoolId=pool, Username=email, Password=password, Permanent=True
        )
    for other, group in GROUPS.items():
        change = "admin_add_user_to_group" if other == role else "admin_remove_user_from_group"
        getattr(cognito, change)(UserPoolId=pool, Username=email, GroupName=group)
    # At the desk an administrator is a supervisor; only the group tells them apart.
    rank: Literal["agent", "supervisor"] = "agent" if role == "agent" else "supervisor"
    desk.put_agent(agent_id, email, name, rank, queues, capacity)
    return agent_id


def remove_agent(cognito: Any, pool: str, ports: "Ports", email: str) -> str:
    """Let nobody in as this agent, give their customers to others; return their id.

    The user is deleted last, so that what was cut off can be done again.
    """
    from chalicelib.domain.errors import NotFound
    from chalicelib.usecases.presence import removing

    try:
        known = cognito.admin_get_user(UserPoolId=pool, Username=email)["UserAttributes"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "UserNotFoundException":
            raise
        raise OperatorError(f"There is no agent {email}.") from error
    agent_id = _sub(known)
    cognito.admin_disable_user(UserPoolId=pool, Username=email)
    cognito.admin_user_global_sign_out(UserPoolId=pool, Username=email)
    # Who was never given a desk has nothing else to lose.
    with suppress(NotFound):
        removing.remove_agent(ports, agent_id)
    cognito.admin_delete_user(UserPoolId=pool, Username=email)
    return agent_id


def add_queue(desk: "Provisioning", file: Path) -> str:
    """Write the settings of a queue and the numbers that lead to it; return its id."""
    queue, numbers = read_queue(file)
    with told_to_operators(f"{file}: "):
        desk.put_queue(queue)
    for number in numbers:
        desk.put_number(number, queue.id)
    return queue.id


@contextmanager
def told_to_operators(before: str = "") -> Iterator[None]:
    """What the application refuses is an error of the operator's. Raises OperatorError."""
    try:
        yield
    except ValueError as error:
        raise OperatorError(f"{before}{error}") from error


def read_queue(file: Path) -> tuple["Queue", list[str]]:
    """The queue and the lines that a JSON file describes; durations are in seconds."""
    from chalicelib.domain.errors import Invalid
    from chalicelib.domain.queue import Queue, check_settings
    from chalicelib.domain.texting import check_line

    try:
        settings = msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
        numbers = msgspec.convert(settings.pop("numbers", []), list[str])
        for number in numbers:
            check_line(number)
        # A misspelt setting would otherwise silently keep its default.
        unknown = sorted(settings.keys() - {field.name for field in fields(Queue)})
        if unknown:
            raise OperatorError(f"{file}: no such setting: {', '.join(unknown)}.")
        queue = msgspec.convert(settings, Queue, strict=False)
        check_settings(queue)
        return queue, numbers
    except OSError as error:
        raise OperatorError(f"{file} cannot be read: {error.strerror}.") from error
    except Invalid as error:
        raise OperatorError(f"{file}: {error.field}: {error.message}") from error
    except msgspec.MsgspecError as error:
        raise OperatorError(f"{file}: {error}") from error


def _check_agent(
    email: str, name: str, queues: Sequence[str], capacity: int, known: Sequence[str]
) -> None:
    from chalicelib.provisioning import checked_name

    if not _EMAIL.fullmatch(email):
        raise OperatorError(f"{email!r} is not an e-mail address.")
    if not name.strip():
        raise OperatorError("An agent needs a name: customers see it.")
    with told_to_operators():
        checked_name(name)
    if not 1 <= capacity <= _MOST_AT_ONCE:
        raise OperatorError(
            f"A capacity of {capacity} is not possible.", f"Use a number from 1 to {_MOST_AT_ONCE}."
        )
    unknown = [queue for queue in queues if queue not in known]
    if unknown:
        there = f"There are: {', '.join(sorted(known))}." if known else "There is none yet."
        raise OperatorError(
            f"There is no queue {', '.join(map(repr, unknown))}. {there}",
            "Add it first: python -m infra add-queue --stage … --file …",
        )


def _create_user(cognito: Any, pool: str, email: str, name: str, *, invite: bool) -> str:
    attributes = {"email": email, "email_verified": "true", "name": name}
    try:
        user = cognito.admin_create_user(
            UserPoolId=pool,
            Username=email,
            UserAttributes=[{"Name": key, "Value": value} for key, value in attributes.items()],
            **({"DesiredDeliveryMediums": ["EMAIL"]} if invite else {"MessageAction": "SUPPRESS"}),
        )["User"]
        known = user["Attributes"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "UsernameExistsException":
            raise
        known = cognito.admin_get_user(UserPoolId=pool, Username=email)["UserAttributes"]
    return _sub(known)


def _sub(attributes: Sequence[Mapping[str, str]]) -> str:
    return next(item["Value"] for item in attributes if item["Name"] == "sub")
