// Books a seat on the first flight of a gateway, as the seeded traveler: node book.mjs http://HOST:PORT
const server = process.argv[2].includes('://') ? process.argv[2] : `http://${process.argv[2]}`;

async function call(path, body, token) {
  const response = await fetch(server + path, {
    method: body ? 'POST' : 'GET',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: body && JSON.stringify(body),
  });
  const answer = await response.json();
  if (!answer.success) throw new Error(`${path}: ${answer.message}`);
  return answer.data;
}

const { accessToken } = await call('/api/v1/auth/login', { email: 'test@example.com', password: 'Test123!' });
const [flight] = await call('/api/v1/flights');
const booking = await call(
  '/api/v1/bookings',
  {
    flightId: flight.id,
    cabinClass: 'ECONOMY',
    passengers: [{ type: 'ADULT', title: 'Mr', firstName: 'John', lastName: 'Doe', dateOfBirth: '1990-01-01' }],
    contactInfo: { email: 'test@example.com', phone: '+1234567890' },
  },
  accessToken,
);
console.log(booking.pnr);
