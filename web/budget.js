// Fails when the widget has grown beyond what a customer's page can be asked to load.
import { readdirSync, readFileSync } from "node:fs";
import { exit, stdout } from "node:process";
import { fileURLToPath, URL } from "node:url";
import { gzipSync } from "node:zlib";

const folder = fileURLToPath(new URL("dist/widget/", import.meta.url));
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name !== "config.json")
  .map((entry) => `${entry.parentPath}/${entry.name}`);

/** Bytes of some files, each compressed as it is on its way. */
const gzipped = (paths) =>
  paths.reduce((sum, path) => sum + gzipSync(readFileSync(path)).length, 0);

const budgets = [
  ["loader, on every page", gzipped(files.filter((path) => path.endsWith("loader.js"))), 4_000],
  ["the whole widget, once opened", gzipped(files), 34_000],
];

for (const [name, size, most] of budgets) {
  stdout.write(`${name}: ${size} of ${most} bytes gzip\n`);
}
if (budgets.some(([, size, most]) => size > most)) {
  stdout.write("The widget is too large.\n");
  exit(1);
}
