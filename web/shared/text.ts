import { isolate } from "./unicode.js";

/** The texts of one language by key. `{name}` in a text is replaced by the value of that name. */
type Catalogue = Readonly<Record<string, string>>;

/** Looks a text up and fills in its values. */
export type Translate<Key extends string> = (
  key: Key,
  values?: Readonly<Record<string, string | number>>,
) => string;

/** The first of the reader's languages that has a catalogue; `en` where none has. */
export function chooseLanguage(
  available: readonly string[],
  wanted: readonly string[] = navigator.languages,
): string {
  for (const tag of wanted) {
    const language = tag.split("-")[0] ?? tag;
    if (available.includes(language)) return language;
  }
  return "en";
}

/**
 * Makes the lookup for one catalogue. A value named `count` chooses between the keys
 * `key.one`, `key.other` and so on, by the plural rules of the language.
 */
export function translator<Key extends string>(
  catalogue: Readonly<Record<Key, string>>,
  language = "en",
): Translate<Key> {
  const plurals = new Intl.PluralRules(language);
  const texts: Catalogue = catalogue;
  return (key, values = {}) => {
    const count = values["count"];
    const form = typeof count === "number" ? texts[`${key}.${plurals.select(count)}`] : undefined;
    const text = form ?? catalogue[key];
    return text.replace(/\{(\w+)\}/g, (hole, name: string) => {
      const value = values[name];
      return value === undefined ? hole : isolate(String(value));
    });
  };
}
