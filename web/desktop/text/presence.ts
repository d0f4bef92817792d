import type { Channel } from "../../shared/protocol.js";
import type { Presence } from "../state/presence.js";
import { t } from "./index.js";

/** Where the customer is, or is no longer. */
export function presenceText(presence: Presence, channel: Channel): string {
  return t(`presence.${channel === "app" ? "app" : "page"}.${presence}`);
}
