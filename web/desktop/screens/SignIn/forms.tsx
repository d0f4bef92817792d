import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../components/Button/Button.js";
import { Field } from "../../components/Field/Field.js";
import type { SignInFlow } from "../../state/signin.js";
import { t } from "../../text/index.js";
import styles from "./SignIn.module.css";

const SHORTEST_PASSWORD = 8;

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

function NewPasswordField(props: FieldProps) {
  return (
    <Field
      label={t("signIn.newPassword.label")}
      type="password"
      autocomplete="new-password"
      minLength={SHORTEST_PASSWORD}
      {...props}
    />
  );
}

function CodeField({ label, ...props }: FieldProps & { label: string }) {
  return <Field label={label} autocomplete="one-time-code" inputMode="numeric" focus {...props} />;
}
