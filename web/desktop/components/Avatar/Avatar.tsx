import { initials } from "../../../shared/initials.js";
import { Icon } from "../Icon/Icon.js";
import styles from "./Avatar.module.css";

const TINTS = 6;

const ICON_SIZES = { small: 15, normal: 19, large: 26 } as const;

interface Props {
  name: string;
  size?: "small" | "normal" | "large";
}

/** A person's initials, or a figure for a phone number; decoration beside the name. The tint helps to tell people apart. */
export function Avatar({ name, size = "normal" }: Props) {
  return (
    <span class={`${styles.avatar} ${styles[size]} ${styles[`tint${tintOf(name)}`]}`} aria-hidden>
      {/\p{L}/u.test(name) ? initials(name) : <Icon name="person" size={ICON_SIZES[size]} />}
    </span>
  );
}

function tintOf(name: string): number {
  return Array.from(name).reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % TINTS;
}
