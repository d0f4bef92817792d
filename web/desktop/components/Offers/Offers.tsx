import { MissedOffers } from "./MissedOffers.js";
import { OfferTray } from "./OfferTray.js";

/** What is offered, and what was missed. It pushes the desk aside where it needs room. */
export function Offers({ class: place }: { class: string | undefined }) {
  return (
    <div class={place} data-keeps-focus>
      <OfferTray />
      <MissedOffers />
    </div>
  );
}
