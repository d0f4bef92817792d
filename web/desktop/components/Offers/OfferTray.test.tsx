import { signal } from "@preact/signals";
import { act, cleanup, render, screen } from "@testing-library/preact";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { OfferOutcome } from "../../../shared/protocol.js";
import { Bench } from "../../testing/Bench.js";
import { desk, NOON, offer } from "../../testing/samples.js";
import { ToolsProvider, type DeskTools } from "../../tools.js";
import { OfferTray } from "./OfferTray.js";
import { GUARD_MS } from "./steady.js";

const LONG = 1_000;

let bench: Bench;
let tray: HTMLElement;
let person: UserEvent;

beforeEach(async () => {
  vi.useFakeTimers({ now: new Date(NOON) });
  person = userEvent.setup({ advanceTimers: (ms) => vi.advanceTimersByTime(ms) });
  bench = await new Bench().open();
  const now = signal(Date.now());
  const preferences = { shortcuts: signal(true) };
  const tools = { workplace: bench.workplace, preferences, clock: { now, serverNow: now } };
  const { container } = render(
    <ToolsProvider value={tools as unknown as DeskTools}>
      <OfferTray />
    </ToolsProvider>,
  );
  tray = container.firstElementChild as HTMLElement;
});

afterEach(() => {
  cleanup();
  bench.workplace.stop();
  vi.useRealTimers();
});

async function present(...names: string[]): Promise<void> {
  await act(() => {
    for (const name of names) {
      const customer = { id: name, name, email: null, phone: null, account_id: null };
      const presented = offer(name, { customer });
      bench.snapshot = desk({ offers: [...bench.snapshot.offers, presented] });
      bench.present(presented);
    }
  });
}

async function resolve(name: string, outcome: OfferOutcome): Promise<void> {
  const rest = bench.snapshot.offers.filter(({ offer_id }) => offer_id !== name);
  bench.snapshot = desk({ offers: rest });
  await act(() =>
    bench.push({ type: "offer.resolved", offer_id: name, conversation_id: `c-${name}`, outcome }),
  );
}

/** With a key, so that the pointer stays where it is. */
async function accept(name: string): Promise<void> {
  const card = screen.getByRole("region", { name: new RegExp(name) });
  const button = [...card.querySelectorAll("button")].at(-1);
  button?.focus();
  await person.keyboard("{Enter}");
  await resolve(name, "accepted");
}

async function wait(milliseconds: number): Promise<void> {
  await act(async () => {
    await vi.advanceTimersByTimeAsync(milliseconds);
  });
}

/** The places from the oldest on: whose card is there, or a dash. */
function places(): string[] {
  return [...tray.children].map((place) => place.querySelector("h2")?.textContent ?? "-");
}

test("while the pointer is at a card, the others stay where they are", async () => {
  await present("Ada", "Bo");
  await person.hover(tray);
  await accept("Ada");
  expect(places()).toEqual(["-", "Bo"]);
  await present("Cy");
  expect(places()).toEqual(["-", "Bo", "Cy"]);
});

test("they move together soon after the pointer has left", async () => {
  await present("Ada", "Bo");
  await person.hover(tray);
  await accept("Ada");
  await person.unhover(tray);
  expect(places()).toEqual(["-", "Bo"]);
  await wait(LONG);
  expect(places()).toEqual(["Bo"]);
});

test("a pointer that passes from one card to the next holds them still", async () => {
  await present("Ada", "Bo");
  await person.hover(tray);
  await accept("Ada");
  await person.unhover(tray);
  await person.hover(tray);
  await wait(LONG);
  expect(places()).toEqual(["-", "Bo"]);
});

test("without a pointer nobody's place is kept", async () => {
  await present("Ada", "Bo");
  await accept("Ada");
  expect(places()).toEqual(["Bo"]);
});

test("an offer that ran out stays for a moment, says so, and cannot be answered", async () => {
  await present("Ada", "Bo");
  await resolve("Ada", "expired");
  expect(places()).toEqual(["Ada", "Bo"]);
  expect(screen.getByText("Time ran out. It goes to the next agent.")).toBeTruthy();
  expect(screen.getAllByRole("button", { name: /Accept/ })).toHaveLength(1);
  await wait(6 * LONG);
  expect(places()).toEqual(["Bo"]);
});

test("three have cards, the others are counted, and come up when a place is free", async () => {
  await present("Ada", "Bo", "Cy", "Di");
  expect(places()).toEqual(["Ada", "Bo", "Cy"]);
  expect(screen.getByText(/1 more/)).toBeTruthy();
  await person.hover(tray);
  await accept("Bo");
  expect(places()).toEqual(["Ada", "-", "Cy", "Di"]);
});

test("an offer that waits has its card before one that is over", async () => {
  await present("Ada", "Bo", "Cy", "Di");
  await resolve("Ada", "expired");
  expect(places()).toEqual(["Bo", "Cy", "Di"]);
  await resolve("Bo", "expired");
  await wait(6 * LONG);
  expect(places()).toEqual(["Cy", "Di"]);
});

test("a click just after a card came does nothing, wherever it was meant to go", async () => {
  await present("Ada");
  const [, button] = screen.getAllByRole("button");
  await person.click(button as HTMLElement);
  expect(bench.socket.last.type).toBe("sync");
  await wait(GUARD_MS);
  await person.click(button as HTMLElement);
  expect(bench.socket.last.type).toBe("offer.accept");
});
