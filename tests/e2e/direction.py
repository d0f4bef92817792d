"""The order in which a person sees the letters of a text, as the browser has laid them out."""

from playwright.sync_api import Page

# Texts such as "7:17 PM" and "2 d", whose last letter stands left of their first digit.
_TURNED_ROUND = """
() => {
  const found = { read: [], turnedRound: [] };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const leftOf = (text, index) => {
    const letter = new Range();
    letter.setStart(text, index);
    letter.setEnd(text, index + 1);
    return letter.getBoundingClientRect().left;
  };
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (!/^[0-9][0-9:]*\\s[A-Za-z]+$/.test(text.data)) continue;
    found.read.push(text.data);
    if (leftOf(text, 0) > leftOf(text, text.length - 1)) found.turnedRound.push(text.data);
  }
  return found;
}
"""


def times_turned_round(page: Page, at_least: int) -> list[str]:
    """Times that are seen with their parts in the wrong order, of at least so many on the page."""
    found = page.evaluate(_TURNED_ROUND)
    assert len(found["read"]) >= at_least, found
    return list(found["turnedRound"])
