//! `/api/v1/bookings`: HTTP in, [`crate::desk`] done, HTTP out.

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::{get, post};

use super::paging::{PageParams, PageRequest};
use super::{Body, Params, Reply};
use crate::app::App;
use crate::auth::Caller;
use crate::desk::{self, BookingChange, NewBooking};
use crate::error::ApiError;
use crate::store::bookings::{self, Booking};

/// The routes, below `/api/v1/bookings`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/", get(list).post(create))
        .route("/my-bookings", get(list_own))
        .route("/pnr/{pnr}", get(by_pnr))
        .route("/{id}", get(by_id).patch(change).delete(cancel))
        .route("/{id}/cancel", post(cancel).patch(cancel))
        .route("/{id}/pay", post(pay))
}

async fn create(
    State(app): State<App>,
    caller: Caller,
    Body(wish): Body<NewBooking>,
) -> Result<Reply<Booking>, ApiError> {
    let booking = app.store.call(move |work| desk::book(work, &caller, wish)).await?;
    Ok(Reply::created(booking, "Booking created"))
}

async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(params): Params<PageParams>,
) -> Result<Reply<Vec<Booking>>, ApiError> {
    let owner = (!caller.role.is_staff()).then_some(caller.id);
    page(&app, owner, &params).await
}

async fn list_own(
    State(app): State<App>,
    caller: Caller,
    Params(params): Params<PageParams>,
) -> Result<Reply<Vec<Booking>>, ApiError> {
    page(&app, Some(caller.id), &params).await
}

async fn page(app: &App, owner: Option<String>, params: &PageParams) -> Result<Reply<Vec<Booking>>, ApiError> {
    let request = PageRequest::read(params)?;
    let listing = request.listing(owner);
    let (rows, total) = app.store.call(move |work| bookings::list(&work.tx, &listing)).await?;
    Ok(Reply::page(rows, request.meta(total), "Bookings found"))
}

async fn by_id(State(app): State<App>, Path(id): Path<String>, caller: Caller) -> Result<Reply<Booking>, ApiError> {
    let booking = app.store.call(move |work| desk::find(work, &caller, &id)).await?;
    Ok(Reply::new(booking, "Booking found"))
}

async fn by_pnr(State(app): State<App>, Path(pnr): Path<String>, caller: Caller) -> Result<Reply<Booking>, ApiError> {
    let booking = app.store.call(move |work| desk::find_by_pnr(work, &caller, &pnr)).await?;
    Ok(Reply::new(booking, "Booking found"))
}

async fn change(
    State(app): State<App>,
    Path(id): Path<String>,
    caller: Caller,
    Body(change): Body<BookingChange>,
) -> Result<Reply<Booking>, ApiError> {
    let booking = app.store.call(move |work| desk::change(work, &caller, &id, change)).await?;
    Ok(Reply::new(booking, "Booking updated"))
}

async fn cancel(State(app): State<App>, Path(id): Path<String>, caller: Caller) -> Result<Reply<Booking>, ApiError> {
    let booking = app.store.call(move |work| desk::cancel(work, &caller, &id)).await?;
    Ok(Reply::new(booking, "Booking cancelled"))
}

async fn pay(State(app): State<App>, Path(id): Path<String>, caller: Caller) -> Result<Reply<Booking>, ApiError> {
    let booking = app.store.call(move |work| desk::pay(work, &caller, &id)).await?;
    Ok(Reply::new(booking, "Booking paid and confirmed"))
}
