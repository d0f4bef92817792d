// Fails when what is loaded has grown beyond what a customer's page, or an agent, can be asked for.
import { readdirSync, readFileSync } from "node:fs";
import { exit, stdout } from "node:process";
import { fileURLToPath, URL } from "node:url";
import { gzipSync } from "node:zlib";

const dist = fileURLToPath(new URL("dist/", import.meta.url));
const filesOf = (part) =>
  readdirSync(`${dist}${part}`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== "config.json")
    .map((entry) => `${entry.parentPath}/${entry.name}`);
const widget = filesOf("widget");

/** Bytes of some files, each compressed as it is on its way. */
const gzipped = (paths) =>
  paths.reduce((sum, path) => sum + gzipSync(readFileSync(path)).length, 0);

const budgets = [
  ["loader, on every page", gzipped(widget.filter((path) => path.endsWith("loader.js"))), 4_000],
  ["the whole widget, once opened", gzipped(widget), 34_000],
  ["the whole desktop", gzipped(filesOf("desktop")), 90_000],
];

for (const [name, size, most] of budgets) {
  stdout.write(`${name}: ${size} of ${most} bytes gzip\n`);
}
if (budgets.some(([, size, most]) => size > most)) {
  stdout.write("That is too large.\n");
  exit(1);
}
