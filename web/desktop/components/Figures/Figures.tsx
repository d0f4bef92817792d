import { useEffect } from "preact/hooks";
import type { Figures as Shown } from "../../state/figures.js";
import { t } from "../../text/index.js";
import { useTools } from "../../tools.js";
import styles from "./Figures.module.css";

/** How the agent's queues stand, kept true while it is on the screen. */
export function Figures() {
  const { figures } = useTools();
  useEffect(() => figures.watch(), [figures]);
  const shown = figures.shown.value;
  return (
    <section aria-label={t("figures.label")} data-testid="figures">
      <dl class={styles.figures}>
        <Figure name={t("figures.waiting")} value={shown && waiting(shown)} more={since(shown)} />
        <Figure name={t("figures.colleagues")} value={shown && String(shown.colleagues)} />
        <Figure name={t("figures.served")} value={shown && String(shown.servedToday)} />
      </dl>
    </section>
  );
}

function Figure({
  name,
  value,
  more,
}: {
  name: string;
  value: string | null;
  more?: string | null;
}) {
  return (
    <div class={styles.figure}>
      <dt>{name}</dt>
      <dd>
        <strong>{value ?? "–"}</strong>
        {more && <span>{more}</span>}
      </dd>
    </div>
  );
}

function waiting({ waiting: count, more }: Shown): string {
  return more ? t("figures.more", { number: count }) : String(count);
}

function since(shown: Shown | null): string | null {
  if (!shown?.waiting) return null;
  if (shown.longest < 60_000) return t("figures.short");
  return t("figures.since", { count: Math.ceil(shown.longest / 60_000) });
}
