/** What an ID token says of its owner. Only for showing: the API checks the token itself. */
export interface Claims {
  agentId: string;
  email: string;
}

export function claimsOf(idToken: string): Claims {
  try {
    const payload = idToken.split(".")[1] ?? "";
    const json = atob(payload.replace(/-/g, "+").replace(/_/g, "/"));
    const bytes = Uint8Array.from(json, (character) => character.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes)) as { sub?: string; email?: string };
    return { agentId: claims.sub ?? "", email: claims.email ?? "" };
  } catch {
    return { agentId: "", email: "" };
  }
}
