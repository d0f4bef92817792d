/** The browser's own notifications, for offers that arrive while the desk is out of sight. */

export type NotificationPermissionState = "unsupported" | NotificationPermission;

export function notificationPermission(): NotificationPermissionState {
  return "Notification" in window ? Notification.permission : "unsupported";
}

/** Must be called from a click: browsers ignore it otherwise. */
export async function askForNotifications(): Promise<NotificationPermissionState> {
  return "Notification" in window ? Notification.requestPermission() : "unsupported";
}

/**
 * Shows a notification if the desk is out of sight, and gives a way to take it back. The tag makes
 * two windows of one agent show it once.
 */
export function notify(title: string, body: string, tag: string): () => void {
  const visible = document.visibilityState === "visible" && document.hasFocus();
  if (visible || notificationPermission() !== "granted") return () => undefined;
  try {
    const shown = new Notification(title, { body, tag, requireInteraction: true });
    shown.onclick = () => {
      window.focus();
      shown.close();
    };
    return () => shown.close();
  } catch {
    // Chrome on Android only lets service workers notify.
    return () => undefined;
  }
}
