import type { RefObject } from "preact";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** Closer to the end than this many pixels counts as being there. */
const NEAR = 48;

interface Sticking {
  scroller: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  atEnd: boolean;
  toEnd: () => void;
}

/**
 * Keeps a growing list at its end for as long as the reader is there, and leaves a reader who went
 * up alone. `ownMessages` growing brings them down: they want to see what they wrote.
 */
export function useStickToEnd(ownMessages: number): Sticking {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const sticking = useRef(true);
  const before = useRef(ownMessages);
  const [atEnd, setAtEnd] = useState(true);

  const jump = useCallback(() => {
    const box = scroller.current;
    if (box) box.scrollTop = box.scrollHeight;
  }, []);

  const toEnd = useCallback(() => {
    sticking.current = true;
    setAtEnd(true);
    jump();
  }, [jump]);

  useLayoutEffect(() => {
    if (ownMessages > before.current) toEnd();
    before.current = ownMessages;
  }, [ownMessages, toEnd]);

  useEffect(() => {
    const box = scroller.current;
    const inner = content.current;
    if (!box || !inner) return undefined;
    jump();
    let top = box.scrollTop;
    const onScroll = (): void => {
      const near = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
      // Away from the end is also where growing content leaves us: only going up is leaving it.
      const wentUp = box.scrollTop < top;
      top = box.scrollTop;
      if (near || wentUp) sticking.current = near;
      setAtEnd(sticking.current);
    };
    box.addEventListener("scroll", onScroll, { passive: true });
    // Both grow: the content with messages, the box when the composer shrinks.
    const observer = new ResizeObserver(() => {
      if (sticking.current) jump();
    });
    observer.observe(inner);
    observer.observe(box);
    return () => {
      box.removeEventListener("scroll", onScroll);
      observer.disconnect();
    };
  }, [jump]);

  return { scroller, content, atEnd, toEnd };
}
