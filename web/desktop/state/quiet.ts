import type { Row, SystemEvent } from "./timeline.js";

/** A row, or a run of events without a message between them, which is drawn as one line. */
export type QuietRow = Row | { kind: "run"; key: string; events: readonly SystemEvent[] };

type Run = Extract<QuietRow, { kind: "run" }>;

/** How a conversation came out is never hidden in a run. */
const STANDS_ALONE: ReadonlySet<SystemEvent["type"]> = new Set<SystemEvent["type"]>([
  "conversation.ended",
  "conversation.closed",
]);

/** Draws what happened between messages together, so that the messages stand out. */
export function quietened(rows: readonly Row[]): QuietRow[] {
  const quiet: QuietRow[] = [];
  for (const row of rows) {
    if (row.kind !== "system" || STANDS_ALONE.has(row.event.type)) {
      quiet.push(row);
      continue;
    }
    const before = quiet.at(-1);
    if (before?.kind === "run") quiet[quiet.length - 1] = longer(before, row.event);
    else quiet.push({ kind: "run", key: `run-${row.event.seq}`, events: [row.event] });
  }
  return quiet.map(single);
}

/** The event that tells most of a run: who came or went, rather than who was asked. */
export function tellingOf(events: readonly SystemEvent[]): SystemEvent | undefined {
  return events.findLast(({ type }) => !type.startsWith("offer.")) ?? events.at(-1);
}

function longer(run: Run, event: SystemEvent): Run {
  return { ...run, events: [...run.events, event] };
}

function single(row: QuietRow): QuietRow {
  const only = row.kind === "run" && row.events.length === 1 ? row.events[0] : undefined;
  return only ? { kind: "system", key: `e-${only.seq}`, event: only } : row;
}
