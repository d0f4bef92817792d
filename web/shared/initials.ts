import { isBlank } from "./unicode.js";

/** One or two letters that stand for a person where there is no picture. */
export function initials(name: string): string {
  const words = name
    .trim()
    .split(/\s+/)
    .filter((word) => !isBlank(word));
  const ends = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return ends.map((word) => firstSeen(word ?? "").toLocaleUpperCase()).join("");
}

/** Spreading keeps letters whole that take two UTF-16 units. */
function firstSeen(word: string): string {
  return [...word].find((character) => !isBlank(character)) ?? "";
}
