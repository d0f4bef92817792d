import { defineConfig } from "vite";
import { app } from "./vite.base.js";

export default defineConfig(app("desktop", "dist/desktop"));
