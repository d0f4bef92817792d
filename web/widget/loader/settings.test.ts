import { beforeEach, expect, test, vi } from "vitest";
import { findTag, readSettings } from "./settings.js";

const warn = vi.fn();

function tag(attributes: Record<string, string>, src = "https://desk.example/widget/loader.js") {
  const script = document.createElement("script");
  script.type = "text/plain";
  Object.assign(script.dataset, attributes);
  script.src = src;
  return script;
}

beforeEach(() => {
  warn.mockReset();
  vi.stubGlobal("console", { warn });
  document.head.replaceChildren();
});

test("a tag needs no more than a queue", () => {
  expect(readSettings(tag({ queue: "demo" }))).toEqual({
    queue: "demo",
    base: new URL("https://desk.example/widget/"),
    page: "path",
    keeps: true,
  });
  expect(warn).not.toHaveBeenCalled();
});

test("a tag says how much is told and kept", () => {
  const settings = readSettings(tag({ queue: "demo", page: "full", storage: "frame" }));
  expect(settings).toMatchObject({ page: "full", keeps: false });
});

test.each([
  [{}, /id of a queue/],
  [{ queue: "" }, /id of a queue/],
  [{ queue: "with blanks" }, /id of a queue/],
  [{ queue: "demo", page: "all" }, /data-page=.*not "all"/],
  [{ queue: "demo", storage: "cookies" }, /data-storage=.*not "cookies"/],
])("what is wrong with %o is said", (attributes, complaint) => {
  readSettings(tag(attributes));
  expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(complaint));
});

test("a script without a tag is told to have one", () => {
  expect(readSettings(null)).toBeNull();
  expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining("<script src="));
});

test("a page without a console is spared", () => {
  vi.stubGlobal("console", undefined);
  expect(readSettings(tag({}))).toBeNull();
});

test("a module finds its tag, which is no current script", () => {
  expect(findTag()).toBeNull();
  const script = tag({ queue: "demo" });
  document.head.append(tag({ queue: "x" }, "https://other.example/a.js"), script);
  expect(findTag()).toBe(script);
});
