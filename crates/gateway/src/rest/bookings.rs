//! `/api/v1/bookings`: HTTP in, [`crate::bookings`] done, HTTP out.

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::{get, post};

use super::http::{JsonBody, QueryParams, SuccessResponse};
use super::paging::{PageParams, PageRequest};
use crate::auth::Caller;
use crate::bookings::{self, BookingPatch, NewBooking};
use crate::error::ApiError;
use crate::state::AppState;
use crate::store::bookings::{self as booking_table, BookingRecord};

/// The routes, below `/api/v1/bookings`.
pub fn router() -> Router<AppState> {
    Router::new()
        .route("/", get(list).post(create))
        .route("/my-bookings", get(list_own))
        .route("/pnr/{pnr}", get(by_pnr))
        .route("/{id}", get(by_id).patch(change).delete(cancel))
        .route("/{id}/cancel", post(cancel).patch(cancel))
        .route("/{id}/pay", post(pay))
}

async fn create(
    State(app): State<AppState>,
    caller: Caller,
    JsonBody(new_booking): JsonBody<NewBooking>,
) -> Result<SuccessResponse<BookingRecord>, ApiError> {
    let booking = app.store.call(move |work| bookings::book(work, &caller, new_booking)).await?;
    Ok(SuccessResponse::created(booking, "Booking created"))
}

async fn list(
    State(app): State<AppState>,
    caller: Caller,
    QueryParams(params): QueryParams<PageParams>,
) -> Result<SuccessResponse<Vec<BookingRecord>>, ApiError> {
    let owner = (!caller.role.is_staff()).then_some(caller.id);
    page(&app, owner, &params).await
}

async fn list_own(
    State(app): State<AppState>,
    caller: Caller,
    QueryParams(params): QueryParams<PageParams>,
) -> Result<SuccessResponse<Vec<BookingRecord>>, ApiError> {
    page(&app, Some(caller.id), &params).await
}

async fn page(
    app: &AppState,
    owner: Option<String>,
    params: &PageParams,
) -> Result<SuccessResponse<Vec<BookingRecord>>, ApiError> {
    let request = PageRequest::read(params)?;
    let booking_query = request.booking_query(owner);
    let (rows, total) = app.store.call(move |work| booking_table::list(&work.tx, &booking_query)).await?;
    Ok(SuccessResponse::page(rows, request.meta(total), "Bookings found"))
}

async fn by_id(
    State(app): State<AppState>,
    Path(id): Path<String>,
    caller: Caller,
) -> Result<SuccessResponse<BookingRecord>, ApiError> {
    let booking = app.store.call(move |work| bookings::find(work, &caller, &id)).await?;
    Ok(SuccessResponse::new(booking, "Booking found"))
}

async fn by_pnr(
    State(app): State<AppState>,
    Path(pnr): Path<String>,
    caller: Caller,
) -> Result<SuccessResponse<BookingRecord>, ApiError> {
    let booking = app.store.call(move |work| bookings::find_by_pnr(work, &caller, &pnr)).await?;
    Ok(SuccessResponse::new(booking, "Booking found"))
}

async fn change(
    State(app): State<AppState>,
    Path(id): Path<String>,
    caller: Caller,
    JsonBody(change): JsonBody<BookingPatch>,
) -> Result<SuccessResponse<BookingRecord>, ApiError> {
    let booking = app.store.call(move |work| bookings::change(work, &caller, &id, change)).await?;
    Ok(SuccessResponse::new(booking, "Booking updated"))
}

async fn cancel(
    State(app): State<AppState>,
    Path(id): Path<String>,
    caller: Caller,
) -> Result<SuccessResponse<BookingRecord>, ApiError> {
    let booking = app.store.call(move |work| bookings::cancel(work, &caller, &id)).await?;
    Ok(SuccessResponse::new(booking, "Booking cancelled"))
}

async fn pay(
    State(app): State<AppState>,
    Path(id): Path<String>,
    caller: Caller,
) -> Result<SuccessResponse<BookingRecord>, ApiError> {
    let booking = app.store.call(move |work| bookings::pay(work, &caller, &id)).await?;
    Ok(SuccessResponse::new(booking, "Booking paid and confirmed"))
}
