import { beforeEach, describe, expect, test, vi } from "vitest";
import { createCognito } from "../api/cognito.js";
import { FakeCognito, challenge, refused, tokens } from "../testing/FakeCognito.js";
import { createSignIn, type SignInFlow } from "./signin.js";

let cognito: FakeCognito;
let flow: SignInFlow;
const onSignedIn = vi.fn();

beforeEach(() => {
  onSignedIn.mockReset();
  cognito = new FakeCognito();
  const api = createCognito({
    url: "https://cognito.example.com",
    clientId: "client",
    fetch: cognito.fetch,
    now: () => 0,
  });
  flow = createSignIn(api, onSignedIn);
});

describe("with a password", () => {
  test("signs in", async () => {
    cognito.answerWith(tokens("id"));
    await flow.signIn(" dana@example.com ", "secret");
    expect(cognito.calls).toEqual([
      {
        operation: "InitiateAuth",
        body: {
          ClientId: "client",
          AuthFlow: "USER_PASSWORD_AUTH",
          AuthParameters: { USERNAME: "dana@example.com", PASSWORD: "secret" },
        },
      },
    ]);
    expect(onSignedIn).toHaveBeenCalledWith({
      idToken: "id",
      accessToken: "access",
      refreshToken: "refresh",
      expiresAt: 3_600_000,
    });
  });

  test.each([
    [refused("NotAuthorizedException"), "wrongPassword"],
    [refused("UserNotFoundException"), "wrongPassword"],
    [refused("NotAuthorizedException", "Password attempts exceeded"), "tooMany"],
    [refused("LimitExceededException"), "tooMany"],
    [refused("SomethingNew"), "failed"],
    [new TypeError("Failed to fetch"), "unreachable"],
  ] as const)("tells what is wrong: %#", async (answer, problem) => {
    cognito.answerWith(answer);
    await flow.signIn("dana@example.com", "secret");
    expect(flow.problem.value).toBe(problem);
    expect(flow.busy.value).toBe(false);
    expect(onSignedIn).not.toHaveBeenCalled();
  });

  test("a second click while one is on its way does nothing", async () => {
    cognito.answerWith(tokens("id"));
    await Promise.all([flow.signIn("a@example.com", "x"), flow.signIn("a@example.com", "x")]);
    expect(cognito.calls.length).toBe(1);
  });

  test("a challenge that this screen does not know is said to be so", async () => {
    cognito.answerWith(challenge("MFA_SETUP"));
    await flow.signIn("dana@example.com", "secret");
    expect(flow.problem.value).toBe("unsupported");
  });
});

describe("with a temporary password", () => {
  beforeEach(async () => {
    cognito.answerWith(challenge("NEW_PASSWORD_REQUIRED"));
    await flow.signIn("dana@example.com", "temporary");
  });

  test("asks for a new one, and signs in with it", async () => {
    expect(flow.step.value.name).toBe("new-password");
    cognito.answerWith(tokens("id"));
    await flow.setNewPassword("better");
    expect(cognito.calls[1]?.body).toMatchObject({
      ChallengeName: "NEW_PASSWORD_REQUIRED",
      Session: "session-1",
      ChallengeResponses: { USERNAME: "dana@example.com", NEW_PASSWORD: "better" },
    });
    expect(onSignedIn).toHaveBeenCalledOnce();
  });

  test("tells the pool's policy when the new one is too weak", async () => {
    cognito.answerWith(refused("InvalidPasswordException", "Password must have numbers"));
    await flow.setNewPassword("weak");
    expect(flow.problem.value).toBe("weakPassword");
    expect(flow.detail.value).toBe("Password must have numbers");
    expect(flow.step.value.name).toBe("new-password");
  });

  test("starts over when the session of the challenge is over", async () => {
    cognito.answerWith(refused("NotAuthorizedException", "Invalid session for the user."));
    await flow.setNewPassword("better");
    expect(flow.step.value.name).toBe("credentials");
    expect(flow.problem.value).toBe("sessionExpired");
  });
});

describe("with an authenticator", () => {
  beforeEach(async () => {
    cognito.answerWith(challenge("SOFTWARE_TOKEN_MFA"));
    await flow.signIn("dana@example.com", "secret");
  });

  test("signs in with the code, however it is written", async () => {
    cognito.answerWith(tokens("id"));
    await flow.enterCode("123 456 ");
    expect(cognito.calls[1]?.body).toMatchObject({
      ChallengeName: "SOFTWARE_TOKEN_MFA",
      ChallengeResponses: { SOFTWARE_TOKEN_MFA_CODE: "123456" },
    });
    expect(onSignedIn).toHaveBeenCalledOnce();
  });

  test("a wrong code can be corrected", async () => {
    cognito.answerWith(refused("CodeMismatchException"));
    await flow.enterCode("000000");
    expect(flow.problem.value).toBe("wrongCode");
    expect(flow.step.value.name).toBe("code");
  });
});

describe("with a forgotten password", () => {
  test("sends a code, sets a new password, and goes back to signing in", async () => {
    flow.forgot("dana@example.com");
    await flow.requestReset("dana@example.com");
    expect(flow.step.value.name).toBe("reset");
    expect(flow.notice.value).toBe("codeSent");
    await flow.reset(" 123456 ", "better");
    expect(cognito.calls[1]).toEqual({
      operation: "ConfirmForgotPassword",
      body: {
        ClientId: "client",
        Username: "dana@example.com",
        ConfirmationCode: "123456",
        Password: "better",
      },
    });
    expect(flow.step.value.name).toBe("credentials");
    expect(flow.notice.value).toBe("passwordChanged");
  });

  test("does not tell whether an address is known", async () => {
    cognito.answerWith(refused("UserNotFoundException"));
    await flow.requestReset("nobody@example.com");
    expect(flow.notice.value).toBe("codeSent");
    expect(flow.problem.value).toBeNull();
  });

  test("a reset that the pool demands leads to the code", async () => {
    cognito.answerWith(refused("PasswordResetRequiredException"));
    await flow.signIn("dana@example.com", "old");
    expect(flow.step.value.name).toBe("reset");
    expect(flow.notice.value).toBe("resetRequired");
  });
});
