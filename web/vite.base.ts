import { fileURLToPath } from "node:url";
import type { UserConfig } from "vite";

/** The oldest browsers that the clients run in: those of autumn 2022. */
export const browsers = ["chrome105", "edge105", "firefox104", "safari16"];

/** The absolute path of something in this package. */
export function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

/**
 * The build of one app into one folder of `dist`. Addresses of assets are relative, because the
 * app does not know under which path it is published.
 */
export function app(root: string, outDir: string): UserConfig {
  return {
    root: here(root),
    base: "./",
    publicDir: false,
    css: { modules: { generateScopedName: "[local]_[hash:base64:4]" } },
    build: {
      target: browsers,
      outDir: here(outDir),
      emptyOutDir: true,
      modulePreload: { polyfill: false },
    },
  };
}
