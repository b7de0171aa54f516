export abstract class HttpOptions {
  /** Whether cookies are `Secure` and carry the `__Host-` and `__Secure-` prefixes. */
  abstract readonly cookieSecure: boolean;
  /** Exact origins of other sites whose pages may call this one. */
  abstract readonly corsOrigins: readonly string[];
  /** Number of proxies in front, or their addresses; null when there is none. */
  abstract readonly trustProxy: number | readonly string[] | null;
  /** Whether `/docs` is served. */
  abstract readonly docs: boolean;
}
