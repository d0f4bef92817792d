import { render } from "preact";
import "../../shared/tokens.css";
import "./app.css";
import type { FrameParameters } from "../frames.js";
import { language } from "../text/index.js";
import { App } from "./components/App.js";
import { HostPage } from "./host.js";
import { Memory } from "./memory.js";
import { Widget } from "./widget.js";

function parameters(): FrameParameters {
  const given = new URLSearchParams(location.hash.slice(1));
  return { queue: given.get("queue") ?? "", origin: given.get("origin") ?? location.origin };
}

const { queue, origin } = parameters();
const widget = new Widget(queue, new HostPage({ origin }), new Memory(queue));
const root = document.getElementById("app");
document.documentElement.lang = language;
if (root) render(<App widget={widget} />, root);
void widget.load();
