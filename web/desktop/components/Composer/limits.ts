import { MESSAGE_LENGTH, type Channel } from "../../../shared/protocol.js";

/** What a carrier takes in one message, however many segments it is cut into. */
const SMS_LENGTH = 1600;

/** From this share of the limit on, the writer is told how much is left. */
const NEAR = 0.9;

export interface Room {
  left: number;
  /** Whether the end is near enough to tell. */
  near: boolean;
  over: boolean;
}

export function room(text: string, channel: Channel): Room {
  const limit = channel === "sms" ? SMS_LENGTH : MESSAGE_LENGTH;
  const length = Array.from(text).length;
  return { left: limit - length, near: length >= limit * NEAR, over: length > limit };
}
