import { splitLinks } from "./links.js";

/** The text of a message, with its web addresses as links. It is never read as HTML. */
export function MessageText({ text }: { text: string }) {
  return (
    <>
      {splitLinks(text).map(({ text: piece, href }, index) =>
        href === null ? (
          piece
        ) : (
          <a
            key={index}
            href={href}
            title={href}
            target="_blank"
            rel="noopener noreferrer nofollow"
          >
            {piece}
          </a>
        ),
      )}
    </>
  );
}
