import { Component, type ComponentChildren, type RefObject } from "preact";

interface Props {
  content: RefObject<HTMLElement | null>;
  scroller: RefObject<HTMLElement | null>;
  /** The key of the first row: the place is kept where it changes. */
  first: string | undefined;
  children: ComponentChildren;
}

/** What is on the screen, and where. */
type Place = readonly { element: Element; top: number }[];

/** Keeps what the reader looks at in its place when rows come or go above it. */
export class KeepPlace extends Component<Props> {
  override getSnapshotBeforeUpdate(before: Props): Place | null {
    const { first, content, scroller } = this.props;
    if (before.first === first || !content.current || !scroller.current) return null;
    const { top, bottom } = scroller.current.getBoundingClientRect();
    return [...content.current.children]
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.bottom > top && box.top < bottom)
      .map(({ element, box }) => ({ element, top: box.top }));
  }

  override componentDidUpdate(_props: Props, _state: unknown, place?: Place | null): void {
    const kept = place?.find(({ element }) => element.isConnected);
    const scroller = this.props.scroller.current;
    if (kept && scroller) scroller.scrollTop += kept.element.getBoundingClientRect().top - kept.top;
  }

  override render() {
    return this.props.children;
  }
}
