import styles from "./Icon.module.css";

/** Paths of outlined icons on a 20 × 20 grid. */
const PATHS = {
  web: "M3 5.5A1.5 1.5 0 0 1 4.5 4h11A1.5 1.5 0 0 1 17 5.500v7a1.5 1.5 0 0 1-1.5 1.500H9l-4 3v-3h-.500A1.5 1.5 0 0 1 3 12.500Z",
  sms: "M6.5 2.500h7A1.5 1.5 0 0 1 15 4v12a1.5 1.5 0 0 1-1.5 1.500h-7A1.5 1.5 0 0 1 5 16V4a1.5 1.5 0 0 1 1.5-1.500ZM9 15h2",
  whatsapp:
    "M10 3a7 7 0 0 0-6 10.600L3 17l3.5-.900A7 7 0 1 0 10 3ZM7.5 7c0 3 2.5 5.5 5.5 5.500l.5-1.5-1.8-.8-.9.700A4 4 0 0 1 9 9.200l.7-.900L9 6.500Z",
  messenger:
    "M10 3c-4 0-7 2.9-7 6.6 0 2 .9 3.7 2.3 4.900V17l2.4-1.200c.7.2 1.5.3 2.3.3 4 0 7-2.9 7-6.500S14 3 10 3ZM6.5 11l2.5-2.5 2 1.5 2.5-2",
  rcs: "M3 5.500A1.5 1.5 0 0 1 4.5 4h11A1.5 1.5 0 0 1 17 5.500v7a1.5 1.5 0 0 1-1.5 1.500H9l-4 3v-3h-.500A1.5 1.5 0 0 1 3 12.500ZM7 9h.01M10 9h.01M13 9h.01",
  app: "M4 4h5v5H4ZM11 4h5v5h-5ZM4 11h5v5H4ZM11 11h5v5h-5Z",
  send: "M3.5 10 17 3.5 13 16.500l-3.5-5ZM9.5 11.5 17 3.5",
  back: "M12.5 4 6.5 10l6 6",
  panel:
    "M4.5 3.500h11a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1v-11a1 1 0 0 1 1-1ZM12 3.500v13",
  check: "M4 10.5 8 14.5 16 6",
  checks: "M2 10.5 6 14.5 13.5 6.500M9.5 13.500l1 1L18 6.5",
  clock: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM10 6.500V10l2.5 1.5",
  alert: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM10 6.500v4M10 13.200v.1",
  down: "M5 7.5 10 12.5 15 7.5",
  arrowDown: "M10 4v12M5 11l5 5 5-5",
  bell: "M5.5 13.500V9a4.5 4.5 0 0 1 9 0v4.500l1.5 1H4ZM8.5 16.500a1.6 1.6 0 0 0 3 0",
  bellOff:
    "M5.5 13.500V9c0-.7.2-1.4.5-2M8 5a4.5 4.5 0 0 1 6.5 4v2.500M4 14.500h10.500M8.5 16.500a1.6 1.6 0 0 0 3 0M3.5 3.500l13 13",
  keyboard:
    "M2.500 5.500h15v9h-15ZM5.5 8.500h.01M8.5 8.500h.01M11.5 8.500h.01M14.5 8.500h.01M6.5 11.500h7",
  copy: "M7.5 7.500h8v9h-8ZM12.5 7.500v-4h-8v9h3",
  signOut: "M8 4H4.500v12H8M12 6.5 15.5 10 12 13.500M15 10H8",
  dismiss: "M5.5 5.500l9 9M14.5 5.500l-9 9",
  done: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM6.8 10.200l2.2 2.2 4.2-4.6",
  open: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14Z",
  person:
    "M10 3.5a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4ZM4 16.5c.6-2.6 3-4.2 6-4.2s5.4 1.6 6 4.2",
  note: "M5 3.500h10v9L11.5 16.500H5ZM15 12.500h-3.500v4",
} as const;

export type IconName = keyof typeof PATHS;

interface Props {
  name: IconName;
  size?: number;
  /** Where the icon says something that no text beside it says. */
  label?: string;
}

export function Icon({ name, size = 16, label }: Props) {
  return (
    <svg
      class={styles.icon}
      width={size}
      height={size}
      viewBox="0 0 20 20"
      role={label ? "img" : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : true}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
