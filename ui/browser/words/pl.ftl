# Polski: for tests alone. Only messages that choose by a number, of which Polish has more forms than the window's languages.

inbox-arrivedMany =
    { $count ->
        [one] 1 nowe powiadomienie
        [few] { $count } nowe powiadomienia
        [many] { $count } nowych powiadomień
       *[other] { $count } nowego powiadomienia
    }
inbox-allRead =
    { $count ->
        [one] 1 powiadomienie oznaczono jako przeczytane
        [few] { $count } powiadomienia oznaczono jako przeczytane
        [many] { $count } powiadomień oznaczono jako przeczytane
       *[other] { $count } powiadomienia oznaczono jako przeczytane
    }
backTest-toasts =
    { $count ->
        [one] Pokazałaby 1 komunikat
        [few] Pokazałaby { $count } komunikaty
        [many] Pokazałaby { $count } komunikatów
       *[other] Pokazałaby { $count } komunikatu
    } w { $days ->
        [one] 1 dzień
        [few] { $days } dni
        [many] { $days } dni
       *[other] { $days } dnia
    }
search-found =
    { $more ->
        [true] Ponad { NUMBER($count) } wyników
       *[false]
            { $count ->
                [one] 1 wynik
                [few] { $count } wyniki
                [many] { $count } wyników
               *[other] { $count } wyniku
            }
    }
