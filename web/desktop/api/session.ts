import type { Store } from "../../shared/storage.js";
import { claimsOf, type Claims } from "./claims.js";
import { CognitoError, type Cognito, type Tokens } from "./cognito.js";

const KEY = "lambdesk.session";
const REFRESH_BEFORE_MS = 5 * 60_000;

/** Thrown by `idToken` when the agent has to sign in again. */
export class SignedOut extends Error {}

/**
 * The signed-in agent's tokens.
 *
 * They are kept in sessionStorage, so that a reload stays signed in, and end with the last tab: a new
 * one asks those that are open (see `tabs.ts`). A script
 * injected into this page could read them there, as it could anything else a page can hold on to
 * and use; what guards against that is the content security policy (own scripts only), text that
 * is never parsed as HTML, and ID tokens that live an hour.
 */
export interface Session {
  readonly signedIn: boolean;
  readonly claims: Claims;
  /** The tokens, to share with another tab; null where nobody is signed in. */
  readonly tokens: Tokens | null;
  begin(tokens: Tokens): void;
  /** An ID token that is still good, refreshed when needed. Throws `SignedOut`. */
  idToken(): Promise<string>;
  /**
   * Called when the API answers 401 to an ID token: the next `idToken` asks Cognito, whatever the
   * clock says, unless that token has been renewed already.
   */
  distrust(idToken: string): void;
  /** Forgets the tokens here at once, and at Cognito when it can be reached. */
  end(): Promise<void>;
}

export function createSession(
  cognito: Cognito,
  storage: Store,
  now: () => number = Date.now,
): Session {
  let tokens = storage.get(KEY) as Tokens | null;
  let refreshing: Promise<Tokens> | null = null;
  let distrusted: string | null = null;
  /** Counts signing in and out. */
  let stay = 0;

  function keep(next: Tokens | null): void {
    tokens = next;
    if (next) storage.set(KEY, next);
    else storage.remove(KEY);
  }

  async function refresh(held: Tokens): Promise<Tokens> {
    const began = stay;
    try {
      const next = await cognito.refresh(held.refreshToken);
      // Signed out, or in as somebody else, while Cognito was asked: that stands.
      if (stay !== began) throw new SignedOut();
      keep(next);
      return next;
    } catch (error) {
      if (error instanceof CognitoError && !error.temporary) {
        if (stay === began) keep(null);
        throw new SignedOut();
      }
      throw error;
    }
  }

  return {
    get signedIn() {
      return tokens !== null;
    },

    get claims() {
      return claimsOf(tokens?.idToken ?? "");
    },

    get tokens() {
      return tokens;
    },

    begin(next) {
      stay += 1;
      keep(next);
    },

    async idToken() {
      if (!tokens) throw new SignedOut();
      const good = tokens.idToken !== distrusted && tokens.expiresAt - now() > REFRESH_BEFORE_MS;
      if (good) return tokens.idToken;
      refreshing ??= refresh(tokens).finally(() => (refreshing = null));
      return (await refreshing).idToken;
    },

    distrust(idToken) {
      distrusted = idToken;
    },

    async end() {
      const held = tokens;
      stay += 1;
      keep(null);
      if (held) await cognito.revoke(held.refreshToken).catch(() => undefined);
    },
  };
}
