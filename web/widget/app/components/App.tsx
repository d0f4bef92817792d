import { useEffect, useRef } from "preact/hooks";
import { isLeave } from "../../../shared/keys.js";
import { Focus } from "../focus.js";
import type { Widget } from "../widget.js";
import { t } from "../../text/index.js";
import styles from "./App.module.css";
import { ConversationScreen } from "./ConversationScreen.js";
import { FailedScreen } from "./FailedScreen.js";
import { FormScreen } from "./FormScreen.js";
import { Header } from "./Header.js";

/** The whole widget. */
export function App({ widget }: { widget: Widget }) {
  const root = useRef<HTMLElement>(null);
  useEffect(() => {
    const life = new AbortController();
    if (root.current) new Focus(root.current, widget.host, life.signal);
    const onKeyDown = (event: KeyboardEvent) => {
      if (isLeave(event) && !isInDialog(event.target)) widget.host.close();
    };
    document.addEventListener("keydown", onKeyDown, { signal: life.signal });
    return () => life.abort();
  }, [widget]);
  return (
    <main ref={root} class={styles.app}>
      <Screen widget={widget} />
    </main>
  );
}

/** A dialog closes itself with the same key. */
function isInDialog(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("dialog") !== null;
}

function Screen({ widget }: { widget: Widget }) {
  const view = widget.view.value;
  switch (view.name) {
    case "conversation":
      return (
        <ConversationScreen
          key={view.conversation.id}
          widget={widget}
          conversation={view.conversation}
        />
      );
    case "form":
      return <FormScreen widget={widget} form={view.form} />;
    case "failed":
      return <FailedScreen widget={widget} gone={view.gone} />;
    case "loading":
      return (
        <>
          <Header title={t("title")} host={widget.host} />
          <div class={styles.loading} role="status">
            <span class="hidden">{t("loading")}</span>
          </div>
        </>
      );
  }
}
