# English. What a message is for, and what it is held to: docs/TRANSLATING.md.
#
# Each message is called by the function of the same name in src/catalogue/messages.rs, with the same arguments.
# Arguments are plain text and numbers; what comes from a server is cleaned before it gets here, and never read as Fluent.


## Bookings. $who is "named" where $pnr is known, else "yours" for a traveler and "any" at a desk.

booking_created =
    { $who ->
        [named] Booking { $pnr } created
        [yours] A booking of yours was created
       *[any] A booking was created
    }
booking_confirmed =
    { $who ->
        [named] Booking { $pnr } confirmed
        [yours] A booking of yours was confirmed
       *[any] A booking was confirmed
    }
booking_cancelled =
    { $who ->
        [named] Booking { $pnr } cancelled
        [yours] A booking of yours was cancelled
       *[any] A booking was cancelled
    }
booking_updated =
    { $who ->
        [named] Booking { $pnr } updated
        [yours] A booking of yours was updated
       *[any] A booking was updated
    }
# $status is a state, as `state` says it.
booking_updated_to =
    { $who ->
        [named] Booking { $pnr } updated: { $status }
        [yours] A booking of yours was updated: { $status }
       *[any] A booking was updated: { $status }
    }
# $steps is a list, such as "booked, paid, confirmed".
booking_steps =
    { $who ->
        [named] Booking { $pnr }: { $steps }
        [yours] Your booking: { $steps }
       *[any] A booking: { $steps }
    }
booking_paid_and_confirmed =
    { $who ->
        [named] Paid { $amount }, booking { $pnr } confirmed
        [yours] Paid { $amount }, your booking confirmed
       *[any] Paid { $amount }, a booking confirmed
    }
booking_of = Booking { $pnr }
passengers =
    { $count ->
        [one] 1 passenger
       *[other] { $count } passengers
    }

## Payments. $known is "amount" where the amount is known; $words is an unknown status, in words.

payment =
    { $known ->
        [amount]
            { $status ->
                [SUCCEEDED] Payment of { $amount } received
                [FAILED] Payment of { $amount } failed
                [REFUNDED] Payment of { $amount } refunded
                [PARTIALLY_REFUNDED] Payment of { $amount } partly refunded
               *[other] Payment of { $amount }: { $words }
            }
       *[nothing]
            { $status ->
                [SUCCEEDED] Payment received
                [FAILED] Payment failed
                [REFUNDED] Payment refunded
                [PARTIALLY_REFUNDED] Payment partly refunded
               *[other] Payment: { $words }
            }
    }

## Flights

# Begins a title. $who is "named" where $number is known; $way is "known" where $destination is.
flight_name =
    { $who ->
        [named]
            { $way ->
                [known] { $number } to { $destination }
               *[unknown] { $number }
            }
        [yours]
            { $way ->
                [known] Your flight to { $destination }
               *[unknown] Your flight
            }
       *[any]
            { $way ->
                [known] A flight to { $destination }
               *[unknown] A flight
            }
    }
# $name is a `flight_name`.
flight_news =
    { $status ->
        [SCHEDULED] { $name } back on schedule
        [DELAYED] { $name } delayed
        [DEPARTED] { $name } departed
        [IN_FLIGHT] { $name } is in the air
        [LANDED] { $name } landed
        [CANCELLED] { $name } cancelled
       *[other] { $name }: { $words }
    }
# $status is a state, as `state` says it.
flight_was = Was { $status }
on_board =
    { $count ->
        [one] 1 booking on board
       *[other] { $count } bookings on board
    }
# $when is a time, or a day and a time, or `clocks`.
departure =
    { $tense ->
        [delayed] Planned departure { $when }
        [cancelled] Was to depart { $when }
       *[ahead] Departs { $when }
    }
# The same moment at the airport and by the reader's own clock. $place is such as "New York/JFK".
clocks = { $airport } in { $place } ({ $own } here)
# The reader's own clock, where the airport's is not known.
own_clock = { $own } your time
# A day of the coming week; $day is 1 for Monday.
weekday_and_time =
    { $day ->
        [1] Mon
        [2] Tue
        [3] Wed
        [4] Thu
        [5] Fri
        [6] Sat
       *[7] Sun
    } { $time }
# Any other day.
date_and_time =
    { $day } { $month ->
        [1] Jan
        [2] Feb
        [3] Mar
        [4] Apr
        [5] May
        [6] Jun
        [7] Jul
        [8] Aug
        [9] Sep
        [10] Oct
        [11] Nov
       *[12] Dec
    } { $time }
as_of = as of { $time }

## States and steps, as they stand in a list or after a colon. The first letter is made a capital where one begins a part.

# $words is a state that nobody here has heard of, in words.
state =
    { $thing ->
        [flight]
            { $status ->
                [SCHEDULED] scheduled
                [DELAYED] delayed
                [DEPARTED] departed
                [IN_FLIGHT] in flight
                [LANDED] landed
                [CANCELLED] cancelled
               *[other] { $words }
            }
        [payment]
            { $status ->
                [PENDING] pending
                [PROCESSING] processing
               *[other] { $words }
            }
       *[booking]
            { $status ->
                [PENDING] pending
                [CONFIRMED] confirmed
                [CANCELLED] cancelled
                [COMPLETED] completed
                [FAILED] failed
               *[other] { $words }
            }
    }
step =
    { $step ->
        [created] booked
        [confirmed] confirmed
        [paid] paid
        [payment_failed] payment failed
        [refunded] refunded
        [partly_refunded] partly refunded
        [cancelled] cancelled
       *[updated] updated
    }
# A payment in another state.
step_payment = payment { $status }

## Events that cannot be read

unreadable_title = An update could not be read
unreadable_body = The server sent “{ $channel }” in a form that Gatecall does not understand.
unknown_event_title = New kind of event: { $channel }
unknown_event_body = This version of Gatecall does not know it. It is kept as it came.

## Toasts

quiet_updates =
    { $count ->
        [one] (+1 quiet update)
       *[other] (+{ $count } quiet updates)
    }
# Where toasts may not say more. $who is "yours" for a traveler and "any" at a desk.
masked_booking =
    { $who ->
        [yours] Your booking changed
       *[any] A booking changed
    }
masked_flight =
    { $who ->
        [yours] Your flight changed
       *[any] A flight changed
    }
masked_many =
    { $who ->
        [yours] Several of your bookings changed
       *[any] Several bookings changed
    }
# A link that is down for minutes, with a trip ahead. $which is "named" where the flight may be named, else "any".
offline_title =
    { $which ->
        [named] No connection: news about { $flight } cannot reach you
       *[any] No connection: news about your trip cannot reach you
    }
offline_body = Gatecall keeps trying
test_title = Notifications work
test_body = This is what Gatecall's toasts look like. Click it, to see whether clicks come through.
button_open = Open
button_snooze = Snooze 1 h
button_mute =
    { $thing ->
        [flight] Mute this flight
       *[booking] Mute this booking
    }

## Many at once

# $what is `storm_changes` or `storm_class`, $duration one of the durations; $phase is "over" in the summary.
storm_title =
    { $phase ->
        [over] Over: { $what } in { $duration }
       *[now] { $what } in { $duration }
    }
# $classes is a list of `storm_class`.
storm_title_with_classes =
    { $phase ->
        [over] Over: { $what } in { $duration }: { $classes }
       *[now] { $what } in { $duration }: { $classes }
    }
storm_changes =
    { $count ->
        [one] 1 change
       *[other] { $count } changes
    }
# "cancellations" stands alone, the others may stand in a list.
storm_class =
    { $class ->
        [cancellations]
            { $count ->
                [one] 1 cancellation
               *[other] { $count } cancellations
            }
        [bookings_cancelled]
            { $count ->
                [one] 1 booking cancelled
               *[other] { $count } bookings cancelled
            }
        [flights_cancelled]
            { $count ->
                [one] 1 flight cancelled
               *[other] { $count } flights cancelled
            }
        [flights_delayed]
            { $count ->
                [one] 1 flight delayed
               *[other] { $count } flights delayed
            }
       *[others]
            { $count ->
                [one] 1 other change
               *[other] { $count } other changes
            }
    }
storm_more_flights =
    { $count ->
        [one] 1 more flight
       *[other] { $count } more flights
    }
storm_bookings_hit =
    { $count ->
        [one] 1 booking affected
       *[other] { $count } bookings affected
    }
# Abbreviations: they have no plural.
seconds = { $count } s
minutes = { $count } min
hours = { $hours } h
hours_and_minutes = { $hours } h { $minutes } min

## After a time without a link. Each is a sentence of the same paragraph.

digest_late = The updates came late.
digest_offline_at = Offline at { $at }.
digest_offline = Offline { $from }–{ $to }.
digest_offline_until = Offline until { $to }.
# $list is a list of titles, and perhaps `digest_more`.
digest_named = { $list }.
digest_more = { $count } more
digest_incomplete = Older events may be missing.
digest_reconstructed = What changed and changed back is not known.
digest_verified = Verified at { $at }.

## Its title

digest_unknown = Some events may have been missed
digest_updates =
    { $count ->
        [one] 1 update while you were away
       *[other] { $count } updates while you were away
    }
digest_bookings = { $count } of your bookings changed
digest_flights = { $count } of your flights changed
digest_both =
    { $bookings ->
        [one] 1 booking
       *[other] { $bookings } bookings
    } and { $flights ->
        [one] 1 flight
       *[other] { $flights } flights
    } changed

## Why an event came to its outcome: one sentence each.

why_new_booking = A new booking.
why_confirmed = A booking was confirmed.
why_cancelled = A cancellation always reaches you.
why_status_changed = The status of a booking changed.
why_payment = A payment was received.
why_payment_trouble = A payment failed or was returned.
why_flight_cancelled = A cancelled flight always reaches you.
why_delay_now = A delay less than 3 hours before departure.
why_delay_today = A delay on the day of departure.
why_delay_undated = A delay; the departure time is not known here.
why_delay_desk = A delayed flight, once for all its bookings.
why_delay_far_off = A delay more than a day before departure stays in the inbox.
why_delay_past = The flight left long ago.
why_back_on_schedule = The flight is back on schedule.
why_flight_changed = The status of a flight changed.
why_departed = The toast about the flight was there, and says so now.
why_departed_quietly = Under way: no toast, unless one about the flight is still there.
why_landed = The flight has landed.
# $by is "named" where $rule is known.
why_rule_raised =
    { $by ->
        [named] Your rule “{ $rule }” asks for a toast.
       *[some] A rule of yours asks for a toast.
    }
why_rule_silenced =
    { $by ->
        [named] Your rule “{ $rule }” silences it.
       *[some] A rule of yours silences it.
    }
why_no_status_change = An update without a change of status stays in the inbox.
why_desk_counted = Such events are only counted at the desk.
why_unreadable = This version of Gatecall cannot read the event, so it stays in the inbox.
why_toasts_off = Toasts are switched off.
why_privacy_nothing = Toasts may say nothing, so none is shown.
why_muted = This booking or flight is muted.
why_snoozed = Snoozed: you are told where it stands when the snooze is over.
why_quiet_hours = It came in your quiet hours.
why_daily_budget = There were 3 toasts about it within a day: the rest stays in the inbox.
why_storm = Many came at once: told with others in one toast.
why_flap_told_already = It went back to what you were told last.
why_flap_changed_back = It did not last: it changed back before you were told.
why_overtaken = A newer state came before this one was told.
why_read_first = It was read before it was told.
why_missed = It happened while Gatecall was not connected, and is told in one digest.
why_unshown = Gatecall ended before its toast was shown; it is told in a digest.
why_superseded = A newer state was known already when it came.
why_toast_failed = The notification service of the desktop did not show the toast.
# Another sentence after one of the above.
why_also_rule = Your rule “{ $rule }” asked for it, too.
why_merged = Told by the toast that was there already.

## The tray

tray_title =
    { $kind ->
        [demo]
            { $unread ->
                [0] Gatecall demo: nothing unread
               *[other] Gatecall demo: { $unread } unread
            }
       *[real]
            { $unread ->
                [0] Gatecall: nothing unread
               *[other] Gatecall: { $unread } unread
            }
    }
link_starting = Starting
link_connecting = Connecting
link_online = Online
# $why is a sentence without its full stop.
link_waiting = Offline: { $why }
link_sign_in_needed = Sign-in needed: { $why }
link_paused = Paused
menu_open = Open Gatecall
menu_mark_all_read = Mark all read
menu_try_now = Try now
menu_pause = Pause
menu_resume = Resume
menu_quit = Quit

## Why there is no connection: sentences without a full stop, since they stand after a colon, too.

trouble_no_network = No network
trouble_name_unresolved = The name { $host } cannot be resolved
trouble_nothing_answers = Nothing answers at { $host }
trouble_proxy_unreachable = The proxy { $proxy } cannot be reached
trouble_proxy_sign_in = The proxy { $proxy } asks for a sign-in
trouble_some_proxy_sign_in = The proxy asks for a sign-in
trouble_proxy_status = The proxy { $proxy } answered with HTTP status { $status }
trouble_proxy_mute = The proxy { $proxy } does not answer as a proxy
trouble_proxy_unsupported = The proxy { $proxy } is of a kind that is not supported
trouble_not_secured = The connection to { $host } cannot be secured
trouble_certificate =
    { $fault ->
        [expired] Certificate not trusted: it has expired
        [not_valid_yet] Certificate not trusted: it is not valid yet. Is this computer's clock right?
        [other_name] Certificate not trusted: it is made out to another name
        [unknown_issuer] Certificate not trusted: nobody here knows who issued it
        [revoked] Certificate not trusted: it has been revoked
       *[other] Certificate not trusted: { $said }
    }
trouble_busy = The server is busy (HTTP { $status })
trouble_sent_on = { $host } sends us on to { $elsewhere }. Is the address right?
trouble_other_status = { $host } answers with HTTP { $status } instead of a connection
trouble_not_socketio = { $host } does not speak Socket.IO
trouble_refused = The server refused the connection: { $said }
trouble_no_answer =
    { $stage ->
        [name] No answer from { $host } while looking up the name
        [opening] No answer from { $host } while opening the connection
        [proxy] No answer from { $host } while waiting for the proxy
        [securing] No answer from { $host } while securing the connection
        [websocket] No answer from { $host } while asking for the WebSocket
        [greeting] No answer from { $host } while waiting for the server's greeting
        [namespace] No answer from { $host } while waiting for the namespace
       *[any] No answer from { $host } in time
    }
trouble_server_ended = The server ended the connection
trouble_closed = The connection was closed
trouble_lost = The connection was lost
trouble_silent = The server fell silent
trouble_too_large = The server sent a message of { $megabytes } MB, more than Gatecall takes
trouble_protocol = The server sent something that is not Socket.IO
trouble_not_a_service = { $host } does not answer as a booking service
trouble_keychain =
    { $fault ->
        [locked] The keychain is locked
        [denied] The keychain denies access to the sign-in
        [away] No keychain answers, so the sign-in cannot be read
       *[silent] The keychain does not answer
    }
trouble_not_signed_in = Nobody is signed in
trouble_token_refused = The server no longer accepts the sign-in
trouble_token_refused_saying = The server no longer accepts the sign-in: { $said }
trouble_unsaved =
    { $fault ->
        [locked] Signed in for this session only: the keychain is locked.
        [denied] Signed in for this session only: the keychain denied access.
        [away] Signed in for this session only: no keychain answers.
       *[silent] Signed in for this session only: the keychain did not answer in time.
    }
trouble_network_changed = The network changed
trouble_unverified = What happened while offline is not verified yet: { $why }.
trouble_unwanted = it was stopped
trouble_inbox_full = New events cannot be kept, so none are taken
# From here to the rescue whole sentences. $why is what the system or the library said.
trouble_unkept = New events cannot be kept: { $why }.
trouble_toasts = Toasts are not shown: { $why }.
trouble_settings = Settings cannot be saved: { $why }.
# $how is "copy" where a good copy took the place of the damaged file, else "anew".
trouble_rescued =
    { $how ->
        [copy] The inbox was damaged: the last good copy took its place, and what came since is fetched again as far as the server knows it. The damaged file is kept at { $path }.
       *[anew] The inbox was damaged: it begins anew; older events may be missing. The damaged file is kept at { $path }.
    }
trouble_own_fault = Something in Gatecall failed
# These two stand after a colon, and alone. $why is what the system or a library said.
inbox_fault =
    { $fault ->
        [newer] The inbox was written by a newer Gatecall; update this one
        [damaged] The inbox is damaged
        [unwritten] The inbox cannot be written: { $why }
        [unread] The inbox cannot be read: { $why }
       *[unopened] The inbox cannot be opened: { $why }
    }
toast_fault =
    { $fault ->
        [away] Toasts are not available here: { $why }
        [refused] The notification service refuses toasts: { $why }
       *[silent] The notification service does not answer
    }

## Why something that a person asked for did not work. Whole sentences; $why is what the system or a library said.

# $what is one of the sentences above.
failed_in_a_sentence = { $what }.
failed_sign_in_kept =
    { $fault ->
        [locked] Signed out, but the keychain is locked. Unlock it, and delete its entry for app.gatecall.Gatecall yourself.
        [denied] Signed out, but the keychain denies access. Delete its entry for app.gatecall.Gatecall yourself.
        [away] Signed out, but no keychain answers. If it comes back, look for an entry for app.gatecall.Gatecall and delete it.
       *[silent] Signed out, but the keychain does not answer. Look there for an entry for app.gatecall.Gatecall and delete it.
    }
failed_address =
    { $fault ->
        [scheme] Start the address with https:// or http:// instead.
        [extras] The address may not carry a user name, a password, a query or a fragment.
       *[not_a_url] This is not a web address. Enter one such as https://fly.example, or ask whoever runs the service.
    }
failed_email = Enter the e-mail address that you use with the booking service.
failed_file = The file could not be written: { $why }.
failed_autostart = The start with the session could not be read or changed: { $why }.
failed_no_autostart = This Gatecall cannot be started by the session.
failed_demo = The demo cannot be opened: { $why }.
failed_no_demo = This Gatecall has no demo to open.
failed_stopped = It was stopped.
failed_ending = Gatecall is ending.
# The title of a toast.
failed_start = Gatecall could not start

## A file of the inbox to hand over to another person

handover_title =
    { $span ->
        [between] Gatecall inbox: { $from } to { $to }
        [since] Gatecall inbox: since { $from }
        [until] Gatecall inbox: until { $to }
       *[all] Gatecall inbox: everything
    }
handover_server = Server: { $server }
handover_nothing = No notifications.
# $kinds is a list of `handover_kind`.
handover_sum =
    { $count ->
        [one] 1 notification ({ $kinds }).
       *[other] { $count } notifications ({ $kinds }).
    }
handover_kind =
    { $kind ->
        [booked] { $count } booked
        [confirmed] { $count } confirmed
        [changed] { $count } changed
        [cancelled] { $count } cancelled
        [flights]
            { $count ->
                [one] 1 flight change
               *[other] { $count } flight changes
            }
        [payments]
            { $count ->
                [one] 1 payment
               *[other] { $count } payments
            }
       *[others] { $count } other
    }
# "done" is the heading, and stands in the lines of those that are.
handover_column =
    { $column ->
        [time] Time
        [flight] Flight
        [booking] Booking
        [what] What
        [status] Status
       *[done] Done
    }

## A server that is looked at before somebody signs in there. Whole sentences.

# $why is one of the sentences above.
server_problem =
    { $advice ->
        [unreachable] { $why }. Check the address, and that this computer has a network.
        [proxy] { $why }. Check the proxy in the network settings.
        [certificate] { $why }. Ask whoever runs the server, or name its certificate authority in the network settings.
        [not_secured] { $why }. Ask whoever runs the server whether the address begins with https.
        [busy] { $why }. Try again in a minute.
       *[not_a_service] { $why }. Check the address, or ask whoever runs the server.
    }
server_no_websockets = { $host } answers, but something on the way lets no WebSockets through, which Gatecall needs. Ask whoever runs the network or the proxy.
server_plain = What goes to { $host }, the password too, can be read on the way. Ask whoever runs the server for an address that begins with https.

## The way to the server, as somebody edits it. Whole sentences.

way_proxy_address = This is not the address of a proxy. Enter one such as http://proxy.example:3128, or choose another way.
way_proxy_kind = Only http and https proxies can be used. Start the address with http:// or https:// instead.
way_proxy_password = This is another proxy than before. Type its password again.
way_bypass = { $host } is no host. Give names, addresses, or networks such as 10.0.0.0/8.
way_ca_unread = { $path } cannot be read: { $why }. Choose a file with certificates that you may read.
way_ca_empty = { $path } holds no certificate in PEM form. Choose another file, or none.
