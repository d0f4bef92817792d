import { useSignalEffect, type ReadonlySignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Offers } from "../../state/offers.js";

const EXPLAINED_MS = 5_000;

/** Dismisses each offer that is over, once there was time to read why. */
export function useDepartures(
  offers: ReadonlySignal<Offers>,
  dismiss: (offerId: string) => void,
): void {
  const timers = useRef(new Map<string, ReturnType<typeof setTimeout>>());
  useSignalEffect(() => {
    for (const { offer, phase } of offers.value.entries) {
      const id = offer.offer_id;
      if (phase !== "gone" || timers.current.has(id)) continue;
      const timer = setTimeout(() => {
        timers.current.delete(id);
        dismiss(id);
      }, EXPLAINED_MS);
      timers.current.set(id, timer);
    }
  });
  useEffect(() => {
    const { current } = timers;
    return () => current.forEach(clearTimeout);
  }, []);
}
