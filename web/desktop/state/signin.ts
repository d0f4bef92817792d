import { signal, type ReadonlySignal } from "@preact/signals";
import {
  CognitoError,
  type Challenge,
  type Cognito,
  type SignInResult,
  type Tokens,
} from "../api/cognito.js";

/** What the sign-in screen asks for. */
type SignInStep =
  | { name: "credentials" }
  | { name: "new-password"; challenge: Challenge }
  | { name: "code"; challenge: Challenge }
  | { name: "forgot" }
  | { name: "reset"; username: string };

/** What went wrong, as keys of the text catalogue. */
type SignInProblem =
  | "wrongPassword"
  | "wrongCode"
  | "expiredCode"
  | "weakPassword"
  | "tooMany"
  | "unreachable"
  | "unsupported"
  | "sessionExpired"
  | "failed";

export type SignInNotice = "codeSent" | "passwordChanged" | "signedOut" | "resetRequired";

export interface SignInFlow {
  readonly step: ReadonlySignal<SignInStep>;
  readonly busy: ReadonlySignal<boolean>;
  readonly problem: ReadonlySignal<SignInProblem | null>;
  readonly notice: ReadonlySignal<SignInNotice | null>;
  /** The e-mail address, carried from step to step. */
  readonly username: ReadonlySignal<string>;
  /** Cognito's own words about a password that is too weak: they name the pool's policy. */
  readonly detail: ReadonlySignal<string>;
  signIn(username: string, password: string): Promise<void>;
  setNewPassword(password: string): Promise<void>;
  enterCode(code: string): Promise<void>;
  forgot(username: string): void;
  requestReset(username: string): Promise<void>;
  reset(code: string, password: string): Promise<void>;
  back(): void;
}

const PROBLEMS: Readonly<Record<string, SignInProblem>> = {
  NotAuthorizedException: "wrongPassword",
  // Cognito tells these apart; the screen does not, so that nobody learns who works here.
  UserNotFoundException: "wrongPassword",
  UserNotConfirmedException: "wrongPassword",
  CodeMismatchException: "wrongCode",
  EnableSoftwareTokenMFAException: "wrongCode",
  ExpiredCodeException: "expiredCode",
  InvalidPasswordException: "weakPassword",
  PasswordHistoryPolicyViolationException: "weakPassword",
  TooManyRequestsException: "tooMany",
  LimitExceededException: "tooMany",
  TooManyFailedAttemptsException: "tooMany",
  Unreachable: "unreachable",
};

export function createSignIn(
  cognito: Cognito,
  onSignedIn: (tokens: Tokens) => void,
  greeting: SignInNotice | null = null,
): SignInFlow {
  const step = signal<SignInStep>({ name: "credentials" });
  const busy = signal(false);
  const problem = signal<SignInProblem | null>(null);
  const notice = signal<SignInNotice | null>(greeting);
  const username = signal("");
  const detail = signal("");

  function show(next: SignInStep, word: SignInNotice | null = null): void {
    step.value = next;
    notice.value = word;
    problem.value = null;
  }

  function proceed(result: SignInResult): void {
    if (result.kind === "signed-in") {
      onSignedIn(result.tokens);
      return;
    }
    const { challenge } = result;
    if (challenge.name === "NEW_PASSWORD_REQUIRED") show({ name: "new-password", challenge });
    else if (challenge.name === "SOFTWARE_TOKEN_MFA") show({ name: "code", challenge });
    else problem.value = "unsupported";
  }

  function fail(error: unknown): void {
    if (!(error instanceof CognitoError)) throw error;
    if (error.code === "PasswordResetRequiredException") {
      show({ name: "reset", username: username.value }, "resetRequired");
      return;
    }
    detail.value = error.message;
    const inChallenge = step.value.name === "new-password" || step.value.name === "code";
    // In a challenge the password was right before: what is refused now is its short session.
    if (inChallenge && error.code === "NotAuthorizedException") {
      step.value = { name: "credentials" };
      problem.value = "sessionExpired";
    } else {
      // "Password attempts exceeded" comes under the code of a wrong password.
      const locked = /exceeded/i.test(error.message);
      problem.value = locked ? "tooMany" : (PROBLEMS[error.code] ?? "failed");
    }
  }

  async function run(work: () => Promise<void>): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    problem.value = null;
    try {
      await work();
    } catch (error) {
      fail(error);
    } finally {
      busy.value = false;
    }
  }

  const answer = (name: "new-password" | "code", responses: Record<string, string>) =>
    run(async () => {
      const current = step.value;
      if (current.name === name) proceed(await cognito.answer(current.challenge, responses));
    });

  return {
    step,
    busy,
    problem,
    notice,
    username,
    detail,

    signIn(user, password) {
      username.value = user.trim();
      return run(async () => proceed(await cognito.signIn(username.value, password)));
    },

    setNewPassword: (password) => answer("new-password", { NEW_PASSWORD: password }),

    enterCode: (code) => answer("code", { SOFTWARE_TOKEN_MFA_CODE: code.replace(/\s/g, "") }),

    forgot(user) {
      username.value = user.trim();
      show({ name: "forgot" });
    },

    requestReset(user) {
      username.value = user.trim();
      return run(async () => {
        await cognito.forgotPassword(username.value).catch(ignoreUnknownUser);
        show({ name: "reset", username: username.value }, "codeSent");
      });
    },

    reset(code, password) {
      return run(async () => {
        await cognito.confirmForgotPassword(username.value, code.trim(), password);
        show({ name: "credentials" }, "passwordChanged");
      });
    },

    back: () => show({ name: "credentials" }),
  };
}

/** The screen says that a code was sent if the address is known, and does not say whether it is. */
function ignoreUnknownUser(error: unknown): void {
  if (error instanceof CognitoError && error.code === "UserNotFoundException") return;
  throw error;
}
