import { useTools } from "../../tools.js";
import { useMedia } from "../useMedia.js";

/** Where the details have no place beside the conversation. */
const NARROW = "(max-width: 68.74em)";

/** The id of the button that shows and hides them. */
export const DETAILS_TOGGLE = "details-toggle";

export interface Details {
  shown: boolean;
  toggle: () => void;
}

/** Beside the conversation they stay as the agent likes; elsewhere they are a page of their own. */
export function useDetails(): Details {
  const { navigation, preferences } = useTools();
  const narrow = useMedia(NARROW);
  if (!narrow) {
    const { detailsShown } = preferences;
    return {
      shown: detailsShown.value,
      toggle: () => (detailsShown.value = !detailsShown.value),
    };
  }
  const shown = navigation.pane.value === "details";
  return { shown, toggle: () => navigation.showDetails(!shown) };
}
