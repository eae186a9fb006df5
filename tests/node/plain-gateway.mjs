// A booking service without event log, as deployed ones are: a real socket.io server that implements only the guide.
//
// No ids, no cursor, no acknowledgements; the token is checked after CONNECT; each event goes to the user's room and to
// `admin` separately; `subscribe` checks nothing. Prints its port on the first line. Tests control it by POST /control.
import { createHmac, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const SECRET = randomUUID();
const USER = { id: 'user-1', email: 'test@example.com', password: 'Test123!', role: process.env.PLAIN_ROLE ?? 'CUSTOMER' };

// The behaviour, which tests change by the command `set`.
const mode = {
  accessSecs: 3600, // life of an access token
  refusal: 'kick', // how a bad token is refused: 'kick' after CONNECT, 'error' as CONNECT_ERROR, 'silence'
  refresh: 'ok', // or an HTTP status
  refreshDelayMs: 0,
  restDown: false, // bookings cannot be asked for
  retryAfter: null, // sent along with a refused refresh
  clockAheadSecs: 0, // how far the Date header is ahead
  wrongPassword: 201, // or 401
  refuseAll: false, // every token is bad
  confirmRooms: true,
};
const seen = { connections: 0, refused: 0, logins: 0, refreshes: 0, subscribes: [], bookings: 0, listed: 0 };
const bookings = new Map();
let refreshToken = null;
let accessToken = null;

const base64url = (value) => Buffer.from(value).toString('base64url');
const sign = (text) => createHmac('sha256', SECRET).update(text).digest('base64url');

function issue() {
  const now = Math.floor(Date.now() / 1000) + mode.clockAheadSecs;
  const claims = { sub: USER.id, email: USER.email, role: USER.role, iat: now, exp: now + mode.accessSecs };
  const head = `${base64url('{"alg":"HS256","typ":"JWT"}')}.${base64url(JSON.stringify(claims))}`;
  refreshToken = randomUUID();
  accessToken = `${head}.${sign(head)}`;
  return { accessToken, refreshToken, expiresIn: mode.accessSecs };
}

function verify(token) {
  if (mode.refuseAll || typeof token !== 'string') return null;
  const [header, payload, signature] = token.split('.');
  if (!payload || signature !== sign(`${header}.${payload}`)) return null;
  const claims = JSON.parse(Buffer.from(payload, 'base64url'));
  return claims.exp * 1000 > Date.now() + mode.clockAheadSecs * 1000 ? claims : null;
}

async function body(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text ? JSON.parse(text) : {};
}

function answer(response, status, value) {
  if (mode.clockAheadSecs) response.setHeader('date', new Date(Date.now() + mode.clockAheadSecs * 1000).toUTCString());
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

const control = {
  set: (change) => Object.assign(mode, change),
  seen: () => seen,
  tokens: () => [accessToken, refreshToken],
  // One event to the user's room and to `admin`, with one timestamp (W2); answers when.
  event: ({ channel, payload }) => {
    const at = Date.now();
    io.to(`user:${USER.id}`).emit(channel, payload);
    io.to('admin').emit(channel, payload);
    return at;
  },
  // One event to these rooms, one after the other.
  tell: ({ rooms, channel, payload }) => rooms.forEach((room) => io.to(room).emit(channel, payload)),
  // Many events at once, numbered where the payload has a `#`.
  many: ({ channel, payload, count }) => {
    const text = JSON.stringify(payload);
    for (let number = 0; number < count; number += 1) {
      control.event({ channel, payload: JSON.parse(text.replaceAll('#', String(number))) });
    }
  },
  raw: ({ channel, args }) => io.emit(channel, ...args),
  kick: () => io.disconnectSockets(false),
  cut: () => io.disconnectSockets(true),
  booking: (booking) => bookings.set(booking.id, booking),
  iso: ({ secs }) => new Date(secs * 1000).toISOString(),
  rooms: () => [...io.sockets.adapter.rooms.keys()],
};

async function handle(request, response) {
  const { pathname } = new URL(request.url, 'http://localhost');
  if (pathname === '/control') {
    const { command, ...rest } = await body(request);
    return answer(response, 200, control[command](rest) ?? null);
  }
  if (pathname === '/api/v1/auth/login') {
    seen.logins += 1;
    const { email, password } = await body(request);
    if (email === USER.email && password === USER.password) {
      return answer(response, 201, { success: true, data: issue(), message: 'Login successful' });
    }
    return answer(response, mode.wrongPassword, { success: false, message: 'Invalid credentials' });
  }
  if (pathname === '/api/v1/auth/refresh') {
    seen.refreshes += 1;
    if (mode.refresh !== 'ok') {
      if (mode.retryAfter) response.setHeader('retry-after', mode.retryAfter);
      return answer(response, mode.refresh, { success: false, message: 'No' });
    }
    const given = (await body(request)).refreshToken;
    if (given !== refreshToken) return answer(response, 401, { success: false, message: 'Unknown refresh token' });
    // The old refresh token is invalid from here on, whether or not the answer arrives.
    const data = issue();
    await new Promise((resolve) => setTimeout(resolve, mode.refreshDelayMs));
    return answer(response, 201, { success: true, data, message: 'Token refreshed' });
  }
  const claims = verify((request.headers.authorization ?? '').replace('Bearer ', ''));
  if (!claims) return answer(response, 401, { message: 'Unauthorized', statusCode: 401 });
  if (mode.restDown) return answer(response, 503, { message: 'Later' });
  if (pathname === '/api/v1/bookings/my-bookings') {
    const query = new URL(request.url, 'http://localhost').searchParams;
    const [page, limit] = [Number(query.get('page') ?? 1), Number(query.get('limit') ?? 20)];
    const all = [...bookings.values()].filter((booking) => booking.listed);
    const data = all.slice((page - 1) * limit, page * limit);
    return answer(response, 200, { success: true, data, meta: { page, limit, total: all.length, totalPages: Math.ceil(all.length / limit) } });
  }
  if (pathname === '/api/v1/bookings') {
    const query = new URL(request.url, 'http://localhost').searchParams;
    const [page, limit] = [Number(query.get('page') ?? 1), Number(query.get('limit') ?? 20)];
    const all = [...bookings.values()].sort((a, b) => (b.updatedAt ?? '').localeCompare(a.updatedAt ?? ''));
    seen.listed += 1;
    const data = all.slice((page - 1) * limit, page * limit);
    return answer(response, 200, { success: true, data, meta: { page, limit, total: all.length, totalPages: Math.ceil(all.length / limit) } });
  }
  if (pathname.startsWith('/api/v1/bookings/')) {
    seen.bookings += 1;
    const data = bookings.get(decodeURIComponent(pathname.split('/').pop()));
    return data ? answer(response, 200, { success: true, data }) : answer(response, 404, { message: 'Not Found' });
  }
  return answer(response, 404, { message: 'Not Found', statusCode: 404 });
}

const server = createServer((request, response) => {
  handle(request, response).catch((error) => answer(response, 500, { message: String(error) }));
});
const io = new Server(server, { cors: { origin: '*' } });

io.use((socket, next) => {
  if (mode.refusal === 'error' && !verify(socket.handshake.auth.token)) {
    seen.refused += 1;
    return next(Object.assign(new Error('Unauthorized'), { data: { code: 'UNAUTHORIZED' } }));
  }
  return next();
});

io.on('connection', (socket) => {
  seen.connections += 1;
  const claims = verify(socket.handshake.auth.token);
  if (!claims) {
    seen.refused += 1;
    if (mode.refusal === 'kick') socket.disconnect();
    return;
  }
  socket.join(`user:${claims.sub}`);
  socket.on('subscribe', ({ rooms }) => {
    seen.subscribes.push(rooms);
    rooms.forEach((room) => socket.join(room));
    if (mode.confirmRooms) socket.emit('subscribed', { rooms });
  });
  socket.on('unsubscribe', ({ rooms }) => {
    rooms.forEach((room) => socket.leave(room));
    socket.emit('unsubscribed', { rooms });
  });
  socket.emit('connected', { message: 'Connected to booking service', userId: claims.sub });
});

server.listen(Number(process.env.PLAIN_PORT ?? 0), '127.0.0.1', () => console.log(server.address().port));
