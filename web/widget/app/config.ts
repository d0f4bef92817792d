/** What the deployment tells the app, in `config.json` beside it. */
export interface Config {
  rest_url: string;
  socket_url: string;
}

/** Reads `config.json`. */
export async function loadConfig(): Promise<Config> {
  const response = await fetch("./config.json", { cache: "no-cache" });
  if (!response.ok) throw new Error(`config.json: ${response.status}`);
  return (await response.json()) as Config;
}
