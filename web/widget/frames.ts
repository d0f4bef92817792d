/** What the loader on the customer's page and the app in the frame say to each other. */

/** The loader to the app: at first, and whenever one of it changes. */
export interface HostMessage {
  lambdesk: "host";
  /** Whether the frame is shown. */
  open: boolean;
  url: string;
  title: string;
}

/** The app to the loader. */
export type AppMessage =
  /** The app listens now. */
  | { lambdesk: "ready" }
  /** The customer wants the frame gone. */
  | { lambdesk: "close" }
  /** How many messages are unread, and whether there is a conversation to follow. */
  | { lambdesk: "state"; unread: number; underway: boolean };

/** What the loader puts into the address of the frame, after the `#`. */
export interface FrameParameters {
  queue: string;
  /** The origin of the customer's page: messages go to it and come from it alone. */
  origin: string;
}
