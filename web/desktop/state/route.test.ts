import { beforeEach, expect, test } from "vitest";
import { Navigation, formatRoute, parseRoute, type Route } from "./route.js";

beforeEach(() => history.replaceState(null, "", "#/"));

test.each<[string, Route]>([
  ["#/", { conversation: null, pane: "list" }],
  ["#/c/abc", { conversation: "abc", pane: "conversation" }],
  ["#/c/a%2Fb/details", { conversation: "a/b", pane: "details" }],
])("%s is read as it is written", (hash, route) => {
  expect(parseRoute(hash)).toEqual(route);
  expect(formatRoute(route)).toBe(hash);
});

test.each(["#/unknown/x", "#/c/%", "#/c/%E0%A4%A/details", "#/c/", ""])(
  "an address like %j leads to the list",
  (hash) => {
    expect(parseRoute(hash)).toEqual({ conversation: null, pane: "list" });
  },
);

test("a reload returns to the open conversation", () => {
  const until = new AbortController().signal;
  new Navigation(until).open("c1");
  expect(new Navigation(until).conversation.value).toBe("c1");
});

test("only going deeper makes a step to come back from", () => {
  const navigation = new Navigation(new AbortController().signal);
  const before = history.length;
  navigation.open("c1");
  navigation.open("c2");
  navigation.showDetails(true);
  navigation.showDetails(false);
  expect(history.length - before).toBe(2);
  expect(navigation.conversation.value).toBe("c2");
});
