// A process that does nothing but send one request over and over on keep-alive connections, and counts the answers. It
// writes to bare sockets: an HTTP client would need as much of the processor as the server that is being measured.
import { once } from 'node:events';
import { connect } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');

process.on('message', (job) => {
  measure(job)
    .catch((error) => ({ error: error.message }))
    .then((result) => process.send(result));
});

async function measure({ port, path, headers, status, connections, warmUpMs, ms }) {
  const lines = Object.entries({ host: `127.0.0.1:${port}`, ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const request = Buffer.from(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  const run = { answered: 0, counting: false, stopped: false, error: null };
  const sockets = Array.from({ length: connections }, () => worker(port, request, status, run));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  await wait(warmUpMs);
  run.counting = true;
  const startedAt = performance.now();
  await wait(ms);
  run.counting = false;
  run.stopped = true;
  const seconds = (performance.now() - startedAt) / 1000;
  for (const socket of sockets) socket.destroy();
  return run.error ? { error: run.error } : { perSecond: run.answered / seconds };
}

function worker(port, request, status, run) {
  let rest = Buffer.alloc(0);
  const socket = connect(port, '127.0.0.1').setNoDelay();
  const fail = (why) => {
    if (!run.stopped) run.error ??= why;
    socket.destroy();
  };
  socket.on('connect', () => socket.write(request));
  socket.on('error', (error) => fail(error.message));
  socket.on('close', () => fail('The server closed a connection.'));
  socket.on('data', (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const headEnd = rest.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = rest.toString('latin1', 0, headEnd);
    const length = /^content-length: *(\d+)/im.exec(head)?.[1];
    if (Number(head.slice(9, 12)) !== status || length === undefined) return fail(`Unexpected answer: ${head}`);
    const end = headEnd + HEAD_END.length + Number(length);
    if (rest.length < end) return;
    rest = rest.subarray(end);
    if (run.counting) run.answered += 1;
    if (!run.stopped) socket.write(request);
  });
  return socket;
}

function wait(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
