/** The texts of the loader, kept apart from the app's because every page view carries them. */
export const launcherTexts = {
  en: {
    chat: "Chat with us",
    unread: "{label}, {count} unread",
    frame: "Chat",
  },
} as const;
