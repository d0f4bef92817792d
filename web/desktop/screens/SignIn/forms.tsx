import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { Button } from "../../components/Button/Button.js";
import { Field } from "../../components/Field/Field.js";
import { Icon } from "../../components/Icon/Icon.js";
import {
  isStrong,
  meets,
  PASSWORD_LENGTH,
  PASSWORD_RULES,
  type PasswordRule,
} from "../../state/password.js";
import type { SignInFlow } from "../../state/signin.js";
import { t } from "../../text/index.js";
import styles from "./SignIn.module.css";

interface Props {
  flow: SignInFlow;
}

export function CredentialsForm({ flow }: Props) {
  const isKnown = flow.username.value !== "";
  const [email, setEmail] = useState(flow.username.value);
  const [password, setPassword] = useState("");
  return (
    <Form
      flow={flow}
      submit={t("signIn.submit")}
      onSubmit={() => void flow.signIn(email, password)}
      other={
        <Button variant="quiet" onClick={() => flow.forgot(email)}>
          {t("signIn.forgot")}
        </Button>
      }
    >
      <EmailField value={email} onValue={setEmail} focus={!isKnown} />
      <Field
        label={t("signIn.password")}
        type="password"
        autocomplete="current-password"
        value={password}
        onValue={setPassword}
        focus={isKnown}
      />
    </Form>
  );
}

export function NewPasswordForm({ flow }: Props) {
  const [password, setPassword] = useState("");
  return (
    <Form
      flow={flow}
      submit={t("signIn.newPassword.submit")}
      onSubmit={() => void flow.setNewPassword(password)}
      other={<Back flow={flow} />}
    >
      <NewPasswordField value={password} onValue={setPassword} focus />
    </Form>
  );
}

export function CodeForm({ flow }: Props) {
  const [code, setCode] = useState("");
  return (
    <Form
      flow={flow}
      submit={t("signIn.code.submit")}
      onSubmit={() => void flow.enterCode(code)}
      other={<Back flow={flow} />}
    >
      <CodeField label={t("signIn.code.label")} value={code} onValue={setCode} />
    </Form>
  );
}

export function ForgotForm({ flow }: Props) {
  const [email, setEmail] = useState(flow.username.value);
  return (
    <Form
      flow={flow}
      submit={t("signIn.forgot.submit")}
      onSubmit={() => void flow.requestReset(email)}
      other={<Back flow={flow} />}
    >
      <EmailField value={email} onValue={setEmail} focus />
    </Form>
  );
}

export function ResetForm({ flow }: Props) {
  const [code, setCode] = useState("");
  const [password, setPassword] = useState("");
  return (
    <Form
      flow={flow}
      submit={t("signIn.reset.submit")}
      onSubmit={() => void flow.reset(code, password)}
      other={<Back flow={flow} />}
    >
      <CodeField label={t("signIn.reset.code")} value={code} onValue={setCode} />
      <NewPasswordField value={password} onValue={setPassword} />
    </Form>
  );
}

interface FormProps extends Props {
  submit: string;
  onSubmit: () => void;
  other: ComponentChildren;
  children: ComponentChildren;
}

function Form({ flow, submit, onSubmit, other, children }: FormProps) {
  return (
    <form
      class={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
      <Button type="submit" variant="primary" size="large" busy={flow.busy.value}>
        {submit}
      </Button>
      {other}
    </form>
  );
}

function Back({ flow }: Props) {
  return (
    <Button variant="quiet" onClick={() => flow.back()}>
      {t("signIn.back")}
    </Button>
  );
}

interface FieldProps {
  value: string;
  onValue: (value: string) => void;
  focus?: boolean;
}

function EmailField(props: FieldProps) {
  return (
    <Field
      label={t("signIn.email")}
      type="email"
      autocomplete="username"
      inputMode="email"
      {...props}
    />
  );
}

/** Tells what the user pool asks of a password before it is refused, and checks the same. */
function NewPasswordField(props: FieldProps) {
  const { value } = props;
  const rules = useId();
  return (
    <div class={styles.newPassword}>
      <Field
        label={t("signIn.newPassword.label")}
        type="password"
        autocomplete="new-password"
        describedBy={rules}
        problem={isStrong(value) ? "" : t("signIn.newPassword.weak")}
        {...props}
      />
      <ul id={rules} class={styles.rules}>
        {PASSWORD_RULES.map((rule) => (
          <Rule key={rule} rule={rule} met={meets(value, rule)} />
        ))}
      </ul>
    </div>
  );
}

function Rule({ rule, met }: { rule: PasswordRule; met: boolean }) {
  return (
    <li data-met={met || undefined}>
      <Icon name={met ? "done" : "open"} size={14} />
      {t(`signIn.rule.${rule}`, { count: PASSWORD_LENGTH })}
      {met && <span class="visually-hidden">{t("signIn.rule.met")}</span>}
    </li>
  );
}

function CodeField({ label, ...props }: FieldProps & { label: string }) {
  return <Field label={label} autocomplete="one-time-code" inputMode="numeric" focus {...props} />;
}
