"""What axe finds on a page: https://github.com/dequelabs/axe-core"""

from playwright.sync_api import Page

from proof.stack import ROOT

AXE = (ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text()


def findings(page: Page) -> list[str]:
    """What axe finds on the page, in words."""
    page.evaluate(AXE)
    result = page.evaluate("axe.run()")
    return [
        f"{violation['id']}: {node['html'][:160]} ({node['failureSummary'][:200]})"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]
