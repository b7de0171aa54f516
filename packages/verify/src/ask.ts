import { Unavailable } from './refusal.js';

/** Until the answer begins, connecting included. */
const BEGIN_MS = 3_000;
/** Until its last byte is here. */
const WHOLE_MS = 5_000;

/** An answer whose body has not been read: its length is not known, nor whether it ends. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AsyncIterable<Uint8Array> | null;
}

/**
 * Asks without following redirects (the secret in the header would go wherever they point) and waits three seconds at most for
 * the answer to begin. Fails with `Unavailable` when there is none.
 */
export async function ask(url: string, init: RequestInit, signal: AbortSignal): Promise<Answer> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), BEGIN_MS);
  try {
    return await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.any([signal, late.signal]) });
  } catch (error) {
    throw new Unavailable('The auth service did not answer.', error);
  } finally {
    clearTimeout(timer);
  }
}

/** The same, with the whole body: five seconds and `maxBytes` at most, and a JSON value when the status is 200. */
export async function askJson(
  url: string,
  init: RequestInit,
  maxBytes: number,
): Promise<{ status: number; headers: Headers; json: unknown }> {
  const whole = new AbortController();
  const timer = setTimeout(() => whole.abort(), WHOLE_MS);
  try {
    const { status, headers, body } = await ask(url, init, whole.signal);
    const text = await readText(body, maxBytes);
    return { status, headers, json: status === 200 ? (JSON.parse(text) as unknown) : null };
  } catch (error) {
    throw error instanceof Unavailable
      ? error
      : new Unavailable('The auth service gave an answer that cannot be read.', error);
  } finally {
    clearTimeout(timer);
    // Drops a body that was given up half-way, and with it the connection.
    whole.abort();
  }
}

async function readText(body: AsyncIterable<Uint8Array> | null, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > maxBytes) throw new Error(`The answer is longer than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** A JSON object, or null: what every answer is looked at as before anything in it is believed. */
export function asRecord(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}
