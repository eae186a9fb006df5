# English: the original of what the window says. docs/TRANSLATING.md tells how this file is written.
#
# inbox-fresh is words.inbox.fresh in the program. Arguments come in the order in which a message first names them, or in
# which the comment above it does. Text between backticks is set as code.

## common

common-close = Close
common-cancel = Cancel
common-dismiss = Dismiss
common-undo = Undo
common-undone = Undone
common-tooLate = Too late to undo
common-tooLateLong = Too late: this can no longer be undone.
common-tryAgain = Try again
common-unexpected = Something unexpected went wrong.
common-outside = This page belongs into the Gatecall window.
common-notRunning = Gatecall is not running.
common-reconnects = This window connects again by itself.

## time

time-now = now
time-today = Today
time-yesterday = Yesterday
time-seconds = { NUMBER($count) } s
time-minutes = { NUMBER($count) } min
time-hours = { NUMBER($count) } h

## days

days-monday = Monday
days-tuesday = Tuesday
days-wednesday = Wednesday
days-thursday = Thursday
days-friday = Friday
days-saturday = Saturday
days-sunday = Sunday

## kinds

kinds-bookingCreated = Booking created
kinds-bookingConfirmed = Booking confirmed
kinds-bookingUpdated = Booking changed
kinds-bookingCancelled = Booking cancelled
kinds-flightStatus = Flight status
kinds-paymentCompleted = Payment
kinds-unknown = Unknown events

## states

states-flight-SCHEDULED = Scheduled
states-flight-DELAYED = Delayed
states-flight-DEPARTED = Departed
states-flight-IN_FLIGHT = In flight
states-flight-LANDED = Landed
states-flight-CANCELLED = Cancelled
states-booking-PENDING = Pending
states-booking-CONFIRMED = Confirmed
states-booking-CANCELLED = Cancelled
states-booking-COMPLETED = Completed
states-booking-FAILED = Failed
states-payment-PENDING = Pending
states-payment-PROCESSING = Processing
states-payment-SUCCEEDED = Succeeded
states-payment-FAILED = Failed
states-payment-REFUNDED = Refunded
states-payment-PARTIALLY_REFUNDED = Partially refunded

## tones

tones-accent = Violet
tones-good = Green
tones-warn = Amber
tones-bad = Red
tones-info = Blue
tones-teal = Teal
tones-calm = Grey

## connection

connection-name = Connection: { $label }
connection-starting = Starting…
connection-startingLong = Gatecall has just started.
connection-connecting = Connecting…
connection-firstAttempt = One moment, please.
connection-attempt = This is attempt { NUMBER($count) }. Gatecall never gives up.
connection-online = Online
connection-confirmed = The server has confirmed the connection at { $at }.
connection-waiting = Waiting · next try in { $span }
connection-waitingNow = Waiting · trying now
connection-signedOut = Not signed in
connection-signInAgain = Sign in again
connection-paused = Paused
connection-pausedLong = Gatecall is not listening until you resume it.
connection-down = Not running
connection-server = Server
connection-joined = Also listening to
connection-refused = Refused by the server
connection-resume = Resume
connection-signIn = Sign in…
connection-reconnect = Reconnect now

## desk

desk-name = Watch every booking
desk-what = New, confirmed and cancelled bookings and the status of every flight. Other changes of a booking, and payments, are told to its traveler only.
desk-joined = Joined
desk-requested = Asked, not confirmed
desk-refused = Refused by the server

## header

header-unread = unread
header-unreadCount = { NUMBER($count) } unread
header-demo = Demo
header-settings = Notification settings

## account

account-name = Account: { $email }
account-settings = Notifications…
account-shortcuts = Keyboard shortcuts
account-pause = Pause notifications
account-resume = Resume notifications
account-signOut = Sign out…
account-signOutTitle = Sign out?
account-signOutText = Gatecall stops listening to { $server } and forgets this sign-in. You will hear nothing more until somebody signs in again.
account-wipe = Also delete the history on this machine
account-wiped =
    { $count ->
        [one] 1 notification; this cannot be undone
       *[other] { $count } notifications; this cannot be undone
    }
account-confirm = Sign out
account-confirmWipe = Sign out and delete

## inbox

inbox-name = Inbox
inbox-list = Notifications
inbox-show = Show
inbox-all = All
inbox-unread = Unread
inbox-markAll = Mark all read
inbox-clearAll = Clear all
inbox-failed = The inbox cannot be shown
inbox-caughtUp = All caught up
inbox-caughtUpLong = You have read everything there is.
inbox-quiet = All quiet
inbox-quietOffline = Nothing has arrived yet, and nothing can arrive until Gatecall is online.
inbox-quietSince = Gatecall is listening since { $at }. You will know the moment something happens to your flights and bookings.
inbox-more = Loading older notifications…
inbox-end = That is everything.
inbox-fresh = { NUMBER($count) } new
inbox-arrived = New: { $title }
inbox-arrivedMany =
    { $count ->
        [one] 1 new notification
       *[other] { $count } new notifications
    }
inbox-markedRead = Marked read: { $title }
inbox-markedUnread = Marked unread: { $title }
inbox-allRead =
    { $count ->
        [one] 1 notification marked read
       *[other] { $count } notifications marked read
    }
inbox-cleared =
    { $count ->
        [one] 1 notification cleared
       *[other] { $count } notifications cleared
    }

## thread

thread-everything = Everything
thread-grouped = Bookings & flights
thread-by = Show by
thread-list = Bookings and flights
thread-asOf = as of { $at }
thread-muted = Muted
thread-snoozed = Snoozed until { $until }
thread-created = Created
thread-paid = Paid
thread-changed = Changed
thread-flight = Flight { $number }
thread-booking = Booking { $pnr }
thread-events = From the first to the last event
thread-reconstructed = Offline, reconstructed
thread-missed = Missed while offline, fetched later
thread-readAll = Mark all of it read
thread-copy = Copy as text
thread-copied = Copied
thread-notCopied = The clipboard takes nothing.
thread-earlier = Load earlier events
thread-failed = The rest cannot be shown:

## search

search-name = Search notifications
search-hint = Search
search-clear = Clear the search
search-nothing = Nothing found
search-nothingLong = No notification holds every word of “{ $text }”.
# $count, $more
search-found =
    { $more ->
        [true] More than { NUMBER($count) } found
       *[false] { $count ->
            [one] 1 found
           *[other] { $count } found
        }
    }

## row

row-unread = Unread.
row-markRead = Mark as read
row-markUnread = Mark as unread
row-withKey = { $verb } ({ $key })
row-of = { $verb }: { $title }
row-to = to
row-rule = Rule: { $name }

## facts

facts-booking = Booking
facts-flight = Flight
facts-status = Status
facts-amount = Amount
facts-received = Received
facts-sent = Sent by the server
facts-event = Event
facts-bookingId = Booking id
facts-flightId = Flight id

## why

why-toast = Why this toast?
why-noToast = Why no toast?
why-digest = Why was it told with others?
why-into = Told by the toast of an earlier row
why-repeats =
    { $count ->
        [one] The same event came once more.
       *[other] The same event came { $count } times more.
    }
why-editRule = Edit rule “{ $name }”
why-silence = Show no toasts for this…
why-raise = Show a toast for this…
why-unmuteBooking = Unmute this booking
why-unmuteFlight = Unmute this flight
why-endSnooze = End the snooze
why-quietHours = Change the quiet hours…
why-privacy = Change what toasts say…
why-toasts = Turn toasts on…
why-desktop = Send a test notification…
why-muteBooking = Mute this booking
why-muteFlight = Mute this flight
why-snooze = Snooze 1 h
why-muted = Muted: { $subject }
why-unmuted = No longer muted: { $subject }
# $subject, $until
why-snoozed = Snoozed until { $until }: { $subject }
why-unsnoozed = No longer snoozed: { $subject }
why-booking = booking { $pnr }
why-thisBooking = this booking
why-thisFlight = this flight

## notices

notices-before = You see what was known before. This window connects again by itself.
notices-nothingNew = Nothing new arrives.
notices-tryNow = Try now
notices-offline = Offline.
notices-paused = Paused.
notices-pausedLong = Nothing new arrives until you resume.
notices-noTray = This desktop has no tray.
notices-noTrayLong = Closing this window ends Gatecall, and with it the toasts.

## away

away-label = While you were away
away-done = Got it

## signIn

signIn-again = Sign in again
signIn-server = Server address
signIn-email = E-mail
signIn-password = Password
signIn-show = Show
signIn-hide = Hide
signIn-thePassword = password
signIn-separate = Separate servers
signIn-separateLong = Only where signing in and bookings have addresses of their own. Notifications come from the booking server.
signIn-authUrl = Sign-in server
signIn-bookingUrl = Booking server
signIn-submit = Sign in
signIn-busy = Signing in…
signIn-noServer = Enter the address of your booking service.
signIn-noEmail = Enter your e-mail address.
signIn-noPassword = Enter your password.
signIn-serverExample = https://fly.example
signIn-emailExample = you@example.com

## welcome

welcome-title = Sign in to Gatecall
welcome-text = Know at once what happened to your flights and bookings.
welcome-noTray = This desktop has no tray: keep this window open. Closing it ends Gatecall, and with it the toasts.
welcome-demo = Just looking? `gatecall --demo` shows it with made-up bookings.

## lost

lost-title = No line to Gatecall
lost-text = { $message } This window connects by itself as soon as there is one.

## settings

settings-title = Notifications
settings-back = Inbox
settings-loading = Loading the settings…
settings-failed = The settings cannot be shown

## toasts

toasts-title = Toasts
toasts-on = Show toasts
toasts-onLong = Without them everything still arrives in the inbox.
toasts-say = What toasts say
toasts-full = Everything
toasts-fullLong = Who, what and when
toasts-masked = That something changed
toasts-maskedLong = No names, no numbers
toasts-nothing = Nothing
toasts-nothingLong = No toasts, only the inbox
toasts-locked = While the screen is locked, toasts say only that something changed.
toasts-preview = Preview of a toast
toasts-sampleTitle = AA123 to LAX delayed
toasts-sampleBody = JFK → LAX · departs 14:35
toasts-maskedTitle = Your booking changed
toasts-noneShown = No toast is shown.
toasts-openAction = Open
toasts-snoozeAction = Snooze 1 h

## test

test-title = Do toasts come through?
test-text = Send one to yourself, and see what the desktop makes of it.
test-send = Send a test notification
test-again = Send another one
test-sending = Sending…
test-taken = The desktop took it. Is it on your screen? Click it.
test-clicked = It was clicked. Toasts and clicks come through.
test-closed = It was closed, so it was on your screen. Toasts come through.
test-expired = It left by itself. If you did not see it, do-not-disturb may be on, or the desktop's settings do not let Gatecall show notifications.
test-refused = The desktop did not take it.
test-doctor = `gatecall doctor` in a terminal says what is wrong.

## quiet

quiet-title = Quiet hours
quiet-on = Keep quiet at certain hours
quiet-onLong = What comes then stays in the inbox.
quiet-from = From
quiet-to = To
quiet-nextDay = the next day
quiet-wholeDay = a whole day
quiet-days = Days on which they begin
quiet-except = What may show a toast all the same
quiet-urgent = Everything urgent
quiet-urgentLong = Cancellations, delays shortly before departure, urgent rules
quiet-cancellations = Cancellations only
quiet-cancellationsLong = Of bookings and of flights
quiet-nothing = Nothing
quiet-nothingLong = Not even a cancellation
quiet-noTime = Enter a time, such as 22:00.

## language

language-title = Language
language-what = Of this window and of the toasts
language-system = As the system

## rules

rules-title = Rules and watch-lists
rules-text = Rules come before everything that Gatecall does by itself. The first one that fits decides.
rules-none = No rules yet
rules-noneLong = Watch a flight, a booking or a route, or silence what you do not need.
rules-add = New rule
rules-toast = Shows a toast
rules-urgent = Shows an urgent toast
rules-silence = Shows no toast
rules-enabled = Rule “{ $name }” is on
rules-edit = Edit rule “{ $name }”
rules-up = Move “{ $name }” up
rules-down = Move “{ $name }” down
rules-remove = Delete rule “{ $name }”
rules-moved = “{ $name }” is now number { NUMBER($place) }
rules-removed = Rule deleted: { $name }
rules-discarded = Changes of the rule discarded
rules-saved = Rule saved: { $name }
rules-or = { $one } or { $other }
rules-route = { $origin } → { $destination }
rules-from = from { $origin }
rules-toward = to { $destination }
rules-least = from { $amount } up
rules-everything = Everything

## rule

rule-create = New rule
rule-edit = Edit rule
rule-back = Notifications
rule-name = Name
rule-nameExample = My trip to Los Angeles
rule-colour = Colour
rule-when = What it fits
rule-whenLong = Everything that you fill in has to fit.
rule-kinds = Events
rule-pnrs = Bookings
rule-pnrsExample = KX4T9Q, M2PD7A
rule-flights = Flights
rule-flightsExample = AA123, LH411
rule-several = Several, with commas between them
rule-routes = Routes
rule-origin = From
rule-destination = To
rule-originExample = JFK
rule-destinationExample = LAX
rule-anyAirport = An asterisk (*) stands for any airport.
rule-nth = { $label }, route { NUMBER($count) }
rule-addRoute = Add a route
rule-removeRoute = Remove route { NUMBER($count) }
rule-statuses = States
rule-amount = Price or payment of at least
rule-amountLong = In whatever currency
rule-amountExample = 500
rule-then = What is done
rule-toast = Toast
rule-toastLong = Even where there would be none
rule-urgent = Urgent toast
rule-urgentLong = Stays until it is seen; also in quiet hours, if they let urgent ones through
rule-silence = No toast
rule-silenceLong = Only a row in the inbox
rule-save = Save
rule-add = Add rule
rule-remove = Delete
rule-noName = Give the rule a name: the inbox explains with it what was done.
rule-sameName = Another rule has this name already.
rule-noTrait = Say what the rule fits: fill in at least one of these.
rule-badPnr = “{ $text }” is no booking code. They are made of letters and digits, such as KX4T9Q.
rule-badFlight = “{ $text }” is no flight number. They look like AA123.
rule-halfRoute = Fill in both airports, or an asterisk (*) for any.
rule-badAirport = “{ $text }” is no airport code. They have three letters, such as JFK.
rule-anyRoute = Name at least one of the two airports.
rule-badAmount = Enter a number without separators between thousands, such as 450 or 450.50.

## backTest

backTest-title = With this rule
backTest-toasts =
    { $count ->
        [one] It would have shown 1 toast
       *[other] It would have shown { $count } toasts
    } in { $days ->
        [one] 1 day
       *[other] { $days } days
    }
backTest-events =
    { $count ->
        [one] of 1 event
       *[other] of { $count } events
    }
backTest-more =
    { $count ->
        [one] 1 more than without the change
       *[other] { $count } more than without the change
    }
backTest-fewer =
    { $count ->
        [one] 1 fewer than without the change
       *[other] { $count } fewer than without the change
    }
backTest-same = as many as without the change
backTest-running = Looking at the last days…
backTest-incomplete = Complete the rule, to see what it would have done.
backTest-failed = What it would have done is not known:
backTest-none = Nothing has come in these days.
backTest-rows = These would have had a toast
backTest-rest =
    { $count ->
        [one] and 1 earlier one
       *[other] and { $count } earlier ones
    }

## shortcuts

shortcuts-title = Keyboard shortcuts
shortcuts-list = In the list
shortcuts-everywhere = Everywhere
shortcuts-next = Next row
shortcuts-previous = Previous row
shortcuts-first = First row
shortcuts-last = Last loaded row
shortcuts-open = Open or close the row
shortcuts-read = Mark read or unread
shortcuts-mute = Mute or unmute the booking or flight
shortcuts-search = Search
shortcuts-clear = Close the row, the search or the settings
shortcuts-undo = Take the last change back
shortcuts-settings = Notification settings
shortcuts-help = This sheet
shortcuts-enter = Enter
shortcuts-escape = Esc
shortcuts-control = Ctrl
shortcuts-home = Home
shortcuts-end = End
