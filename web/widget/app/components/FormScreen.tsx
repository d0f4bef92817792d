import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Refused } from "../../../shared/errors.js";
import type { FormField, QueueForm } from "../../../shared/protocol.js";
import { isBlank } from "../../../shared/unicode.js";
import { t } from "../../text/index.js";
import { IDENTIFYING, type Answers } from "../memory.js";
import { mostCharacters, problem } from "../validation.js";
import type { Starting, Widget } from "../widget.js";
import { Button } from "./Button.js";
import { Captcha } from "./Captcha.js";
import { Field } from "./Field.js";
import styles from "./FormScreen.module.css";
import { Header } from "./Header.js";
import { Words } from "./Words.js";

/** The questions before a conversation. */
export function FormScreen({ widget, form }: { widget: Widget; form: QueueForm }) {
  const { identity } = widget.memory;
  const answers = useSignal<Answers>({
    ...identity,
    ...(widget.memory.draft("form") as Answers | null),
  });
  const problems = useSignal<Answers>({});
  const unconfirmed = useSignal(false);
  const known = useSignal(form.form.filter((field) => isKnown(field, identity)));
  const asked = form.form.filter((field) => !known.value.includes(field));
  const element = useRef<HTMLFormElement>(null);
  const refusal = widget.refusal.value;
  const starting = widget.starting.value;
  const unreachable = starting.name === "unreachable";
  const busy = starting.name !== "idle" && !unreachable;

  useEffect(() => {
    const field = refusal && refusedField(refusal, form.form);
    if (!field) return;
    known.value = known.value.filter((hidden) => hidden !== field);
    problems.value = { [field.variable]: refusal.message };
  }, [refusal, form, known, problems]);

  useEffect(() => {
    // The server's answer may come when the customer is elsewhere.
    if (!document.hasFocus()) return;
    const invalid = element.current?.querySelector<HTMLElement>("[aria-invalid=true]");
    invalid?.focus();
    // The browser shows the field, but not what is said below it.
    invalid?.parentElement?.scrollIntoView({ block: "nearest" });
  }, [problems.value]);

  const submit = () => {
    const found = asked.flatMap((field): [string, string][] => {
      const key = problem(field, answers.value[field.variable] ?? "");
      return key ? [[field.variable, t(key, { most: mostCharacters(field) })]] : [];
    });
    problems.value = Object.fromEntries(found);
    unconfirmed.value = Boolean(form.captcha) && widget.captchaToken.value === null;
    if (found.length === 0 && !busy && !unconfirmed.value)
      void widget.start(given(form.form, answers.value));
  };

  return (
    <>
      <Header title={form.name} host={widget.host} />
      <form
        ref={element}
        class={styles.form}
        noValidate
        onSubmit={(event) => event.preventDefault()}
      >
        <div class={styles.fields}>
          <p class={styles.intro}>{t("form.intro")}</p>
          {known.value.length > 0 && (
            <p class={styles.known}>
              <Words text={t("form.writingAs", { name: whoIs(known.value, identity) })} />
              <button type="button" class={styles.change} onClick={() => (known.value = [])}>
                {t("form.change")}
              </button>
            </p>
          )}
          {asked.map((field) => (
            <Field
              key={field.variable}
              field={field}
              value={answers.value[field.variable] ?? ""}
              problem={problems.value[field.variable] ?? null}
              onInput={(value) => {
                answers.value = { ...answers.value, [field.variable]: value };
                widget.memory.keepDraft("form", answers.value);
              }}
            />
          ))}
          {form.captcha && (
            <Captcha
              key={widget.captchaRound.value}
              captcha={form.captcha}
              problem={unconfirmed.value && widget.captchaToken.value === null}
              token={widget.captchaToken}
            />
          )}
        </div>
        <div class={styles.end}>
          {refusal && !refusedField(refusal, form.form) && (
            <p role="alert" class={styles.refused}>
              <Words text={t("form.refused", { reason: refusal.message })} />
            </p>
          )}
          {starting.name !== "idle" && starting.name !== "sending" && (
            <p role="status" class={styles.retrying}>
              <Words text={waits(starting)} />
            </p>
          )}
          {/* In a sandbox no form is submitted, but Enter and clicks still reach its button. */}
          <Button type="submit" busy={busy} onClick={unreachable ? () => widget.tryNow() : submit}>
            <Words text={t(buttonOf(starting))} />
          </Button>
        </div>
      </form>
    </>
  );
}

function buttonOf({ name }: Starting) {
  if (name === "idle") return "form.submit";
  return name === "unreachable" ? "error.retry" : "form.starting";
}

function waits(starting: Starting): string {
  if (starting.name === "confirming") return t("captcha.again");
  if (starting.name === "unreachable") return t("form.unreachable");
  if (starting.name !== "held") return t("form.retrying");
  return t(starting.minutes === 1 ? "form.held.one" : "form.held", { minutes: starting.minutes });
}

function isKnown({ variable }: FormField, identity: Answers): boolean {
  return IDENTIFYING.includes(variable) && Boolean(identity[variable]);
}

function whoIs(known: readonly FormField[], identity: Answers): string {
  return known.map(({ variable }) => identity[variable]).join(" · ");
}

/** The server names a field by its path in the request, such as `answers.email`. */
function refusedField(refusal: Refused, form: readonly FormField[]): FormField | undefined {
  const variable = refusal.field?.split(".").at(-1);
  return form.find((field) => field.variable === variable);
}

function given(form: readonly FormField[], answers: Answers): Answers {
  const pairs = form.map(({ variable }) => [variable, (answers[variable] ?? "").trim()] as const);
  return Object.fromEntries(pairs.filter(([, value]) => !isBlank(value)));
}
