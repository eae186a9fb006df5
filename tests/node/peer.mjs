// socket.io-client as the guide uses it, behind the protocol of tests/peers/src/lib.rs.
//
// WebSocket only, as all peers here, so that a fault meets the same bytes; everything else is the library's default or
// the guide's advice under "Connection Drops".
import { createInterface } from 'node:readline';
import { io } from 'socket.io-client';

const report = (value) => console.log(JSON.stringify(value));
const state = (online, name, reason = '') => report({ state: { online, name, reason: String(reason) } });

const socket = io(process.env.PEER_URL, {
  transports: ['websocket'],
  auth: { token: process.env.PEER_TOKEN },
  reconnection: true,
  reconnectionDelay: 1000,
  reconnectionAttempts: Number(process.env.PEER_ATTEMPTS ?? 5),
});
let events = 0;
let answered = 0;
let failed = 0;
let burst = { received: 0, inOrder: true };

state(false, 'connecting');
socket.on('connect', () => state(true, 'connect'));
socket.on('disconnect', (reason) => state(false, 'disconnect', reason));
socket.on('connect_error', (error) => state(false, 'connect_error', error.message));
socket.io.on('reconnect_attempt', (attempt) => report({ attempt }));
socket.io.on('reconnect_failed', () => state(false, 'reconnect_failed', 'gave up'));
socket.on('burst', ({ n, of }) => {
  burst.inOrder &&= n === burst.received;
  burst.received += 1;
  if (n + 1 === of) {
    report({ burst: { received: burst.received, in_order: burst.inOrder } });
    burst = { received: 0, inOrder: true };
  }
});
socket.onAny((name) => {
  if (name !== 'burst' && name !== 'connected') report({ events: (events += 1) });
});

const commands = createInterface({ input: process.stdin });
commands.on('line', (line) => {
  const { subscribe } = JSON.parse(line);
  socket.timeout(10_000).emit('subscribe', { rooms: [subscribe] }, (error) => {
    if (error) failed += 1;
    else answered += 1;
    report({ acks: { answered, failed } });
  });
});
commands.on('close', () => {
  socket.disconnect();
  process.exit();
});
