import type { Channel } from "../../../shared/protocol.js";
import { segments } from "../../state/segments.js";
import { t } from "../../text/index.js";
import styles from "./Composer.module.css";
import { room } from "./limits.js";

interface Props {
  text: string;
  channel: Channel;
}

/** How much room is left, and for texts how many segments are paid for. */
export function Meter({ text, channel }: Props) {
  const { left, near, over } = room(text.trim(), channel);
  const texting = channel === "sms";
  if (!near && !(texting && text)) return null;
  return (
    <p class={styles.meter}>
      {texting && <SegmentCount text={text} />}
      {near && (
        <span class={over ? styles.over : undefined} role="status">
          {over ? t("composer.over", { count: -left }) : t("composer.left", { count: left })}
        </span>
      )}
    </p>
  );
}

function SegmentCount({ text }: { text: string }) {
  const { encoding, count, left } = segments(text);
  return (
    <span data-testid="segments" title={encoding === "UCS-2" ? t("composer.unicode") : encoding}>
      {t("composer.segments", { count, left })} · {encoding}
    </span>
  );
}
