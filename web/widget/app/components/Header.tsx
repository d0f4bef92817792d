import type { ComponentChildren } from "preact";
import { t } from "../../text/index.js";
import type { HostPage } from "../host.js";
import { Avatar } from "./Avatar.js";
import styles from "./Header.module.css";
import { Icon } from "./Icon.js";
import { Words } from "./Words.js";

interface Props {
  title: string;
  host: HostPage;
  status?: string;
  agent?: string | undefined;
  live?: boolean;
  children?: ComponentChildren;
}

/** Who the customer talks to, and the way out. */
export function Header({ title, host, status, agent, live = false, children }: Props) {
  return (
    <header class={styles.header}>
      <span class={styles.face}>
        <Avatar name={agent} look="onAccent" />
        {live && <span class={styles.live} data-live />}
      </span>
      <div class={styles.words}>
        <h1 class={styles.title} dir="auto">
          <Words text={title} />
        </h1>
        {status !== undefined && (
          <p class={styles.status} dir="auto">
            <Words text={status} />
          </p>
        )}
      </div>
      {children}
      {host.closable && (
        <button
          type="button"
          class={styles.close}
          aria-label={t("close")}
          title={t("close")}
          onClick={() => host.close()}
        >
          <Icon name="close" />
        </button>
      )}
    </header>
  );
}
