import { useSignalEffect } from "@preact/signals";
import type { HostPage } from "../host.js";

/** Puts the focus where it belongs when the frame is opened, or this is first shown in it. */
export function useFocusOnOpen(
  host: HostPage,
  target: () => HTMLElement | null | undefined,
): void {
  useSignalEffect(() => {
    // A page of its own must not take the focus from the reader when it loads, and on a phone the
    // keyboard would cover half of what is to be read.
    const suits = host.closable && !matchMedia("(pointer: coarse)").matches;
    if (host.open.value && suits) target()?.focus();
  });
}
