import { chooseLanguage, translator, type Translate } from "../../shared/text.js";
import { en } from "./en.js";

export type TextKey = keyof typeof en;

/** One entry per language; a language lacks no key, or this does not compile. */
const CATALOGUES: Readonly<Record<string, Readonly<Record<TextKey, string>>>> = { en };

const language = chooseLanguage(Object.keys(CATALOGUES));

/** The text for a key in the agent's language. */
export const t: Translate<TextKey> = translator(CATALOGUES[language] ?? en, language);

/** Whether there is a text for a key made from data, such as an error code. */
export function isTextKey(key: string): key is TextKey {
  return Object.hasOwn(en, key);
}
