import { beforeEach, describe, expect, test } from "vitest";
import { BrowserStore } from "../../shared/storage.js";
import { FakeCognito, refused, tokens } from "../testing/FakeCognito.js";
import { createCognito, type Tokens } from "./cognito.js";
import { SignedOut, createSession, type Session } from "./session.js";

const HOUR = 3_600_000;
let now = 0;
let cognito: FakeCognito;

const HELD: Tokens = {
  idToken: "first",
  accessToken: "access",
  refreshToken: "refresh",
  expiresAt: HOUR,
};

function open(): Session {
  const api = createCognito({
    url: "https://cognito.example.com",
    clientId: "client",
    fetch: cognito.fetch,
    now: () => now,
  });
  return createSession(api, new BrowserStore("sessionStorage"), () => now);
}

beforeEach(() => {
  sessionStorage.clear();
  now = 0;
  cognito = new FakeCognito();
});

test("a reload stays signed in", async () => {
  open().begin(HELD);
  const reloaded = open();
  expect(reloaded.signedIn).toBe(true);
  expect(await reloaded.idToken()).toBe("first");
});

test("nobody is signed in at first", async () => {
  const session = open();
  expect(session.signedIn).toBe(false);
  await expect(session.idToken()).rejects.toBeInstanceOf(SignedOut);
});

describe("refreshing", () => {
  test("a token that is about to expire is renewed, once for all who ask", async () => {
    const session = open();
    session.begin(HELD);
    now = HOUR - 60_000;
    cognito.answerWith(tokens("second"));
    expect(await Promise.all([session.idToken(), session.idToken()])).toEqual(["second", "second"]);
    expect(cognito.calls.length).toBe(1);
    expect(cognito.calls[0]?.body).toMatchObject({ AuthFlow: "REFRESH_TOKEN_AUTH" });
  });

  test("a token that the API refused is renewed whatever the clock says", async () => {
    const session = open();
    session.begin(HELD);
    session.distrust("first");
    cognito.answerWith(tokens("second"));
    expect(await session.idToken()).toBe("second");
  });

  test("a token that is refused while it is renewed signs nobody out", async () => {
    const session = open();
    session.begin(HELD);
    session.distrust("first");
    cognito.answerWith(tokens("second"));
    const renewed = session.idToken();
    session.distrust("first");
    expect(await renewed).toBe("second");
    expect(session.signedIn).toBe(true);
  });

  test("a token that is refused after it was renewed is not renewed again", async () => {
    const session = open();
    session.begin(HELD);
    session.distrust("first");
    cognito.answerWith(tokens("second"));
    await session.idToken();
    session.distrust("first");
    expect(await session.idToken()).toBe("second");
    expect(cognito.calls.length).toBe(1);
  });

  test("who signs out, or in as somebody else, while a token is renewed is not undone", async () => {
    const session = open();
    session.begin({ ...HELD, expiresAt: 0 });
    cognito.answerWith(tokens("second"));
    const renewed = session.idToken();
    session.begin({ ...HELD, idToken: "another" });
    await expect(renewed).rejects.toBeInstanceOf(SignedOut);
    expect(await session.idToken()).toBe("another");
  });

  test("without an answer the agent stays signed in and may try again", async () => {
    const session = open();
    session.begin({ ...HELD, expiresAt: 0 });
    cognito.answerWith(new TypeError("Failed to fetch"), tokens("second"));
    await expect(session.idToken()).rejects.toMatchObject({ code: "Unreachable" });
    expect(session.signedIn).toBe(true);
    expect(await session.idToken()).toBe("second");
  });

  test("a refresh token that is no longer good signs out", async () => {
    const session = open();
    session.begin({ ...HELD, expiresAt: 0 });
    cognito.answerWith(refused("NotAuthorizedException", "Refresh Token has expired"));
    await expect(session.idToken()).rejects.toBeInstanceOf(SignedOut);
    expect(open().signedIn).toBe(false);
  });
});

test("signing out forgets the tokens and revokes them", async () => {
  const session = open();
  session.begin(HELD);
  await session.end();
  expect(session.signedIn).toBe(false);
  expect(open().signedIn).toBe(false);
  expect(cognito.calls.map(({ operation }) => operation)).toEqual(["RevokeToken"]);
});
