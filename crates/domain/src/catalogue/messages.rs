//! Every message of the catalogues, with its arguments. What they mean is said in `locales/en.ftl`.

use super::{Argument, say};
use crate::locale::Language;

macro_rules! argument {
    (text, $value:ident) => {
        Argument::Text($value)
    };
    (number, $value:ident) => {
        Argument::Number($value)
    };
    (choice, $value:ident) => {
        Argument::Choice($value)
    };
}

macro_rules! argument_type {
    (text) => { &str };
    (number) => { u64 };
    (choice) => { &'static str };
}

/// Declares a function for each message, and for the tests a list of them.
macro_rules! messages {
    ($($name:ident($($argument:ident: $kind:ident),*);)+) => {
        $(
            pub(crate) fn $name(language: Language, $($argument: argument_type!($kind)),*) -> String {
                say(language, stringify!($name), &[$((stringify!($argument), argument!($kind, $argument))),*])
            }
        )+

        /// Name and arguments, each with its kind.
        #[cfg(test)]
        pub(super) const ALL: &[(&str, &[(&str, &str)])] =
            &[$((stringify!($name), &[$((stringify!($argument), stringify!($kind))),*])),+];
    };
}

messages! {
    booking_created(who: choice, pnr: text);
    booking_confirmed(who: choice, pnr: text);
    booking_cancelled(who: choice, pnr: text);
    booking_updated(who: choice, pnr: text);
    booking_updated_to(who: choice, pnr: text, status: text);
    booking_steps(who: choice, pnr: text, steps: text);
    booking_paid_and_confirmed(who: choice, pnr: text, amount: text);
    booking_of(pnr: text);
    passengers(count: number);

    payment(known: choice, amount: text, status: text, words: text);

    flight_name(who: choice, number: text, way: choice, destination: text);
    flight_news(status: text, name: text, words: text);
    flight_was(status: text);
    on_board(count: number);
    departure(tense: choice, when: text);
    clocks(airport: text, place: text, own: text);
    own_clock(own: text);
    weekday_and_time(day: number, time: text);
    date_and_time(day: number, month: number, time: text);
    as_of(time: text);

    state(thing: choice, status: text, words: text);
    step(step: choice);
    step_payment(status: text);

    unreadable_title();
    unreadable_body(channel: text);
    unknown_event_title(channel: text);
    unknown_event_body();

    quiet_updates(count: number);
    masked_booking(who: choice);
    masked_flight(who: choice);
    masked_many(who: choice);
    offline_title(which: choice, flight: text);
    offline_body();
    test_title();
    test_body();
    button_open();
    button_snooze();
    button_mute(thing: choice);

    storm_title(phase: choice, what: text, duration: text);
    storm_title_with_classes(phase: choice, what: text, duration: text, classes: text);
    storm_changes(count: number);
    storm_class(class: choice, count: number);
    storm_more_flights(count: number);
    storm_bookings_hit(count: number);
    seconds(count: number);
    minutes(count: number);
    hours(hours: number);
    hours_and_minutes(hours: number, minutes: number);

    digest_late();
    digest_offline_at(at: text);
    digest_offline(from: text, to: text);
    digest_offline_until(to: text);
    digest_named(list: text);
    digest_more(count: number);
    digest_incomplete();
    digest_reconstructed();
    digest_verified(at: text);
    digest_unknown();
    digest_updates(count: number);
    digest_bookings(count: number);
    digest_flights(count: number);
    digest_both(bookings: number, flights: number);

    why_new_booking();
    why_confirmed();
    why_cancelled();
    why_status_changed();
    why_payment();
    why_payment_trouble();
    why_flight_cancelled();
    why_delay_now();
    why_delay_today();
    why_delay_undated();
    why_delay_desk();
    why_delay_far_off();
    why_delay_past();
    why_back_on_schedule();
    why_flight_changed();
    why_departed();
    why_departed_quietly();
    why_landed();
    why_rule_raised(by: choice, rule: text);
    why_rule_silenced(by: choice, rule: text);
    why_no_status_change();
    why_desk_counted();
    why_unreadable();
    why_toasts_off();
    why_privacy_nothing();
    why_muted();
    why_snoozed();
    why_quiet_hours();
    why_daily_budget();
    why_storm();
    why_flap_told_already();
    why_flap_changed_back();
    why_overtaken();
    why_read_first();
    why_missed();
    why_unshown();
    why_superseded();
    why_toast_failed();
    why_also_rule(rule: text);
    why_merged();

    tray_title(kind: choice, unread: number);
    link_starting();
    link_connecting();
    link_online();
    link_waiting(why: text);
    link_sign_in_needed(why: text);
    link_paused();
    menu_open();
    menu_mark_all_read();
    menu_try_now();
    menu_pause();
    menu_resume();
    menu_quit();

    trouble_no_network();
    trouble_name_unresolved(host: text);
    trouble_nothing_answers(host: text);
    trouble_proxy_unreachable(proxy: text);
    trouble_proxy_sign_in(proxy: text);
    trouble_some_proxy_sign_in();
    trouble_proxy_status(proxy: text, status: number);
    trouble_proxy_mute(proxy: text);
    trouble_proxy_unsupported(proxy: text);
    trouble_not_secured(host: text);
    trouble_certificate(fault: choice, said: text);
    trouble_busy(status: number);
    trouble_sent_on(host: text, elsewhere: text);
    trouble_other_status(host: text, status: number);
    trouble_not_socketio(host: text);
    trouble_refused(said: text);
    trouble_no_answer(stage: choice, host: text);
    trouble_server_ended();
    trouble_closed();
    trouble_lost();
    trouble_silent();
    trouble_too_large(megabytes: number);
    trouble_protocol();
    trouble_not_a_service(host: text);
    trouble_keychain(fault: choice);
    trouble_not_signed_in();
    trouble_token_refused();
    trouble_token_refused_saying(said: text);
    trouble_unsaved(fault: choice);
    trouble_network_changed();
    trouble_unverified(why: text);
    trouble_unwanted();
    trouble_inbox_full();
    trouble_unkept(why: text);
    trouble_toasts(why: text);
    trouble_settings(why: text);
    trouble_rescued(how: choice, path: text);
    trouble_own_fault();
    inbox_fault(fault: choice, why: text);
    toast_fault(fault: choice, why: text);
    handover_title(span: choice, from: text, to: text);
    handover_server(server: text);
    handover_nothing();
    handover_sum(count: number, kinds: text);
    handover_kind(kind: choice, count: number);
    handover_column(column: choice);
    failed_in_a_sentence(what: text);
    failed_sign_in_kept(fault: choice);
    failed_address(fault: choice);
    failed_email();
    failed_file(why: text);
    failed_autostart(why: text);
    failed_no_autostart();
    failed_demo(why: text);
    failed_no_demo();
    failed_stopped();
    failed_ending();
    failed_start();
    server_problem(advice: choice, why: text);
    server_no_websockets(host: text);
    server_plain(host: text);
    way_proxy_address();
    way_proxy_kind();
    way_proxy_password();
    way_bypass(host: text);
    way_ca_unread(path: text, why: text);
    way_ca_empty(path: text);
}
