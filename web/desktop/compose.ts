import { computed, signal } from "@preact/signals";
import { LambdeskSocket } from "../shared/socket.js";
import type { Store } from "../shared/storage.js";
import { Announcer } from "./alerts/announcer.js";
import { createBackend } from "./api/backend.js";
import type { Config } from "./api/config.js";
import type { Session } from "./api/session.js";
import { QueueFigures } from "./state/figures.js";
import { Notices } from "./state/notices.js";
import type { Preferences } from "./state/preferences.js";
import { Navigation } from "./state/route.js";
import { Workplace } from "./state/workplace.js";
import { t } from "./text/index.js";
import { problemText } from "./text/problem.js";
import type { DeskTools } from "./tools.js";

const TICK_MS = 1_000;

interface Surroundings {
  config: Config;
  session: Session;
  /** Kept with this tab, and kept on this computer. */
  kept: Store;
  local: Store;
  preferences: Preferences;
  /** The desk's life. */
  until: AbortSignal;
  onSignOut: () => void;
  onSignedOut: () => void;
}

/** Puts the desk of the signed-in agent together. */
export function createTools(given: Surroundings): DeskTools {
  const { config, session, until } = given;
  const { agentId, email } = session.claims;
  const backend = createBackend(config.rest_url, session, given.onSignedOut);
  const notices = new Notices();
  const navigation = new Navigation(until);
  const workplace = new Workplace({
    backend,
    connect: (options) => new LambdeskSocket({ ...options, url: config.socket_url }),
    agentId,
    session: given.kept,
    local: given.local,
    onOpened: (conversation, acceptedHere) => {
      if (acceptedHere) navigation.open(conversation.id);
    },
    onReleased: (conversation, farewell, unsent) => {
      const { name } = conversation.view.peek().customer;
      const text = t(`notice.${farewell}`, { name });
      // An agent who was away may not be back to read it.
      if (farewell === "passedOn") notices.addLasting(text);
      else notices.add(text);
      for (const { text } of unsent) notices.addLasting(t("notice.unsent", { name, text }));
      if (navigation.conversation.peek() === conversation.id) navigation.toList();
    },
    onProblem: (error) => notices.add(problemText(error), "problem"),
  });
  const now = tick(() => workplace.tick(), until);
  return {
    workplace,
    navigation,
    notices,
    email,
    preferences: given.preferences,
    announcer: new Announcer(),
    figures: new QueueFigures(() => backend.queues()),
    clock: { now, serverNow: computed(() => now.value + workplace.clock.skew.value) },
    signOut: () => {
      navigation.toList();
      given.onSignOut();
    },
  };
}

function tick(onTick: () => void, until: AbortSignal) {
  const now = signal(Date.now());
  const timer = setInterval(() => {
    now.value = Date.now();
    onTick();
  }, TICK_MS);
  until.addEventListener("abort", () => clearInterval(timer));
  return now;
}
