import type { FormField } from "../../../shared/protocol.js";
import { t } from "../../text/index.js";
import styles from "./Field.module.css";
import { Words } from "./Words.js";

interface Props {
  field: FormField;
  value: string;
  problem: string | null;
  onInput: (value: string) => void;
}

const AUTOCOMPLETE: Readonly<Record<string, string>> = {
  name: "name",
  email: "email",
  phone: "tel",
};

const LEFT_TO_RIGHT: ReadonlySet<string> = new Set(["email", "tel"]);

/** One question of the form, with what is wrong with its answer below it. */
export function Field({ field, value, problem, onInput }: Props) {
  const id = `field-${field.variable}`;
  return (
    <div class={styles.field}>
      <label for={id} dir="auto">
        {field.label}
        {!field.required && <span class={styles.optional}> ({t("form.optional")})</span>}
      </label>
      <Control id={id} field={field} value={value} problem={problem} onInput={onInput} />
      {problem !== null && (
        <p id={`${id}-problem`} class={styles.problem}>
          <Words text={problem} />
        </p>
      )}
    </div>
  );
}

function Control({ id, field, value, problem, onInput }: Props & { id: string }) {
  const common = {
    id,
    name: field.variable,
    value,
    // Addresses and numbers run from left to right in every language.
    dir: LEFT_TO_RIGHT.has(field.type) ? ("ltr" as const) : ("auto" as const),
    required: field.required,
    "aria-invalid": problem !== null,
    "aria-describedby": problem === null ? undefined : `${id}-problem`,
    onInput: (event: { currentTarget: { value: string } }) => onInput(event.currentTarget.value),
  };
  switch (field.type) {
    case "textarea":
      return <textarea {...common} rows={3} />;
    case "select":
      return (
        <select {...common}>
          <option value="">{t("form.choose")}</option>
          {field.options.map((option) => (
            <option key={option} value={option}>
              {option}
            </option>
          ))}
        </select>
      );
    default:
      return (
        <input
          {...common}
          type={field.type}
          // The types of inputs differ in whether they allow a list; this says that there is none.
          list={undefined}
          autocomplete={AUTOCOMPLETE[field.variable] ?? "on"}
        />
      );
  }
}
