import { cleanup, render } from "@testing-library/preact";
import { afterEach, expect, test } from "vitest";
import { MessageText } from "./MessageText.js";

afterEach(cleanup);

const show = (text: string) => render(<MessageText text={text} />).container;

test("text is never HTML", () => {
  const text = '<img src=x onerror="alert(1)"> <script>alert(2)</script> &amp; <b>';
  const container = show(text);
  expect(container.textContent).toBe(text);
  expect(container.children).toHaveLength(0);
});

test.each([
  ["See https://example.com/a?b=c#d.", "https://example.com/a?b=c#d"],
  ["(http://example.com)", "http://example.com/"],
  ["https://en.example.org/wiki/Lamb_(animal)", "https://en.example.org/wiki/Lamb_(animal)"],
  ["HTTPS://EXAMPLE.COM/Path!", "https://example.com/Path"],
])("links %s", (text, href) => {
  const container = show(text);
  const link = container.querySelector("a");
  expect(link?.href).toBe(href);
  expect(link?.rel).toContain("noopener");
  expect(link?.target).toBe("_blank");
  expect(container.textContent).toBe(text);
});

test.each([
  "javascript:alert(1)",
  "data:text/html,<b>",
  "ftp://example.com",
  "https://",
  "xhttp://a",
])("does not link %s", (text) => {
  expect(show(text).querySelector("a")).toBeNull();
});
