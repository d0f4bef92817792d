// Numbers, names and moments as people read them.

const time = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const date = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short" });

const CHANNELS = { whatsapp: "WhatsApp", messenger: "Messenger", rcs: "RCS" };

export function formatNumber(address) {
  const [prefix, rest] = address.includes(":") ? address.split(":") : ["", address];
  const match = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(rest);
  const number = match ? `+1 (${match[1]}) ${match[2]}-${match[3]}` : rest;
  return prefix ? `${CHANNELS[prefix] ?? prefix} ${number}` : number;
}

export function formatTime(moment) {
  return time.format(new Date(moment));
}

export function isNewDay(before, moment) {
  return new Date(before).toDateString() !== new Date(moment).toDateString();
}

export function dayLabel(moment) {
  const isToday = !isNewDay(moment, Date.now());
  return { day: isToday ? "Today" : date.format(new Date(moment)), time: formatTime(moment) };
}

export function initials(name) {
  const words = name.trim().split(/\s+/).filter(Boolean);
  return words.slice(0, 2).map((word) => [...word][0].toUpperCase()).join("") || "#";
}
