/** The number of unread messages before the title of the page. */
export class UnreadTitle {
  #prefix = "";

  /** The title that the page gave itself. */
  get plain(): string {
    const { title } = document;
    return title.startsWith(this.#prefix) ? title.slice(this.#prefix.length) : title;
  }

  show(unread: number): void {
    const { plain } = this;
    // The blank is one that pages do not put after numbers of their own.
    const prefix = unread > 0 ? `(${unread})\u00a0` : "";
    if (prefix === this.#prefix) return;
    this.#prefix = prefix;
    document.title = prefix + plain;
  }
}
