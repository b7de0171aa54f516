/** The room's part of the settings. */
export abstract class HttpOptions {
  /** Whether cookies are `Secure` and carry the `__Host-` and `__Secure-` prefixes. */
  abstract readonly cookieSecure: boolean;
  /** Exact origins of other sites whose pages may call this one. */
  abstract readonly corsOrigins: readonly string[];
  /** Where clients find our routes: its path is where a proxy in front has put them. */
  abstract readonly publicUrl: string;
}
