import { render } from "preact";
import "../../shared/tokens.css";
import "./app.css";
import type { FrameParameters } from "../frames.js";
import { language } from "../text/index.js";
import { App } from "./components/App.js";
import { HostPage } from "./host.js";
import { Memory } from "./memory.js";
import { hasStorage } from "./pageStore.js";
import { Widget } from "./widget.js";

function parameters(): FrameParameters {
  const given = new URLSearchParams(location.hash.slice(1));
  return { queue: given.get("queue") ?? "", origin: given.get("origin") ?? location.origin };
}

const { queue, origin } = parameters();
const host = new HostPage({ origin }, !hasStorage());
const { stores } = host;
// Until the page has answered, nothing is known of the customer.
if (stores) await host.ask();
const memory = new Memory(queue, stores?.localStorage, stores?.sessionStorage);
const widget = new Widget(queue, host, memory);
const root = document.getElementById("app");
document.documentElement.lang = language;
if (root) render(<App widget={widget} />, root);
void widget.load();
