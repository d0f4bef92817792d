/** A piece of a message: plain text, or a web address to link to. */
export interface Piece {
  text: string;
  href: string | null;
}

/** Writing that is not set apart by blanks: an address ends where it goes on after one. */
const GAPLESS = [
  "Han",
  "Hiragana",
  "Katakana",
  "Hangul",
  "Bopomofo",
  "Thai",
  "Lao",
  "Khmer",
  "Myanmar",
]
  .map((script) => `\\p{Script=${script}}`)
  .join("");
const LETTER = "\\p{L}\\p{M}\\p{N}";
/** A label of a host: all letters if it begins in such a writing, else those of others alone. */
const LABEL = `(?:[${GAPLESS}][${LETTER}-]*|(?:(?![${GAPLESS}])[${LETTER}-])+)`;
/** What may stand in the rest of an address. Punctuation outside of ASCII is the sentence's. */
const REST = `(?!https?://|[${GAPLESS}\\uff00-\\uffef])[${LETTER}\\-._~:/?#[\\]@!$&'()*+,;=%]`;
const ADDRESS = new RegExp(
  `\\bhttps?://(?:${LABEL}\\.)*(?:[${GAPLESS}][${LETTER}-]*)?(?:${REST})*`,
  "giu",
);

const PUNCTUATION = ".,;:!?'*";
const OPENING: Readonly<Record<string, string>> = { ")": "(", "]": "[" };

/** Splits a message into text and web addresses. Only http and https ever become links. */
export function splitLinks(message: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  const addText = (until: number) => {
    if (until > end) pieces.push({ text: message.slice(end, until), href: null });
  };
  for (const match of message.matchAll(ADDRESS)) {
    const text = trimmed(match[0]);
    const url = webAddress(text);
    // What stands before the @ looks like a host, and is none.
    if (url === null || url.username || url.password) continue;
    addText(match.index);
    pieces.push({ text, href: url.href });
    end = match.index + text.length;
  }
  addText(message.length);
  return pieces;
}

/** The host of a web address, in ASCII, where no letter passes for another; null if it is none. */
export function hostOf(address: string): string | null {
  return webAddress(address)?.host ?? null;
}

/** Leaves out the punctuation of the sentence, and brackets that the address did not open. */
function trimmed(address: string): string {
  let end = address.length;
  while (end > 0 && !belongs(address.slice(0, end))) end -= 1;
  return address.slice(0, end);
}

/** Whether the last character of an address is its own. */
function belongs(address: string): boolean {
  const last = address.charAt(address.length - 1);
  const opening = OPENING[last];
  if (opening === undefined) return !PUNCTUATION.includes(last);
  return count(address, opening) >= count(address, last);
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

function webAddress(text: string): URL | null {
  try {
    const url = new URL(text);
    return /^https?:$/.test(url.protocol) ? url : null;
  } catch {
    return null;
  }
}
