import { cleanup, render, screen, waitFor } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createCognito } from "../../api/cognito.js";
import { createSignIn, type SignInFlow } from "../../state/signin.js";
import { challenge, FakeCognito, refused, tokens } from "../../testing/FakeCognito.js";
import { SignIn } from "./SignIn.js";

let cognito: FakeCognito;
let flow: SignInFlow;
let signedIn: boolean;

const field = (name: string) => screen.getByLabelText<HTMLInputElement>(name, { exact: false });

beforeEach(() => {
  signedIn = false;
  cognito = new FakeCognito();
  const api = createCognito({
    url: "https://cognito.example.com",
    clientId: "client",
    fetch: cognito.fetch,
    now: () => 0,
  });
  flow = createSignIn(api, () => (signedIn = true));
  render(<SignIn flow={flow} />);
});
afterEach(cleanup);

test("an agent signs in with nothing but the keyboard", async () => {
  const person = userEvent.setup();
  cognito.answerWith(tokens("id"));
  expect(document.activeElement).toBe(field("E-mail"));
  await person.keyboard("mara@demo.example{Tab}correct horse{Enter}");
  expect(signedIn).toBe(true);
  expect(cognito.calls[0]?.body).toMatchObject({
    AuthParameters: { USERNAME: "mara@demo.example", PASSWORD: "correct horse" },
  });
});

test("a password that was wrong is corrected without the focus leaving it", async () => {
  const person = userEvent.setup();
  cognito.answerWith(refused("NotAuthorizedException"));
  await person.keyboard("mara@demo.example{Tab}correct hose{Enter}");
  await screen.findByRole("alert");
  cognito.answerWith(tokens("id"));
  await person.keyboard("{Backspace}{Backspace}rse{Enter}");
  expect(cognito.calls[1]?.body).toMatchObject({
    AuthParameters: { PASSWORD: "correct horse" },
  });
});

test("on the way back the known e-mail stays, and the password is next", async () => {
  const person = userEvent.setup();
  await person.keyboard("mara@demo.example");
  await person.click(screen.getByRole("button", { name: "Forgot password?" }));
  expect(document.activeElement).toBe(field("E-mail"));
  await person.click(screen.getByRole("button", { name: /back/i }));
  expect(field("E-mail").value).toBe("mara@demo.example");
  expect(document.activeElement).toBe(screen.getByLabelText("Password"));
  await person.click(field("E-mail"));
  await person.keyboard("{Control>}a{/Control}theo@demo.example");
  expect(field("E-mail").value).toContain("theo@demo.example");
});

test("the rules for a new password are shown before, and hold before Cognito is asked", async () => {
  const person = userEvent.setup();
  cognito.answerWith(challenge("NEW_PASSWORD_REQUIRED"));
  await person.keyboard("mara@demo.example{Tab}temporary{Enter}");
  const box = await screen.findByLabelText<HTMLInputElement>("New password");
  expect(screen.getByText("At least 12 characters")).toBeTruthy();
  await person.type(box, "Abcdefgh1");
  await waitFor(() => expect(box.validationMessage).not.toBe(""));
  await person.keyboard("xyz");
  await waitFor(() => expect(box.validationMessage).toBe(""));
  await person.keyboard("{Enter}");
  expect(cognito.calls[1]?.body).toMatchObject({
    ChallengeResponses: { NEW_PASSWORD: "Abcdefgh1xyz" },
  });
});
