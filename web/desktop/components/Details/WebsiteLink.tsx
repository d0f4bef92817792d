import { hostOf } from "../../../shared/links.js";
import type { Website } from "../../../shared/protocol.js";
import { isBlank } from "../../../shared/unicode.js";

/**
 * The page the customer wrote from. Title and address come from the customer, so the link itself
 * says where it leads, and comes first: no title is long enough to push it out of sight.
 */
export function WebsiteLink({ website }: { website: Website }) {
  const { url, title } = website;
  const host = hostOf(url);
  const name = <bdi>{isBlank(title) ? url : title}</bdi>;
  if (host === null) return name;
  return (
    <>
      <a href={url} title={url} target="_blank" rel="noopener noreferrer nofollow" dir="ltr">
        {host}
      </a>
      {!isBlank(title) && <> {name}</>}
    </>
  );
}
