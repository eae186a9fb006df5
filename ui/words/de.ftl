# Deutsch. Angesprochen wird mit „Sie“; Meldungen sind, was der Desktop zeigt.

## common

common-close = Schließen
common-cancel = Abbrechen
common-dismiss = Ausblenden
common-undo = Rückgängig
common-undone = Rückgängig gemacht
common-tooLate = Zu spät, um es rückgängig zu machen
common-tooLateLong = Zu spät: Das lässt sich nicht mehr rückgängig machen.
common-tryAgain = Noch einmal versuchen
common-unexpected = Etwas Unerwartetes ist schiefgegangen.
common-outside = Diese Seite gehört in das Fenster von Gatecall.
common-notRunning = Gatecall läuft nicht.
common-reconnects = Dieses Fenster verbindet sich von selbst wieder.

## time

time-now = jetzt
time-today = Heute
time-yesterday = Gestern
time-seconds = { NUMBER($count) } s
time-minutes = { NUMBER($count) } min
time-hours = { NUMBER($count) } h

## days

days-monday = Montag
days-tuesday = Dienstag
days-wednesday = Mittwoch
days-thursday = Donnerstag
days-friday = Freitag
days-saturday = Samstag
days-sunday = Sonntag

## kinds

kinds-bookingCreated = Buchung angelegt
kinds-bookingConfirmed = Buchung bestätigt
kinds-bookingUpdated = Buchung geändert
kinds-bookingCancelled = Buchung storniert
kinds-flightStatus = Flugstatus
kinds-paymentCompleted = Zahlung
kinds-unknown = Unbekannte Ereignisse

## states

states-flight-SCHEDULED = Planmäßig
states-flight-DELAYED = Verspätet
states-flight-DEPARTED = Gestartet
states-flight-IN_FLIGHT = In der Luft
states-flight-LANDED = Gelandet
states-flight-CANCELLED = Gestrichen
states-booking-PENDING = Offen
states-booking-CONFIRMED = Bestätigt
states-booking-CANCELLED = Storniert
states-booking-COMPLETED = Abgeschlossen
states-booking-FAILED = Fehlgeschlagen
states-payment-PENDING = Ausstehend
states-payment-PROCESSING = In Bearbeitung
states-payment-SUCCEEDED = Eingegangen
states-payment-FAILED = Fehlgeschlagen
states-payment-REFUNDED = Erstattet
states-payment-PARTIALLY_REFUNDED = Teilweise erstattet

## tones

tones-accent = Violett
tones-good = Grün
tones-warn = Bernstein
tones-bad = Rot
tones-info = Blau
tones-teal = Türkis
tones-calm = Grau

## connection

connection-name = Verbindung: { $label }
connection-starting = Startet …
connection-startingLong = Gatecall wurde gerade gestartet.
connection-connecting = Verbindet …
connection-firstAttempt = Einen Moment, bitte.
connection-attempt = Das ist Versuch { NUMBER($count) }. Gatecall gibt nie auf.
connection-online = Online
connection-confirmed = Der Server hat die Verbindung um { $at } bestätigt.
connection-waiting = Wartet · nächster Versuch in { $span }
connection-waitingNow = Wartet · Versuch läuft
connection-signedOut = Nicht angemeldet
connection-signInAgain = Neu anmelden
connection-paused = Pausiert
connection-pausedLong = Gatecall hört nicht zu, bis Sie es fortsetzen.
connection-down = Läuft nicht
connection-server = Server
connection-joined = Hört außerdem auf
connection-refused = Vom Server abgelehnt
connection-resume = Fortsetzen
connection-signIn = Anmelden …
connection-reconnect = Jetzt neu verbinden

## desk

desk-name = Alle Buchungen verfolgen
desk-what = Neue, bestätigte und stornierte Buchungen und der Status aller Flüge. Andere Änderungen einer Buchung und Zahlungen erfährt nur, wer reist.
desk-joined = Beigetreten
desk-requested = Angefragt, nicht bestätigt
desk-refused = Vom Server abgelehnt

## header

header-unread = ungelesen
header-unreadCount = { NUMBER($count) } ungelesen
header-demo = Demo
header-settings = Einstellungen für Benachrichtigungen

## account

account-name = Konto: { $email }
account-settings = Benachrichtigungen …
account-shortcuts = Tastenkürzel
account-pause = Benachrichtigungen pausieren
account-resume = Benachrichtigungen fortsetzen
account-signOut = Abmelden …
account-signOutTitle = Abmelden?
account-signOutText = Gatecall hört { $server } nicht mehr zu und vergisst diese Anmeldung. Sie erfahren nichts mehr, bis sich wieder jemand anmeldet.
account-wipe = Auch den Verlauf auf diesem Gerät löschen
account-wiped =
    { $count ->
        [one] 1 Benachrichtigung; das lässt sich nicht rückgängig machen
       *[other] { $count } Benachrichtigungen; das lässt sich nicht rückgängig machen
    }
account-confirm = Abmelden
account-confirmWipe = Abmelden und löschen

## inbox

inbox-name = Eingang
inbox-list = Benachrichtigungen
inbox-show = Anzeigen
inbox-all = Alle
inbox-unread = Ungelesen
inbox-markAll = Alle gelesen
inbox-clearAll = Alle entfernen
inbox-failed = Der Eingang kann nicht angezeigt werden
inbox-caughtUp = Alles gelesen
inbox-caughtUpLong = Sie haben alles gelesen, was da ist.
inbox-quiet = Alles ruhig
inbox-quietOffline = Noch ist nichts angekommen, und es kann nichts ankommen, bis Gatecall online ist.
inbox-quietSince = Gatecall hört seit { $at } zu. Sie erfahren es sofort, wenn sich an Ihren Flügen und Buchungen etwas ändert.
inbox-more = Ältere Benachrichtigungen werden geladen …
inbox-end = Das ist alles.
inbox-fresh = { NUMBER($count) } neu
inbox-arrived = Neu: { $title }
inbox-arrivedMany =
    { $count ->
        [one] 1 neue Benachrichtigung
       *[other] { $count } neue Benachrichtigungen
    }
inbox-markedRead = Als gelesen markiert: { $title }
inbox-markedUnread = Als ungelesen markiert: { $title }
inbox-allRead =
    { $count ->
        [one] 1 Benachrichtigung als gelesen markiert
       *[other] { $count } Benachrichtigungen als gelesen markiert
    }
inbox-cleared =
    { $count ->
        [one] 1 Benachrichtigung entfernt
       *[other] { $count } Benachrichtigungen entfernt
    }

## thread

thread-everything = Alles
thread-grouped = Buchungen & Flüge
thread-by = Anzeigen nach
thread-list = Buchungen und Flüge
thread-asOf = Stand { $at }
thread-muted = Stummgeschaltet
thread-snoozed = Bis { $until } aufgeschoben
thread-created = Angelegt
thread-paid = Bezahlt
thread-changed = Geändert
thread-flight = Flug { $number }
thread-booking = Buchung { $pnr }
thread-events = Vom ersten bis zum letzten Ereignis
thread-reconstructed = Offline, rekonstruiert
thread-missed = Offline verpasst, später nachgeholt
thread-readAll = Alles davon gelesen
thread-copy = Als Text kopieren
thread-copied = Kopiert
thread-notCopied = Die Zwischenablage nimmt nichts an.
thread-earlier = Frühere Ereignisse laden
thread-failed = Der Rest kann nicht angezeigt werden:

## search

search-name = Benachrichtigungen durchsuchen
search-hint = Suchen
search-clear = Suche leeren
search-nothing = Nichts gefunden
search-nothingLong = Keine Benachrichtigung enthält alle Wörter von „{ $text }“.
search-found =
    { $more ->
        [true] Mehr als { NUMBER($count) } gefunden
       *[false] { NUMBER($count) } gefunden
    }

## row

row-unread = Ungelesen.
row-markRead = Als gelesen markieren
row-markUnread = Als ungelesen markieren
row-withKey = { $verb } ({ $key })
row-of = { $verb }: { $title }
row-to = nach
row-rule = Regel: { $name }

## facts

facts-booking = Buchung
facts-flight = Flug
facts-status = Status
facts-amount = Betrag
facts-received = Empfangen
facts-sent = Vom Server gesendet
facts-event = Ereignis
facts-bookingId = Kennung der Buchung
facts-flightId = Kennung des Flugs

## why

why-toast = Warum diese Meldung?
why-noToast = Warum keine Meldung?
why-digest = Warum zusammen mit anderen gemeldet?
why-into = Gemeldet mit einer früheren Zeile
why-repeats =
    { $count ->
        [one] Dasselbe Ereignis kam ein weiteres Mal.
       *[other] Dasselbe Ereignis kam { $count } weitere Male.
    }
why-editRule = Regel „{ $name }“ bearbeiten
why-silence = Dazu keine Meldung zeigen …
why-raise = Dazu eine Meldung zeigen …
why-unmuteBooking = Buchung nicht mehr stummschalten
why-unmuteFlight = Flug nicht mehr stummschalten
why-endSnooze = Aufschub beenden
why-quietHours = Ruhezeiten ändern …
why-privacy = Inhalt der Meldungen ändern …
why-toasts = Meldungen einschalten …
why-desktop = Testmeldung senden …
why-muteBooking = Buchung stummschalten
why-muteFlight = Flug stummschalten
why-snooze = In 1 h erinnern
why-muted = Stummgeschaltet: { $subject }
why-unmuted = Nicht mehr stummgeschaltet: { $subject }
why-snoozed = Bis { $until } aufgeschoben: { $subject }
why-unsnoozed = Nicht mehr aufgeschoben: { $subject }
why-booking = Buchung { $pnr }
why-thisBooking = diese Buchung
why-thisFlight = dieser Flug

## notices

notices-before = Sie sehen, was zuvor bekannt war. Dieses Fenster verbindet sich von selbst wieder.
notices-nothingNew = Es kommt nichts Neues an.
notices-tryNow = Jetzt versuchen
notices-offline = Offline.
notices-paused = Pausiert.
notices-pausedLong = Es kommt nichts Neues an, bis Sie fortsetzen.
notices-noTray = Dieser Desktop hat keinen Infobereich.
notices-noTrayLong = Wenn Sie dieses Fenster schließen, endet Gatecall, und mit ihm die Meldungen.

## away

away-label = Während Sie weg waren
away-done = Verstanden

## signIn

signIn-again = Neu anmelden
signIn-server = Adresse des Servers
signIn-email = E-Mail
signIn-password = Passwort
signIn-show = Anzeigen
signIn-hide = Verbergen
signIn-thePassword = Passwort
signIn-separate = Getrennte Server
signIn-separateLong = Nur wo Anmeldung und Buchungen eigene Adressen haben. Benachrichtigungen kommen vom Buchungsserver.
signIn-authUrl = Server für die Anmeldung
signIn-bookingUrl = Server für Buchungen
signIn-submit = Anmelden
signIn-busy = Anmeldung läuft …
signIn-noServer = Geben Sie die Adresse Ihres Buchungsdienstes ein.
signIn-noEmail = Geben Sie Ihre E-Mail-Adresse ein.
signIn-noPassword = Geben Sie Ihr Passwort ein.
signIn-serverExample = https://fly.example
signIn-emailExample = sie@example.com

## welcome

welcome-title = Bei Gatecall anmelden
welcome-text = Erfahren Sie sofort, was mit Ihren Flügen und Buchungen geschieht.
welcome-noTray = Dieser Desktop hat keinen Infobereich: Lassen Sie dieses Fenster offen. Wenn Sie es schließen, endet Gatecall, und mit ihm die Meldungen.
welcome-demo = Nur umsehen? `gatecall --demo` zeigt es mit erfundenen Buchungen.

## lost

lost-title = Keine Verbindung zu Gatecall
lost-text = { $message } Dieses Fenster verbindet sich von selbst, sobald es möglich ist.

## settings

settings-title = Benachrichtigungen
settings-back = Eingang
settings-loading = Die Einstellungen werden geladen …
settings-failed = Die Einstellungen können nicht angezeigt werden

## toasts

toasts-title = Meldungen
toasts-on = Meldungen zeigen
toasts-onLong = Ohne sie kommt weiterhin alles im Eingang an.
toasts-say = Was Meldungen sagen
toasts-full = Alles
toasts-fullLong = Wer, was und wann
toasts-masked = Dass sich etwas geändert hat
toasts-maskedLong = Keine Namen, keine Nummern
toasts-nothing = Nichts
toasts-nothingLong = Keine Meldungen, nur der Eingang
toasts-locked = Solange der Bildschirm gesperrt ist, sagen Meldungen nur, dass sich etwas geändert hat.
toasts-preview = Vorschau einer Meldung
toasts-sampleTitle = AA123 nach LAX verspätet
toasts-sampleBody = JFK → LAX · Abflug 14:35
toasts-maskedTitle = Ihre Buchung hat sich geändert
toasts-noneShown = Es wird keine Meldung gezeigt.
toasts-openAction = Öffnen
toasts-snoozeAction = In 1 h erinnern

## test

test-title = Kommen Meldungen an?
test-text = Senden Sie sich eine, und sehen Sie, was der Desktop daraus macht.
test-send = Testmeldung senden
test-again = Noch eine senden
test-sending = Wird gesendet …
test-taken = Der Desktop hat sie angenommen. Sehen Sie sie? Klicken Sie darauf.
test-clicked = Sie wurde angeklickt. Meldungen und Klicks kommen an.
test-closed = Sie wurde geschlossen, war also zu sehen. Meldungen kommen an.
test-expired = Sie ist von selbst verschwunden. Falls Sie sie nicht gesehen haben, ist vielleicht „Nicht stören“ eingeschaltet, oder der Desktop lässt Gatecall keine Meldungen zeigen.
test-refused = Der Desktop hat sie nicht angenommen.
test-doctor = `gatecall doctor` in einem Terminal sagt, woran es liegt.

## quiet

quiet-title = Ruhezeiten
quiet-on = Zu bestimmten Zeiten still bleiben
quiet-onLong = Was dann kommt, bleibt im Eingang.
quiet-from = Von
quiet-to = Bis
quiet-nextDay = am nächsten Tag
quiet-wholeDay = einen ganzen Tag
quiet-days = Tage, an denen sie beginnen
quiet-except = Was trotzdem gemeldet werden darf
quiet-urgent = Alles Dringende
quiet-urgentLong = Stornierungen, Verspätungen kurz vor dem Abflug, dringende Regeln
quiet-cancellations = Nur Stornierungen
quiet-cancellationsLong = Von Buchungen und von Flügen
quiet-nothing = Nichts
quiet-nothingLong = Nicht einmal eine Stornierung
quiet-noTime = Geben Sie eine Uhrzeit ein, etwa 22:00.

## language

language-title = Sprache
language-what = Dieses Fensters und der Meldungen
language-system = Wie das System

## rules

rules-title = Regeln und Beobachtungslisten
rules-text = Regeln gehen allem vor, was Gatecall von selbst tut. Die erste, die zutrifft, entscheidet.
rules-none = Noch keine Regeln
rules-noneLong = Beobachten Sie einen Flug, eine Buchung oder eine Strecke, oder bringen Sie zum Schweigen, was Sie nicht brauchen.
rules-add = Neue Regel
rules-toast = Zeigt eine Meldung
rules-urgent = Zeigt eine dringende Meldung
rules-silence = Zeigt keine Meldung
rules-enabled = Regel „{ $name }“ ist eingeschaltet
rules-edit = Regel „{ $name }“ bearbeiten
rules-up = „{ $name }“ nach oben
rules-down = „{ $name }“ nach unten
rules-remove = Regel „{ $name }“ löschen
rules-moved = „{ $name }“ steht jetzt an Stelle { NUMBER($place) }
rules-removed = Regel gelöscht: { $name }
rules-discarded = Änderungen der Regel verworfen
rules-saved = Regel gespeichert: { $name }
rules-or = { $one } oder { $other }
rules-route = { $origin } → { $destination }
rules-from = von { $origin }
rules-toward = nach { $destination }
rules-least = ab { $amount }
rules-everything = Alles

## rule

rule-create = Neue Regel
rule-edit = Regel bearbeiten
rule-back = Benachrichtigungen
rule-name = Name
rule-nameExample = Meine Reise nach Los Angeles
rule-colour = Farbe
rule-when = Worauf sie zutrifft
rule-whenLong = Alles, was Sie ausfüllen, muss zutreffen.
rule-kinds = Ereignisse
rule-pnrs = Buchungen
rule-pnrsExample = KX4T9Q, M2PD7A
rule-flights = Flüge
rule-flightsExample = AA123, LH411
rule-several = Mehrere durch Kommas getrennt
rule-routes = Strecken
rule-origin = Von
rule-destination = Nach
rule-originExample = FRA
rule-destinationExample = LAX
rule-anyAirport = Ein Stern (*) steht für jeden Flughafen.
rule-nth = { $label }, Strecke { NUMBER($count) }
rule-addRoute = Strecke hinzufügen
rule-removeRoute = Strecke { NUMBER($count) } entfernen
rule-statuses = Zustände
rule-amount = Preis oder Zahlung von mindestens
rule-amountLong = In welcher Währung auch immer
rule-amountExample = 500
rule-then = Was geschieht
rule-toast = Meldung
rule-toastLong = Auch wo es sonst keine gäbe
rule-urgent = Dringende Meldung
rule-urgentLong = Bleibt, bis sie gesehen wird; auch in Ruhezeiten, wenn diese Dringendes durchlassen
rule-silence = Keine Meldung
rule-silenceLong = Nur eine Zeile im Eingang
rule-save = Speichern
rule-add = Regel hinzufügen
rule-remove = Löschen
rule-noName = Geben Sie der Regel einen Namen: Der Eingang erklärt damit, was geschehen ist.
rule-sameName = Eine andere Regel hat schon diesen Namen.
rule-noTrait = Sagen Sie, worauf die Regel zutrifft: Füllen Sie mindestens eines davon aus.
rule-badPnr = „{ $text }“ ist kein Buchungscode. Er besteht aus Buchstaben und Ziffern, etwa KX4T9Q.
rule-badFlight = „{ $text }“ ist keine Flugnummer. Sie sieht aus wie AA123.
rule-halfRoute = Füllen Sie beide Flughäfen aus, oder einen Stern (*) für jeden.
rule-badAirport = „{ $text }“ ist kein Flughafencode. Er hat drei Buchstaben, etwa FRA.
rule-anyRoute = Nennen Sie mindestens einen der beiden Flughäfen.
rule-badAmount = Geben Sie eine Zahl ohne Trennzeichen zwischen Tausendern ein, etwa 450 oder 450,50.

## backTest

backTest-title = Mit dieser Regel
backTest-toasts = Es hätte { $count ->
        [one] 1 Meldung
       *[other] { $count } Meldungen
    } in { $days ->
        [one] 1 Tag
       *[other] { $days } Tagen
    } gegeben
backTest-events =
    { $count ->
        [one] bei 1 Ereignis
       *[other] bei { $count } Ereignissen
    }
backTest-more = { NUMBER($count) } mehr als ohne die Änderung
backTest-fewer = { NUMBER($count) } weniger als ohne die Änderung
backTest-same = so viele wie ohne die Änderung
backTest-running = Die letzten Tage werden durchgesehen …
backTest-incomplete = Vervollständigen Sie die Regel, um zu sehen, was sie getan hätte.
backTest-failed = Was sie getan hätte, ist nicht bekannt:
backTest-none = In diesen Tagen ist nichts gekommen.
backTest-rows = Hierzu hätte es eine Meldung gegeben
backTest-rest =
    { $count ->
        [one] und 1 frühere
       *[other] und { $count } frühere
    }

## shortcuts

shortcuts-title = Tastenkürzel
shortcuts-list = In der Liste
shortcuts-everywhere = Überall
shortcuts-next = Nächste Zeile
shortcuts-previous = Vorige Zeile
shortcuts-first = Erste Zeile
shortcuts-last = Letzte geladene Zeile
shortcuts-open = Zeile öffnen oder schließen
shortcuts-read = Als gelesen oder ungelesen markieren
shortcuts-mute = Buchung oder Flug stummschalten oder wieder nicht
shortcuts-search = Suchen
shortcuts-clear = Zeile, Suche oder Einstellungen schließen
shortcuts-undo = Letzte Änderung zurücknehmen
shortcuts-settings = Einstellungen für Benachrichtigungen
shortcuts-help = Diese Übersicht
shortcuts-enter = Eingabe
shortcuts-escape = Esc
shortcuts-control = Strg
shortcuts-home = Pos1
shortcuts-end = Ende
