/** The neighbour of the chosen one, stopping at the ends; the first or last if none is chosen. */
export function moveBy<Item extends { id: string }>(
  items: readonly Item[],
  chosen: string | null,
  step: number,
): Item | undefined {
  const at = items.findIndex(({ id }) => id === chosen);
  if (at < 0) return step > 0 ? items[0] : items.at(-1);
  return items[Math.min(Math.max(at + step, 0), items.length - 1)];
}
