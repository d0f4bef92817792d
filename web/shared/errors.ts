const PASSING = ["busy", "internal", "too_many"];

/** The server understood the request and refused it. */
export class Refused extends Error {
  constructor(
    /** The error code of the protocol, such as `conversation_closed`. */
    readonly code: string,
    message: string,
    /** The field of the request that is wrong, where one is. */
    readonly field: string | null = null,
    /** Whether the same request would be refused again. */
    readonly final: boolean = !PASSING.includes(code),
    /** After how many seconds the server wants to be asked again; null where it does not say. */
    readonly retryAfter: number | null = null,
  ) {
    super(message);
    this.name = "Refused";
  }
}

/** A REST request was refused. */
export class ApiError extends Refused {
  constructor(
    readonly status: number,
    code: string,
    message: string,
    field: string | null = null,
    retryAfter: number | null = null,
  ) {
    super(code, message, field, status < 500 && ![408, 425, 429].includes(status), retryAfter);
    this.name = "ApiError";
  }
}

/** Nobody answered, so nobody knows whether the request was carried out. Try again. */
export class Unreachable extends Error {
  constructor(message: string) {
    super(message);
    this.name = "Unreachable";
  }
}

/** The connection was good, and ended while the request was under way. */
export class Interrupted extends Unreachable {}

/** Whether trying the same again is pointless. */
export function isFinal(error: unknown): error is Refused {
  return error instanceof Refused && error.final;
}
