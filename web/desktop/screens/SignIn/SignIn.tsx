import type { ComponentChildren } from "preact";
import { Icon } from "../../components/Icon/Icon.js";
import { Brand } from "../../components/TopBar/Brand.js";
import type { SignInFlow } from "../../state/signin.js";
import { t } from "../../text/index.js";
import { CodeForm, CredentialsForm, ForgotForm, NewPasswordForm, ResetForm } from "./forms.js";
import styles from "./SignIn.module.css";

export function SignIn({ flow }: { flow: SignInFlow }) {
  return (
    <main class={styles.page}>
      <div class={styles.card}>
        <div class={styles.brand}>
          <Brand />
        </div>
        <Step flow={flow} />
      </div>
      <p class={styles.tagline}>{t("product.tagline")}</p>
    </main>
  );
}

function Step({ flow }: { flow: SignInFlow }) {
  switch (flow.step.value.name) {
    case "credentials":
      return (
        <Sheet flow={flow} title={t("signIn.title")} lead={t("signIn.lead")}>
          <CredentialsForm flow={flow} />
        </Sheet>
      );
    case "new-password":
      return (
        <Sheet
          flow={flow}
          title={t("signIn.newPassword.title")}
          lead={t("signIn.newPassword.lead")}
        >
          <NewPasswordForm flow={flow} />
        </Sheet>
      );
    case "code":
      return (
        <Sheet flow={flow} title={t("signIn.code.title")} lead={t("signIn.code.lead")}>
          <CodeForm flow={flow} />
        </Sheet>
      );
    case "forgot":
      return (
        <Sheet flow={flow} title={t("signIn.forgot.title")} lead={t("signIn.forgot.lead")}>
          <ForgotForm flow={flow} />
        </Sheet>
      );
    case "reset":
      return (
        <Sheet flow={flow} title={t("signIn.reset.title")} lead={null}>
          <ResetForm flow={flow} />
        </Sheet>
      );
  }
}

interface SheetProps {
  flow: SignInFlow;
  title: string;
  lead: string | null;
  children: ComponentChildren;
}

function Sheet({ flow, title, lead, children }: SheetProps) {
  const notice = flow.notice.value;
  const problem = flow.problem.value;
  return (
    <>
      <h1 class={styles.title}>{title}</h1>
      {lead && !notice && <p class={styles.lead}>{lead}</p>}
      {notice && (
        <p class={styles.notice} role="status">
          {t(`signIn.notice.${notice}`, { email: flow.username.value })}
        </p>
      )}
      {problem && (
        <p class={styles.problem} role="alert">
          <Icon name="alert" />
          {t(`signIn.problem.${problem}`, { detail: flow.detail.value })}
        </p>
      )}
      {children}
    </>
  );
}
