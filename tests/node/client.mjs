// The guide's use case with the official client, against a gateway: node client.mjs http://AUTH http://BOOKING
//
// Both transports; sign-in, handshake, automatic room, refused and accepted rooms, and every event in its shape.
import assert from 'node:assert/strict';
import axios from 'axios';
import { io } from 'socket.io-client';

const [auth, booking] = process.argv.slice(2);

async function signIn(email, password) {
  const { data } = await axios.post(`${auth}/api/v1/auth/login`, { email, password });
  return data.data.accessToken;
}

function connect(token, transports) {
  const socket = io(booking, { auth: { token }, transports, forceNew: true, reconnection: false });
  socket.next = (event) => new Promise((resolve) => socket.once(event, resolve));
  return socket;
}

async function play(transports) {
  const token = await signIn('test@example.com', 'Test123!');
  const staff = await signIn('admin@example.com', 'Admin123!');
  const as = (who) => ({ headers: { Authorization: `Bearer ${who}` } });

  const socket = connect(token, transports);
  const hello = await socket.next('connected');
  assert.equal(typeof hello.userId, 'string');

  const answered = socket.next('subscribed');
  socket.emit('subscribe', { rooms: ['admin'] });
  assert.deepEqual(await answered, { rooms: [], refused: ['admin'] });

  const desk = connect(staff, transports);
  await desk.next('connected');
  const joined = desk.next('subscribed');
  desk.emit('subscribe', { rooms: ['admin'] });
  assert.deepEqual((await joined).rooms, ['admin']);

  const flights = (await axios.get(`${booking}/api/v1/flights`)).data.data;
  const body = {
    flightId: flights[0].id,
    cabinClass: 'ECONOMY',
    passengers: [{ type: 'ADULT', title: 'Mr', firstName: 'John', lastName: 'Doe', dateOfBirth: '1990-01-01' }],
    contactInfo: { email: 'test@example.com', phone: '+1234567890' },
  };
  const both = [socket.next('booking:created'), desk.next('booking:created')];
  const made = (await axios.post(`${booking}/api/v1/bookings`, body, as(token))).data.data;
  const [created, copy] = await Promise.all(both);
  assert.equal(created.event, 'BOOKING_CREATED');
  assert.deepEqual(Object.keys(created.data).sort(), [
    'bookingId', 'currency', 'destination', 'flightNumber', 'origin', 'passengerCount', 'pnr', 'status', 'totalPrice',
  ]);
  assert.equal(created.data.totalPrice, 450);
  assert.equal(created.room, `user:${hello.userId}`);
  assert.deepEqual(copy, { ...created, room: 'admin' }, 'one event, one timestamp, in both rooms');

  const paid = [socket.next('payment:completed'), socket.next('booking:confirmed')];
  await axios.post(`${booking}/api/v1/bookings/${made.id}/pay`, {}, as(token));
  const [payment, confirmed] = await Promise.all(paid);
  assert.deepEqual([payment.event, payment.data.status], ['PAYMENT_COMPLETED', 'SUCCEEDED']);
  assert.deepEqual([confirmed.event, confirmed.data.status], ['BOOKING_UPDATED', 'CONFIRMED']);

  const delayed = socket.next('flight:status-changed');
  const status = transports[0] === 'polling' ? 'DELAYED' : 'SCHEDULED';
  await axios.patch(`${booking}/api/v1/flights/${flights[0].id}/status`, { status }, as(staff));
  const change = await delayed;
  assert.equal(change.data.newStatus, status);
  assert.ok(change.data.affectedBookings.includes(made.id));

  const over = socket.next('booking:cancelled');
  await axios.post(`${booking}/api/v1/bookings/${made.id}/cancel`, {}, as(token));
  assert.equal((await over).data.status, 'CANCELLED');

  const rejected = connect('not-a-token', transports);
  assert.match((await rejected.next('connect_error')).message, /Unauthorized/);
  for (const open of [socket, desk, rejected]) open.disconnect();
  console.log(`ok ${transports[0]}`);
}

await play(['polling']);
await play(['websocket']);
