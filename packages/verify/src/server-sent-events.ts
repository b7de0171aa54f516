/** Longer than any event of the feed by far. */
const MAX_EVENT_CHARACTERS = 64 * 1024;

export interface ServerSentEvent {
  readonly event: string;
  readonly id: string | null;
  readonly data: string;
}

/** Reads a `text/event-stream` (HTML, section 9.2.6). An event cut off by the end of the stream is dropped, as the standard says. */
export async function* readServerSentEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    // A lone CR ends a line too, but at the end of a chunk its LF may be still to come.
    rest = (rest + decoder.decode(chunk, { stream: true })).replace(/\r\n|\r(?!\n|$)/g, '\n');
    for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
      const event = readBlock(rest.slice(0, end));
      rest = rest.slice(end + 2);
      if (event) yield event;
    }
    if (rest.length > MAX_EVENT_CHARACTERS) throw new Error('The feed sent an event without end.');
  }
}

function readBlock(block: string): ServerSentEvent | null {
  let event = 'message';
  let id: string | null = null;
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const [, name, value] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (name === 'event') event = value;
    else if (name === 'id') id = value;
    else if (name === 'data') data.push(value);
  }
  return data.length > 0 ? { event, id, data: data.join('\n') } : null;
}
