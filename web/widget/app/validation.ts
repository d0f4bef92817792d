import type { FormField } from "../../shared/protocol.js";
import { MESSAGE_LENGTH } from "../../shared/protocol.js";
import { characters, isBlank } from "../../shared/unicode.js";
import type { TextKey } from "../text/index.js";

/** Most characters of an answer; the server says the same. */
export function mostCharacters({ type }: FormField): number {
  return type === "textarea" ? MESSAGE_LENGTH : 200;
}

/** What is wrong with an answer, as a text; null when nothing is. */
export function problem(field: FormField, value: string): TextKey | null {
  const { type, required } = field;
  if (isBlank(value)) return required ? "form.required" : null;
  if (characters(value) > mostCharacters(field)) return "form.long";
  if (type === "email" && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value.trim())) return "form.email";
  // Seven to fifteen digits; people write them with all kinds of punctuation in between.
  if (type === "tel" && !/^\+?(?:[\s()./-]*\d){7,15}[\s)]*$/.test(value.trim())) return "form.tel";
  return null;
}
