import { signal, type ReadonlySignal } from "@preact/signals";
import { BrowserStore, type Store } from "../shared/storage.js";
import { startAlerts } from "./alerts/alerts.js";
import { createCognito } from "./api/cognito.js";
import type { Config } from "./api/config.js";
import { createSession } from "./api/session.js";
import { Tabs } from "./api/tabs.js";
import { createTools } from "./compose.js";
import { createPreferences } from "./state/preferences.js";
import { createSignIn, type SignInFlow, type SignInNotice } from "./state/signin.js";
import type { DeskTools } from "./tools.js";

/** Either the agent signs in, or works. */
export type Screen = { name: "sign-in"; flow: SignInFlow } | { name: "desk"; tools: DeskTools };

/** Goes from signing in to the desk and back. */
export async function createApp(config: Config): Promise<ReadonlySignal<Screen>> {
  const kept = new BrowserStore("sessionStorage");
  const local = new BrowserStore("localStorage");
  const preferences = createPreferences(local);
  const cognito = createCognito({ url: config.cognito_url, clientId: config.user_pool_client_id });
  const session = createSession(cognito, kept);
  let leaveDesk = (): void => undefined;
  const tabs = new Tabs({
    open: () => ("BroadcastChannel" in window ? new BroadcastChannel("lambdesk.session") : null),
    tokens: () => session.tokens,
    agentId: () => session.claims.agentId,
    onSignedOut: () => leaveDesk(),
  });

  function signInScreen(notice: SignInNotice | null): Screen {
    const flow = createSignIn(
      cognito,
      (tokens) => {
        session.begin(tokens);
        screen.value = deskScreen();
      },
      notice,
    );
    return { name: "sign-in", flow };
  }

  function deskScreen(): Screen {
    const life = new AbortController();
    const leave = (notice: SignInNotice | null): void => {
      if (life.signal.aborted) return;
      life.abort();
      if (notice === null) dropWork(kept);
      leaveDesk = () => undefined;
      void session.end();
      screen.value = signInScreen(notice);
    };
    dropWorkOfOthers(kept, session.claims.agentId);
    const tools = createTools({
      config,
      session,
      kept,
      local,
      preferences,
      until: life.signal,
      onSignOut: () => {
        tabs.signOut(session.claims.agentId);
        leave(null);
      },
      onSignedOut: () => leave("signedOut"),
    });
    leaveDesk = () => leave(null);
    startAlerts(tools, life.signal);
    tools.workplace.start();
    life.signal.addEventListener("abort", () => tools.workplace.stop());
    return { name: "desk", tools };
  }

  if (!session.signedIn) {
    const tokens = await tabs.ask();
    if (tokens) session.begin(tokens);
  }
  const screen = signal<Screen>(session.signedIn ? deskScreen() : signInScreen(null));
  return screen;
}

const AGENT = "lambdesk:agent";
const WORK = ["lambdesk:draft:", "lambdesk:outbox:"];

/** Unsent texts stay for the agent who wrote them, when they have to sign in again. */
function dropWorkOfOthers(kept: Store, agentId: string): void {
  if (kept.get(AGENT) !== agentId) dropWork(kept);
  kept.set(AGENT, agentId);
}

function dropWork(kept: Store): void {
  for (const key of WORK.flatMap((prefix) => kept.keys(prefix))) kept.remove(key);
}
