import { Host } from "./host.js";
import { complain, findTag, readSettings } from "./settings.js";

interface Lambdesk {
  /** The queue whose launcher is on the page. */
  readonly queue: string;
  open(): void;
  close(): void;
  /** Puts the launcher back into the page, on top. */
  attach(): void;
  /** Removes all of the widget from the page. The tag can be run again afterwards. */
  destroy(): void;
}

declare global {
  interface Window {
    /** What the customer's page can do with the widget. */
    Lambdesk?: Lambdesk;
  }
}

const tag = findTag();

function start(): void {
  const settings = readSettings(tag);
  if (!settings) return;
  const running = window.Lambdesk;
  // An element with that id has the name as well.
  if (typeof running?.attach === "function") {
    // Libraries that replace the page by the next one run its tags again.
    running.attach();
    if (running.queue !== settings.queue) {
      complain(`is on this page for the queue "${running.queue}" already; destroy() it first.`);
    }
    return;
  }
  const host = new Host(settings);
  const api: Lambdesk = {
    queue: settings.queue,
    open: () => host.open(),
    close: () => host.close(),
    attach: () => host.attach(),
    destroy: () => {
      host.destroy();
      if (window.Lambdesk === api) delete window.Lambdesk;
    },
  };
  window.Lambdesk = api;
}

// The script may stand in the head without `defer`, before there is a page to add to.
if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
else start();
