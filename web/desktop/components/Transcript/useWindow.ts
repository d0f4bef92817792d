import type { RefObject } from "preact";
import { useCallback, useEffect, useReducer, useRef } from "preact/hooks";
import type { Event } from "../../../shared/protocol.js";
import type { Conversation } from "../../state/conversation.js";

/** This many events come into the window at a time. */
const STEP = 100;
/** Closer to the top than this many pixels asks for more above it. */
const NEAR_TOP = 600;

interface Shown {
  events: readonly Event[];
  /** Shows, or fetches, what lies above where the reader is close to the top. */
  look: () => void;
}

/**
 * The events that are drawn: the newest, and those above them as far as the reader went up. Back at
 * the end, only the newest are drawn again.
 */
export function useWindow(
  conversation: Conversation,
  scroller: RefObject<HTMLElement | null>,
  atEnd: boolean,
): Shown {
  const events = conversation.transcript.events.value;
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const from = useRef(Infinity);
  /** How many are kept at the end: more than a step where they do not fill the screen. */
  const kept = useRef(STEP);

  let start = events.findIndex(({ seq }) => seq >= from.current);
  const isNew = start < 0;
  if (isNew || (atEnd && events.length - start > kept.current + STEP)) {
    start = Math.max(0, events.length - kept.current);
  }
  from.current = events[start]?.seq ?? Infinity;

  const look = useCallback(() => {
    const box = scroller.current;
    if (!box || !isNearTop(box, atEnd)) return;
    if (start === 0) {
      conversation.readOlder();
      return;
    }
    if (atEnd) kept.current += STEP;
    from.current = events[Math.max(0, start - STEP)]?.seq ?? Infinity;
    redraw(undefined);
  }, [conversation, scroller, atEnd, events, start]);

  const older = conversation.history.older.value;
  useEffect(look, [look, older]);
  return { events: events.slice(start), look };
}

/** At the end, that is where the content hardly fills the box: the box may not be scrolled yet. */
function isNearTop(box: HTMLElement, atEnd: boolean): boolean {
  if (box.clientHeight === 0) return false;
  return atEnd ? box.scrollHeight - box.clientHeight < NEAR_TOP : box.scrollTop < NEAR_TOP;
}
