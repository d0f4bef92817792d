"""`python -m infra`: provision, deploy, add people and queues, run the local stack."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from infra.console import complain, say
from infra.errors import OperatorError

_OLDEST_PYTHON = (3, 11)


def main() -> int:
    """Run one command and return the exit code."""
    if sys.version_info < _OLDEST_PYTHON:
        print(f"Lambdesk needs Python 3.11 or newer; this is {sys.version}.", file=sys.stderr)
        return 1
    arguments = _parser().parse_args()
    run: Callable[[argparse.Namespace], None] = arguments.run
    try:
        run(arguments)
    except OperatorError as error:
        complain(error)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    deploy = commands.add_parser("deploy", help="bring an installation on AWS to this code")
    deploy.add_argument("--domain", help="a domain of your own for the web clients")
    deploy.add_argument("--certificate", help="the ARN of its certificate, in us-east-1")
    deploy.set_defaults(run=_deploy)
    agent = commands.add_parser("add-agent", help="create an agent, or change one")
    agent.add_argument("--email", required=True, type=str.lower)
    agent.add_argument("--name", required=True)
    agent.add_argument("--role", choices=("agent", "supervisor", "admin"), default="agent")
    agent.add_argument("--queue", action="append", default=[], help="repeat for several")
    agent.add_argument("--capacity", type=int, default=3, help="conversations at once")
    agent.set_defaults(run=_add_agent)
    queue = commands.add_parser("add-queue", help="create a queue, or change its settings")
    queue.add_argument("--file", required=True, type=Path, help="the settings, as JSON")
    queue.set_defaults(run=_add_queue)
    leaver = commands.add_parser("remove-agent", help="let an agent in no more, for good")
    leaver.add_argument("--email", required=True, type=str.lower)
    leaver.set_defaults(run=_remove_agent)
    removal = commands.add_parser("remove", help="take an installation down, keeping its data")
    removal.add_argument("--confirm", default="", metavar="STAGE", help="the name once more")
    removal.set_defaults(run=_remove)
    for command in (deploy, removal):
        command.add_argument("--stage", required=True, help="name of the installation")
    for command in (agent, leaver, queue):
        command.add_argument(
            "--stage", required=True, help="name of the installation, or local for the local stack"
        )

    local = commands.add_parser("local", help="the local stack")
    actions = local.add_subparsers(required=True, metavar="ACTION")
    up = actions.add_parser("up", help="start it and run until Ctrl-C")
    up.add_argument("--without-web", action="store_true", help="leave the web clients alone")
    up.set_defaults(run=_local_up)
    actions.add_parser("redeploy", help="load changed code into the running stack").set_defaults(
        run=_local_redeploy
    )
    actions.add_parser("watch", help="redeploy whenever Python code changes").set_defaults(
        run=_local_watch
    )
    actions.add_parser("reset", help="forget all its data").set_defaults(run=_local_reset)
    return parser


# The imports below are lazy: boto3 alone costs more than most of these commands need.


def _deploy(arguments: argparse.Namespace) -> None:
    from infra.deployment import deploy
    from infra.place import on_aws

    given = (arguments.domain, arguments.certificate)
    if len([value for value in given if value]) == 1:
        raise OperatorError("A domain needs its certificate: give both, or none.")
    domain = {"Domain": given[0], "Certificate": given[1]} if all(given) else {}
    deploy(on_aws(arguments.stage), arguments.stage, domain)


def _add_agent(arguments: argparse.Namespace) -> None:
    from infra import desk
    from infra.place import find

    place = find(arguments.stage)
    agent_id = desk.add_agent(
        place.cloud.client("cognito-idp"),
        place.values["UserPool"],
        desk.provisioning(place.cloud, place.values),
        email=arguments.email,
        name=arguments.name,
        role=arguments.role,
        queues=arguments.queue,
        capacity=arguments.capacity,
        password=place.password,
    )
    say(f"{arguments.email} is agent {agent_id}.")
    if place.password:
        say(f"They sign in with the password {place.password}")


def _remove_agent(arguments: argparse.Namespace) -> None:
    from infra import desk
    from infra.place import find

    place = find(arguments.stage)
    agent_id = desk.remove_agent(
        place.cloud.client("cognito-idp"),
        place.values["UserPool"],
        desk.ports(place.cloud, place.values),
        arguments.email,
    )
    say(f"{arguments.email}, agent {agent_id}, is let in no more.")


def _add_queue(arguments: argparse.Namespace) -> None:
    from infra import desk
    from infra.place import find

    place = find(arguments.stage)
    writer = desk.provisioning(place.cloud, place.values)
    say(f"Queue {desk.add_queue(writer, arguments.file)} is set up.")


def _remove(arguments: argparse.Namespace) -> None:
    from infra.place import on_aws
    from infra.removal import remove

    remove(on_aws(arguments.stage), arguments.stage, arguments.confirm)


def _local_up(arguments: argparse.Namespace) -> None:
    from infra.local.layout import Layout
    from infra.local.running import up

    up(Layout.from_environment(), with_web=not arguments.without_web)


def _local_redeploy(_: argparse.Namespace) -> None:
    from infra.local.layout import Layout
    from infra.local.upkeep import redeploy

    redeploy(Layout.from_environment())


def _local_watch(_: argparse.Namespace) -> None:
    from infra.local.layout import Layout
    from infra.local.upkeep import watch

    watch(Layout.from_environment())


def _local_reset(_: argparse.Namespace) -> None:
    from infra.local.layout import Layout
    from infra.local.upkeep import reset

    reset(Layout.from_environment())


if __name__ == "__main__":
    sys.exit(main())
