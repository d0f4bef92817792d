import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Line } from "../timeline.js";

/** So near the end the reader is taken to follow the conversation. */
const NEAR = 48;

/**
 * Keeps a scrolling box at its end while the reader is there, and leaves it alone while they read
 * further up; then `unseen` tells that something came.
 */
export function useStayAtEnd(lines: readonly Line[]) {
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const lastKey = useRef<string | undefined>(undefined);
  const unseen = useSignal(false);

  const toEnd = () => {
    follows.current = true;
    unseen.value = false;
    box.current?.scrollTo({ top: box.current.scrollHeight });
  };

  const last = lines.at(-1);
  useLayoutEffect(() => {
    const isNew = last?.key !== lastKey.current;
    lastKey.current = last?.key;
    const wrote = isNew && last?.kind === "message" && last.draft !== null;
    if (follows.current || wrote) toEnd();
    else if (isNew) unseen.value = true;
  });

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    // The box shrinks when a phone shows its keyboard.
    const observer = new ResizeObserver(() => {
      if (follows.current) element.scrollTo({ top: element.scrollHeight });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const onScroll = () => {
    const element = box.current;
    if (!element) return;
    follows.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
    if (follows.current) unseen.value = false;
  };

  return { box, onScroll, unseen: unseen.value, toEnd };
}
