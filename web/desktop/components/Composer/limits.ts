import {
  MESSAGE_LENGTH,
  TEXT_CHANNELS,
  TEXT_LENGTH,
  type Channel,
} from "../../../shared/protocol.js";

/** From this share of the limit on, the writer is told how much is left. */
const NEAR = 0.9;

export interface Room {
  left: number;
  /** Whether the end is near enough to tell. */
  near: boolean;
  over: boolean;
}

/** What is left, as the server counts: in characters, and of a text in UTF-16 units. */
export function room(text: string, channel: Channel): Room {
  const leavesAsText = TEXT_CHANNELS.includes(channel);
  const limit = leavesAsText ? TEXT_LENGTH : MESSAGE_LENGTH;
  const length = leavesAsText ? text.length : Array.from(text).length;
  return { left: limit - length, near: length >= limit * NEAR, over: length > limit };
}
