# Deutsch. Wofür eine Nachricht da ist, und woran sie sich zu halten hat: docs/TRANSLATING.md und die Kommentare in en.ftl.
#
# Angesprochen wird mit „Ihre Buchung“ oder gar nicht, nie mit „du“.


## Buchungen

booking_created =
    { $who ->
        [named] Buchung { $pnr } angelegt
        [yours] Eine Ihrer Buchungen wurde angelegt
       *[any] Eine Buchung wurde angelegt
    }
booking_confirmed =
    { $who ->
        [named] Buchung { $pnr } bestätigt
        [yours] Eine Ihrer Buchungen wurde bestätigt
       *[any] Eine Buchung wurde bestätigt
    }
booking_cancelled =
    { $who ->
        [named] Buchung { $pnr } storniert
        [yours] Eine Ihrer Buchungen wurde storniert
       *[any] Eine Buchung wurde storniert
    }
booking_updated =
    { $who ->
        [named] Buchung { $pnr } geändert
        [yours] Eine Ihrer Buchungen wurde geändert
       *[any] Eine Buchung wurde geändert
    }
booking_updated_to =
    { $who ->
        [named] Buchung { $pnr } geändert: { $status }
        [yours] Eine Ihrer Buchungen wurde geändert: { $status }
       *[any] Eine Buchung wurde geändert: { $status }
    }
booking_steps =
    { $who ->
        [named] Buchung { $pnr }: { $steps }
        [yours] Ihre Buchung: { $steps }
       *[any] Eine Buchung: { $steps }
    }
booking_paid_and_confirmed =
    { $who ->
        [named] { $amount } bezahlt, Buchung { $pnr } bestätigt
        [yours] { $amount } bezahlt, Ihre Buchung ist bestätigt
       *[any] { $amount } bezahlt, eine Buchung bestätigt
    }
booking_of = Buchung { $pnr }
passengers =
    { $count ->
        [one] 1 Fluggast
       *[other] { $count } Fluggäste
    }

## Zahlungen

payment =
    { $known ->
        [amount]
            { $status ->
                [SUCCEEDED] Zahlung über { $amount } eingegangen
                [FAILED] Zahlung über { $amount } fehlgeschlagen
                [REFUNDED] Zahlung über { $amount } erstattet
                [PARTIALLY_REFUNDED] Zahlung über { $amount } teilweise erstattet
               *[other] Zahlung über { $amount }: { $words }
            }
       *[nothing]
            { $status ->
                [SUCCEEDED] Zahlung eingegangen
                [FAILED] Zahlung fehlgeschlagen
                [REFUNDED] Zahlung erstattet
                [PARTIALLY_REFUNDED] Zahlung teilweise erstattet
               *[other] Zahlung: { $words }
            }
    }

## Flüge

flight_name =
    { $who ->
        [named]
            { $way ->
                [known] { $number } nach { $destination }
               *[unknown] { $number }
            }
        [yours]
            { $way ->
                [known] Ihr Flug nach { $destination }
               *[unknown] Ihr Flug
            }
       *[any]
            { $way ->
                [known] Ein Flug nach { $destination }
               *[unknown] Ein Flug
            }
    }
flight_news =
    { $status ->
        [SCHEDULED] { $name } wieder planmäßig
        [DELAYED] { $name } verspätet
        [DEPARTED] { $name } gestartet
        [IN_FLIGHT] { $name } ist in der Luft
        [LANDED] { $name } gelandet
        [CANCELLED] { $name } gestrichen
       *[other] { $name }: { $words }
    }
flight_was = Zuvor { $status }
on_board =
    { $count ->
        [one] 1 Buchung an Bord
       *[other] { $count } Buchungen an Bord
    }
departure =
    { $tense ->
        [delayed] Geplanter Abflug { $when }
        [cancelled] Abflug wäre gewesen: { $when }
       *[ahead] Abflug { $when }
    }
clocks = { $airport } in { $place } (hier { $own })
own_clock = { $own } nach Ihrer Uhr
weekday_and_time =
    { $day ->
        [1] Mo
        [2] Di
        [3] Mi
        [4] Do
        [5] Fr
        [6] Sa
       *[7] So
    } { $time }
date_and_time =
    { $day }. { $month ->
        [1] Jan.
        [2] Feb.
        [3] März
        [4] April
        [5] Mai
        [6] Juni
        [7] Juli
        [8] Aug.
        [9] Sept.
        [10] Okt.
        [11] Nov.
       *[12] Dez.
    } { $time }
as_of = Stand { $time }

## Zustände und Schritte

state =
    { $thing ->
        [flight]
            { $status ->
                [SCHEDULED] planmäßig
                [DELAYED] verspätet
                [DEPARTED] gestartet
                [IN_FLIGHT] in der Luft
                [LANDED] gelandet
                [CANCELLED] gestrichen
               *[other] { $words }
            }
        [payment]
            { $status ->
                [PENDING] ausstehend
                [PROCESSING] in Bearbeitung
               *[other] { $words }
            }
       *[booking]
            { $status ->
                [PENDING] offen
                [CONFIRMED] bestätigt
                [CANCELLED] storniert
                [COMPLETED] abgeschlossen
                [FAILED] fehlgeschlagen
               *[other] { $words }
            }
    }
step =
    { $step ->
        [created] gebucht
        [confirmed] bestätigt
        [paid] bezahlt
        [payment_failed] Zahlung fehlgeschlagen
        [refunded] erstattet
        [partly_refunded] teilweise erstattet
        [cancelled] storniert
       *[updated] geändert
    }
step_payment = Zahlung { $status }

## Ereignisse, die nicht zu lesen sind

unreadable_title = Eine Änderung war nicht lesbar
unreadable_body = Der Server hat „{ $channel }“ in einer Form geschickt, die Gatecall nicht versteht.
unknown_event_title = Unbekanntes Ereignis: { $channel }
unknown_event_body = Diese Version von Gatecall kennt es nicht. Es bleibt so erhalten, wie es kam.

## Meldungen

quiet_updates =
    { $count ->
        [one] (+1 stille Änderung)
       *[other] (+{ $count } stille Änderungen)
    }
masked_booking =
    { $who ->
        [yours] Ihre Buchung hat sich geändert
       *[any] Eine Buchung hat sich geändert
    }
masked_flight =
    { $who ->
        [yours] Ihr Flug hat sich geändert
       *[any] Ein Flug hat sich geändert
    }
masked_many =
    { $who ->
        [yours] Mehrere Ihrer Buchungen haben sich geändert
       *[any] Mehrere Buchungen haben sich geändert
    }
offline_title =
    { $which ->
        [named] Keine Verbindung: Neues zu { $flight } erreicht Sie nicht
       *[any] Keine Verbindung: Neues zu Ihrer Reise erreicht Sie nicht
    }
offline_body = Gatecall versucht es weiter
test_title = Benachrichtigungen funktionieren
test_body = So sehen die Meldungen von Gatecall aus. Ein Klick darauf zeigt, ob Klicks ankommen.
button_open = Öffnen
button_snooze = In 1 h erinnern
button_mute =
    { $thing ->
        [flight] Flug stummschalten
       *[booking] Buchung stummschalten
    }

## Viele auf einmal

storm_title =
    { $phase ->
        [over] Vorbei: { $what } in { $duration }
       *[now] { $what } in { $duration }
    }
storm_title_with_classes =
    { $phase ->
        [over] Vorbei: { $what } in { $duration }: { $classes }
       *[now] { $what } in { $duration }: { $classes }
    }
storm_changes =
    { $count ->
        [one] 1 Änderung
       *[other] { $count } Änderungen
    }
storm_class =
    { $class ->
        [cancellations]
            { $count ->
                [one] 1 Stornierung
               *[other] { $count } Stornierungen
            }
        [bookings_cancelled]
            { $count ->
                [one] 1 Buchung storniert
               *[other] { $count } Buchungen storniert
            }
        [flights_cancelled]
            { $count ->
                [one] 1 Flug gestrichen
               *[other] { $count } Flüge gestrichen
            }
        [flights_delayed]
            { $count ->
                [one] 1 Flug verspätet
               *[other] { $count } Flüge verspätet
            }
       *[others]
            { $count ->
                [one] 1 andere Änderung
               *[other] { $count } andere Änderungen
            }
    }
storm_more_flights =
    { $count ->
        [one] 1 weiterer Flug
       *[other] { $count } weitere Flüge
    }
storm_bookings_hit =
    { $count ->
        [one] 1 Buchung betroffen
       *[other] { $count } Buchungen betroffen
    }
seconds = { $count } s
minutes = { $count } min
hours = { $hours } h
hours_and_minutes = { $hours } h { $minutes } min

## Nach einer Zeit ohne Verbindung

digest_late = Die Änderungen kamen verspätet.
digest_offline_at = Offline um { $at }.
digest_offline = Offline { $from }–{ $to }.
digest_offline_until = Offline bis { $to }.
digest_named = { $list }.
digest_more = { $count } weitere
digest_incomplete = Ältere Ereignisse fehlen möglicherweise.
digest_reconstructed = Was sich geändert und wieder zurückgeändert hat, ist nicht bekannt.
digest_verified = Geprüft um { $at }.

## Der Titel dazu

digest_unknown = Möglicherweise fehlen Ereignisse
digest_updates =
    { $count ->
        [one] 1 Änderung während Ihrer Abwesenheit
       *[other] { $count } Änderungen während Ihrer Abwesenheit
    }
digest_bookings =
    { $count ->
        [one] Eine Ihrer Buchungen hat sich geändert
       *[other] { $count } Ihrer Buchungen haben sich geändert
    }
digest_flights =
    { $count ->
        [one] Einer Ihrer Flüge hat sich geändert
       *[other] { $count } Ihrer Flüge haben sich geändert
    }
digest_both =
    { $bookings ->
        [one] 1 Buchung
       *[other] { $bookings } Buchungen
    } und { $flights ->
        [one] 1 Flug
       *[other] { $flights } Flüge
    } haben sich geändert

## Warum ein Ereignis so behandelt wurde

why_new_booking = Eine neue Buchung.
why_confirmed = Eine Buchung wurde bestätigt.
why_cancelled = Eine Stornierung wird immer gemeldet.
why_status_changed = Der Status einer Buchung hat sich geändert.
why_payment = Eine Zahlung ist eingegangen.
why_payment_trouble = Eine Zahlung ist fehlgeschlagen oder wurde erstattet.
why_flight_cancelled = Ein gestrichener Flug wird immer gemeldet.
why_delay_now = Eine Verspätung weniger als 3 Stunden vor dem Abflug.
why_delay_today = Eine Verspätung am Tag des Abflugs.
why_delay_undated = Eine Verspätung; die Abflugzeit ist hier nicht bekannt.
why_delay_desk = Ein verspäteter Flug, einmal für alle seine Buchungen.
why_delay_far_off = Eine Verspätung mehr als einen Tag vor dem Abflug bleibt im Posteingang.
why_delay_past = Der Flug ist längst gestartet.
why_back_on_schedule = Der Flug ist wieder planmäßig.
why_flight_changed = Der Status eines Fluges hat sich geändert.
why_departed = Die Meldung zum Flug stand schon da und wurde aktualisiert.
why_departed_quietly = Unterwegs: keine Meldung, außer wenn noch eine zum Flug dasteht.
why_landed = Der Flug ist gelandet.
why_rule_raised =
    { $by ->
        [named] Ihre Regel „{ $rule }“ verlangt eine Meldung.
       *[some] Eine Ihrer Regeln verlangt eine Meldung.
    }
why_rule_silenced =
    { $by ->
        [named] Ihre Regel „{ $rule }“ unterdrückt die Meldung.
       *[some] Eine Ihrer Regeln unterdrückt die Meldung.
    }
why_no_status_change = Eine Änderung, die den Status nicht betrifft, bleibt im Posteingang.
why_desk_counted = Solche Ereignisse werden in der Leitstelle nur gezählt.
why_unreadable = Diese Version von Gatecall kann das Ereignis nicht lesen, darum bleibt es im Posteingang.
why_toasts_off = Meldungen sind abgeschaltet.
why_privacy_nothing = Meldungen dürfen nichts sagen, darum wird keine gezeigt.
why_muted = Diese Buchung oder dieser Flug ist stummgeschaltet.
why_snoozed = Zurückgestellt: Der Stand wird gemeldet, sobald die Frist um ist.
why_quiet_hours = Es kam in Ihren Ruhezeiten.
why_daily_budget = Es gab schon 3 Meldungen dazu an einem Tag: Der Rest bleibt im Posteingang.
why_storm = Es kamen viele auf einmal: mit anderen in einer Meldung gesagt.
why_flap_told_already = Es steht wieder so, wie zuletzt gemeldet.
why_flap_changed_back = Es hielt nicht an: Es änderte sich zurück, bevor es gemeldet war.
why_overtaken = Ein neuerer Stand kam, bevor dieser gemeldet war.
why_read_first = Es war gelesen, bevor es gemeldet war.
why_missed = Es geschah, während Gatecall nicht verbunden war, und steht in einer Zusammenfassung.
why_unshown = Gatecall endete vor der Meldung; es steht in einer Zusammenfassung.
why_superseded = Ein neuerer Stand war schon bekannt, als es kam.
why_toast_failed = Der Benachrichtigungsdienst des Desktops hat die Meldung nicht gezeigt.
why_also_rule = Auch Ihre Regel „{ $rule }“ verlangt es.
why_merged = Gesagt in der Meldung, die schon dastand.

## Die Leiste

tray_title =
    { $kind ->
        [demo]
            { $unread ->
                [0] Gatecall-Demo: nichts ungelesen
               *[other] Gatecall-Demo: { $unread } ungelesen
            }
       *[real]
            { $unread ->
                [0] Gatecall: nichts ungelesen
               *[other] Gatecall: { $unread } ungelesen
            }
    }
link_starting = Startet
link_connecting = Verbindet
link_online = Online
link_waiting = Offline: { $why }
link_sign_in_needed = Anmeldung nötig: { $why }
link_paused = Angehalten
menu_open = Gatecall öffnen
menu_mark_all_read = Alles als gelesen markieren
menu_try_now = Jetzt versuchen
menu_pause = Anhalten
menu_resume = Fortsetzen
menu_quit = Beenden

## Warum es keine Verbindung gibt

trouble_no_network = Kein Netz
trouble_name_unresolved = Der Name { $host } lässt sich nicht auflösen
trouble_nothing_answers = Unter { $host } antwortet nichts
trouble_proxy_unreachable = Der Proxy { $proxy } ist nicht erreichbar
trouble_proxy_sign_in = Der Proxy { $proxy } verlangt eine Anmeldung
trouble_some_proxy_sign_in = Der Proxy verlangt eine Anmeldung
trouble_proxy_status = Der Proxy { $proxy } antwortet mit HTTP-Status { $status }
trouble_proxy_mute = Der Proxy { $proxy } antwortet nicht wie ein Proxy
trouble_proxy_unsupported = Der Proxy { $proxy } ist von einer Art, die nicht unterstützt wird
trouble_not_secured = Die Verbindung zu { $host } lässt sich nicht sichern
trouble_certificate =
    { $fault ->
        [expired] Zertifikat nicht vertrauenswürdig: Es ist abgelaufen
        [not_valid_yet] Zertifikat nicht vertrauenswürdig: Es gilt noch nicht. Geht die Uhr dieses Rechners richtig?
        [other_name] Zertifikat nicht vertrauenswürdig: Es lautet auf einen anderen Namen
        [unknown_issuer] Zertifikat nicht vertrauenswürdig: Niemand hier kennt den Aussteller
        [revoked] Zertifikat nicht vertrauenswürdig: Es wurde widerrufen
       *[other] Zertifikat nicht vertrauenswürdig: { $said }
    }
trouble_busy = Der Server ist ausgelastet (HTTP { $status })
trouble_sent_on = { $host } verweist weiter an { $elsewhere }. Stimmt die Adresse?
trouble_other_status = { $host } antwortet mit HTTP { $status } statt mit einer Verbindung
trouble_not_socketio = { $host } spricht kein Socket.IO
trouble_refused = Der Server hat die Verbindung abgelehnt: { $said }
trouble_no_answer =
    { $stage ->
        [name] Keine Antwort von { $host } beim Nachschlagen des Namens
        [opening] Keine Antwort von { $host } beim Öffnen der Verbindung
        [proxy] Keine Antwort von { $host } beim Warten auf den Proxy
        [securing] Keine Antwort von { $host } beim Sichern der Verbindung
        [websocket] Keine Antwort von { $host } auf die Frage nach dem WebSocket
        [greeting] Keine Antwort von { $host } beim Warten auf die Begrüßung
        [namespace] Keine Antwort von { $host } beim Warten auf den Namensraum
       *[any] Keine rechtzeitige Antwort von { $host }
    }
trouble_server_ended = Der Server hat die Verbindung beendet
trouble_closed = Die Verbindung wurde geschlossen
trouble_lost = Die Verbindung ist abgerissen
trouble_silent = Der Server ist verstummt
trouble_too_large = Der Server hat eine Nachricht von { $megabytes } MB geschickt, mehr als Gatecall annimmt
trouble_protocol = Der Server hat etwas geschickt, das kein Socket.IO ist
trouble_not_a_service = { $host } antwortet nicht wie ein Buchungsdienst
trouble_keychain =
    { $fault ->
        [locked] Der Schlüsselbund ist gesperrt
        [denied] Der Schlüsselbund verweigert den Zugriff auf die Anmeldung
        [away] Kein Schlüsselbund antwortet, darum ist die Anmeldung nicht lesbar
       *[silent] Der Schlüsselbund antwortet nicht
    }
trouble_not_signed_in = Niemand ist angemeldet
trouble_token_refused = Der Server nimmt die Anmeldung nicht mehr an
trouble_token_refused_saying = Der Server nimmt die Anmeldung nicht mehr an: { $said }
trouble_unsaved =
    { $fault ->
        [locked] Nur für diese Sitzung angemeldet: Der Schlüsselbund ist gesperrt.
        [denied] Nur für diese Sitzung angemeldet: Der Schlüsselbund hat den Zugriff verweigert.
        [away] Nur für diese Sitzung angemeldet: Kein Schlüsselbund antwortet.
       *[silent] Nur für diese Sitzung angemeldet: Der Schlüsselbund hat nicht rechtzeitig geantwortet.
    }
trouble_network_changed = Das Netz hat gewechselt
trouble_unverified = Was in der Zeit ohne Verbindung geschah, ist noch nicht geprüft: { $why }.
trouble_unwanted = auf Wunsch angehalten
trouble_inbox_full = Neue Ereignisse können nicht aufbewahrt werden, darum werden keine angenommen
trouble_unkept = Neue Ereignisse können nicht aufbewahrt werden: { $why }.
trouble_toasts = Meldungen werden nicht gezeigt: { $why }.
trouble_settings = Die Einstellungen lassen sich nicht speichern: { $why }.
trouble_rescued =
    { $how ->
        [copy] Der Posteingang war beschädigt: Die letzte gute Kopie ist an seiner Stelle; was seither kam, wird neu geholt, soweit der Server es noch weiß. Die beschädigte Datei liegt unter { $path }.
       *[anew] Der Posteingang war beschädigt: Er beginnt von vorn; ältere Ereignisse können fehlen. Die beschädigte Datei liegt unter { $path }.
    }
trouble_own_fault = Etwas in Gatecall ist fehlgeschlagen
inbox_fault =
    { $fault ->
        [newer] Ein neueres Gatecall hat den Posteingang geschrieben; aktualisieren Sie dieses
        [damaged] Der Posteingang ist beschädigt
        [unwritten] Der Posteingang lässt sich nicht schreiben: { $why }
        [unread] Der Posteingang lässt sich nicht lesen: { $why }
       *[unopened] Der Posteingang lässt sich nicht öffnen: { $why }
    }
toast_fault =
    { $fault ->
        [away] Meldungen sind hier nicht möglich: { $why }
        [refused] Der Benachrichtigungsdienst lehnt Meldungen ab: { $why }
       *[silent] Der Benachrichtigungsdienst antwortet nicht
    }

## Warum etwas nicht gelang, worum jemand gebeten hat. Ganze Sätze.

failed_in_a_sentence = { $what }.
failed_sign_in_kept =
    { $fault ->
        [locked] Sie sind abgemeldet, aber der Schlüsselbund ist gesperrt. Entsperren Sie ihn und löschen Sie dort selbst den Eintrag für app.gatecall.Gatecall.
        [denied] Sie sind abgemeldet, aber der Schlüsselbund verweigert den Zugriff. Löschen Sie dort selbst den Eintrag für app.gatecall.Gatecall.
        [away] Sie sind abgemeldet, aber kein Schlüsselbund antwortet. Ist er wieder da, sehen Sie nach einem Eintrag für app.gatecall.Gatecall und löschen Sie diesen.
       *[silent] Sie sind abgemeldet, aber der Schlüsselbund antwortet nicht. Sehen Sie dort nach einem Eintrag für app.gatecall.Gatecall und löschen Sie diesen.
    }
failed_address =
    { $fault ->
        [scheme] Die Adresse muss mit https:// oder http:// beginnen. Ändern Sie den Anfang.
        [extras] In der Adresse dürfen weder Benutzername noch Passwort, Abfrage oder Fragment stehen.
       *[not_a_url] Das ist keine Webadresse. Geben Sie eine wie https://fly.example ein, oder fragen Sie den Betreiber des Dienstes.
    }
failed_email = Geben Sie die E-Mail-Adresse ein, die Sie beim Buchungsdienst verwenden.
failed_file = Die Datei ließ sich nicht schreiben: { $why }.
failed_autostart = Der Start mit der Sitzung ließ sich nicht lesen oder ändern: { $why }.
failed_no_autostart = Dieses Gatecall kann nicht von der Sitzung gestartet werden.
failed_demo = Die Demo lässt sich nicht öffnen: { $why }.
failed_no_demo = Dieses Gatecall hat keine Demo, die sich öffnen ließe.
failed_stopped = Es wurde angehalten.
failed_ending = Gatecall wird beendet.
failed_start = Gatecall konnte nicht starten

## Eine Datei des Eingangs, zur Übergabe an jemand anderen

handover_title =
    { $span ->
        [between] Eingang von Gatecall: { $from } bis { $to }
        [since] Eingang von Gatecall: seit { $from }
        [until] Eingang von Gatecall: bis { $to }
       *[all] Eingang von Gatecall: alles
    }
handover_server = Server: { $server }
handover_nothing = Keine Benachrichtigungen.
handover_sum =
    { $count ->
        [one] 1 Benachrichtigung ({ $kinds }).
       *[other] { $count } Benachrichtigungen ({ $kinds }).
    }
handover_kind =
    { $kind ->
        [booked] { $count } gebucht
        [confirmed] { $count } bestätigt
        [changed] { $count } geändert
        [cancelled] { $count } storniert
        [flights]
            { $count ->
                [one] 1 Flugänderung
               *[other] { $count } Flugänderungen
            }
        [payments]
            { $count ->
                [one] 1 Zahlung
               *[other] { $count } Zahlungen
            }
       *[others] { $count } sonstige
    }
handover_column =
    { $column ->
        [time] Zeit
        [flight] Flug
        [booking] Buchung
        [what] Was
        [status] Status
       *[done] Erledigt
    }

## A server that is looked at before somebody signs in there.

server_problem =
    { $advice ->
        [unreachable] { $why }. Prüfen Sie die Adresse und ob dieser Rechner ein Netz hat.
        [proxy] { $why }. Prüfen Sie den Proxy in den Netzwerkeinstellungen.
        [certificate] { $why }. Fragen Sie den Betreiber des Servers, oder nennen Sie seine Zertifizierungsstelle in den Netzwerkeinstellungen.
        [not_secured] { $why }. Fragen Sie den Betreiber des Servers, ob die Adresse mit https beginnt.
        [busy] { $why }. Versuchen Sie es in einer Minute noch einmal.
       *[not_a_service] { $why }. Prüfen Sie die Adresse oder fragen Sie den Betreiber des Servers.
    }
server_no_websockets = { $host } antwortet, aber etwas auf dem Weg lässt keine WebSockets durch, die Gatecall braucht. Fragen Sie den Betreiber des Netzes oder des Proxys.
server_plain = Was an { $host } geht, auch das Passwort, kann unterwegs mitgelesen werden. Fragen Sie den Betreiber des Servers nach einer Adresse, die mit https beginnt.

## The way to the server, as somebody edits it.

way_proxy_address = Das ist keine Adresse eines Proxys. Geben Sie eine wie http://proxy.example:3128 ein, oder wählen Sie einen anderen Weg.
way_proxy_kind = Nur Proxys mit http und https sind möglich. Die Adresse muss mit http:// oder https:// beginnen.
way_proxy_password = Das ist ein anderer Proxy als bisher. Geben Sie sein Passwort neu ein.
way_bypass = { $host } ist kein Rechner. Nennen Sie Namen, Adressen oder Netze wie 10.0.0.0/8.
way_ca_unread = { $path } lässt sich nicht lesen: { $why }. Wählen Sie eine Datei mit Zertifikaten, die Sie lesen dürfen.
way_ca_empty = { $path } enthält kein Zertifikat in PEM-Form. Wählen Sie eine andere Datei oder keine.
