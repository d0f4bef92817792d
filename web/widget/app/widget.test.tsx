import { act, cleanup, configure, render, screen, waitFor, within } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeLambdesk } from "../testing/FakeLambdesk.js";
import { App } from "./components/App.js";
import { HostPage } from "./host.js";
import { Memory } from "./memory.js";
import { Widget } from "./widget.js";

// Machines that do other things besides take their time over each key.
configure({ asyncUtilTimeout: 10_000 });

let lambdesk: FakeLambdesk;
let widget: Widget;

/** Opens the widget as a page view does: with what the browser remembers, and nothing else. */
async function open(): Promise<void> {
  cleanup();
  widget = new Widget("demo", new HostPage({ origin: location.origin }), new Memory("demo"));
  render(<App widget={widget} />);
  await act(() => widget.load());
}

function leavePage(): void {
  hangUp(widget);
  cleanup();
}

function hangUp({ view }: Widget): void {
  if (view.value.name === "conversation") view.value.conversation.stop();
}

const type = (label: string, text: string) => userEvent.type(screen.getByLabelText(label), text);
const choose = (label: string, option: string) =>
  userEvent.selectOptions(screen.getByLabelText(label), option);
const press = async (name: string) => userEvent.click(await screen.findByRole("button", { name }));
/** As `press`, where time is the test's. */
async function pressInTime(name: string): Promise<void> {
  const person = userEvent.setup({ advanceTimers: (ms) => vi.advanceTimersByTime(ms) });
  await person.click(screen.getByRole("button", { name }));
}
const wait = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms).then(() => undefined));
const log = () => within(screen.getByRole("log"));
const bubbles = () => screen.queryAllByTestId("message").map((bubble) => bubble.textContent);

async function fillForm(message = "Where is my order?"): Promise<void> {
  await type("Your name", "Ada King");
  await type("Email (optional)", "ada@example.com");
  await choose("Topic", "Orders");
  await type("How can we help?", message);
}

/** What a browser does to translate: elements of its own in the place of each text. */
function translate(root: Element): void {
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found: Text[] = [];
  while (texts.nextNode()) found.push(texts.currentNode as Text);
  for (const text of found) {
    if (!text.data.trim() || text.data.startsWith("translated: ")) continue;
    const font = document.createElement("span");
    font.textContent = `translated: ${text.data}`;
    text.replaceWith(font);
  }
}

async function startConversation(): Promise<void> {
  await open();
  await fillForm();
  await press("Start chat");
  await screen.findByRole("textbox", { name: "Message" });
  await waitFor(() => expect(lambdesk.sockets).toHaveLength(1));
  lambdesk.goLive();
  await waitFor(() => expect(bubbles()).toEqual(["Where is my order?"]));
}

async function say(text: string): Promise<void> {
  await userEvent.type(screen.getByRole("textbox", { name: "Message" }), `${text}{Enter}`);
}

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  lambdesk = new FakeLambdesk();
  lambdesk.install();
});
afterEach(() => {
  leavePage();
  vi.useRealTimers();
});

describe("the form", () => {
  test("says next to the fields what is missing, and sends nothing", async () => {
    await open();
    await type("Email (optional)", "not an address");
    await press("Start chat");
    const name = await screen.findByRole("textbox", { name: "Your name" });
    await waitFor(() => expect(name.getAttribute("aria-invalid")).toBe("true"));
    const description = document.getElementById(name.getAttribute("aria-describedby") ?? "");
    expect(description?.textContent).toBe("Please fill this in.");
    expect(screen.getByText(/name@example.com/)).toBeDefined();
    expect(document.activeElement).toBe(name);
    expect(lambdesk.sent("POST", "/conversations")).toHaveLength(0);
  });

  test("starts a conversation with the answers and shows the place in the queue", async () => {
    await startConversation();
    const [request] = lambdesk.sent("POST", "/conversations");
    expect(request?.body).toMatchObject({
      queue_id: "demo",
      answers: {
        name: "Ada King",
        email: "ada@example.com",
        topic: "Orders",
        message: "Where is my order?",
      },
    });
    expect(request?.token).toBeNull();
    await screen.findByText("2 people are before you.");
    lambdesk.tellPlace({ ahead: 0 });
    await screen.findByText("You are first in line.");
  });

  test("shows what the server says of a field at that field", async () => {
    lambdesk.refusals.set("/widget/conversations", {
      status: 422,
      code: "invalid",
      field: "answers.email",
    });
    await open();
    await fillForm();
    await press("Start chat");
    await screen.findByText("Refused: invalid.");
    const email = screen.getByLabelText<HTMLInputElement>("Email (optional)");
    expect(email.getAttribute("aria-invalid")).toBe("true");
    expect(email.value).toBe("ada@example.com");
  });

  test("tries the same start again until it is answered", async () => {
    await open();
    await fillForm();
    lambdesk.refusals.set("/widget/conversations", { status: 503, code: "busy" });
    await press("Start chat");
    await screen.findByText(/Still trying/);
    await screen.findByRole("textbox", { name: "Message" });
    const ids = lambdesk
      .sent("POST", "/conversations")
      .map(({ body }) => (body as { start_id: string }).start_id);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  test("that always fails says that the chat cannot be reached, and is tried again at once", async () => {
    lambdesk.broken = "/widget/conversations";
    await open();
    await fillForm();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    await pressInTime("Start chat");
    await wait(2_500);
    const told = screen.getByText(/cannot be reached right now. What you wrote is kept/);
    expect(told.closest("[role=status]")).not.toBeNull();
    expect(screen.getByLabelText<HTMLTextAreaElement>("How can we help?").value).toBe(
      "Where is my order?",
    );
    lambdesk.broken = null;
    await pressInTime("Try again");
    await wait(0);
    expect(bubbles()).toEqual(["Where is my order?"]);
    const ids = lambdesk
      .sent("POST", "/conversations")
      .map(({ body }) => (body as { start_id: string }).start_id);
    expect(new Set(ids).size).toBe(1);
  });

  test("waits as long as it is asked to, says so, and loses nothing of what was written", async () => {
    await open();
    await fillForm();
    lambdesk.refusals.set("/widget/conversations", {
      status: 429,
      code: "too_many",
      retryAfter: 1,
    });
    await press("Start chat");
    const status = await screen.findByText(/starts by itself within a minute/);
    expect(status.closest("[role=status]")).not.toBeNull();
    expect(screen.getByLabelText<HTMLTextAreaElement>("How can we help?").value).toBe(
      "Where is my order?",
    );
    await waitFor(() => expect(bubbles()).toEqual(["Where is my order?"]), { timeout: 8000 });
    const ids = lambdesk
      .sent("POST", "/conversations")
      .map(({ body }) => (body as { start_id: string }).start_id);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  test("a start that comes back too late is made again, with what was written", async () => {
    await open();
    await fillForm();
    lambdesk.refusals.set("/widget/conversations", { status: 409, code: "conversation_closed" });
    await press("Start chat");
    await waitFor(() => expect(bubbles()).toEqual(["Where is my order?"]));
    const ids = lambdesk
      .sent("POST", "/conversations")
      .map(({ body }) => (body as { start_id: string }).start_id);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(2);
  });

  test("a reload goes on with the start that was not answered", async () => {
    await open();
    await fillForm();
    lambdesk.reachable = false;
    await press("Start chat");
    await screen.findByText(/Still trying/);
    const left = widget;
    lambdesk.reachable = true;
    await open();
    await waitFor(() => expect(bubbles()).toEqual(["Where is my order?"]));
    // A page that is left in earnest would not go on with its start.
    await waitFor(() => expect(left.view.value.name).toBe("conversation"));
    hangUp(left);
  });

  test("does not ask again who the customer is", async () => {
    await startConversation();
    lambdesk.agentEnds();
    await press("Start a new conversation");
    await screen.findByText(/You write as Ada King/);
    expect(screen.queryByLabelText("Your name")).toBeNull();
    await choose("Topic", "Returns");
    await type("How can we help?", "Another thing");
    await press("Start chat");
    await screen.findByRole("textbox", { name: "Message" });
    expect(lambdesk.sent("POST", "/conversations")).toHaveLength(2);
    const [, again] = lambdesk.sent("POST", "/conversations");
    expect(again?.token).toBe("Bearer token-1");
    expect(again?.body).toMatchObject({ answers: { name: "Ada King", email: "ada@example.com" } });
  });
});

describe("while the customer waits", () => {
  const waiting = () => screen.getByTestId("waiting").textContent;

  test("promises nothing when nobody is there, and says what happens", async () => {
    await startConversation();
    lambdesk.tellPlace({ agents: 0 });
    await screen.findByText("Nobody is here at the moment.");
    expect(waiting()).toContain("Your message is kept. The next agent who comes answers it.");
    expect(waiting()).toContain("away for more than 5 minutes, the conversation may end");
    expect(waiting()).not.toMatch(/first in line|before you|as soon as/);
  });

  test("stops saying so when somebody comes", async () => {
    await startConversation();
    lambdesk.tellPlace({ agents: 0 });
    await screen.findByText("Nobody is here at the moment.");
    lambdesk.tellPlace({ ahead: 0, agents: null });
    await screen.findByText("You are first in line.");
    expect(waiting()).not.toContain("Nobody is here");
  });

  test.each([
    [0, "in less than a minute."],
    [59, "in less than a minute."],
    [60, "in about a minute."],
    [61, "in about 2 minutes."],
    [300, "in about 5 minutes."],
    [301, "in about 10 minutes."],
    [1800, "in about 30 minutes."],
    [1801, "more than half an hour."],
  ])("tells a wait of %i seconds in words that hold", async (wait_seconds, words) => {
    await startConversation();
    lambdesk.tellPlace({ agents: 2, wait_seconds });
    await screen.findByText((text) => text.includes(words));
  });

  test("says who is there where no wait can be told", async () => {
    await startConversation();
    lambdesk.tellPlace({ agents: 1 });
    await screen.findByText(/^One agent is here/);
    lambdesk.tellPlace({ agents: 3 });
    await screen.findByText(/^3 agents are here/);
    lambdesk.tellPlace({ agents: 100 });
    await screen.findByText("The next agent who is free answers.");
  });

  test.each([
    [30, /keep this window open/],
    [60, /for more than a minute/],
    [600, /for more than 10 minutes/],
  ])("says what becomes of the conversation of who is away for %i seconds", async (away, words) => {
    lambdesk.awaySeconds = away;
    await startConversation();
    expect(waiting()).toMatch(words);
  });

  test("says the same after a reload", async () => {
    await startConversation();
    lambdesk.stands({ agents: 0 });
    leavePage();
    await open();
    await screen.findByText("Nobody is here at the moment.");
  });
});

describe("the conversation", () => {
  test("shows the agent and what they write, and never as HTML", async () => {
    await startConversation();
    lambdesk.agentJoins();
    await log().findByText("Mara Lind joined the conversation");
    expect(screen.getByRole("heading", { name: "Mara Lind" })).toBeDefined();
    lambdesk.agentSays("<img src=x onerror=alert(1)><b>bold</b>");
    await waitFor(() => expect(bubbles()).toContain("<img src=x onerror=alert(1)><b>bold</b>"));
    expect(screen.getByRole("log").querySelector("img, b")).toBeNull();
  });

  test("waits again when its agent is lost, and goes on with the next", async () => {
    await startConversation();
    lambdesk.agentJoins();
    await screen.findByRole("heading", { name: "Mara Lind" });
    expect(screen.queryByTestId("waiting")).toBeNull();
    lambdesk.agentLeaves();
    await screen.findByText("You are first in line.");
    expect(log().getByText("Mara Lind left the conversation")).toBeDefined();
    expect(screen.queryByRole("heading", { name: "Mara Lind" })).toBeNull();
    expect(screen.getByRole("textbox", { name: "Message" })).toBeDefined();
    lambdesk.agentJoins();
    await screen.findByRole("heading", { name: "Mara Lind" });
    expect(screen.queryByTestId("waiting")).toBeNull();
  });

  test("a message shows at once, once, and its composer is empty again", async () => {
    await startConversation();
    await say("And when?");
    expect(bubbles()).toEqual(["Where is my order?", "And when?"]);
    await waitFor(() => expect(lambdesk.sent("POST", "/messages")).toHaveLength(1));
    const [own] = lambdesk.events.slice(-1);
    if (own) {
      lambdesk.socket.push({
        type: "event",
        conversation_id: "c1",
        after: own.seq - 1,
        event: own,
      });
    }
    await screen.findByText(/· Sent/);
    expect(bubbles()).toEqual(["Where is my order?", "And when?"]);
    const box = screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Message" });
    expect(box.value).toBe("");
  });

  test("fetches what no push told of", async () => {
    await startConversation();
    lambdesk.agentJoins();
    lambdesk.agentSays("lost", { push: false });
    lambdesk.agentSays("heard");
    await waitFor(() => expect(bubbles().slice(1)).toEqual(["lost", "heard"]));
  });

  test("a message written without a connection is sent when it is back", async () => {
    await startConversation();
    lambdesk.reachable = false;
    dispatchEvent(new Event("offline"));
    await screen.findByText(/No connection/);
    await say("Written offline");
    await screen.findByText(/Sending/);
    leavePage();

    lambdesk.reachable = true;
    await open();
    await waitFor(() => expect(lambdesk.sent("POST", "/messages")).toHaveLength(1));
    await screen.findByText(/· Sent/);
    expect(bubbles()).toEqual(["Where is my order?", "Written offline"]);
  });

  test("a message that is always answered with 500 is said to wait, and tried again at once", async () => {
    await startConversation();
    lambdesk.broken = "/messages";
    await say("Are you there?");
    await screen.findByText(/cannot be reached right now. What you write is kept/);
    lambdesk.broken = null;
    await press("Try again");
    await waitFor(() => expect(screen.queryByText(/cannot be reached/)).toBeNull());
    expect(bubbles()).toEqual(["Where is my order?", "Are you there?"]);
  });

  test("a refused message can be tried again or deleted", async () => {
    await startConversation();
    lambdesk.refusals.set("/messages", { status: 422, code: "invalid" });
    await say("Refused once");
    await screen.findByText(/Not sent: Refused: invalid/);
    await press("Try again");
    await screen.findByText(/· Sent/);
    expect(bubbles()).toEqual(["Where is my order?", "Refused once"]);
    lambdesk.refusals.set("/messages", { status: 422, code: "invalid" });
    await say("Given up");
    await screen.findByText(/Not sent/);
    await press("Delete");
    await waitFor(() => expect(bubbles()).toEqual(["Where is my order?", "Refused once"]));
  });

  test("goes on after a reload, without asking anything", async () => {
    await startConversation();
    lambdesk.agentJoins();
    lambdesk.agentSays("Hello");
    await waitFor(() => expect(bubbles()).toHaveLength(2));
    leavePage();
    lambdesk.agentSays("Still there?", { push: false });
    await open();
    await waitFor(() => expect(bubbles()).toEqual(["Where is my order?", "Hello", "Still there?"]));
    expect(screen.getByRole("heading", { name: "Mara Lind" })).toBeDefined();
  });

  test("ends when the customer says so twice", async () => {
    await startConversation();
    await press("End conversation");
    expect(lambdesk.sent("POST", "/end")).toHaveLength(0);
    await press("Yes, end it");
    await screen.findByText("You ended the conversation");
    expect(screen.queryByRole("textbox", { name: "Message" })).toBeNull();
    expect(lambdesk.socket.closed).toBe(true);
  });

  test("that ended while the customer was away says so, and another can be started", async () => {
    await startConversation();
    leavePage();
    lambdesk.abandons();
    await open();
    await screen.findByText(/ended because you were away for a while/);
    expect(screen.getByText("The conversation ended because you were away")).toBeDefined();
    expect(screen.queryByRole("textbox", { name: "Message" })).toBeNull();
    await press("Start a new conversation");
    await screen.findByRole("button", { name: "Start chat" });
  });

  test("that the agent ended does not speak of being away", async () => {
    await startConversation();
    lambdesk.agentEnds();
    await screen.findByText("This conversation has ended.");
    expect(screen.queryByText(/away/)).toBeNull();
  });

  test("that the server does not know any more gives way to the form", async () => {
    await startConversation();
    leavePage();
    lambdesk.refusals.set("/messages", { status: 404, code: "not_found" });
    await open();
    await screen.findByRole("button", { name: "Start chat" });
  });

  test("goes on in a window that the browser translates", async () => {
    await startConversation();
    await log().findByText("Today");
    translate(document.body);
    lambdesk.tellPlace({ ahead: 1 });
    expect(await screen.findByText("One person is before you.")).toBeDefined();
    translate(document.body);
    lambdesk.agentJoins();
    await screen.findByRole("heading", { name: "Mara Lind" });
    expect(screen.queryByText(/^translated: .*before you/)).toBeNull();
    await say("And when?");
    await screen.findByText("· Sent");
    expect(bubbles()).toEqual(["translated: Where is my order?", "And when?"]);
    translate(document.body);
    lambdesk.agentEnds();
    await screen.findByText("This conversation has ended.");
    expect(screen.getByRole("banner").textContent).not.toContain("Mara Lind");
  });

  test("another tab's conversation shows up here", async () => {
    await open();
    const other = new Memory("demo");
    await fetch("https://api.test/widget/conversations", {
      method: "POST",
      body: JSON.stringify({ start_id: "s", answers: { message: "From the other tab" } }),
    });
    other.keepCustomer("token-1", {});
    other.place = { conversation_id: "c1", read: 0 };
    dispatchEvent(new StorageEvent("storage", { key: "lambdesk:place:demo" }));
    await waitFor(() => expect(bubbles()).toEqual(["From the other tab"]));
  });
});

describe("when something is wrong", () => {
  test("a widget that cannot load offers to try again", async () => {
    lambdesk.reachable = false;
    await open();
    await screen.findByText("The chat did not load");
    lambdesk.reachable = true;
    await press("Try again");
    await screen.findByRole("button", { name: "Start chat" });
  });

  test("a queue that does not exist offers nothing", async () => {
    lambdesk.refusals.set("/queues/", { status: 404, code: "not_found" });
    await open();
    await screen.findByText("This chat is not available");
    expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
  });

  test("works where the browser stores nothing", async () => {
    const refuse = () => {
      throw new DOMException("no", "SecurityError");
    };
    vi.spyOn(Storage.prototype, "setItem").mockImplementation(refuse);
    vi.spyOn(Storage.prototype, "getItem").mockImplementation(refuse);
    await startConversation();
    await say("Hello");
    await screen.findByText(/· Sent/);
    expect(bubbles()).toEqual(["Where is my order?", "Hello"]);
  });
});
