"""`python -m infra.local.phone`: serve the phones until stopped."""

import argparse
import logging
import sys
from pathlib import Path
from urllib.parse import urlsplit

from infra.local.phone import __doc__ as package_doc
from infra.local.phone.server import PhoneServer
from infra.local.phone.serving import PortBusyError
from infra.local.phone.settings import PhoneSettings


def main() -> int:
    """Serve, and return the exit code."""
    logging.basicConfig(level=logging.WARNING, format="phone: %(message)s")
    arguments = _parse()
    settings = PhoneSettings(
        account_sid=arguments.account_sid,
        auth_token=arguments.auth_token,
        number=arguments.number,
        webhook_url=arguments.webhook_url,
        data=arguments.data,
        company=arguments.company,
        api_url=arguments.api_url.rstrip("/"),
        step_delay=arguments.delay,
    )
    try:
        server = PhoneServer(settings, arguments.port)
    except PortBusyError as error:
        print(f"phone: {error}", file=sys.stderr)
        return 1
    if not server.app.store.phones():
        server.app.store.add_phone("+15550101234", "Customer")
    print(f"phone: {server.url}", flush=True)
    server.run()
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m infra.local.phone",
        description=package_doc,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--account-sid", required=True)
    parser.add_argument("--auth-token", required=True)
    parser.add_argument("--number", required=True, help="the company's number, as +15550100000")
    parser.add_argument("--webhook-url", type=_url, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder that keeps the messages")
    parser.add_argument("--company", default="Northwind Bikes", help="name shown on the phones")
    parser.add_argument(
        "--api-url", default="", help="base of media URLs, when not http://localhost:PORT"
    )
    parser.add_argument(
        "--delay", type=float, default=0.4, help="seconds between delivery statuses"
    )
    return parser.parse_args()


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise argparse.ArgumentTypeError(f"{value} is not an http(s) URL")
    return value


if __name__ == "__main__":
    sys.exit(main())
