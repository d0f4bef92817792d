import type { Captcha } from "../../shared/protocol.js";

/** What the scripts of both providers put into the page. */
export interface CaptchaProvider {
  render: (place: HTMLElement, options: CaptchaOptions) => string;
  remove: (id: string) => void;
}

interface CaptchaOptions {
  sitekey: string;
  callback: (token: string) => void;
  "expired-callback": () => void;
  "error-callback": () => void;
}

const SCRIPTS = {
  turnstile: "https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit",
  hcaptcha: "https://js.hcaptcha.com/1/api.js?render=explicit",
} as const;

/** Loads the script of a provider into our own frame, unless it is there. */
export async function loadProvider(name: Captcha["provider"]): Promise<CaptchaProvider> {
  const loaded = provider(name);
  if (loaded) return loaded;
  await new Promise<void>((resolve, reject) => {
    const script = document.createElement("script");
    script.src = SCRIPTS[name];
    script.async = true;
    script.onload = () => resolve();
    script.onerror = () => {
      script.remove();
      reject(new Error("The script did not load."));
    };
    document.head.append(script);
  });
  const arrived = provider(name);
  if (!arrived) throw new Error("The script is not what it should be.");
  return arrived;
}

function provider(name: Captcha["provider"]): CaptchaProvider | undefined {
  return (globalThis as unknown as Record<string, CaptchaProvider | undefined>)[name];
}
