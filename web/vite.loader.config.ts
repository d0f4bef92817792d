import { defineConfig } from "vite";
import { browsers, here } from "./vite.base.js";

// One classic script, because customers' pages include it by a plain script tag.
export default defineConfig({
  root: here("widget/loader"),
  publicDir: false,
  build: {
    target: browsers,
    outDir: here("dist/widget"),
    // The widget's app is built into the same folder before.
    emptyOutDir: false,
    lib: {
      entry: here("widget/loader/main.ts"),
      formats: ["iife"],
      name: "LambdeskLoader",
      fileName: () => "loader.js",
    },
  },
});
