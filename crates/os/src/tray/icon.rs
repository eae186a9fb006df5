//! Rendering of the tray icon: a departure gate whose door colour shows the state, with the unread count as a badge.
//!
//! Pure. Anti-aliased with 4×4 samples per pixel; readable on dark and light panels, since every shape has an outline.

use domain::connection::ConnectionState;

use super::view::TrayView;

/// Icon sizes that panels request.
pub(super) const SIZES: [usize; 4] = [22, 24, 32, 48];

const SAMPLES: usize = 4;

const INK: Colour = Colour(0xf4, 0xf6, 0xfb);
const OUTLINE: Colour = Colour(0x1b, 0x22, 0x38);
const ONLINE: Colour = Colour(0x2f, 0xc8, 0xa6);
const WAITING: Colour = Colour(0x8b, 0x93, 0xa7);
const ATTENTION: Colour = Colour(0xf2, 0xa6, 0x3b);
const BADGE: Colour = Colour(0xe5, 0x48, 0x4d);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Colour(u8, u8, u8);

/// Pixels of a square icon in ARGB, row by row.
pub(super) fn draw(view: &TrayView, size: usize) -> Vec<u8> {
    let mut argb = Vec::with_capacity(size * size * 4);
    for y in 0..size {
        for x in 0..size {
            argb.extend(pixel(view, x, y, size));
        }
    }
    argb
}

/// Mean of the samples of one pixel.
fn pixel(view: &TrayView, x: usize, y: usize, size: usize) -> [u8; 4] {
    let (mut sum, mut covered) = ([0u32; 3], 0u32);
    for sample in 0..SAMPLES * SAMPLES {
        let at = |pixel: usize, part: usize| (pixel as f32 + (part as f32 + 0.5) / SAMPLES as f32) / size as f32;
        if let Some(Colour(r, g, b)) = sample_at(view, at(x, sample % SAMPLES), at(y, sample / SAMPLES)) {
            sum = [sum[0] + u32::from(r), sum[1] + u32::from(g), sum[2] + u32::from(b)];
            covered += 1;
        }
    }
    let all = (SAMPLES * SAMPLES) as u32;
    let mean = |channel: u32| byte(channel.checked_div(covered).unwrap_or_default());
    [byte(covered * 255 / all), mean(sum[0]), mean(sum[1]), mean(sum[2])]
}

fn byte(value: u32) -> u8 {
    u8::try_from(value).unwrap_or(u8::MAX)
}

/// Colour at a point of the unit square; the badge covers the gate.
fn sample_at(view: &TrayView, x: f32, y: f32) -> Option<Colour> {
    if view.unread > 0 {
        let distance = (x - 0.70).hypot(y - 0.30);
        if distance < 0.30 {
            return Some(if digit_at(view.unread, x, y) { INK } else { BADGE });
        }
        if distance < 0.35 {
            return None;
        }
    }
    let connected = matches!(view.state, ConnectionState::Online { .. });
    let door = match view.state {
        ConnectionState::Online { .. } => ONLINE,
        ConnectionState::SignInNeeded { .. } => ATTENTION,
        _ => WAITING,
    };
    if matches!(view.state, ConnectionState::Paused) && in_bars(x, y) {
        return Some(INK);
    }
    if in_gate(x, y, 0.13) {
        return Some(if connected || !in_gate(x, y, 0.17) { door } else { OUTLINE });
    }
    if in_gate(x, y, 0.0) {
        return Some(INK);
    }
    in_gate(x, y, -0.05).then_some(OUTLINE)
}

/// Whether the point is inside the arch, shrunk by `inset` on each side.
fn in_gate(x: f32, y: f32, inset: f32) -> bool {
    let (radius, centre) = (0.36 - inset, 0.46);
    let bottom = 0.92 - inset.min(0.0);
    if y < centre { (x - 0.5).hypot(y - centre) < radius } else { (x - 0.5).abs() < radius && y < bottom }
}

fn in_bars(x: f32, y: f32) -> bool {
    (0.50..0.78).contains(&y) && ((0.36..0.45).contains(&x) || (0.55..0.64).contains(&x))
}

/// Whether the badge's digit covers the point: 1–9, or a plus sign for more.
fn digit_at(unread: u64, x: f32, y: f32) -> bool {
    /// Three columns, five rows; the highest bit is the upper left cell.
    const DIGITS: [u16; 10] = [
        0b000_010_111_010_000, // +
        0b010_110_010_010_111,
        0b111_001_111_100_111,
        0b111_001_111_001_111,
        0b101_101_111_001_001,
        0b111_100_111_001_111,
        0b111_100_111_101_111,
        0b111_001_010_010_010,
        0b111_101_111_101_111,
        0b111_101_111_001_111,
    ];
    let glyph = DIGITS[usize::try_from(unread).unwrap_or(0) % if unread > 9 { 1 } else { 10 }];
    let (column, row) = (((x - 0.58) / 0.08).floor(), ((y - 0.10) / 0.08).floor());
    if !(0.0..3.0).contains(&column) || !(0.0..5.0).contains(&row) {
        return false;
    }
    let bit = 14 - (row as u16 * 3 + column as u16);
    glyph >> bit & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::connection::{LinkReason, LinkReasonCode};
    use jiff::Timestamp;

    fn view(state: ConnectionState, unread: u64) -> TrayView {
        TrayView { state, unread, demo: false, language: domain::Language::En }
    }

    #[test]
    fn every_state_and_every_count_looks_different() {
        let reason = LinkReason::new(LinkReasonCode::NotSignedIn, "");
        let states = [
            ConnectionState::Online { since: Timestamp::UNIX_EPOCH },
            ConnectionState::Connecting { attempt: 1 },
            ConnectionState::SignInNeeded { reason },
            ConnectionState::Paused,
        ];
        let mut pictures: Vec<_> = states.iter().map(|state| draw(&view(state.clone(), 0), 22)).collect();
        pictures.extend((1..=10).map(|unread| draw(&view(states[0].clone(), unread), 22)));
        let count = pictures.len();
        pictures.sort();
        pictures.dedup();
        assert_eq!(pictures.len(), count);
    }

    #[test]
    fn the_size_is_right_and_the_corners_are_clear() {
        for size in SIZES {
            let argb = draw(&view(ConnectionState::Starting, 0), size);
            assert_eq!(argb.len(), size * size * 4);
            assert_eq!(argb[0], 0, "upper left");
            assert!(argb.chunks(4).any(|pixel| pixel[0] == 255), "something is there");
        }
    }
}
