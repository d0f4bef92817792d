// The rules of texts on both sides of the wire: the server counts and judges the same way.

const HALF = /\p{Surrogate}/gu;
/** Blanks, marks that steer the text around them, fillers, and what nobody has given a shape. */
const UNSEEN =
  /[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\u2800\ufff9-\ufffb\u{1d159}]/gu;
/** Embeddings, overrides and isolates. */
const STEERING = /[\u202a-\u202e\u2066-\u2069]/g;
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** The text with a mark in the place of each half character. No server can read halves. */
export function wellFormed(text: string): string {
  return text.replace(HALF, "\ufffd");
}

/** How many characters a text has. Outside the basic plane one takes two UTF-16 units. */
export function characters(text: string): number {
  return [...text].length;
}

/** The first `most` characters of a text, well-formed. */
export function clip(text: string, most: number): string {
  // No character takes more than two units, so what is cut off first cannot matter.
  return wellFormed([...text.slice(0, 2 * most)].slice(0, most).join(""));
}

/** Whether there is nothing in a text that a reader would see. */
export function isBlank(text: string): boolean {
  return text.replace(UNSEEN, "") === "";
}

/** Whether a text can be sent as a message of at most so many characters. */
export function isSendable(text: string, most: number): boolean {
  return !isBlank(text) && characters(text) <= most;
}

/**
 * A text as part of a sentence, which it cannot turn around: what is written from right to left is
 * set apart, and marks of its own that steer the direction are left out.
 */
export function isolate(text: string): string {
  const tame = text.replace(STEERING, "");
  return RIGHT_TO_LEFT.test(tame) ? `\u2068${tame}\u2069` : tame;
}

/** A value as JSON, with all its texts well-formed. Whatever leaves for a server goes through it. */
export function encode(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "string" ? wellFormed(part) : part,
  );
}
