import { useSignal, type Signal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";
import type { Captcha as CaptchaForm } from "../../../shared/protocol.js";
import { t } from "../../text/index.js";
import { loadProvider } from "../captcha.js";
import styles from "./Captcha.module.css";

interface CaptchaProps {
  captcha: CaptchaForm;
  /** Whether to say that it has to be solved. */
  problem: boolean;
  /** Gets each token, and null when one has expired. */
  token: Signal<string | null>;
}

/** The provider's check that a person writes. */
export function Captcha({ captcha, problem, token }: CaptchaProps) {
  const place = useRef<HTMLDivElement>(null);
  const state = useSignal<"loading" | "there" | "failed">("loading");
  const attempt = useSignal(0);
  const label = useId();

  useEffect(() => {
    let remove: (() => void) | null = null;
    let gone = false;
    state.value = "loading";
    loadProvider(captcha.provider)
      .then((provider) => {
        if (gone || !place.current) return;
        const give = (value: string | null) => (token.value = value);
        const id = provider.render(place.current, {
          sitekey: captcha.site_key,
          callback: give,
          "expired-callback": () => give(null),
          "error-callback": () => give(null),
        });
        remove = () => provider.remove(id);
        state.value = "there";
      })
      .catch(() => {
        if (!gone) state.value = "failed";
      });
    return () => {
      gone = true;
      remove?.();
    };
  }, [captcha.provider, captcha.site_key, attempt.value, state, token]);

  return (
    <div class={styles.captcha} role="group" aria-labelledby={label}>
      <span id={label} class={styles.label}>
        {t("captcha.label")}
      </span>
      {state.value === "loading" && <p role="status">{t("captcha.loading")}</p>}
      <div ref={place} />
      {state.value === "failed" && (
        <p role="alert">
          {t("captcha.failed")}{" "}
          <button type="button" class={styles.retry} onClick={() => (attempt.value += 1)}>
            {t("captcha.retry")}
          </button>
        </p>
      )}
      {problem && state.value !== "failed" && (
        <p role="alert" class={styles.problem}>
          {t("captcha.required")}
        </p>
      )}
    </div>
  );
}
