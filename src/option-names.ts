import { type SettingName, SETTINGS } from './config/settings.js';

/** What an application decides by itself, or has no use for. */
const OF_THE_SERVICE = ['HTTP_ENGINE', 'TRUST_PROXY', 'PORT', 'HOST', 'DOCS', 'LOG_LEVEL'] as const;

/** The settings of the service that are an application's options, too: with the same rules, defaults and meanings. */
export type SharedSetting = Exclude<SettingName, (typeof OF_THE_SERVICE)[number]>;

/** The same, to go through them. */
export const SHARED_SETTINGS = Object.keys(SETTINGS).filter((name) => !OF_THE_SERVICE.some((other) => other === name));

/** The option that a setting is: `SESSION_IDLE_SECONDS` is `sessionIdleSeconds`. */
export type OptionName<S extends string> = S extends `${infer Head}_${infer Rest}`
  ? `${Lowercase<Head>}${Capitalize<OptionName<Rest>>}`
  : Lowercase<S>;

/** The same for a name that is known when the program runs. */
export function optionName(setting: string): string {
  return setting.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** A sentence about settings as a sentence about options. */
export function inOptions(sentence: string): string {
  return sentence.replace(/\b[A-Z]+(?:_[A-Z]+)+\b/g, (name) =>
    SHARED_SETTINGS.includes(name) ? optionName(name) : name,
  );
}
