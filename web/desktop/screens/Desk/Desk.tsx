import { LiveRegions } from "../../components/Feedback/LiveRegions.js";
import { Banner } from "../../components/Feedback/Banner.js";
import { NoticeList } from "../../components/Feedback/NoticeList.js";
import { NotificationPrompt } from "../../components/Feedback/NotificationPrompt.js";
import { ConversationList } from "../../components/ConversationList/ConversationList.js";
import { ConversationPane } from "../../components/Conversation/ConversationPane.js";
import { DetailsPane } from "../../components/Details/DetailsPane.js";
import { useDetails } from "../../components/Details/useDetails.js";
import { Offers } from "../../components/Offers/Offers.js";
import { TopBar } from "../../components/TopBar/TopBar.js";
import type { Conversation } from "../../state/conversation.js";
import { t } from "../../text/index.js";
import { useTools } from "../../tools.js";
import styles from "./Desk.module.css";
import { NothingOpen } from "./NothingOpen.js";
import { useShortcuts } from "./useShortcuts.js";

export function Desk() {
  const { workplace, navigation } = useTools();
  useShortcuts();
  const chosen = navigation.conversation.value;
  const open = workplace.desk.conversations.value.find(({ id }) => id === chosen) ?? null;
  return (
    <div class={styles.desk}>
      <TopBar />
      <Banner />
      <Panes open={open} />
      <LiveRegions />
    </div>
  );
}

function Panes({ open }: { open: Conversation | null }) {
  const { workplace, navigation } = useTools();
  const { desk, trouble } = workplace;
  const known = desk.loaded.value || trouble.value !== null;
  const empty = known && desk.conversations.value.length === 0;
  const details = useDetails();
  const pane = open ? navigation.pane.value : "list";
  return (
    <main
      class={styles.panes}
      aria-label={t("desk.label")}
      tabIndex={-1}
      data-home="page"
      data-pane={pane}
      data-empty={empty || undefined}
    >
      <div class={styles.column}>
        <Offers class={styles.offers} />
        <div class={styles.list} data-keeps-focus>
          <NotificationPrompt />
          <ConversationList />
        </div>
        <NoticeList />
      </div>
      <div class={styles.main} data-keeps-focus>
        {open ? <ConversationPane key={open.id} conversation={open} /> : <NothingOpen />}
      </div>
      {open && details.shown && (
        <div class={styles.details}>
          <DetailsPane conversation={open} />
        </div>
      )}
    </main>
  );
}
