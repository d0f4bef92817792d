import "../shared/tokens.css";
import "./styles/base.css";
import type { ReadonlySignal } from "@preact/signals";
import { render } from "preact";
import { loadConfig } from "./api/config.js";
import { createApp, type Screen } from "./app.js";
import { keepFocus } from "./focus.js";
import { Desk } from "./screens/Desk/Desk.js";
import { Failure } from "./screens/Failure/Failure.js";
import { SignIn } from "./screens/SignIn/SignIn.js";
import { ToolsProvider } from "./tools.js";

function App({ screen }: { screen: ReadonlySignal<Screen> }) {
  const shown = screen.value;
  if (shown.name === "sign-in") return <SignIn flow={shown.flow} />;
  return (
    <ToolsProvider value={shown.tools}>
      <Desk />
    </ToolsProvider>
  );
}

async function start(root: HTMLElement): Promise<void> {
  try {
    const screen = await createApp(await loadConfig());
    render(<App screen={screen} />, root);
  } catch {
    render(<Failure />, root);
  }
}

const root = document.getElementById("app");
if (root) {
  keepFocus(root);
  void start(root);
}
