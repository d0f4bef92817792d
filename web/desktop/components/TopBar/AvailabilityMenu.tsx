import { useSignal } from "@preact/signals";
import type { Agent, AgentState, Availability } from "../../../shared/protocol.js";
import { duration } from "../../state/durations.js";
import { t } from "../../text/index.js";
import { reasonText } from "../../text/reason.js";
import { useTools } from "../../tools.js";
import { Icon } from "../Icon/Icon.js";
import { Menu, MenuChoice, MenuGroup } from "../Menu/Menu.js";
import styles from "./AvailabilityMenu.module.css";

export function AvailabilityMenu() {
  const { workplace, clock } = useTools();
  const pending = useSignal(false);
  const agent = workplace.desk.agent.value;
  const live = !workplace.outage.value;
  if (!agent) return <span class={styles.skeleton} />;

  const state = live ? agent.state : "offline";
  const since = duration(clock.serverNow.value - workplace.stateSince.value.value);
  const words = stateWords(agent, state);
  const choose = async (availability: Availability, reason: string | null): Promise<void> => {
    pending.value = true;
    await workplace.setAvailability(availability, reason);
    pending.value = false;
  };

  return (
    <Menu
      label={t("availability.menu")}
      buttonLabel={`${t("availability.menu")}:`}
      testId="availability"
      button={
        <span class={styles.shown} data-pending={pending.value || undefined}>
          <StateDot state={state} />
          <span class={styles.words}>{words}</span>
          {live && (
            <span class={styles.since} dir="auto" aria-hidden>
              {since}
            </span>
          )}
          <Icon name="down" size={14} />
        </span>
      }
    >
      {live ? (
        <Choices agent={agent} reasons={workplace.desk.reasons.value} choose={choose} />
      ) : (
        <p class={styles.unreachable}>{t("availability.unreachable")}</p>
      )}
    </Menu>
  );
}

interface ChoicesProps {
  agent: Agent;
  reasons: readonly string[];
  choose: (availability: Availability, reason: string | null) => Promise<void>;
}

function Choices({ agent, reasons, choose }: ChoicesProps) {
  const ready = agent.availability === "ready";
  return (
    <>
      <MenuChoice kind="radio" checked={ready} onChoose={() => void choose("ready", null)}>
        <StateDot state="ready" />
        {t("state.ready")}
      </MenuChoice>
      <MenuGroup label={t("availability.notReady")}>
        {reasons.map((reason) => (
          <MenuChoice
            key={reason}
            kind="radio"
            checked={!ready && agent.reason === reason}
            onChoose={() => void choose("not_ready", reason)}
          >
            <StateDot state="not_ready" />
            {reason}
          </MenuChoice>
        ))}
      </MenuGroup>
    </>
  );
}

function StateDot({ state }: { state: AgentState }) {
  return <span class={styles.dot} data-state={state} />;
}

function stateWords(agent: Agent, state: AgentState): string {
  if (state === "not_ready" && agent.reason) return reasonText(agent.reason);
  return t(`state.${state}`);
}
