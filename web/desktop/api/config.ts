/** What the publisher of the desk tells it about its surroundings. */
export interface Config {
  rest_url: string;
  socket_url: string;
  user_pool_client_id: string;
  cognito_url: string;
}

const NEEDED = ["rest_url", "socket_url", "user_pool_client_id", "cognito_url"] as const;

/** @throws an error where the file is missing or incomplete */
export async function loadConfig(): Promise<Config> {
  const response = await fetch("./config.json", { cache: "no-cache" });
  if (!response.ok) throw new Error(`config.json answers ${response.status}.`);
  const config = (await response.json()) as Partial<Record<string, unknown>>;
  const missing = NEEDED.filter((name) => typeof config[name] !== "string");
  if (missing.length > 0) throw new Error(`config.json lacks ${missing.join(", ")}.`);
  return config as unknown as Config;
}
