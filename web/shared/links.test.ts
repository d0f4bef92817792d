import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hostOf, splitLinks } from "./links.js";
import { anyText } from "./testing/texts.js";

const linked = (message: string) =>
  splitLinks(message).flatMap(({ text, href }) => (href === null ? [] : text));

describe("an address ends", () => {
  test.each([
    [
      "before a sentence without blanks",
      "https://example.com/faqをご覧ください",
      "https://example.com/faq",
    ],
    ["the same right after the host", "https://example.comをご覧", "https://example.com"],
    ["before Korean endings", "https://example.com/a에서", "https://example.com/a"],
    ["before Thai", "ดูที่https://example.com/aนะ", "https://example.com/a"],
    ["at an ideographic stop", "https://example.com/a。次", "https://example.com/a"],
    ["at full-width punctuation", "（https://example.com/a）！", "https://example.com/a"],
    ["at a full-width comma", "https://example.com/a，https", "https://example.com/a"],
    ["at quotation marks", "„https://example.com/a“ «https", "https://example.com/a"],
    ["at an ellipsis or a dash", "https://example.com/a… –", "https://example.com/a"],
    ["at an emoji", "https://example.com/a😀", "https://example.com/a"],
    ["at a mark of direction", "https://example.com/a\u202egnp.exe", "https://example.com/a"],
    ["before the bracket around it", "[see (https://example.com/a)].", "https://example.com/a"],
    ["before several signs", "https://example.com/a?!...", "https://example.com/a"],
    ["before a stray bracket", "https://example.com/a_(b)).", "https://example.com/a_(b)"],
  ])("%s", (_name, message, address) => {
    expect(linked(message)).toEqual([address]);
  });
});

describe("an address keeps", () => {
  test.each([
    "https://münchen.example/straße?größe=süß#ß",
    "https://ru.example.org/wiki/Москва",
    "https://例え.jp/path",
    "https://www.例え.テスト",
    "https://en.example.org/wiki/Lamb_(animal)",
    "https://example.com/a[1]",
    "https://[2001:db8::1]:8080/a",
    "http://localhost:8000/~me/;v=1,2?a[]=b&c=%20d!e",
  ])("%s", (address) => {
    expect(linked(`Look: ${address}, please`)).toEqual([address]);
  });
});

test.each([
  ["a comma", "https://a.example,https://b.example"],
  ["nothing", "https://a.example/https://b.example"],
  ["a bracket", "(https://a.example)(https://b.example)"],
  ["a line break", "https://a.example\nHTTPS://b.example"],
])("a second address after %s is a link of its own", (_name, message) => {
  expect(linked(message)).toHaveLength(2);
  expect(linked(message)[1]?.toLowerCase()).toBe("https://b.example");
});

test.each([
  "https://bank.example@evil.example/",
  "https://.",
  "https://。",
  "javascript://x%0aalert(1)",
])("%s is no link", (message) => {
  expect(linked(message)).toEqual([]);
});

test("nothing is lost, and nothing but the web is linked", () => {
  const pieces = fc.constantFrom(
    "https://",
    "http://a.b/",
    "(",
    ")",
    ".",
    "、",
    "javascript:",
    "@",
    "を",
  );
  const message = fc.array(fc.oneof(pieces, anyText)).map((parts) => parts.join(""));
  fc.assert(
    fc.property(message, (text) => {
      const split = splitLinks(text);
      expect(split.map((piece) => piece.text).join("")).toBe(text);
      for (const { href } of split) if (href !== null) expect(href).toMatch(/^https?:\/\/[^/]/);
    }),
  );
});

test("whatever stands around an address, it is found whole", () => {
  const address = fc.webUrl({ withQueryParameters: true, withFragments: true });
  const before = fc.constantFrom("", "See ", "(", "看", "«", "\n");
  const after = fc.constantFrom(
    "",
    ". Next",
    "。",
    "）",
    "、https",
    " and",
    "»",
    "\u3000",
    "を見る",
  );
  fc.assert(
    fc.property(address, before, after, (url, front, back) => {
      // What a sentence may end with can end an address only by chance.
      fc.pre(!/[.,;:!?'*()]$/.test(url));
      expect(linked(front + url + back)).toEqual([url]);
    }),
  );
});

test.each([
  ["https://example.com:8080/a?b", "example.com:8080"],
  ["https://аррӏе.example/", "xn--80ak6aa92e.example"],
  ["https://bank.example@evil.example/", "evil.example"],
  ["http://ＥＸＡＭＰＬＥ.com", "example.com"],
])("the host of %s is %s", (address, host) => {
  expect(hostOf(address)).toBe(host);
});

test.each(["javascript:alert(1)", "file:///etc/passwd", "no address", ""])(
  "%j has no host",
  (text) => {
    expect(hostOf(text)).toBeNull();
  },
);
