import { ApiError, Unreachable } from "./errors.js";
import type { ErrorReply } from "./protocol.js";
import { encode } from "./unicode.js";

export interface RestOptions {
  /** The base of all paths, without a slash at its end. */
  baseUrl: string;
  /** The value of the Authorization header, read for each request; null sends none. */
  authorization: () => string | null | Promise<string | null>;
  /** Milliseconds to wait for an answer. */
  timeout?: number;
}

/** Talks JSON with the REST API. */
export class RestClient {
  constructor(private readonly options: RestOptions) {}

  /**
   * @throws ApiError when the request is refused
   * @throws Unreachable when there is no usable answer
   */
  get<Reply>(path: string, query: Readonly<Record<string, string | number>> = {}): Promise<Reply> {
    const pairs = Object.entries(query).map(([name, value]) => [name, String(value)]);
    const search = new URLSearchParams(pairs).toString();
    return this.#send("GET", search ? `${path}?${search}` : path);
  }

  /** As `get`, but carries a body. */
  post<Reply>(path: string, body: unknown = {}): Promise<Reply> {
    return this.#send("POST", path, encode(body));
  }

  async #send<Reply>(method: string, path: string, body?: string): Promise<Reply> {
    const headers: Record<string, string> = {};
    const authorization = await this.options.authorization();
    if (authorization !== null) headers["Authorization"] = authorization;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), this.options.timeout ?? 15_000);
    try {
      const response = await fetch(this.options.baseUrl + path, {
        method,
        headers,
        signal: abort.signal,
        ...(body === undefined ? {} : { body }),
      });
      const text = await response.text();
      if (!response.ok) throw refusal(response.status, text);
      return JSON.parse(text) as Reply;
    } catch (error) {
      if (error instanceof ApiError) throw error;
      throw new Unreachable(error instanceof Error ? error.message : "There was no answer.");
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Errors of the gateway in front of Lambdesk have another shape than ours. */
function refusal(status: number, text: string): ApiError {
  try {
    const { code, message, field, retry_after } = (JSON.parse(text) as ErrorReply).error;
    return new ApiError(status, code, message, field, retry_after);
  } catch {
    return new ApiError(status, `http_${status}`, `The server answered ${status}.`);
  }
}
