//! Socket.IO event names: those of a socket's own requests and answers, and the channels of the guide.

pub const CONNECTED: &str = "connected";
pub const ERROR: &str = "error";
pub const SUBSCRIBE: &str = "subscribe";
pub const SUBSCRIBED: &str = "subscribed";
pub const UNSUBSCRIBE: &str = "unsubscribe";
pub const UNSUBSCRIBED: &str = "unsubscribed";

pub const BOOKING_CREATED: &str = "booking:created";
pub const BOOKING_CONFIRMED: &str = "booking:confirmed";
pub const BOOKING_CANCELLED: &str = "booking:cancelled";
pub const BOOKING_UPDATED: &str = "booking:updated";
pub const PAYMENT_COMPLETED: &str = "payment:completed";
pub const FLIGHT_STATUS_CHANGED: &str = "flight:status-changed";
