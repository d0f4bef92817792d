import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    environment: "happy-dom",
    include: ["{shared,widget,desktop}/**/*.test.{ts,tsx}"],
    // Keys are typed one by one, on machines that do other things besides.
    testTimeout: 30_000,
    restoreMocks: true,
    unstubGlobals: true,
  },
});
