import fc from "fast-check";

/** What texts are made of that broke something somewhere. */
const PIECES = [
  "😀",
  "👩‍👩‍👧",
  "\ud83d",
  "\ude00",
  "\ude00\ud83d",
  "e\u0301",
  "אבג",
  "漢字",
  "\u202e",
  "\u200b",
  "\u0000",
  "\ufeff",
  "\uffff",
  "\\ud83d",
  '"',
  "\u2028",
];

/** Any text that a browser can hold, half characters included. */
export const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(...PIECES),
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
      fc.string({ unit: "binary" }),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(""));

/** Whether a server can read a value: there is no half character in it. */
export function isReadable(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.values(value).every(isReadable);
  if (typeof value !== "string") return true;
  try {
    encodeURIComponent(value);
    return true;
  } catch {
    return false;
  }
}
