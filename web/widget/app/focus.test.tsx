import { act, cleanup, render, screen, waitFor } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeLambdesk } from "../testing/FakeLambdesk.js";
import { App } from "./components/App.js";
import { HostPage } from "./host.js";
import { Memory } from "./memory.js";
import { Widget } from "./widget.js";

const ORIGIN = "https://shop.example";
/** The page, which answers each question of the app once it has told something. */
const parent = {
  postMessage: ({ lambdesk }: { lambdesk: string }) => {
    if (lambdesk === "ready" && told !== null) sayNow(told);
  },
};
const original = window.parent;
let lambdesk: FakeLambdesk;
let widget: Widget;
/** Whether the frame has the focus, and not the page around it. */
let inside = false;
/** What the page has told of the frame; null before it told anything. */
let told: { open: boolean; byHand: boolean } | null = null;

async function load(): Promise<void> {
  widget = new Widget("demo", new HostPage({ origin: ORIGIN }), new Memory("demo"));
  render(<App widget={widget} />);
  await act(() => widget.load());
}

/** The page around the frame tells its state: first when the app listens, then at each change. */
function tell(open: boolean, byHand = false): Promise<void> {
  told = { open, byHand };
  return act(() => sayNow(told));
}

function sayNow(state: typeof told): void {
  const data = { lambdesk: "host", ...state, url: `${ORIGIN}/`, title: "Shop", kept: null };
  const event = new MessageEvent("message", { data, origin: ORIGIN });
  Object.defineProperty(event, "source", { value: parent });
  dispatchEvent(event);
}

async function begin(): Promise<void> {
  await load();
  await act(() => widget.start({ name: "Ada", message: "Hello" }));
  await waitFor(() => expect(lambdesk.sockets).toHaveLength(1));
  await act(() => lambdesk.goLive());
}

function leavePage(): void {
  const view = widget.view.value;
  if (view.name === "conversation") view.conversation.stop();
  cleanup();
}

/** A click on the page around takes the focus away from the frame and from what had it in there. */
async function turnToPage(): Promise<void> {
  inside = false;
  const held = document.activeElement as HTMLElement | null;
  await act(() => held?.blur());
}

/** In another window, the page keeps what has the focus, and the browser only tells of the change. */
async function switchWindows(): Promise<void> {
  inside = false;
  const event = new FocusEvent("focusout", { bubbles: true });
  await act(() => void document.activeElement?.dispatchEvent(event));
}

const composer = () => screen.findByRole("textbox", { name: "Message" });

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  Object.defineProperty(window, "parent", { value: parent, configurable: true });
  inside = false;
  told = null;
  vi.spyOn(document, "hasFocus").mockImplementation(() => inside);
  lambdesk = new FakeLambdesk();
  lambdesk.install();
});
afterEach(() => {
  leavePage();
  Object.defineProperty(window, "parent", { value: original, configurable: true });
});

test("a frame that the customer opens takes the focus, however late it has something to write in", async () => {
  widget = new Widget("demo", new HostPage({ origin: ORIGIN }), new Memory("demo"));
  render(<App widget={widget} />);
  inside = true;
  await tell(true, true);
  await act(() => widget.load());
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Your name")));
});

test("a frame that was open on the page before leaves the focus where it is", async () => {
  await load();
  await tell(true);
  inside = true;
  await act(() => void dispatchEvent(new Event("focus")));
  expect(document.activeElement).toBe(document.body);
});

test("opened again, it takes the focus again", async () => {
  await load();
  await tell(false);
  await tell(true, true);
  // The browser tells the frame of its focus in its own time.
  inside = true;
  await act(() => void dispatchEvent(new Event("focus")));
  expect(document.activeElement).toBe(screen.getByLabelText("Your name"));
});

test("nothing that happens in the conversation takes the focus from the page around", async () => {
  await begin();
  await tell(true);
  await act(() => lambdesk.agentJoins());
  await act(() => lambdesk.agentSays("Hello"));
  await act(() => lambdesk.agentEnds());
  await screen.findByText("This conversation has ended.");
  expect(document.activeElement).toBe(document.body);
});

test("somebody who is writing when the conversation ends is told so, and presses nothing", async () => {
  await begin();
  inside = true;
  await userEvent.type(await composer(), "I was just");
  await act(() => lambdesk.agentEnds());
  const told = await screen.findByText("This conversation has ended.");
  await waitFor(() => expect(document.activeElement).toBe(told));
});

test("somebody who writes on the page around when it ends goes on writing there", async () => {
  await begin();
  inside = true;
  await userEvent.type(await composer(), "I was just");
  await turnToPage();
  await act(() => lambdesk.agentEnds());
  await screen.findByText("This conversation has ended.");
  expect(document.activeElement).toBe(document.body);
});

test("a button that goes away with what it did leaves the focus in the composer", async () => {
  await begin();
  inside = true;
  lambdesk.refusals.set("/messages", { status: 422, code: "invalid" });
  await userEvent.type(await composer(), "Refused{Enter}");
  await userEvent.click(await screen.findByRole("button", { name: "Delete" }));
  await waitFor(async () => expect(document.activeElement).toBe(await composer()));
});

test("a form that is sent gives the focus to the composer", async () => {
  await load();
  await tell(false);
  inside = true;
  await userEvent.type(screen.getByLabelText("Your name"), "Ada");
  await userEvent.selectOptions(screen.getByLabelText("Topic"), "Orders");
  await userEvent.type(screen.getByLabelText("How can we help?"), "Hello");
  await userEvent.click(screen.getByRole("button", { name: "Start chat" }));
  await waitFor(async () => expect(document.activeElement).toBe(await composer()));
});

test("somebody who switches windows while a chat starts finds the focus in its composer", async () => {
  await load();
  await tell(false);
  inside = true;
  await userEvent.type(screen.getByLabelText("Your name"), "Ada");
  await switchWindows();
  await act(() => widget.start({ name: "Ada", message: "Hello" }));
  expect(document.activeElement).toBe(await composer());
});
