import { Host } from "./host.js";

declare global {
  interface Window {
    /** Opens and closes the widget from the customer's page. */
    Lambdesk?: { open: () => void; close: () => void };
  }
}

const script = document.currentScript;

function start(): void {
  if (!(script instanceof HTMLScriptElement)) return;
  const queue = script.dataset["queue"];
  // A page that includes the loader twice gets one widget.
  if (!queue || window.Lambdesk) return;
  const host = new Host(queue, new URL(".", script.src));
  window.Lambdesk = { open: () => host.open(), close: () => host.close() };
}

// The script may stand in the head without `defer`, before there is a body to add to.
if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
else start();
