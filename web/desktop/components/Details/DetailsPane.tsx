import type { ComponentChildren } from "preact";
import { dayName, timeOfDay } from "../../../shared/time.js";
import type { AgentConversation } from "../../../shared/protocol.js";
import type { Conversation } from "../../state/conversation.js";
import { duration } from "../../state/durations.js";
import { t } from "../../text/index.js";
import { useTools } from "../../tools.js";
import { Avatar } from "../Avatar/Avatar.js";
import { IconButton } from "../Button/Button.js";
import { PresenceText } from "../Presence/Presence.js";
import styles from "./DetailsPane.module.css";
import { Fact, Facts } from "./Facts.js";
import { DETAILS_TOGGLE, useDetails } from "./useDetails.js";
import { WebsiteLink } from "./WebsiteLink.js";

interface Props {
  conversation: Conversation;
}

export function DetailsPane({ conversation }: Props) {
  const { toggle } = useDetails();
  const view = conversation.view.value;
  return (
    <aside
      class={styles.pane}
      aria-label={t("details.label")}
      tabIndex={-1}
      data-home="details"
      data-returns-to={DETAILS_TOGGLE}
    >
      <header class={styles.header}>
        <h2>{t("details.label")}</h2>
        <IconButton icon="dismiss" label={t("details.hide")} onClick={toggle} />
      </header>
      <div class={styles.person}>
        <Avatar name={view.customer.name} size="large" />
        <p>
          <bdi>{view.customer.name}</bdi>
        </p>
        <PresenceText conversation={conversation} />
      </div>
      <CustomerFacts view={view} />
      <Answers view={view} />
      <ConversationFacts conversation={conversation} />
    </aside>
  );
}

function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class={styles.section}>
      <h3>{title}</h3>
      <Facts>{children}</Facts>
    </section>
  );
}

function CustomerFacts({ view }: { view: AgentConversation }) {
  const { email, phone, account_id } = view.customer;
  if (!email && !phone && !account_id) {
    return <p class={styles.unknown}>{t("details.unknown")}</p>;
  }
  return (
    <Section title={t("details.customer")}>
      {email && <Fact name={t("details.email")} text={email} copy />}
      {phone && <Fact name={t("details.phone")} text={phone} copy />}
      {account_id && <Fact name={t("details.account")} text={account_id} copy />}
    </Section>
  );
}

/** Answers that are shown as the customer's data or as the first message are not said twice. */
const TOLD_ELSEWHERE: ReadonlySet<string> = new Set([
  "name",
  "email",
  "phone",
  "account_id",
  "message",
]);

function Answers({ view }: { view: AgentConversation }) {
  const answers = view.answers.filter(({ variable }) => !TOLD_ELSEWHERE.has(variable));
  if (answers.length === 0) return null;
  return (
    <Section title={t("details.answers")}>
      {answers.map(({ variable, label, value }) => (
        <Fact key={variable} name={label} text={value} />
      ))}
    </Section>
  );
}

function ConversationFacts({ conversation }: Props) {
  const now = useTools().clock.serverNow.value;
  const { queue_name, channel, website, started_at, accepted_at } = conversation.view.value;
  const since = (at: string): string => duration(now - Date.parse(at));
  return (
    <Section title={t("details.conversation")}>
      <Fact name={t("details.queue")} text={queue_name} />
      <Fact name={t("details.channel")} text={t(`channel.${channel}`)} />
      {website && (
        <Fact name={t("details.website")} text={website.title}>
          <WebsiteLink website={website} />
        </Fact>
      )}
      <Fact name={t("details.status")} text={t(`status.${conversation.status.value}`)} />
      <Fact
        name={t("details.started")}
        text={`${dayName(started_at, new Date(now))}, ${timeOfDay(started_at)}`}
      />
      <Fact name={t("details.duration")} text={since(started_at)} />
      {accepted_at && <Fact name={t("details.handled")} text={since(accepted_at)} />}
    </Section>
  );
}
