"""``python -m proof.chaos``: the acceptance test of reliability on a running local stack.

It starts a stack of its own, keeps conversations going on it, kills workers and sockets at random
for some minutes, and then demands that nothing was lost, doubled or stranded. A seed decides who is
to be hit when and what people do; which work that meets, and so the run, is never the same twice,
for the operating system schedules it.
"""

import argparse
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from proof.chaos.report import summary
from proof.chaos.run import Run
from proof.stack import LocalStack, StackNotStarted


def main() -> int:
    """The exit code: 1 when something was lost, doubled or stranded."""
    arguments = _arguments()
    signal.signal(signal.SIGTERM, _interrupt)
    home = Path(tempfile.mkdtemp(prefix="lambdesk-chaos-"))
    stack = LocalStack(home, with_web=False)
    try:
        print("Starting a stack of its own", flush=True)
        stack.start()
        return _play(stack, arguments)
    except StackNotStarted as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted: the stack is stopped and forgotten.")
        return 130
    finally:
        stack.stop()
        if arguments.keep:
            print(f"The stack's folder is kept: {home}")
        else:
            shutil.rmtree(home, ignore_errors=True)


def _play(stack: LocalStack, arguments: argparse.Namespace) -> int:
    description = stack.description
    # Without the web clients nobody serves the file that tells where to sign in.
    description["cognito_url"] = description["aws"]["endpoint_url"]
    run = Run(description, stack.home, arguments.conversations, arguments.seed)
    print(
        f"{arguments.conversations} conversations at once for {arguments.minutes:g} minutes, "
        f"seed {arguments.seed}",
        flush=True,
    )
    run.play(arguments.minutes * 60)
    summary(run)
    return 1 if run.violations else 0


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="chaos", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=5.0, help="of faults")
    parser.add_argument("--conversations", type=int, default=20, help="at once")
    parser.add_argument("--seed", type=int, default=1, help="who is hit when")
    parser.add_argument("--keep", action="store_true", help="keep the stack's folder, for its logs")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
