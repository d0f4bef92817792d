import styles from "./EmptyState.module.css";

const BUBBLE =
  "M30 24h60a12 12 0 0 1 12 12v32a12 12 0 0 1-12 12H62L44 94V80H30a12 12 0 0 1-12-12V36a12 12 0 0 1 12-12Z";

const DETAILS = {
  waiting: "M44 52h.1M60 52h.1M76 52h.1",
  paused: "M53 42v20M67 42v20",
  choose: "M40 44h40M40 58h26",
  trouble: "M60 40v16M60 65v.1",
} as const;

export type DrawingName = keyof typeof DETAILS;

export function Drawing({ name }: { name: DrawingName }) {
  return (
    <svg class={styles.drawing} viewBox="0 0 120 112" width="120" height="112" aria-hidden>
      <path class={styles.outline} d={BUBBLE} />
      <path class={styles.inside} d={DETAILS[name]} />
    </svg>
  );
}
