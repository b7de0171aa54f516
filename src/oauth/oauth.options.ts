export abstract class OauthOptions {
  /** The resource servers that may ask; null when there are none. */
  abstract readonly clientsFile: string | null;
}
