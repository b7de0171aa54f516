import Bowser from 'bowser';

const MAX_LENGTH = 100;

/** A name that a person recognises, made of a `User-Agent`: "Chrome on Windows", "curl", "Unknown device". */
export function deviceName(userAgent: string | undefined): string {
  const text = userAgent
    ?.slice(0, 512)
    .replaceAll(/[^\x20-\x7e]/g, '')
    .trim();
  if (!text) return 'Unknown device';
  const { browser, os } = Bowser.parse(text);
  if (browser.name && os.name) return `${browser.name} on ${os.name}`.slice(0, MAX_LENGTH);
  return (browser.name || os.name || text.split(/[/ ]/, 1)[0] || 'Unknown device').slice(0, MAX_LENGTH);
}
