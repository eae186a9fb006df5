//! Booking rules: the allowed changes of bookings and flights, and the events that they cause.
//!
//! Each function runs inside one transaction and appends its events in it: both are committed, or neither.

mod check;

use rand::Rng;
use serde::Deserialize;
use uuid::Uuid;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::events;
use crate::money::{CURRENCY, Cents};
use crate::store::bookings::{BookingRecord, ContactInfo, Passenger};
use crate::store::flights::FlightRecord;
use crate::store::{GatewayStoreError, UnitOfWork, bookings as booking_table, flights as flight_table};

/// Characters of a PNR; easily confused ones are left out.
const PNR_ALPHABET: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const PNR_LENGTH: usize = 6;

/// The guide's body of `POST /api/v1/bookings`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewBooking {
    flight_id: String,
    cabin_class: String,
    passengers: Vec<Passenger>,
    contact_info: ContactInfo,
}

/// What `PATCH /api/v1/bookings/:id` may change. A missing field stays as it is.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BookingPatch {
    passengers: Option<Vec<Passenger>>,
    contact_info: Option<ContactInfo>,
}

/// Books a flight for the caller: `booking:created`.
pub fn book(work: &mut UnitOfWork<'_>, caller: &Caller, new_booking: NewBooking) -> Result<BookingRecord, ApiError> {
    let class = check::cabin_class(&new_booking.cabin_class)?;
    check::passengers(&new_booking.passengers, work.now)?;
    check::contact(&new_booking.contact_info)?;
    let flight = flight_table::by_id(&work.tx, &new_booking.flight_id)?.ok_or(ApiError::NotFound("Flight"))?;
    if !matches!(flight.status.as_str(), flight_table::SCHEDULED | flight_table::DELAYED) {
        return Err(ApiError::Conflict("This flight cannot be booked any more".to_owned()));
    }
    let passengers = i64::try_from(new_booking.passengers.len()).expect("the number of passengers was checked");
    let booking = BookingRecord {
        id: Uuid::new_v4().to_string(),
        pnr: free_pnr(work)?,
        status: booking_table::PENDING.to_owned(),
        user_id: caller.id.clone(),
        flight_id: flight.id.clone(),
        total_price: Cents(flight.price.0 * class.fare_percent / 100 * passengers),
        flight: flight.into(),
        passengers: new_booking.passengers,
        contact_info: new_booking.contact_info,
        cabin_class: class.name.to_owned(),
        currency: CURRENCY,
        created_at: work.now,
        updated_at: work.now,
        confirmed_at: None,
        cancelled_at: None,
    };
    booking_table::insert(&work.tx, &booking)?;
    work.append(&events::booking_created(&booking, work.now)?)?;
    Ok(booking)
}

/// The booking of an id, when the caller may see it.
pub fn find(work: &UnitOfWork<'_>, caller: &Caller, id: &str) -> Result<BookingRecord, ApiError> {
    visible(booking_table::by_id(&work.tx, id), caller)
}

/// The booking of a PNR, when the caller may see it.
pub fn find_by_pnr(work: &UnitOfWork<'_>, caller: &Caller, pnr: &str) -> Result<BookingRecord, ApiError> {
    visible(booking_table::by_pnr(&work.tx, pnr), caller)
}

/// Changes travelers' details or the contact: `booking:updated`.
pub fn change(
    work: &mut UnitOfWork<'_>,
    caller: &Caller,
    id: &str,
    change: BookingPatch,
) -> Result<BookingRecord, ApiError> {
    let mut booking = find(work, caller, id)?;
    if !matches!(booking.status.as_str(), booking_table::PENDING | booking_table::CONFIRMED) {
        return Err(conflict(&booking, "changed"));
    }
    if change.passengers.is_none() && change.contact_info.is_none() {
        return Err(ApiError::BadRequest("Nothing to change: give contactInfo or passengers".to_owned()));
    }
    if let Some(passengers) = change.passengers {
        check::passengers(&passengers, work.now)?;
        if passengers.len() != booking.passengers.len() {
            return Err(ApiError::BadRequest("The number of passengers cannot be changed".to_owned()));
        }
        booking.passengers = passengers;
    }
    if let Some(contact) = change.contact_info {
        check::contact(&contact)?;
        booking.contact_info = contact;
    }
    booking.updated_at = work.now;
    booking_table::update(&work.tx, &booking)?;
    work.append(&events::booking_updated(&booking, work.now)?)?;
    Ok(booking)
}

/// Cancels a booking: `booking:cancelled`. A second time is a conflict.
pub fn cancel(work: &mut UnitOfWork<'_>, caller: &Caller, id: &str) -> Result<BookingRecord, ApiError> {
    let mut booking = find(work, caller, id)?;
    if !matches!(booking.status.as_str(), booking_table::PENDING | booking_table::CONFIRMED) {
        return Err(conflict(&booking, "cancelled"));
    }
    booking.status = booking_table::CANCELLED.to_owned();
    booking.cancelled_at = Some(work.now);
    booking.updated_at = work.now;
    booking_table::update(&work.tx, &booking)?;
    work.append(&events::booking_cancelled(&booking, work.now)?)?;
    Ok(booking)
}

/// Pays a pending booking: `payment:completed`, then `booking:confirmed`.
pub fn pay(work: &mut UnitOfWork<'_>, caller: &Caller, id: &str) -> Result<BookingRecord, ApiError> {
    let mut booking = find(work, caller, id)?;
    if booking.status != booking_table::PENDING {
        return Err(conflict(&booking, "paid"));
    }
    let (payment_id, payment_status) = (Uuid::new_v4().to_string(), "SUCCEEDED");
    booking_table::insert_payment(&work.tx, &payment_id, &booking.id, booking.total_price, payment_status, work.now)?;
    booking.status = booking_table::CONFIRMED.to_owned();
    booking.confirmed_at = Some(work.now);
    booking.updated_at = work.now;
    booking_table::update(&work.tx, &booking)?;
    work.append(&events::payment_completed(&booking, &payment_id, payment_status, work.now)?)?;
    work.append(&events::booking_confirmed(&booking, work.now)?)?;
    Ok(booking)
}

/// Sets a flight's status: `flight:status-changed`, unless it is the same.
pub fn set_flight_status(work: &mut UnitOfWork<'_>, id: &str, status: &str) -> Result<FlightRecord, ApiError> {
    let status = check::flight_status(status)?;
    let mut flight = flight_table::by_id(&work.tx, id)?.ok_or(ApiError::NotFound("Flight"))?;
    if flight.status == status {
        return Ok(flight);
    }
    flight_table::set_status(&work.tx, id, status)?;
    let old_status = std::mem::replace(&mut flight.status, status.to_owned());
    let active_bookings = booking_table::active_on_flight(&work.tx, id)?;
    work.append(&events::flight_status_changed(&flight, &old_status, active_bookings, work.now)?)?;
    Ok(flight)
}

/// Hides a booking that the caller may not see behind the same 404 as a missing one, so that ids cannot be probed.
fn visible(
    found: Result<Option<BookingRecord>, GatewayStoreError>,
    caller: &Caller,
) -> Result<BookingRecord, ApiError> {
    found?.filter(|booking| caller.may_handle(&booking.user_id)).ok_or(ApiError::NotFound("Booking"))
}

fn conflict(booking: &BookingRecord, done: &str) -> ApiError {
    ApiError::Conflict(format!("A booking that is {} cannot be {done}", booking.status))
}

fn free_pnr(work: &UnitOfWork<'_>) -> Result<String, ApiError> {
    let mut random = rand::rng();
    loop {
        let letters = (0..PNR_LENGTH).map(|_| PNR_ALPHABET[random.random_range(0..PNR_ALPHABET.len())]);
        let pnr: String = letters.map(char::from).collect();
        if !booking_table::pnr_exists(&work.tx, &pnr)? {
            return Ok(pnr);
        }
    }
}
