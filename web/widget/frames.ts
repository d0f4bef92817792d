/** What the loader on the customer's page and the app in the frame say to each other. */

/** The browser's two storages: for all tabs, and for this one. */
export type StorageKind = "localStorage" | "sessionStorage";

/** What the page keeps for the app, as JSON by key. */
export type Kept = Record<StorageKind, Record<string, string>>;

/** The loader to the app: when the app asks, and whenever the frame is shown or hidden. */
export interface HostMessage {
  lambdesk: "host";
  /** Whether the frame is shown. */
  open: boolean;
  /** Whether the customer has opened it on this page; else it was open on the page before. */
  byHand: boolean;
  /** The address of the page, as much of it as the site tells; empty where it tells none. */
  url: string;
  title: string;
  /** All that the page keeps, where an app that borrows its storage asked; else null. */
  kept: Kept | null;
}

/** The loader to an app that borrows the page's storage: another tab changed a value. */
export interface KeptMessage {
  lambdesk: "kept";
  key: string;
  value: string | null;
}

/** The app to the loader. */
export type AppMessage =
  /** The app listens and asks for a `HostMessage`; `borrows`: the browser refuses it storage. */
  | { lambdesk: "ready"; borrows: boolean }
  /** The page is to keep a value, or with null to forget it. */
  | { lambdesk: "keep"; kind: StorageKind; key: string; value: string | null }
  /** The customer wants the frame gone. */
  | { lambdesk: "close" }
  /** How many messages are unread, and whether there is a conversation to follow. */
  | { lambdesk: "state"; unread: number; underway: boolean };

/** The origin of pages that have none: opened from a disk, sandboxed, or in a `data:` address. */
export const OPAQUE = "null";

/** What the loader puts into the address of the frame, after the `#`. */
export interface FrameParameters {
  queue: string;
  /** The origin of the customer's page: messages go to it and come from it alone. */
  origin: string;
}
