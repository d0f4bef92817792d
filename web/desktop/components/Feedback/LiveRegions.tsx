import { useTools } from "../../tools.js";

/** Where screen readers hear of what happens elsewhere on the desk. */
export function LiveRegions() {
  const { announcer } = useTools();
  return (
    <>
      <div class="visually-hidden" aria-live="polite">
        {announcer.polite.value}
      </div>
      <div class="visually-hidden" aria-live="assertive">
        {announcer.urgent.value}
      </div>
    </>
  );
}
