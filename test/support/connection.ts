import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection to this port on which this much has been sent. What becomes of it is not an error. */
export async function connectionWith(port: number, part: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(part);
  return socket;
}
