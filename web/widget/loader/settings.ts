/** How much of the page's address the site tells its agents. */
export type PageDetail = "full" | "path" | "origin" | "none";

/** What the attributes of the script tag say. */
export interface Settings {
  queue: string;
  /** The address of the folder that holds the loader and the app. */
  base: URL;
  page: PageDetail;
  /** Whether the page may keep the conversation where the browser refuses the frame storage. */
  keeps: boolean;
}

const QUEUE = /^[\w-]{1,64}$/;

/** The tag that this script came from. */
export function findTag(): HTMLScriptElement | null {
  const current = document.currentScript;
  if (current instanceof HTMLScriptElement) return current;
  // A module has no current script, and an element of that name on the page hides it.
  return document.querySelector<HTMLScriptElement>('script[data-queue][src*="loader.js"]');
}

/** Reads the tag; says on the console what is wrong with it, and gives null where it cannot work. */
export function readSettings(tag: HTMLScriptElement | null): Settings | null {
  if (!tag?.src) {
    complain(
      'found no tag of its own. Use <script src="…/widget/loader.js" data-queue="…" defer>.',
    );
    return null;
  }
  const { queue = "", page = "path", storage = "page" } = tag.dataset;
  if (!QUEUE.test(queue)) {
    complain(`needs the id of a queue: its tag says data-queue="${queue}".`);
    return null;
  }
  return {
    queue,
    base: new URL(".", tag.src),
    page: oneOf(["path", "full", "origin", "none"], "page", page),
    keeps: oneOf(["page", "frame"], "storage", storage) === "page",
  };
}

/** Tells the site's developers, and never fails: pages replace the console. */
export function complain(what: string): void {
  try {
    console.warn(`Lambdesk ${what}`);
  } catch {
    return;
  }
}

/** The first of the values where the given one is none of them. */
function oneOf<Value extends string>(
  values: readonly [Value, ...Value[]],
  name: string,
  given: string,
): Value {
  const found = values.find((value) => value === given);
  if (!found) complain(`knows data-${name}="${values.join('", "')}", not "${given}".`);
  return found ?? values[0];
}
