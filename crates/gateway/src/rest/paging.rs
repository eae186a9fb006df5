//! Pages: `page`, `limit`, `sortBy`, `sortOrder`, and the `meta` that comes back.

use serde::{Deserialize, Serialize};

use crate::error::ApiError;
use crate::store::bookings::{BookingQuery, BookingSort};

/// Rows of a page when the caller does not say.
const LIMIT_DEFAULT: u32 = 20;

/// Rows of a page at most.
const LIMIT_MAX: u32 = 100;

/// What a listing's query may carry.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageParams {
    page: Option<u32>,
    limit: Option<u32>,
    sort_by: Option<String>,
    sort_order: Option<String>,
}

/// Where in the whole a page lies.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PaginationMeta {
    page: u32,
    limit: u32,
    total: u64,
    total_pages: u64,
}

/// A query that was understood.
pub struct PageRequest {
    page: u32,
    limit: u32,
    sort: BookingSort,
    descending: bool,
}

impl PageRequest {
    /// Reads a query; the newest bookings first when it does not say.
    ///
    /// # Errors
    /// [`ApiError::BadRequest`] names the parameter.
    pub fn read(params: &PageParams) -> Result<Self, ApiError> {
        let bad = |message: &str| ApiError::BadRequest(message.to_owned());
        let page = params.page.unwrap_or(1);
        let limit = params.limit.unwrap_or(LIMIT_DEFAULT);
        if page == 0 {
            return Err(bad("page starts at 1"));
        }
        if !(1..=LIMIT_MAX).contains(&limit) {
            return Err(bad("limit has to lie between 1 and 100"));
        }
        let sort = params.sort_by.as_deref().map_or(Some(BookingSort::CreatedAt), BookingSort::by_name);
        let sort = sort.ok_or_else(|| {
            bad("sortBy has to be one of createdAt, updatedAt, departureTime, totalPrice, status and pnr")
        })?;
        let descending = match params.sort_order.as_deref().map(str::to_ascii_uppercase).as_deref() {
            None | Some("DESC") => true,
            Some("ASC") => false,
            Some(_) => return Err(bad("sortOrder has to be ASC or DESC")),
        };
        Ok(Self { page, limit, sort, descending })
    }

    /// The rows to ask the store for.
    pub fn booking_query(&self, owner: Option<String>) -> BookingQuery {
        let offset = u64::from(self.page - 1) * u64::from(self.limit);
        BookingQuery { owner, sort: self.sort, descending: self.descending, limit: self.limit, offset }
    }

    /// The `meta` of the answer.
    pub fn meta(&self, total: u64) -> PaginationMeta {
        let total_pages = total.div_ceil(u64::from(self.limit));
        PaginationMeta { page: self.page, limit: self.limit, total, total_pages }
    }
}
