/** A pause before the next try, which can be ended early. */
export class Pause {
  #end: (() => void) | null = null;

  /** Resolves after so many milliseconds, or as soon as the pause is ended. */
  of(delay: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#end = null;
        resolve();
      };
      const timer = setTimeout(done, delay);
      this.#end = done;
    });
  }

  /** Ends the pause that is under way, if there is one. */
  end(): void {
    this.#end?.();
  }
}
