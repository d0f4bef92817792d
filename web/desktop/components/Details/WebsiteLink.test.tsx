import { cleanup, render, screen } from "@testing-library/preact";
import { afterEach, expect, test } from "vitest";
import { WebsiteLink } from "./WebsiteLink.js";

afterEach(cleanup);

test.each([
  [
    "a title that claims another site",
    "https://evil.example/login",
    "https://bank.example",
    "evil.example",
  ],
  [
    "a host in letters that look like others",
    "https://аррӏе.example/",
    "Apple",
    "xn--80ak6aa92e.example",
  ],
  [
    "a name before the @ that passes for the host",
    "https://bank.example@evil.example/",
    "",
    "evil.example",
  ],
  ["a title that cannot be seen", "https://evil.example/", "\u200b\u2800", "evil.example"],
])("%s does not hide where the link leads", (_name, url, title, host) => {
  render(<WebsiteLink website={{ url, title }} />);
  expect(screen.getByRole("link").textContent).toBe(host);
});

test("the title stands beside the link, apart from its direction", () => {
  const { container } = render(
    <WebsiteLink website={{ url: "https://a.example/", title: "\u202eegap" }} />,
  );
  expect(container.querySelector("bdi")?.textContent).toBe("\u202eegap");
});

test("what is not on the web is no link", () => {
  render(<WebsiteLink website={{ url: "javascript:alert(1)", title: "Shop" }} />);
  expect(screen.queryByRole("link")).toBeNull();
  expect(screen.getByText("Shop")).toBeTruthy();
});
