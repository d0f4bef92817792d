/** A new id of 128 random bits, in hexadecimal: for `message_id` and `start_id`. */
export function newId(): string {
  // crypto.randomUUID is missing on pages without TLS, getRandomValues is not.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
