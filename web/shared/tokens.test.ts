// @vitest-environment node
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync("shared/tokens.css", "utf8");
const [light = "", dark = ""] = css.split("@media (prefers-color-scheme: dark)");

function token(name: string, theme: string): string {
  const value = new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(theme)?.[1];
  if (value === undefined) throw new Error(`There is no colour ${name}.`);
  return value;
}

/** Relative luminance as WCAG 2 defines it. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const channel = parseInt(colour.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dim = 0, bright = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dim + 0.05);
}

const surfaces = ["surface", "surface-sunken", "surface-raised", "surface-soft"];
const pairs: [string, string, number][] = [
  ...["text", "text-muted", "accent-text", "positive", "warning", "danger"].flatMap((ink) =>
    surfaces.map((surface): [string, string, number] => [ink, surface, 4.5]),
  ),
  ...["accent", "accent-strong"].map((fill): [string, string, number] => ["on-accent", fill, 4.5]),
  ...["positive", "warning", "danger"].flatMap((signal): [string, string, number][] => [
    [signal, `${signal}-soft`, 4.5],
    ["on-signal", signal, 4.5],
  ]),
  ["accent-text", "accent-soft", 4.5],
  ["text", "accent-soft", 4.5],
  ["line-strong", "surface", 3],
  ["line-strong", "surface-raised", 3],
  ["focus", "surface", 3],
  ["focus", "surface-sunken", 3],
];

test.each(pairs)("%s on %s has a contrast of %d", (ink, surface, least) => {
  for (const theme of [light, dark]) {
    expect(contrast(token(ink, theme), token(surface, theme))).toBeGreaterThanOrEqual(least);
  }
});
