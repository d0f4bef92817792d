import { initials } from "../../../shared/initials.js";
import styles from "./Avatar.module.css";
import { Icon } from "./Icon.js";

/** Stands for a person, or without a name for the company. */
export function Avatar({ name, look }: { name?: string | undefined; look: "small" | "onAccent" }) {
  const letters = initials(name ?? "");
  return (
    <span class={`${styles.avatar} ${styles[look]}`} aria-hidden="true">
      {letters || <Icon name="talk" size={look === "small" ? 14 : 20} />}
    </span>
  );
}
