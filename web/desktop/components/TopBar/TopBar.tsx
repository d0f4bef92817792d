import { AccountMenu } from "./AccountMenu.js";
import { AvailabilityMenu } from "./AvailabilityMenu.js";
import { Brand } from "./Brand.js";
import { ConnectionState } from "./ConnectionState.js";
import { Load } from "./Load.js";
import styles from "./TopBar.module.css";

export function TopBar() {
  return (
    <header class={styles.bar}>
      <div class={styles.brand}>
        <Brand />
      </div>
      <ConnectionState />
      <div class={styles.space} />
      <Load />
      <AvailabilityMenu />
      <AccountMenu />
    </header>
  );
}
