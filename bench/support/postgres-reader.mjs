// The client's half of the Postgres protocol (PostgreSQL documentation, 54.7): a message is a letter, a length that
// counts itself, and a body; the first message of a connection has no letter.

const NAMELESS = '(unnamed)';

/** Tells `seen` of every statement that is run: its prepared name, or the first words of its text. */
export function postgresReader(seen) {
  let rest = Buffer.alloc(0);
  let started = false;
  let parsed = '';
  let bound = NAMELESS;

  const message = (type, body) => {
    if (type === 'Q') seen(words(text(body, 0)));
    if (type === 'P') parsed = text(body, text(body, 0).length + 1);
    if (type === 'B') bound = text(body, text(body, 0).length + 1).replace(/^sallyport_/, '') || words(parsed);
    if (type === 'E') seen(bound);
  };

  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const head = started ? 1 : 0;
      if (rest.length < head + 4) return;
      const end = head + rest.readInt32BE(head);
      if (rest.length < end) return;
      if (started) message(String.fromCharCode(rest[0]), rest.subarray(5, end));
      started = true;
      rest = rest.subarray(end);
    }
  };
}

function text(body, from) {
  return body.toString('utf8', from, body.indexOf(0, from));
}

function words(sql) {
  return sql.trim().split(/\s+/, 3).join(' ') || NAMELESS;
}
