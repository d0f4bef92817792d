import { useSignal } from "@preact/signals";
import { askForNotifications, notificationPermission } from "../../alerts/notifications.js";
import { openOffers } from "../../state/offers.js";
import { SHORTCUTS } from "../../state/shortcuts.js";
import { t, type TextKey } from "../../text/index.js";
import { useTools } from "../../tools.js";
import { Avatar } from "../Avatar/Avatar.js";
import { Icon } from "../Icon/Icon.js";
import { Menu, MenuChoice, MenuItem } from "../Menu/Menu.js";
import { SignOutDialog } from "./SignOutDialog.js";
import styles from "./TopBar.module.css";

const WRITING: readonly (readonly [TextKey, string])[] = [
  ["shortcut.send", "Enter"],
  ["shortcut.newline", "Shift Enter"],
];

const ANYWHERE: readonly (readonly [TextKey, string])[] = [
  ["shortcut.accept", SHORTCUTS.accept.shown],
  ["shortcut.next", SHORTCUTS.next.shown],
  ["shortcut.previous", SHORTCUTS.previous.shown],
];

export function AccountMenu() {
  const { workplace, preferences, signOut, email } = useTools();
  const { muted, shortcuts } = preferences;
  const keys = shortcuts.value ? [...ANYWHERE, ...WRITING] : WRITING;
  const name = workplace.desk.agent.value?.name ?? email;
  const asking = useSignal(false);
  const leave = async (): Promise<void> => {
    const { active, offers } = workplace.desk;
    if (active.peek().length > 0) {
      asking.value = true;
      return;
    }
    // An offer that nobody is left to answer need not run out.
    if (openOffers(offers.peek()).length > 0) await workplace.handOver();
    signOut();
  };
  return (
    <>
      <Menu
        label={t("account.menu", { name })}
        buttonLabel={t("account.menu", { name })}
        button={<Avatar name={name} size="small" />}
      >
        <div class={styles.account} role="presentation">
          <strong>{name}</strong>
          <span>{email}</span>
        </div>
        <MenuItem onChoose={() => (muted.value = !muted.value)}>
          <Icon name={muted.value ? "bellOff" : "bell"} />
          {muted.value ? t("account.unmute") : t("account.mute")}
        </MenuItem>
        <NotificationItem />
        <MenuChoice
          kind="checkbox"
          checked={shortcuts.value}
          onChoose={() => (shortcuts.value = !shortcuts.value)}
        >
          <Icon name="keyboard" />
          {t("account.shortcuts")}
        </MenuChoice>
        <div class={styles.shortcuts} role="presentation">
          {keys.map(([what, keys]) => (
            <div key={what}>
              {t(what)}
              <kbd>{keys}</kbd>
            </div>
          ))}
        </div>
        <MenuItem onChoose={() => void leave()}>
          <Icon name="signOut" />
          {t("account.signOut")}
        </MenuItem>
      </Menu>
      {asking.value && <SignOutDialog onStay={() => (asking.value = false)} />}
    </>
  );
}

function NotificationItem() {
  const permission = useSignal(notificationPermission());
  const ask = async (): Promise<void> => {
    permission.value = await askForNotifications();
  };
  switch (permission.value) {
    case "default":
      return (
        <MenuItem onChoose={() => void ask()}>
          <Icon name="alert" />
          {t("account.notifications")}
        </MenuItem>
      );
    case "granted":
    case "denied":
      return (
        <MenuItem disabled onChoose={() => undefined}>
          <Icon name={permission.value === "granted" ? "done" : "alert"} />
          {permission.value === "granted"
            ? t("account.notifications.on")
            : t("account.notifications.blocked")}
        </MenuItem>
      );
    case "unsupported":
      return null;
  }
}
