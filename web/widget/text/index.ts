import { chooseLanguage, translator, type Translate } from "../../shared/text.js";
import { en } from "./en.js";

/** A text of the widget. */
export type TextKey = keyof typeof en;

type Texts = Readonly<Record<TextKey, string>>;

const catalogues: Readonly<Record<string, Texts>> = { en };

/** The reader's language, of those there are. */
export const language = chooseLanguage(Object.keys(catalogues));

/** Looks a text of the widget up in the reader's language. */
export const t: Translate<TextKey> = translator<TextKey>(catalogues[language] ?? en, language);
