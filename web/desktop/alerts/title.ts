const FLASH_MS = 1_000;

/** What the tab's title tells to somebody who looks at another tab. */
export interface TitleFacts {
  product: string;
  unread: number;
  /** Shown in turn with the product's name while set. */
  alert: string | null;
}

function titleOf(facts: TitleFacts, flash: boolean): string {
  if (facts.alert && flash) return `● ${facts.alert}`;
  return facts.unread > 0 ? `(${facts.unread}) ${facts.product}` : facts.product;
}

/** Keeps the document's title; call with new facts whenever they change. */
export function createTitle(target: { title: string }): (facts: TitleFacts) => void {
  let facts: TitleFacts = { product: target.title, unread: 0, alert: null };
  let flash = true;
  let timer: ReturnType<typeof setInterval> | null = null;

  const show = (): void => {
    target.title = titleOf(facts, flash);
  };

  return (next) => {
    facts = next;
    if (!next.alert && timer !== null) {
      clearInterval(timer);
      timer = null;
    }
    if (next.alert && timer === null) {
      flash = true;
      timer = setInterval(() => {
        flash = !flash;
        show();
      }, FLASH_MS);
    }
    show();
  };
}
