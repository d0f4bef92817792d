import { defineConfig } from "vite";
import { app } from "./vite.base.js";

export default defineConfig(app("widget/app", "dist/widget"));
