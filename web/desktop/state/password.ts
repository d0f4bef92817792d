/** A rule of the user pool, as the key of its text. */
export type PasswordRule = "length" | "lowercase" | "uppercase" | "number";

/** The pool's policy in `infra/template.yaml`; a test holds the two together. */
export const PASSWORD_LENGTH = 12;

const CHECKS: Readonly<Record<PasswordRule, (password: string) => boolean>> = {
  length: (password) => password.length >= PASSWORD_LENGTH,
  lowercase: (password) => /[a-z]/.test(password),
  uppercase: (password) => /[A-Z]/.test(password),
  number: (password) => /[0-9]/.test(password),
};

export const PASSWORD_RULES = Object.keys(CHECKS) as readonly PasswordRule[];

export function meets(password: string, rule: PasswordRule): boolean {
  return CHECKS[rule](password);
}

/** Whether Cognito would take the password. */
export function isStrong(password: string): boolean {
  return PASSWORD_RULES.every((rule) => meets(password, rule));
}
