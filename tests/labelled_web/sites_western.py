"""Sites in languages written with Latin letters. Their not-found pages have the texts of WordPress, other
systems and newspapers, not those of our own table of phrases."""

from __future__ import annotations

from tests.labelled_web.chrome import Site

ENGLISH = Site(
    "en", "The Harbour Gazette", "News|Politics|Business|Culture|Sport|Weather", "Search", "Most read",
    "Ferry to the islands runs again after the storm|Council votes on the new bridge over the estuary"
    "|Fishermen warn of empty nets in the northern grounds|The lighthouse keeper who wrote a novel"
    "|Town hall clock stops for the third time this year",
    "About us|Contact|Privacy policy|Terms of use|© 2024 The Harbour Gazette",
    (("Page not found – The Harbour Gazette", "Oops! That page can’t be found."),
     ("404 | The Harbour Gazette", "Sorry, the page you are looking for is no longer available")),
    "It looks like nothing was found at this location. Maybe try a search?",
    ("Page not found: why a good error page is worth more than an apology",
     "Everyone knows the number 404. We asked designers what they put on the page that nobody wants."),
    ("Statue of the old harbour master has been removed",
     "The council's minutes say it plainly: the statue has been removed and was not found again."),
)  # fmt: skip
SITES = (
    ENGLISH,
    Site(
        "de", "Hafenblatt", "Politik|Wirtschaft|Kultur|Sport|Regionales|Wetter", "Suche", "Meistgelesen",
        "Die Fähre zu den Inseln fährt nach dem Sturm wieder|Stadtrat stimmt über die neue Brücke ab"
        "|Fischer warnen vor leeren Netzen im Norden|Der Leuchtturmwärter, der einen Roman schrieb"
        "|Rathausuhr bleibt zum dritten Mal in diesem Jahr stehen",
        "Über uns|Impressum|Datenschutz|AGB|© 2024 Hafenblatt",
        (("Seite nicht gefunden – Hafenblatt", "Hoppla! Diese Seite konnte nicht gefunden werden."),
         ("Fehler 404 | Hafenblatt", "Diese Seite ist leider nicht mehr verfügbar")),
        "Die von Ihnen aufgerufene Adresse gibt es nicht. Vielleicht hilft die Suche weiter.",
        ("„Seite nicht gefunden“: Warum Fehlerseiten so oft zum Lachen sind",
         "Jeder kennt die Nummer 404. Wir haben Gestalter gefragt, was sie auf die Seite schreiben."),
        ("Das Denkmal am Hafen wurde entfernt",
         "Der Artikel im Vertrag ist eindeutig: Das Denkmal wurde entfernt, die Tafel nicht gefunden."),
    ),
    Site(
        "fr", "Le Quai", "Politique|Économie|Culture|Sport|Régions|Météo", "Rechercher", "Les plus lus",
        "Le ferry des îles repart après la tempête|Le conseil vote le nouveau pont sur l’estuaire"
        "|Les pêcheurs s’inquiètent des filets vides au nord|Le gardien de phare qui écrivit un roman"
        "|L’horloge de la mairie s’arrête pour la troisième fois",
        "Qui sommes-nous|Contact|Mentions légales|Confidentialité|© 2024 Le Quai",
        (("Page non trouvée – Le Quai", "Oups ! Cette page est introuvable."),
         ("Erreur 404 - Le Quai", "La page que vous avez demandée n’existe pas ou plus")),
        "Il semble que rien n’ait été trouvé à cette adresse. Essayez peut-être une recherche ?",
        ("« Page introuvable » : l’art discret des pages d’erreur",
         "Tout le monde connaît le numéro 404. Nous avons demandé aux graphistes ce qu’ils y mettent."),
        ("La statue du port a été supprimée",
         "L’article du contrat est clair : la statue a été supprimée et la plaque reste introuvable."),
    ),
    Site(
        "es", "El Muelle", "Política|Economía|Cultura|Deportes|Región|El tiempo", "Buscar", "Lo más leído",
        "El ferry a las islas vuelve a salir tras la tormenta|El consejo vota el nuevo puente"
        "|Los pescadores avisan de redes vacías en el norte|El farero que escribió una novela"
        "|El reloj del ayuntamiento se para por tercera vez",
        "Quiénes somos|Contacto|Aviso legal|Privacidad|© 2024 El Muelle",
        (("Página no encontrada – El Muelle", "¡Vaya! No se ha podido encontrar esa página."),
         ("Error 404 | El Muelle", "Lo sentimos, la página que buscas ya no está disponible")),
        "Parece que no se ha encontrado nada en esta ubicación. ¿Quieres probar con una búsqueda?",
        ("Página no encontrada: por qué nos hacen reír las páginas de error",
         "Todo el mundo conoce el número 404. Preguntamos a los diseñadores qué ponen en ella."),
        ("La estatua del puerto ha sido eliminada",
         "El artículo del contrato lo dice: la estatua ha sido eliminada y la placa no fue encontrada."),
    ),
    Site(
        "pt", "O Cais", "Política|Economia|Cultura|Esporte|Cidades|Tempo", "Pesquisar", "Mais lidas",
        "Balsa para as ilhas volta a sair depois da tempestade|Câmara vota a nova ponte do estuário"
        "|Pescadores alertam para redes vazias no norte|O faroleiro que escreveu um romance"
        "|Relógio da prefeitura para pela terceira vez",
        "Sobre nós|Contato|Termos de uso|Privacidade|© 2024 O Cais",
        (("Página não encontrada – O Cais", "Ops! Essa página não pode ser encontrada."),
         ("Erro 404 | O Cais", "A página que você procura não existe ou foi removida")),
        "Parece que nada foi encontrado neste endereço. Talvez tente uma pesquisa?",
        ("Página não encontrada: o que as páginas de erro dizem de um site",
         "Todos conhecem o número 404. Perguntamos aos designers o que escrevem nela."),
        ("A estátua do porto foi removida",
         "O artigo do contrato é claro: a estátua foi removida e a placa não foi encontrada."),
    ),
    Site(
        "it", "Il Molo", "Politica|Economia|Cultura|Sport|Cronaca|Meteo", "Cerca", "I più letti",
        "Il traghetto per le isole riparte dopo la tempesta|Il consiglio vota il nuovo ponte"
        "|I pescatori temono reti vuote a nord|Il guardiano del faro che scrisse un romanzo"
        "|L’orologio del municipio si ferma per la terza volta",
        "Chi siamo|Contatti|Note legali|Privacy|© 2024 Il Molo",
        (("Pagina non trovata – Il Molo", "Oops! Non è stato possibile trovare questa pagina."),
         ("Errore 404 | Il Molo", "Spiacenti, la pagina che stai cercando non è disponibile")),
        "Sembra che non sia stato trovato nulla a questo indirizzo. Prova con una ricerca.",
        ("Pagina non trovata: l’arte nascosta delle pagine di errore",
         "Tutti conoscono il numero 404. Abbiamo chiesto ai grafici che cosa ci mettono."),
        ("La statua del porto è stata rimossa",
         "L’articolo del contratto è chiaro: la statua è stata rimossa, la targa non è stata trovata."),
    ),
    Site(
        "nl", "De Kade", "Politiek|Economie|Cultuur|Sport|Regio|Weer", "Zoeken", "Meest gelezen",
        "Veerboot naar de eilanden vaart weer na de storm|Raad stemt over de nieuwe brug"
        "|Vissers waarschuwen voor lege netten in het noorden|De vuurtorenwachter die een roman schreef"
        "|Klok van het stadhuis staat voor de derde keer stil",
        "Over ons|Contact|Voorwaarden|Privacy|© 2024 De Kade",
        (("Pagina niet gevonden – De Kade", "Oeps! Deze pagina kon niet gevonden worden."),
         ("404 | De Kade", "Deze pagina bestaat niet (meer)")),
        "Het lijkt erop dat er op deze locatie niets is gevonden. Probeer het met een zoekopdracht.",
        ("Pagina niet gevonden: waarom foutpagina’s zo vaak om te lachen zijn",
         "Iedereen kent het nummer 404. Wij vroegen ontwerpers wat zij erop zetten."),
        ("Het standbeeld in de haven is verwijderd",
         "Het artikel in het contract is duidelijk: het beeld is verwijderd, het bord niet gevonden."),
    ),
    Site(
        "pl", "Nabrzeże", "Polityka|Gospodarka|Kultura|Sport|Region|Pogoda", "Szukaj", "Najczęściej czytane",
        "Prom na wyspy znów kursuje po sztormie|Rada głosuje nad nowym mostem"
        "|Rybacy ostrzegają przed pustymi sieciami|Latarnik, który napisał powieść"
        "|Zegar na ratuszu stanął po raz trzeci",
        "O nas|Kontakt|Regulamin|Prywatność|© 2024 Nabrzeże",
        (("Strona nie została znaleziona – Nabrzeże", "Ojej! Nie można znaleźć tej strony."),
         ("Błąd 404 | Nabrzeże", "Przepraszamy, strona, której szukasz, nie istnieje")),
        "Wygląda na to, że nic tutaj nie ma. Może spróbuj wyszukać?",
        ("Nie znaleziono strony: dlaczego strony błędów bywają dziełem sztuki",
         "Każdy zna numer 404. Zapytaliśmy projektantów, co na niej umieszczają."),
        ("Pomnik z portu został usunięty",
         "Artykuł umowy jest jasny: pomnik został usunięty, a tablicy nie znaleziono."),
    ),
    Site(
        "sv", "Kajen", "Inrikes|Ekonomi|Kultur|Sport|Lokalt|Väder", "Sök", "Mest läst",
        "Färjan till öarna går igen efter stormen|Fullmäktige röstar om den nya bron"
        "|Fiskare varnar för tomma nät i norr|Fyrvaktaren som skrev en roman"
        "|Rådhusklockan stannar för tredje gången",
        "Om oss|Kontakt|Villkor|Integritet|© 2024 Kajen",
        (("Sidan hittades inte – Kajen", "Hoppsan! Den där sidan går inte att hitta."),
         ("404 | Kajen", "Sidan du letar efter finns inte längre")),
        "Det verkar som om ingenting hittades här. Prova kanske att söka?",
        ("Sidan hittades inte: konsten att be om ursäkt på nätet",
         "Alla känner till numret 404. Vi frågade formgivare vad de skriver på den."),
        ("Statyn i hamnen har tagits bort",
         "Sidan i protokollet är tydlig: statyn har tagits bort och skylten finns inte längre."),
    ),
    Site(
        "da", "Molen", "Politik|Økonomi|Kultur|Sport|Lokalt|Vejret", "Søg", "Mest læste",
        "Færgen til øerne sejler igen efter stormen|Byrådet stemmer om den nye bro"
        "|Fiskere advarer om tomme net i nord|Fyrpasseren, der skrev en roman"
        "|Rådhusuret går i stå for tredje gang",
        "Om os|Kontakt|Vilkår|Privatliv|© 2024 Molen",
        (("Siden blev ikke fundet – Molen", "Ups! Siden kan ikke findes."),
         ("404 | Molen", "Siden, du leder efter, findes ikke længere")),
        "Det ser ud til, at der ikke blev fundet noget her. Prøv at søge.",
        ("Siden blev ikke fundet: kunsten at undskylde på nettet",
         "Alle kender nummeret 404. Vi spurgte designere, hvad de skriver på den."),
        ("Statuen på havnen er fjernet",
         "Artiklen i kontrakten er klar: statuen er fjernet, og skiltet blev ikke fundet."),
    ),
    Site(
        "nb", "Brygga", "Politikk|Økonomi|Kultur|Sport|Lokalt|Været", "Søk", "Mest lest",
        "Fergen til øyene går igjen etter stormen|Kommunestyret stemmer over den nye brua"
        "|Fiskere advarer om tomme garn i nord|Fyrvokteren som skrev en roman"
        "|Rådhusklokka stopper for tredje gang",
        "Om oss|Kontakt|Vilkår|Personvern|© 2024 Brygga",
        (("Fant ikke siden – Brygga", "Oisann! Fant ikke siden."),
         ("404 | Brygga", "Beklager, siden du leter etter finnes ikke")),
        "Det ser ut til at ingenting ble funnet her. Kanskje et søk kan hjelpe?",
        ("Fant ikke siden: kunsten å be om unnskyldning på nettet",
         "Alle kjenner nummeret 404. Vi spurte designere hva de skriver på den."),
        ("Statuen i havna er fjernet",
         "Artikkelen i kontrakten er klar: statuen er fjernet, og skiltet ble ikke funnet."),
    ),
    Site(
        "fi", "Laituri", "Politiikka|Talous|Kulttuuri|Urheilu|Kotimaa|Sää", "Haku", "Luetuimmat",
        "Lautta saarille kulkee taas myrskyn jälkeen|Valtuusto äänestää uudesta sillasta"
        "|Kalastajat varoittavat tyhjistä verkoista|Majakanvartija, joka kirjoitti romaanin"
        "|Kaupungintalon kello pysähtyi kolmannen kerran",
        "Tietoa meistä|Yhteystiedot|Käyttöehdot|Tietosuoja|© 2024 Laituri",
        (("Sivua ei löytynyt – Laituri", "Hups! Sivua ei löydy."),
         ("404 | Laituri", "Valitettavasti hakemaasi sivua ei löytynyt")),
        "Täältä ei löytynyt mitään. Kokeile hakua.",
        ("Sivua ei löytynyt: virhesivujen hiljainen taide",
         "Kaikki tuntevat numeron 404. Kysyimme suunnittelijoilta, mitä he siihen kirjoittavat."),
        ("Sataman patsas on poistettu",
         "Sopimuksen artikla on selvä: patsas on poistettu, eikä kylttiä löytynyt."),
    ),
    Site(
        "cs", "Přístaviště", "Politika|Ekonomika|Kultura|Sport|Regiony|Počasí", "Hledat", "Nejčtenější",
        "Trajekt na ostrovy po bouři zase jezdí|Rada hlasuje o novém mostu"
        "|Rybáři varují před prázdnými sítěmi|Strážce majáku, který napsal román"
        "|Hodiny na radnici se zastavily potřetí",
        "O nás|Kontakt|Podmínky|Soukromí|© 2024 Přístaviště",
        (("Stránka nenalezena – Přístaviště", "Jejda! Tato stránka nebyla nalezena."),
         ("Chyba 404 | Přístaviště", "Omlouváme se, ale požadovaná stránka neexistuje")),
        "Vypadá to, že zde nic není. Zkuste vyhledávání.",
        ("Stránka nenalezena: tiché umění chybových stránek",
         "Každý zná číslo 404. Ptali jsme se návrhářů, co na ni píší."),
        ("Socha v přístavu byla odstraněna",
         "Článek smlouvy je jasný: socha byla odstraněna a deska nebyla nalezena."),
    ),
    Site(
        "hu", "Rakpart", "Belföld|Gazdaság|Kultúra|Sport|Helyi|Időjárás", "Keresés", "Legolvasottabb",
        "A vihar után újra jár a komp a szigetekre|A tanács az új hídról szavaz"
        "|A halászok üres hálókra figyelmeztetnek|A világítótorony őre, aki regényt írt"
        "|Harmadszor állt meg a városháza órája",
        "Rólunk|Kapcsolat|Feltételek|Adatvédelem|© 2024 Rakpart",
        (("Az oldal nem található – Rakpart", "Hoppá! Ez az oldal nem található."),
         ("404-es hiba | Rakpart", "Sajnáljuk, a keresett oldal nem található")),
        "Úgy tűnik, itt nincs semmi. Esetleg próbálja meg a keresést.",
        ("Az oldal nem található: a hibaoldalak csendes művészete",
         "Mindenki ismeri a 404-es számot. Megkérdeztük a tervezőket, mit írnak rá."),
        ("Eltávolították a kikötő szobrát",
         "A szerződés cikke világos: a szobrot eltávolították, a tábla nem található."),
    ),
    Site(
        "ro", "Cheiul", "Politică|Economie|Cultură|Sport|Local|Meteo", "Căutare", "Cele mai citite",
        "Feribotul spre insule pleacă din nou după furtună|Consiliul votează noul pod"
        "|Pescarii avertizează că plasele sunt goale|Paznicul farului care a scris un roman"
        "|Ceasul primăriei s-a oprit a treia oară",
        "Despre noi|Contact|Termeni|Confidențialitate|© 2024 Cheiul",
        (("Pagina nu a fost găsită – Cheiul", "Ups! Acea pagină nu a putut fi găsită."),
         ("Eroare 404 | Cheiul", "Ne pare rău, pagina pe care o căutați nu există")),
        "Se pare că nu am găsit nimic la această adresă. Încercați o căutare?",
        ("Pagina nu a fost găsită: arta discretă a paginilor de eroare",
         "Toată lumea cunoaște numărul 404. I-am întrebat pe designeri ce scriu pe ea."),
        ("Statuia din port a fost îndepărtată",
         "Articolul contractului este clar: statuia a fost ștearsă, placa nu a fost găsită."),
    ),
    Site(
        "hr", "Riva", "Politika|Gospodarstvo|Kultura|Sport|Regija|Vrijeme", "Traži", "Najčitanije",
        "Trajekt za otoke opet plovi nakon oluje|Vijeće glasa o novom mostu"
        "|Ribari upozoravaju na prazne mreže|Svjetioničar koji je napisao roman"
        "|Sat na vijećnici stao treći put",
        "O nama|Kontakt|Uvjeti|Privatnost|© 2024 Riva",
        (("Stranica nije pronađena – Riva", "Ups! Tu stranicu nije moguće pronaći."),
         ("Greška 404 | Riva", "Žao nam je, tražena stranica ne postoji")),
        "Čini se da ovdje nema ničega. Pokušajte s pretraživanjem.",
        ("Stranica nije pronađena: tiha umjetnost stranica s greškom",
         "Svi znaju broj 404. Pitali smo dizajnere što na nju pišu."),
        ("Kip iz luke je uklonjen",
         "Članak ugovora je jasan: kip je uklonjen, a ploča nije pronađena."),
    ),
)  # fmt: skip
