import type { ReadonlySignal } from "@preact/signals";
import { Backoff } from "../../shared/backoff.js";
import { isFinal } from "../../shared/errors.js";

export interface ReloadPorts {
  /** Reads and takes in; throws where that fails. */
  load: () => Promise<void>;
  onFailed: (error: unknown) => void;
}

/**
 * Loads something again whenever asked to: one request at a time. What is asked for meanwhile is
 * asked once more, and what failed is tried again unless that is pointless.
 */
export class Reload {
  readonly #ports: ReloadPorts;
  readonly #backoff = new Backoff();
  #running = false;
  #again = false;
  #stopped = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ports: ReloadPorts) {
    this.#ports = ports;
  }

  /** Whether it has failed for a while. */
  get stuck(): ReadonlySignal<boolean> {
    return this.#backoff.stuck;
  }

  start(): void {
    this.#again = this.#running;
    if (!this.#running && !this.#stopped) void this.#run();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #run(): Promise<void> {
    clearTimeout(this.#timer);
    this.#running = true;
    try {
      await this.#ports.load();
      this.#backoff.reset();
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#running = false;
    }
    if (this.#again) this.start();
  }

  #fail(error: unknown): void {
    if (this.#stopped) return;
    this.#ports.onFailed(error);
    if (isFinal(error)) return;
    this.#timer = setTimeout(() => this.start(), this.#backoff.next(error));
  }
}
