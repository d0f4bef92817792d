import type { ReadonlySignal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Announcer } from "./alerts/announcer.js";
import type { QueueFigures } from "./state/figures.js";
import type { Notices } from "./state/notices.js";
import type { Preferences } from "./state/preferences.js";
import type { Navigation } from "./state/route.js";
import type { Workplace } from "./state/workplace.js";

/** What the components of the desk work with. */
export interface DeskTools {
  workplace: Workplace;
  navigation: Navigation;
  preferences: Preferences;
  notices: Notices;
  announcer: Announcer;
  figures: QueueFigures;
  clock: {
    /** This computer's time, and the server's, in milliseconds; they move once a second. */
    now: ReadonlySignal<number>;
    serverNow: ReadonlySignal<number>;
  };
  /** The e-mail address that was signed in with. */
  email: string;
  signOut: () => void;
}

const Tools = createContext<DeskTools | null>(null);

export const ToolsProvider = Tools.Provider;

export function useTools(): DeskTools {
  const tools = useContext(Tools);
  if (!tools) throw new Error("The component is outside of the desk.");
  return tools;
}
