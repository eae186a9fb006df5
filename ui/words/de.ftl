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
desk-title = Leitstand
desk-open = Leitstand
desk-rooms = Räume
desk-wall = Wand
desk-wallLong = Den Bildschirm füllen, um aus der Ferne zu lesen
desk-leaveWall = Wand verlassen
desk-export = Exportieren …
desk-ago = vor { $span }
desk-never = noch keines
desk-last = Letztes Ereignis
desk-lag = Verzug
desk-lagLong = Von der Uhr des Servers zu dieser
desk-milliseconds = { NUMBER($count) } ms
desk-unknown = unbekannt
desk-hour = Letzte Stunde
desk-usually = üblich { NUMBER($count) }
desk-usuallyUnknown = was üblich ist, steht noch nicht fest
desk-loading = Wird angesehen …
desk-learning = Was hier üblich ist, steht noch nicht fest: Gatecall hört dafür noch nicht lange genug zu.
desk-asUsual = So viel wie üblich.
desk-busier = Mehr als üblich.
desk-quieter = Weniger als üblich.
desk-stillQuiet = Ruhig, wie üblich.
desk-tooQuiet = Nichts seit { $since }. Eine so lange Stille ist hier nicht üblich.
desk-tooQuietNone = Noch ist nichts gekommen, wo sonst viel kommt.
desk-deaf = Es kommt nichts an.
desk-unwatched = Nicht alle Buchungen werden verfolgt: Sie erfahren nur von Ihren eigenen.
desk-requestedLong = Der Server hat noch nicht bestätigt, dass er alle Buchungen meldet.
desk-refusedLong = Der Server meldet diesem Konto nicht alle Buchungen.
desk-stale = Nicht aktuell: So war es { $ago }.
desk-failed = Der Leitstand kann nicht angezeigt werden
desk-kinds = In der letzten Stunde
desk-minutes = Ereignisse je Minute
desk-minutesLong = Ereignisse in den letzten 60 Minuten: { NUMBER($sum) }, höchstens { NUMBER($most) } in einer Minute.
desk-hourAgo = vor 60 min
desk-most = höchstens { NUMBER($count) } in einer Minute
desk-flights = Flüge nach betroffenen Buchungen
desk-noFlights = Kein Flug hat in 24 Stunden seinen Status geändert.
desk-bookings =
    { $count ->
        [one] 1 Buchung
       *[other] { $count } Buchungen
    }
desk-flight = Flug ohne Nummer
desk-since = seit { $at }
desk-gone = Davon ist hier nichts mehr aufbewahrt.
desk-watched = Beobachtungslisten
desk-noWatched = Noch keine Beobachtungslisten
desk-hits = { NUMBER($count) } in 24 h
desk-lastHit = zuletzt { $ago }
desk-off = Aus
desk-tryOut = Ausprobieren
desk-tryOutRule = „{ $name }“ ausprobieren
desk-add = Neue Beobachtungsliste
desk-urgent = Zuletzt dringend
desk-noUrgent = Nichts Dringendes unter den letzten Ereignissen.

## work

work-name = In Arbeit
work-what-catchUp = Verpasstes wird nachgeholt.
work-what-export = Der Export wird geschrieben.
work-what-wipe = Der Verlauf wird gelöscht.
work-what-reindex = Der Suchindex wird neu angelegt.
work-cancelled-catchUp = Angehalten geht es mit dem nächsten Blick zum Server weiter.
work-cancelled-export = Angehalten gibt es keine Datei.
work-cancelled-wipe = Angehalten bleibt der Rest erhalten und ist nach der nächsten Anmeldung wieder da.
work-cancelled-reindex = Angehalten geht es beim nächsten Start weiter.
work-done =
    { $count ->
        [one] 1 Zeile
       *[other] { $count } Zeilen
    }
work-doneOf =
    { $total ->
        [one] { NUMBER($count) } von 1 Zeile
       *[other] { NUMBER($count) } von { $total } Zeilen
    }
work-stop = Anhalten
work-stopWhat = Anhalten: { $what }
work-over = Beendet: { $what }
work-stopped = Angehalten: { $what }

## export

export-title = Exportieren
export-text = Schreibt Benachrichtigungen in eine Datei in Ihrem Ordner für Downloads.
export-period = Zeitraum
export-hours =
    { $count ->
        [one] Die letzte Stunde
       *[other] Die letzten { $count } Stunden
    }
export-week = Die letzten 7 Tage
export-all = Alles
export-own = Von … bis …
export-from = Von
export-to = Bis
export-noTime = Geben Sie Tag und Uhrzeit ein.
export-backwards = Das muss später sein als der Beginn.
export-format = Dateiformat
export-markdown = Markdown
export-markdownLong = Zur Übergabe: je Tag eine Tabelle, für Menschen
export-csv = CSV
export-csvLong = Für Tabellenprogramme
export-json = JSON
export-jsonLong = Für Programme: alles, was bekannt ist
export-run = Exportieren
export-again = Noch einmal exportieren
export-running = Wird geschrieben …
export-stopped = Angehalten; es gibt keine Datei.
export-failed = Es gibt keine Datei:
export-done =
    { $count ->
        [one] 1 Benachrichtigung ist in der Datei
       *[other] { $count } Benachrichtigungen sind in der Datei
    }
export-path = Die Datei
export-copy = Pfad kopieren
export-copied = Kopiert

## header

header-unread = ungelesen
header-unreadCount = { NUMBER($count) } ungelesen
header-demo = Demo
header-settings = Einstellungen

## account

account-name = Konto: { $email }
account-settings = Einstellungen …
account-export = Exportieren …
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
inbox-clearAll = Alles erledigt
inbox-markThese = Alle angezeigten gelesen
inbox-theseDone = Alle angezeigten erledigt
inbox-theseBack = Alle angezeigten zurück in den Eingang
inbox-failed = Der Eingang kann nicht angezeigt werden
inbox-caughtUp = Alles gelesen
inbox-caughtUpLong = Sie haben alles gelesen, was da ist.
inbox-quiet = Alles ruhig
inbox-deaf = Noch kann nichts ankommen
inbox-quietOffline = Bisher ist nichts angekommen, und es kann nichts ankommen, bis Gatecall online ist.
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
inbox-allUnread =
    { $count ->
        [one] 1 Benachrichtigung als ungelesen markiert
       *[other] { $count } Benachrichtigungen als ungelesen markiert
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

## filters

filters-name = Filtern
filters-active = Filtern: { NUMBER($count) } aktiv
filters-list = Gefiltert nach
filters-where = Wo
filters-unreadOnly = Nur ungelesene
filters-example = LH411
filters-remove = Filter entfernen: { $filter }
filters-clear = Alle Filter aufheben
filters-none = Nichts passt zu den Filtern
filters-noneLong = Es gibt nichts mit: { $filters }.
filters-onlyFlight = Nur dieser Flug
filters-own = Meine eigenen Buchungen
filters-room = Raum: { $room }

## views

views-name = Ansichten
views-save = Als Ansicht speichern …
views-update = „{ $name }“ aktualisieren
views-label = Name der Ansicht
views-example = Meine Reise nach Los Angeles
views-keep = Speichern
views-rename = „{ $name }“ umbenennen
views-remove = „{ $name }“ löschen
views-saved = Ansicht gespeichert: { $name }
views-updated = Ansicht aktualisiert: { $name }
views-removed = Ansicht gelöscht: { $name }
views-noName = Geben Sie der Ansicht einen Namen.
views-sameName = Eine andere Ansicht heißt schon so.

## done

done-name = Erledigt
done-put = Erledigt: { $what }
done-back = Wieder im Eingang: { $what }
done-many =
    { $count ->
        [one] 1 Benachrichtigung
       *[other] { $count } Benachrichtigungen
    }
done-verbBack = Zurück in den Eingang
done-all = Alles davon erledigt
done-show = Erledigtes anzeigen
done-none = Noch nichts erledigt
done-noneLong = Was Sie erledigt haben, bleibt hier. Sie können es finden und zurückholen.

## selection

selection-name = Das Ausgewählte
selection-count = { NUMBER($count) } ausgewählt
selection-pick = Auswählen
selection-clear = Auswahl aufheben
selection-read = Gelesen
selection-unread = Ungelesen
selection-mute = Stummschalten
selection-unmute = Nicht mehr stumm
selection-threads =
    { $count ->
        [one] 1 Buchung oder Flug
       *[other] { $count } Buchungen und Flüge
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
notices-noTrayLong = Wenn Sie dieses Fenster schließen, endet Gatecall, und mit ihm die Meldungen. Unter GNOME bringt die Erweiterung AppIndicator einen Infobereich.

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
signIn-serverLong = Die Ihres Buchungsdienstes; wer ihn betreibt, kennt sie.
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
welcome-network = Netzwerkeinstellungen
welcome-demo = Mit Demodaten umsehen
welcome-demoLong = Öffnet ein zweites Fenster mit erfundenen Buchungen.

## check

check-name = Was unter dieser Adresse ist
check-running = Es wird nachgesehen, wer dort ist …
check-fine = Unter { $address } antwortet ein Buchungsdienst.
check-reachable = Erreichbar
check-encrypted = Verschlüsselt
check-speaks = Buchungsdienst
check-good = ja
check-doubtful = nicht ganz
check-bad = nein
check-unknown = nicht bekannt

## firstRun

firstRun-title = Sie sind angemeldet
firstRun-text = Gatecall meldet sich mit Meldungen. Jeder Desktop geht anders damit um: Sehen Sie einmal nach, ob sie ankommen.
firstRun-done = Zum Eingang
firstRun-skip = Überspringen

## lost

lost-title = Keine Verbindung zu Gatecall
lost-why =
    { $line ->
        [outside] Diese Seite gehört in das Fenster von Gatecall.
        [otherVersion] Eine andere Version von Gatecall läuft. Beenden Sie sie und starten Sie Gatecall neu.
        [broken] Gatecall antwortet nicht.
       *[notRunning] Gatecall läuft nicht.
    }
lost-text = { $message } Dieses Fenster verbindet sich von selbst, sobald es möglich ist.

## settings

settings-title = Einstellungen
settings-sections = Abschnitte
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

## servers

servers-title = Konto und Server
servers-role = Rolle
servers-roles-CUSTOMER = Reisende
servers-roles-BUSINESS_OWNER = Geschäftsinhaber
servers-roles-ADMIN = Kundendienst
servers-again = Neu anmelden …
servers-change = Server wechseln …

## sound

sound-title = Töne
sound-what = Wie Meldungen klingen
sound-system = Wie der Desktop
sound-systemLong = So, wie er es bei allen Programmen hält
sound-urgent = Nur dringende
sound-urgentLong = Alle anderen kommen ohne Ton
sound-silent = Stumm
sound-silentLong = Auch dringende sind nicht zu hören

## appearance

appearance-title = Aussehen
appearance-theme = Farben
appearance-system = Wie das System
appearance-light = Hell
appearance-dark = Dunkel
appearance-contrast = Höherer Kontrast
appearance-contrastLong = Kräftigere Linien und Texte. Wo das System es verlangt, ist es immer so.

## history

history-title = Verlauf
history-keep = Benachrichtigungen aufbewahren
history-usual = Wie üblich: { NUMBER($count) } Tage
history-days =
    { $count ->
        [one] 1 Tag
       *[other] { $count } Tage
    }
history-own = Andere Zahl von Tagen
history-ownDays = Tage
history-bad = Geben Sie eine ganze Zahl von 1 bis { NUMBER($count) } ein.
history-most =
    { $count ->
        [one] Ältere werden von diesem Gerät gelöscht. Höchstens 1 Benachrichtigung werden aufbewahrt.
       *[other] Ältere werden von diesem Gerät gelöscht. Höchstens { $count } Benachrichtigungen werden aufbewahrt.
    }
history-kept = Wird ab jetzt aufbewahrt: { $span }
history-reindex = Suchverzeichnis neu anlegen
history-reindexLong = Falls die Suche nicht findet, was da ist.
history-reindexing = Wird neu angelegt …
history-reindexed = Das Suchverzeichnis ist neu.

## start

start-title = Autostart
start-on = Mit der Sitzung starten
start-onLong = Gatecall hört dann ohne Fenster aus dem Infobereich zu, sobald Sie sich am Gerät anmelden.
start-unsupported = Hier nicht: Entweder startet dieses System keine Programme von selbst, oder dies ist eine Demo, die nicht bleiben soll.

## network

network-title = Netzwerk
network-way = Der Weg zum Server
network-environment = Wie die Umgebung sagt
network-environmentLong = HTTPS_PROXY und dergleichen, wo sie gesetzt sind
network-none = Kein Proxy
network-noneLong = Direkt zum Server, was auch immer die Umgebung sagt
network-address = Dieser Proxy
network-addressLong = Der, dessen Adresse Sie eingeben
network-proxy = Adresse des Proxys
network-proxyExample = http://proxy.example:8080
network-secret = Mit Name und Passwort, wenn er sie verlangt: http://name:passwort@host:port. Ein gespeichertes Passwort erscheint als *.
network-noProxy = Geben Sie die Adresse des Proxys ein.
network-bypass = Ohne den Proxy erreicht
network-bypassExample = intern.example, 10.0.0.0/8
network-bypassLong = Namen, Adressen und Netze, durch Kommas getrennt
network-caFile = Weitere Zertifizierungsstellen
network-caFileExample = /etc/ssl/firma.pem
network-caFileLong = Der Pfad einer PEM-Datei. Ihnen wird neben denen des Systems vertraut.
network-applied = Übernommen: Gatecall verbindet sich jetzt auf diesem Weg
network-still = { $message } Es gilt weiter, was vorher eingestellt war.
network-check = Verbindung prüfen

## about

about-title = Über Gatecall
about-version = Version
about-sqlite = SQLite
about-system = System
about-data = Datenordner
about-config = Ordner der Einstellungen
about-inbox = Eingang
about-memory = Belegter Speicher
about-size =
    { $rows ->
        [one] 1 Benachrichtigung, { $size }
       *[other] { $rows } Benachrichtigungen, { $size }
    }
about-mib = { NUMBER($count) } MiB
about-copyOf = Kopieren: { $what }
about-licences = Lizenzen …
about-licencesTitle = Lizenzen von allem, woraus Gatecall besteht
about-loading = Einen Moment …
about-diagnose = Diagnosedatei schreiben
about-diagnoseLong = Für alle, die Ihnen helfen: wie Gatecall eingerichtet ist und wie es ihm geht. Nichts Privates steht darin.
about-diagnosing = Wird geschrieben …
about-written = Diagnosedatei

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
rule-back = Einstellungen
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
shortcuts-done = Erledigt, oder zurück in den Eingang
shortcuts-mute = Buchung oder Flug stummschalten oder wieder nicht
shortcuts-snooze = Buchung oder Flug aufschieben
shortcuts-several = Mehrere Zeilen
shortcuts-pick = Zeile auswählen
shortcuts-range = Nächste oder vorige mit auswählen
shortcuts-all = Alle geladenen Zeilen auswählen
shortcuts-none = Auswahl aufheben
shortcuts-search = Suchen
shortcuts-hit = Nächster Treffer (Umschalt: voriger)
shortcuts-view = Eingang oder eine Ansicht öffnen
shortcuts-clear = Zeile, Suche, Seite oder Einstellungen schließen
shortcuts-undo = Letzte Änderung zurücknehmen
shortcuts-settings = Einstellungen
shortcuts-desk = Leitstand, wo Sie alle Buchungen verfolgen dürfen
shortcuts-wall = Im Leitstand: den Bildschirm füllen
shortcuts-help = Diese Übersicht
shortcuts-enter = Eingabe
shortcuts-escape = Esc
shortcuts-control = Strg
shortcuts-shift = Umschalt
shortcuts-alt = Alt
shortcuts-home = Pos1
shortcuts-end = Ende
