import type { Fetch } from "../api/cognito.js";

export interface Call {
  operation: string;
  body: Record<string, unknown>;
}

type Answer = object | Error;

/** Cognito's other end: answers each call with what the test put in, in order. */
export class FakeCognito {
  readonly calls: Call[] = [];
  readonly #answers: Answer[] = [];

  answerWith(...answers: Answer[]): void {
    this.#answers.push(...answers);
  }

  readonly fetch: Fetch = (_url, init) => {
    const operation = init.headers["x-amz-target"]?.split(".")[1] ?? "";
    this.calls.push({ operation, body: JSON.parse(init.body) as Call["body"] });
    const answer = this.#answers.shift() ?? {};
    if (answer instanceof Error) return Promise.reject(answer);
    const status = "__type" in answer ? 400 : 200;
    return Promise.resolve(new Response(JSON.stringify(answer), { status }));
  };
}

export function refused(type: string, message = ""): object {
  return { __type: `com.amazonaws.cognito#${type}`, message };
}

export function tokens(idToken: string): object {
  return {
    AuthenticationResult: {
      IdToken: idToken,
      AccessToken: "access",
      RefreshToken: "refresh",
      ExpiresIn: 3600,
    },
  };
}

export function challenge(name: string): object {
  return { ChallengeName: name, Session: "session-1", ChallengeParameters: {} };
}
