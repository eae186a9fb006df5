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
desk-title = Desk
desk-open = Desk
desk-rooms = Rooms
desk-wall = Wall
desk-wallLong = Fill the screen, to be read from across the room
desk-leaveWall = Leave the wall
desk-export = Export…
desk-ago = { $span } ago
desk-never = none yet
desk-last = Last event
desk-lag = Lag
desk-lagLong = From the server's clock to this one
desk-milliseconds = { NUMBER($count) } ms
desk-unknown = unknown
desk-hour = Last hour
desk-usually = usually { NUMBER($count) }
desk-usuallyUnknown = the usual is not known yet
desk-loading = Looking…
desk-learning = What is usual here is not known yet: Gatecall has not listened for long enough.
desk-asUsual = As much as usual.
desk-busier = Busier than usual.
desk-quieter = Quieter than usual.
desk-stillQuiet = Quiet, as it usually is.
desk-tooQuiet = Nothing since { $since }. So long a silence is not usual here.
desk-tooQuietNone = Nothing has come yet, where much usually does.
desk-deaf = Nothing arrives.
desk-unwatched = Not every booking is watched: only your own are told.
desk-requestedLong = The server has not confirmed yet that it tells every booking.
desk-refusedLong = The server does not tell this account every booking.
desk-stale = Not current: this is how it was { $ago }.
desk-failed = The desk cannot be shown
desk-kinds = In the last hour
desk-minutes = Events by minute
desk-minutesLong = Events in the last 60 minutes: { NUMBER($sum) }, at most { NUMBER($most) } in a minute.
desk-hourAgo = 60 min ago
desk-most = at most { NUMBER($count) } in a minute
desk-flights = Flights by bookings affected
desk-noFlights = No flight has changed its status in 24 hours.
desk-bookings =
    { $count ->
        [one] 1 booking
       *[other] { $count } bookings
    }
desk-flight = Flight without a number
desk-since = since { $at }
desk-gone = Nothing of it is kept here any more.
desk-watched = Watch-lists
desk-noWatched = No watch-lists yet
desk-hits =
    { $count ->
        [one] 1 in 24 h
       *[other] { $count } in 24 h
    }
desk-lastHit = last { $ago }
desk-off = Off
desk-tryOut = Try it out
desk-tryOutRule = Try out “{ $name }”
desk-add = New watch-list
desk-urgent = Latest urgent
desk-noUrgent = Nothing urgent among the latest events.

## work

work-name = Under way
work-what-catchUp = Fetching what was missed.
work-what-export = Writing the export.
work-what-wipe = Deleting the history.
work-what-reindex = Rebuilding the search index.
work-cancelled-catchUp = If stopped, it goes on with the next look at the server.
work-cancelled-export = If stopped, there will be no file.
work-cancelled-wipe = If stopped, what is left stays, and is there again after the next sign-in.
work-cancelled-reindex = If stopped, it goes on at the next start.
work-done =
    { $count ->
        [one] 1 row
       *[other] { $count } rows
    }
# $count, $total
work-doneOf =
    { $total ->
        [one] { NUMBER($count) } of 1 row
       *[other] { NUMBER($count) } of { $total } rows
    }
work-stop = Stop
work-stopWhat = Stop: { $what }
work-over = Over: { $what }
work-stopped = Stopped: { $what }

## export

export-title = Export
export-text = Writes notifications into a file in your folder for downloads.
export-period = Time range
export-hours =
    { $count ->
        [one] The last hour
       *[other] The last { $count } hours
    }
export-week = The last 7 days
export-all = Everything
export-own = From … to …
export-from = From
export-to = To
export-noTime = Enter a day and a time.
export-backwards = This has to be later than the beginning.
export-format = File format
export-markdown = Markdown
export-markdownLong = To hand over: a table a day, for people
export-csv = CSV
export-csvLong = For spreadsheets
export-json = JSON
export-jsonLong = For programs: everything that is known
export-run = Export
export-again = Export again
export-running = Writing…
export-stopped = Stopped; there is no file.
export-failed = There is no file:
export-done =
    { $count ->
        [one] 1 notification is in the file
       *[other] { $count } notifications are in the file
    }
export-path = The file
export-copy = Copy the path
export-copied = Copied

## header

header-unread = unread
header-unreadCount = { NUMBER($count) } unread
header-demo = Demo
header-settings = Settings

## account

account-name = Account: { $email }
account-settings = Settings…
account-export = Export…
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
inbox-clearAll = Everything done
# Of what is listed, where that is not the whole inbox.
inbox-markThese = Mark all of these read
inbox-theseDone = All of these done
inbox-theseBack = All of these back to the inbox
inbox-failed = The inbox cannot be shown
inbox-caughtUp = All caught up
inbox-caughtUpLong = You have read everything there is.
inbox-quiet = All quiet
inbox-deaf = Nothing can arrive yet
inbox-quietOffline = Nothing has arrived so far, and nothing can until Gatecall is online.
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
inbox-allUnread =
    { $count ->
        [one] 1 notification marked unread
       *[other] { $count } notifications marked unread
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

## filters

filters-name = Filter
filters-active = Filter: { NUMBER($count) } active
filters-list = Filtered by
filters-where = Where
filters-unreadOnly = Only unread
filters-example = AA123
filters-remove = Remove filter: { $filter }
filters-clear = Clear all filters
filters-none = Nothing fits the filters
filters-noneLong = There is nothing with: { $filters }.
filters-onlyFlight = Only this flight
filters-own = My own bookings
filters-room = Room: { $room }

## views

views-name = Views
views-save = Save as view…
views-update = Update “{ $name }”
views-label = Name of the view
views-example = My trip to Los Angeles
views-keep = Save
views-rename = Rename “{ $name }”
views-remove = Delete “{ $name }”
views-saved = View saved: { $name }
views-updated = View updated: { $name }
views-removed = View deleted: { $name }
views-noName = Give the view a name.
views-sameName = Another view has this name already.

## done

done-name = Done
done-put = Done: { $what }
done-back = Back in the inbox: { $what }
done-many =
    { $count ->
        [one] 1 notification
       *[other] { $count } notifications
    }
done-verbBack = Back to the inbox
done-all = All of it done
done-show = Show what is done
done-none = Nothing is done yet
done-noneLong = What you are done with is kept here. It can be found, and brought back.

## selection

selection-name = What is selected
selection-count = { NUMBER($count) } selected
selection-pick = Select
selection-clear = Select nothing
selection-read = Read
selection-unread = Unread
selection-mute = Mute
selection-unmute = Unmute
selection-threads =
    { $count ->
        [one] 1 booking or flight
       *[other] { $count } bookings and flights
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
notices-noTrayLong = Closing this window ends Gatecall, and with it the toasts. On GNOME, the AppIndicator extension brings a tray.

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
signIn-serverLong = That of your booking service; whoever runs it knows it.
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
welcome-network = Network settings
welcome-demo = Look around with demo data
welcome-demoLong = Opens a second window with made-up bookings.

## check

check-name = What is at this address
check-running = Looking who is there…
check-fine = A booking service answers at { $address }.
check-reachable = Reachable
check-encrypted = Encrypted
check-speaks = Booking service
check-good = yes
check-doubtful = not quite
check-bad = no
check-unknown = not known

## firstRun

firstRun-title = You are signed in
firstRun-text = Gatecall tells you by toasts. Every desktop has its own mind about them, so better see once that they come through.
firstRun-done = Go to the inbox
firstRun-skip = Skip

## lost

lost-title = No line to Gatecall
# What the page knows of the line; "outside" is a plain browser.
lost-why =
    { $line ->
        [outside] This page belongs in the Gatecall window.
        [otherVersion] Another version of Gatecall is running. Quit it and start it again.
        [broken] Gatecall does not answer.
       *[notRunning] Gatecall is not running.
    }
# $message is `lost-why`.
lost-text = { $message } This window connects by itself as soon as there is one.

## settings

settings-title = Settings
settings-sections = Sections
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

## servers

servers-title = Account and servers
servers-role = Role
servers-roles-CUSTOMER = Traveler
servers-roles-BUSINESS_OWNER = Business owner
servers-roles-ADMIN = Support desk
servers-again = Sign in again…
servers-change = Change server…

## sound

sound-title = Sounds
sound-what = What toasts sound like
sound-system = As the desktop
sound-systemLong = As it does it for all programs
sound-urgent = Only urgent ones
sound-urgentLong = All others come without a sound
sound-silent = Silent
sound-silentLong = Not even urgent ones are heard

## appearance

appearance-title = Appearance
appearance-theme = Theme
appearance-system = As the system
appearance-light = Light
appearance-dark = Dark
appearance-contrast = Higher contrast
appearance-contrastLong = Stronger lines and texts. Where the system wants it, it is always so.

## history

history-title = History
history-keep = Keep notifications for
history-usual = As usual: { NUMBER($count) } days
history-days =
    { $count ->
        [one] 1 day
       *[other] { $count } days
    }
history-own = Another number of days
history-ownDays = Days
history-bad = Enter a whole number from 1 to { NUMBER($count) }.
history-most =
    { $count ->
        [one] Older ones are deleted from this machine. At most 1 notification are kept.
       *[other] Older ones are deleted from this machine. At most { $count } notifications are kept.
    }
history-kept = Kept from now on: { $span }
history-reindex = Rebuild the search index
history-reindexLong = If the search does not find what is there.
history-reindexing = Being rebuilt…
history-reindexed = The search index is new.

## start

start-title = Start
start-on = Start with the desktop session
start-onLong = Gatecall then listens from the tray, without a window, as soon as you log in.
start-unsupported = Not here: either this system starts no programs by itself, or this is a demo, which is not meant to stay.

## network

network-title = Network
network-way = The way to the server
network-environment = As the environment says
network-environmentLong = HTTPS_PROXY and its like, where they are set
network-none = No proxy
network-noneLong = Straight to the server, whatever the environment says
network-address = This proxy
network-addressLong = The one whose address you enter
network-proxy = Address of the proxy
network-proxyExample = http://proxy.example:8080
network-secret = With name and password, if it wants them: http://name:password@host:port. A stored password is shown as *.
network-noProxy = Enter the address of the proxy.
network-bypass = Reached without the proxy
network-bypassExample = intern.example, 10.0.0.0/8
network-bypassLong = Names, addresses and networks, with commas between them
network-caFile = Further certificate authorities
network-caFileExample = /etc/ssl/corporate.pem
network-caFileLong = The path of a PEM file. They are trusted beside those of the system.
network-applied = Applied: Gatecall connects this way now
network-still = { $message } What was set before still holds.
network-check = Check the connection

## about

about-title = About Gatecall
about-version = Version
about-sqlite = SQLite
about-system = System
about-data = Data folder
about-config = Settings folder
about-inbox = Inbox
about-memory = Memory in use
about-size =
    { $rows ->
        [one] 1 notification, { $size }
       *[other] { $rows } notifications, { $size }
    }
about-mib = { NUMBER($count) } MiB
about-copyOf = Copy: { $what }
about-licences = Licences…
about-licencesTitle = Licences of everything that Gatecall is made of
about-loading = One moment…
about-diagnose = Write a diagnostics file
about-diagnoseLong = For whoever helps you: how Gatecall is set up and how it fares. Nothing private is in it.
about-diagnosing = Being written…
about-written = Diagnostics file

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
rule-back = Settings
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
shortcuts-done = Done, or back to the inbox
shortcuts-mute = Mute or unmute the booking or flight
shortcuts-snooze = Snooze the booking or flight
shortcuts-several = Several rows
shortcuts-pick = Select the row
shortcuts-range = Select the next or previous too
shortcuts-all = Select all loaded rows
shortcuts-none = Select nothing
shortcuts-search = Search
shortcuts-hit = Next hit (Shift: previous)
shortcuts-view = Open the inbox or a view
shortcuts-clear = Close the row, the search, the page or the settings
shortcuts-undo = Take the last change back
shortcuts-settings = Settings
shortcuts-desk = The desk, where you may watch it
shortcuts-wall = On the desk: fill the screen
shortcuts-help = This sheet
shortcuts-enter = Enter
shortcuts-escape = Esc
shortcuts-control = Ctrl
shortcuts-shift = Shift
shortcuts-alt = Alt
shortcuts-home = Home
shortcuts-end = End
