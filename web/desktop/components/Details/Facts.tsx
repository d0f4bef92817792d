import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { t } from "../../text/index.js";
import { Icon } from "../Icon/Icon.js";
import styles from "./Facts.module.css";

export function Facts({ children }: { children: ComponentChildren }) {
  return <dl class={styles.facts}>{children}</dl>;
}

interface FactProps {
  name: string;
  text: string;
  copy?: boolean;
  /** Shown in place of the text. */
  children?: ComponentChildren;
}

export function Fact({ name, text, copy = false, children }: FactProps) {
  return (
    <div class={styles.fact}>
      <dt>{name}</dt>
      <dd>
        <span dir="auto">{children ?? text}</span>
        {copy && canCopy && <Copy name={name} text={text} />}
      </dd>
    </div>
  );
}

const TOLD_MS = 1_500;

/** Browsers give the clipboard only to pages served over https. */
const canCopy = "clipboard" in navigator;

function Copy({ name, text }: { name: string; text: string }) {
  const copied = useSignal(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    copied.value = true;
    setTimeout(() => (copied.value = false), TOLD_MS);
  };
  const label = copied.value ? t("details.copied") : t("details.copy", { what: name });
  return (
    <button
      type="button"
      class={styles.copy}
      aria-label={label}
      title={label}
      onClick={() => void copy()}
    >
      <Icon name={copied.value ? "check" : "copy"} size={14} />
    </button>
  );
}
