import { Button } from "../../components/Button/Button.js";
import { EmptyState } from "../../components/Empty/EmptyState.js";
import { Figures } from "../../components/Figures/Figures.js";
import { openOffers } from "../../state/offers.js";
import { SHORTCUTS } from "../../state/shortcuts.js";
import { t } from "../../text/index.js";
import { useTools } from "../../tools.js";

/** The middle of the desk while no conversation is open. */
export function NothingOpen() {
  const { workplace, email } = useTools();
  const { desk, trouble } = workplace;
  if (trouble.value === "forbidden") {
    return (
      <EmptyState
        drawing="trouble"
        title={t("failure.forbidden.title")}
        text={t("failure.forbidden.text", { email })}
      >
        <Button onClick={() => location.reload()}>{t("failure.retry")}</Button>
      </EmptyState>
    );
  }
  if (!desk.loaded.value) {
    if (trouble.value === null) return null;
    return (
      <EmptyState drawing="trouble" title={t("failure.desk.title")} text={t("failure.desk.text")}>
        <Button onClick={() => workplace.retry()}>{t("failure.retry")}</Button>
      </EmptyState>
    );
  }
  return <NoConversation />;
}

function NoConversation() {
  const { workplace } = useTools();
  const { conversations, agent, offers } = workplace.desk;
  if (conversations.value.length > 0) {
    return (
      <EmptyState
        drawing="choose"
        title={t("empty.choose.title")}
        text={t("empty.choose.text", { key: SHORTCUTS.next.shown })}
      />
    );
  }
  const offered = openOffers(offers.value).length;
  if (offered > 0) {
    return (
      <EmptyState
        drawing="waiting"
        title={t("empty.offered.title", { count: offered })}
        text={t("empty.offered.text")}
      />
    );
  }
  if (agent.value?.availability === "ready") {
    return (
      <EmptyState drawing="waiting" title={t("empty.ready.title")} text={t("empty.ready.text")}>
        <Figures />
      </EmptyState>
    );
  }
  return (
    <EmptyState drawing="paused" title={t("empty.notReady.title")} text={t("empty.notReady.text")}>
      <Button
        variant="primary"
        size="large"
        held={workplace.outage.value}
        onClick={() => void workplace.setAvailability("ready", null)}
      >
        {t("empty.notReady.action")}
      </Button>
      <Figures />
    </EmptyState>
  );
}
