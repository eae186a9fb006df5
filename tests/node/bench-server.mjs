// A real socket.io server for the bench: accepts every token, and takes commands on standard input, a JSON object a line.
//
//   {"emit": ["name", ...args]}            emits to every client; {"binary": "hex"} in an argument becomes a Buffer
//   {"burst": {"count": n, "bytes": n}}    numbered events as fast as possible
//   {"drop": true|false}                   disconnects every client; with true the transport too
//   {"close": true}                        closes the server in order
//   {"ask": ["name", ...args]}             emits with an acknowledgement and prints the answer
//   {"received": true}                     prints the messages of the clients since the last time
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { Server } from 'socket.io';

const print = (value) => console.log(JSON.stringify(value));
const server = createServer((_, response) => response.writeHead(404).end());
const io = new Server(server, {
  pingInterval: Number(process.env.PING_INTERVAL ?? 25_000),
  pingTimeout: Number(process.env.PING_TIMEOUT ?? 20_000),
  serveClient: false,
  ...(process.env.RECOVERY && { connectionStateRecovery: { maxDisconnectionDuration: 60_000 } }),
});
let received = [];

const fromJson = (value) => {
  if (Array.isArray(value)) return value.map(fromJson);
  if (value === null || typeof value !== 'object') return value;
  if (typeof value.binary === 'string') return Buffer.from(value.binary, 'hex');
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fromJson(inner)]));
};

function serve(namespace) {
  namespace.on('connection', (socket) => {
    socket.emit('connected', { message: 'Connected', userId: 'user-1' });
    socket.on('subscribe', ({ rooms }, ack) => {
      rooms.forEach((room) => socket.join(room));
      if (ack) ack({ rooms });
      else socket.emit('subscribed', { rooms });
    });
    socket.on('echo', (...args) => {
      const ack = args.pop();
      ack(...args);
    });
    socket.on('photo', (ack) => ack(Buffer.from('1e001e', 'hex'), 'a photo'));
    socket.onAny((name, ...args) => {
      received.push({ namespace: namespace.name, auth: socket.handshake.auth, name, args: args.filter((arg) => typeof arg !== 'function') });
    });
  });
}
serve(io.of('/'));
serve(io.of('/admin'));
io.of('/closed').use((socket, next) => {
  next(Object.assign(new Error('Not for you'), { data: { code: 'CLOSED', rooms: [1, 2] } }));
});

const commands = {
  emit: (args) => io.emit(...fromJson(args)),
  adminEmit: (args) => io.of('/admin').emit(...fromJson(args)),
  burst: ({ count, bytes }) => {
    const text = 'x'.repeat(Math.max(0, bytes - 40));
    for (let n = 0; n < count; n += 1) io.emit('burst', { n, of: count, text });
  },
  drop: (transport) => io.disconnectSockets(transport),
  close: () => io.close(),
  ask: async (args) => {
    const [socket] = await io.fetchSockets();
    print({ answer: await io.sockets.sockets.get(socket.id).emitWithAck(...fromJson(args)) });
  },
  received: () => {
    print(received);
    received = [];
  },
};

createInterface({ input: process.stdin })
  .on('line', (line) => {
    for (const [name, value] of Object.entries(JSON.parse(line))) commands[name](value);
  })
  .on('close', () => process.exit());
server.listen(0, '127.0.0.1', () => print({ port: server.address().port }));
