/** Amazon Cognito's user pool API by plain fetch: the few calls that signing in needs. */

import { encode } from "../../shared/unicode.js";

/** The part of `fetch` that is used here. */
export type Fetch = (
  url: string,
  init: { method: string; headers: Record<string, string>; body: string },
) => Promise<Response>;

export interface Tokens {
  idToken: string;
  accessToken: string;
  refreshToken: string;
  /** Milliseconds of this computer's clock. */
  expiresAt: number;
}

export interface Challenge {
  name: string;
  session: string;
  username: string;
}

export type SignInResult =
  { kind: "signed-in"; tokens: Tokens } | { kind: "challenge"; challenge: Challenge };

/** A refusal by Cognito (`code` is its exception's name) or "Unreachable". */
export class CognitoError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }

  /** Whether trying the same again later may succeed. */
  get temporary(): boolean {
    return TEMPORARY.has(this.code);
  }
}

const TEMPORARY: ReadonlySet<string> = new Set([
  "Unreachable",
  "InternalErrorException",
  "TooManyRequestsException",
  "LimitExceededException",
]);

interface AuthReply {
  AuthenticationResult?: {
    IdToken: string;
    AccessToken: string;
    RefreshToken?: string;
    ExpiresIn: number;
  };
  ChallengeName?: string;
  ChallengeParameters?: Record<string, string>;
  Session?: string;
}

export interface CognitoOptions {
  url: string;
  clientId: string;
  fetch?: Fetch;
  now?: () => number;
}

export interface Cognito {
  signIn(username: string, password: string): Promise<SignInResult>;
  answer(challenge: Challenge, responses: Record<string, string>): Promise<SignInResult>;
  refresh(refreshToken: string): Promise<Tokens>;
  revoke(refreshToken: string): Promise<void>;
  forgotPassword(username: string): Promise<void>;
  confirmForgotPassword(username: string, code: string, password: string): Promise<void>;
}

export function createCognito(options: CognitoOptions): Cognito {
  const { clientId, now = Date.now } = options;
  const call = <Reply>(operation: string, body: object): Promise<Reply> =>
    post(options, operation, { ClientId: clientId, ...body });

  function resultOf(reply: AuthReply, username: string): SignInResult {
    const result = reply.AuthenticationResult;
    if (result) return { kind: "signed-in", tokens: tokensOf(result, "", now()) };
    const name = reply.ChallengeName ?? "";
    const user = reply.ChallengeParameters?.USER_ID_FOR_SRP ?? username;
    return {
      kind: "challenge",
      challenge: { name, session: reply.Session ?? "", username: user },
    };
  }

  return {
    async signIn(username, password) {
      const reply = await call<AuthReply>("InitiateAuth", {
        AuthFlow: "USER_PASSWORD_AUTH",
        AuthParameters: { USERNAME: username, PASSWORD: password },
      });
      return resultOf(reply, username);
    },

    async answer(challenge, responses) {
      const reply = await call<AuthReply>("RespondToAuthChallenge", {
        ChallengeName: challenge.name,
        Session: challenge.session,
        ChallengeResponses: { USERNAME: challenge.username, ...responses },
      });
      return resultOf(reply, challenge.username);
    },

    async refresh(refreshToken) {
      const reply = await call<AuthReply>("InitiateAuth", {
        AuthFlow: "REFRESH_TOKEN_AUTH",
        AuthParameters: { REFRESH_TOKEN: refreshToken },
      });
      if (!reply.AuthenticationResult) throw new CognitoError("NotAuthorizedException", "");
      return tokensOf(reply.AuthenticationResult, refreshToken, now());
    },

    async revoke(refreshToken) {
      await call("RevokeToken", { Token: refreshToken });
    },

    async forgotPassword(username) {
      await call("ForgotPassword", { Username: username });
    },

    async confirmForgotPassword(username, code, password) {
      await call("ConfirmForgotPassword", {
        Username: username,
        ConfirmationCode: code,
        Password: password,
      });
    },
  };
}

/** A refresh keeps the refresh token it was made with, unless the pool rotates them. */
function tokensOf(
  result: NonNullable<AuthReply["AuthenticationResult"]>,
  refreshToken: string,
  now: number,
): Tokens {
  return {
    idToken: result.IdToken,
    accessToken: result.AccessToken,
    refreshToken: result.RefreshToken ?? refreshToken,
    expiresAt: now + result.ExpiresIn * 1000,
  };
}

async function post<Reply>(
  options: CognitoOptions,
  operation: string,
  body: object,
): Promise<Reply> {
  const fetcher: Fetch = options.fetch ?? ((url, init) => fetch(url, init));
  let response: Response;
  try {
    response = await fetcher(options.url, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": `AWSCognitoIdentityProviderService.${operation}`,
      },
      body: encode(body),
    });
  } catch {
    throw new CognitoError("Unreachable", "");
  }
  const reply: unknown = await response.json().catch(() => ({}));
  if (response.ok) return reply as Reply;
  throw errorOf(response.status, reply);
}

/** `__type` may come with a namespace in front: "com.amazonaws…#NotAuthorizedException". */
function errorOf(status: number, reply: unknown): CognitoError {
  const body = reply as { __type?: string; message?: string; Message?: string };
  const code = body.__type?.split("#").pop();
  const fallback = status >= 500 ? "InternalErrorException" : "UnknownError";
  return new CognitoError(code ?? fallback, body.message ?? body.Message ?? "");
}
