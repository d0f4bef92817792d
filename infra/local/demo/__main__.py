"""`python -m infra.local.demo`: serve the company's website until stopped."""

import argparse
import sys

from infra.local.demo.site import DemoSite, SiteSettings
from infra.local.phone.serving import LocalServer, PortBusyError


def main() -> int:
    """Serve, and return the exit code."""
    arguments = _parse()
    try:
        server = LocalServer(arguments.port)
    except PortBusyError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    print(f"demo: {server.url}", flush=True)
    server.run(
        DemoSite(
            SiteSettings(
                edge_url=arguments.edge_url,
                queue=arguments.queue,
                phone_url=arguments.phone_url,
                number=arguments.number,
            )
        )
    )
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.local.demo", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--edge-url", required=True, help="where the widget is served")
    parser.add_argument("--queue", required=True)
    parser.add_argument("--phone-url", required=True, help="the page with the phones")
    parser.add_argument("--number", required=True, help="the company's number, as +15550100000")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
