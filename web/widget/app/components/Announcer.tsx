import { useRef } from "preact/hooks";
import type { Line } from "../timeline.js";
import { Words } from "./Words.js";

interface Props {
  lines: readonly Line[];
  /** The number up to which the reader could have heard everything before. */
  since: number;
  words: (line: Line) => string;
}

/**
 * Says what is new to those who do not see it. A log that announces itself would be read as a whole
 * after each page view, and would repeat what its reader has just written.
 */
export function Announcer({ lines, since, words }: Props) {
  const told = useRef(since);
  const said = useRef("");
  const fresh = lines.filter((line) => isNews(line, told.current));
  if (fresh.length > 0) {
    told.current = Math.max(...fresh.map(seqOf));
    said.current = fresh.map(words).join("\n");
  }
  return (
    <p class="hidden" role="status" data-testid="announcer">
      <Words text={said.current} />
    </p>
  );
}

function isNews(line: Line, told: number): boolean {
  // The end is said where it can be answered, below the log.
  if (line.kind === "note" && line.event.type === "conversation.ended") return false;
  return seqOf(line) > told && !(line.kind === "message" && line.mine);
}

function seqOf(line: Line): number {
  if (line.kind === "day") return 0;
  return line.kind === "note" ? line.event.seq : (line.seq ?? 0);
}
