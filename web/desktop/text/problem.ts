import { Refused, Unreachable } from "../../shared/errors.js";
import { isTextKey, t } from "./index.js";

/** What to tell the agent about a command that failed. */
export function problemText(error: unknown): string {
  if (error instanceof Unreachable) return t("problem.timeout");
  if (!(error instanceof Refused)) return t("problem.internal");
  const key = `problem.${error.code}`;
  return isTextKey(key)
    ? t(key, { detail: error.message, seconds: error.retryAfter ?? "" })
    : t("problem.internal");
}
