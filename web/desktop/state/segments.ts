/** How a text message is cut into segments, which is what an operator bills. */

export interface Segments {
  encoding: "GSM-7" | "UCS-2";
  count: number;
  /** How many characters still fit into the last segment. */
  left: number;
}

const BASIC =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
  "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/** These take two places: an escape and the character. */
const EXTENDED = "^{}\\[~]|€\f";

const GSM_WIDTH = new Map<string, number>([
  ...Array.from(BASIC, (character) => [character, 1] as const),
  ...Array.from(EXTENDED, (character) => [character, 2] as const),
]);

const LIMITS = {
  "GSM-7": { single: 160, joined: 153 },
  "UCS-2": { single: 70, joined: 67 },
} as const;

export function segments(text: string): Segments {
  const characters = Array.from(text);
  const gsm = characters.every((character) => GSM_WIDTH.has(character));
  const encoding = gsm ? "GSM-7" : "UCS-2";
  // Outside the basic plane a character is a surrogate pair: two units in UCS-2.
  const widths = characters.map((character) =>
    gsm ? (GSM_WIDTH.get(character) ?? 1) : character.length,
  );
  const { single, joined } = LIMITS[encoding];
  const total = widths.reduce((sum, width) => sum + width, 0);
  if (total <= single) return { encoding, count: 1, left: single - total };
  return { encoding, ...pack(widths, joined) };
}

/** A character of two units is never cut in half: it moves to the next segment. */
function pack(widths: readonly number[], size: number): { count: number; left: number } {
  let count = 1;
  let left = size;
  for (const width of widths) {
    if (width > left) {
      count += 1;
      left = size;
    }
    left -= width;
  }
  return { count, left };
}
