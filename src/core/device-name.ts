import Bowser from 'bowser';

const MAX_LENGTH = 100;
/** User agents whose names are remembered: parsing one takes longer than much of what the name is wanted for. */
const REMEMBERED = 1000;
const names = new Map<string, string>();

/** A name that a person recognises, made of a `User-Agent`: "Chrome on Windows", "curl", "Unknown device". */
export function deviceName(userAgent = ''): string {
  const text = userAgent.slice(0, 512);
  const known = names.get(text);
  if (known !== undefined) return known;
  if (names.size >= REMEMBERED) names.clear();
  const name = parsed(text);
  names.set(text, name);
  return name;
}

function parsed(userAgent: string): string {
  const text = userAgent.replaceAll(/[^\x20-\x7e]/g, '').trim();
  if (!text) return 'Unknown device';
  const { browser, os } = Bowser.parse(text);
  if (browser.name && os.name) return `${browser.name} on ${os.name}`.slice(0, MAX_LENGTH);
  return (browser.name || os.name || text.split(/[/ ]/, 1)[0] || 'Unknown device').slice(0, MAX_LENGTH);
}
