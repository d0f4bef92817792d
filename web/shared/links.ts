/** A piece of a message: plain text, or a web address to link to. */
export interface Piece {
  text: string;
  href: string | null;
}

const ADDRESS = /\bhttps?:\/\/[^\s<>"]+/gi;
const TRAILING = /[.,;:!?'"*)\]}]+$/;

/** Splits a message into text and web addresses. Only http and https ever become links. */
export function splitLinks(message: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  const addText = (until: number) => {
    if (until > end) pieces.push({ text: message.slice(end, until), href: null });
  };
  for (const match of message.matchAll(ADDRESS)) {
    const text = trimmed(match[0]);
    const href = address(text);
    if (href === null) continue;
    addText(match.index);
    pieces.push({ text, href });
    end = match.index + text.length;
  }
  addText(message.length);
  return pieces;
}

/** Leaves the punctuation of the sentence out, but keeps a bracket that the address opened. */
function trimmed(text: string): string {
  const tail = TRAILING.exec(text)?.[0] ?? "";
  const bare = text.slice(0, text.length - tail.length);
  return tail.startsWith(")") && bare.includes("(") ? `${bare})` : bare;
}

function address(text: string): string | null {
  try {
    return new URL(text).href;
  } catch {
    return null;
  }
}
