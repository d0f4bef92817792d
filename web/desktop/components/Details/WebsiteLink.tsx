import type { Website } from "../../../shared/protocol.js";

/** The page the customer wrote from. The address comes from the customer: only web links link. */
export function WebsiteLink({ website }: { website: Website }) {
  const { url, title } = website;
  const text = title || url;
  if (!/^https?:\/\//i.test(url)) return <>{text}</>;
  return (
    <a href={url} title={url} target="_blank" rel="noopener noreferrer nofollow">
      {text}
    </a>
  );
}
