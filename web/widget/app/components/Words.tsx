/**
 * A text that changes while it is shown. Browsers that translate a page put elements of their own
 * in the place of texts, so a changed text comes with a new element and not into the old one.
 */
export function Words({ text }: { text: string }) {
  return <span key={text}>{text}</span>;
}
