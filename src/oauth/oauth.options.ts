export abstract class OauthOptions {
  /** The resource servers that may ask; null when there can be none. */
  abstract readonly clientsFile: string | null;
  /** Whether a missing file means that there are no clients yet. */
  abstract readonly clientsFileMayBeAbsent: boolean;
}
