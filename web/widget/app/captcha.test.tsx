import userEvent from "@testing-library/user-event";
import { act, cleanup, render, screen, waitFor } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeLambdesk } from "../testing/FakeLambdesk.js";
import type { CaptchaProvider } from "./captcha.js";
import { App } from "./components/App.js";
import { HostPage } from "./host.js";
import { Memory } from "./memory.js";
import { Widget } from "./widget.js";

type Options = Parameters<CaptchaProvider["render"]>[1];

let lambdesk: FakeLambdesk;
let widget: Widget;
/** What was put into the head of our frame; nothing is loaded here. */
let scripts: HTMLScriptElement[] = [];

/** The provider's script, once it has loaded: a box to tick. */
class Provider implements CaptchaProvider {
  readonly options: Options[] = [];
  removed = 0;

  readonly render = (place: HTMLElement, options: Options): string => {
    this.options.push(options);
    const box = document.createElement("button");
    box.type = "button";
    box.textContent = "I am a person";
    box.onclick = () => options.callback(`solved-${this.options.length}`);
    place.append(box);
    return String(this.options.length);
  };

  readonly remove = (): void => {
    this.removed += 1;
  };
}

async function open(): Promise<void> {
  widget = new Widget("demo", new HostPage({ origin: location.origin }), new Memory("demo"));
  render(<App widget={widget} />);
  await act(() => widget.load());
}

async function fill(user: ReturnType<typeof userEvent.setup>): Promise<void> {
  await user.type(screen.getByLabelText("Your name"), "Ada King");
  await user.selectOptions(screen.getByLabelText("Topic"), "Orders");
  await user.type(screen.getByLabelText("How can we help?"), "Where is it?");
}

const tokens = () =>
  lambdesk
    .sent("POST", "/conversations")
    .map(({ body }) => (body as { captcha_token?: string }).captcha_token);

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  lambdesk = new FakeLambdesk();
  lambdesk.install();
  scripts = [];
  vi.spyOn(document.head, "append").mockImplementation((script) => {
    scripts.push(script as HTMLScriptElement);
  });
});
afterEach(() => {
  const view = widget.view.value;
  if (view.name === "conversation") view.conversation.stop();
  cleanup();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("without a captcha nothing is loaded from anybody", async () => {
  await open();
  expect(scripts).toEqual([]);
  expect(screen.queryByRole("group", { name: "Confirm that you are a person" })).toBeNull();
});

test.each([
  ["turnstile", /^https:\/\/challenges\.cloudflare\.com\//],
  ["hcaptcha", /^https:\/\/js\.hcaptcha\.com\//],
] as const)("%s is loaded by the form, and only then", async (provider, address) => {
  lambdesk.captcha = { provider, site_key: "site-key" };
  await open();
  await screen.findByText("Loading the check…");
  expect(scripts).toHaveLength(1);
  expect(scripts[0]?.src).toMatch(address);
});

test("a customer who has not confirmed is asked to, and keeps what was typed", async () => {
  const user = userEvent.setup();
  const provider = new Provider();
  vi.stubGlobal("turnstile", provider);
  lambdesk.captcha = { provider: "turnstile", site_key: "site-key" };
  await open();
  await screen.findByRole("button", { name: "I am a person" });
  expect(provider.options[0]?.sitekey).toBe("site-key");
  await fill(user);
  await user.click(screen.getByRole("button", { name: "Start chat" }));
  expect((await screen.findByRole("alert")).textContent).toMatch(/confirm that you are a person/);
  expect(tokens()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "I am a person" }));
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
  await user.click(screen.getByRole("button", { name: "Start chat" }));
  await screen.findByRole("textbox", { name: "Message" });
  expect(tokens()).toEqual(["solved-1"]);
  await waitFor(() => expect(provider.removed).toBe(1));
});

test("a token that has expired is not sent", async () => {
  const user = userEvent.setup();
  const provider = new Provider();
  vi.stubGlobal("hcaptcha", provider);
  lambdesk.captcha = { provider: "hcaptcha", site_key: "site-key" };
  await open();
  await fill(user);
  await user.click(await screen.findByRole("button", { name: "I am a person" }));
  await act(() => provider.options[0]?.["expired-callback"]());
  await user.click(screen.getByRole("button", { name: "Start chat" }));
  await screen.findByRole("alert");
  expect(tokens()).toEqual([]);
});

test("a token that is refused is asked for once more, and the same start goes on", async () => {
  const user = userEvent.setup();
  vi.stubGlobal("turnstile", new Provider());
  lambdesk.captcha = { provider: "turnstile", site_key: "site-key" };
  lambdesk.refusals.set("/widget/conversations", {
    status: 422,
    code: "invalid",
    field: "captcha_token",
  });
  await open();
  await fill(user);
  await user.click(await screen.findByRole("button", { name: "I am a person" }));
  await user.click(screen.getByRole("button", { name: "Start chat" }));
  await screen.findByText(/confirm once more/);
  await user.click(await screen.findByRole("button", { name: "I am a person" }));
  await screen.findByRole("textbox", { name: "Message" });
  expect(tokens()).toEqual(["solved-1", "solved-2"]);
  const ids = lambdesk
    .sent("POST", "/conversations")
    .map(({ body }) => (body as { start_id: string }).start_id);
  expect(new Set(ids).size).toBe(1);
});

test("a script that does not load can be loaded again", async () => {
  const user = userEvent.setup();
  lambdesk.captcha = { provider: "turnstile", site_key: "site-key" };
  await open();
  await screen.findByText("Loading the check…");
  scripts[0]?.onerror?.(new Event("error"));
  await screen.findByText(/did not load/);
  vi.stubGlobal("turnstile", new Provider());
  await user.click(screen.getByRole("button", { name: "Load it again" }));
  await screen.findByRole("button", { name: "I am a person" });
});
