import { type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Unavailable } from './refusal.js';

/** Until the answer begins, connecting included. */
const BEGIN_MS = 3_000;
/** Until its last byte is here. */
const WHOLE_MS = 5_000;

export interface Question {
  readonly method?: 'GET' | 'POST';
  readonly headers: Record<string, string>;
  readonly body?: string;
}

/** An answer whose body has not been read: its length is not known, nor whether it ends. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Asks, and waits three seconds at most for the answer to begin. Fails with `Unavailable` when there is none.
 * With node:http and not fetch: a redirect is not followed (the secret in the header would go wherever it points), no compressed
 * body is asked for, and giving up is sure. On Node 20 fetch can lose the link between a signal and a body that is being read once the
 * garbage collector has been by; a stream that fell silent would then hang for ever.
 */
export function ask(url: string, { method = 'GET', headers, body }: Question, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = (url.startsWith('https:') ? httpsRequest : httpRequest)(url, { method, headers });
    const giveUp = () => request.destroy(new Error('It took too long, or is no longer wanted.'));
    const timer = setTimeout(giveUp, BEGIN_MS);
    signal.addEventListener('abort', giveUp);
    request.on('response', (response) => {
      clearTimeout(timer);
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: response });
    });
    request.on('error', (error) => reject(new Unavailable('The auth service did not answer.', error)));
    request.on('close', () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
    });
    if (signal.aborted) giveUp();
    request.end(body);
  });
}

/** The same, with the whole body: five seconds and `maxBytes` at most, and a JSON value when the status is 200. */
export async function askJson(
  url: string,
  question: Question,
  maxBytes: number,
): Promise<{ status: number; headers: IncomingHttpHeaders; json: unknown }> {
  const whole = new AbortController();
  const timer = setTimeout(() => whole.abort(), WHOLE_MS);
  try {
    const { status, headers, body } = await ask(url, question, whole.signal);
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

async function readText(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
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
