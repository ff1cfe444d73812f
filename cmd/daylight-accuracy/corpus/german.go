package corpus

import "strings"

func german() *lexicon {
	return &lexicon{
		language: German, space: " ", stop: ".", question: "?",
		nouns: strings.Fields(`Abend Abfahrt Ablauf Absatz Abschnitt Absprache Abteilung Abwechslung Adventszeit Agentur Akzent Anfang Anfrage Angebot Anleitung Annahme
			Anruf Ansicht Anspruch Anteil Antwort Anzeige Apfel Arbeit Archiv Artikel Aufgabe Auflage Aufsatz Auftrag Auftritt Aufwand Ausblick Ausdruck Ausgabe
			Auskunft Auslage Aussage Ausstellung Auswahl Bahnhof Balkon Banner Bank Baum Baustelle Bedarf Bedeutung Begriff Beispiel Beitrag Beleg Beleuchtung
			Bereich Bericht Beruf Besprechung Bestand Besuch Betrieb Bewegung Bewertung Bild Blatt Blick Boden Botschaft Brief Brille Brücke Buch Budget Büro Chance
			Chor Dach Daten Dauer Decke Diagramm Dienst Ding Dorf Druck Ebene Ecke Effekt Eindruck Einfluss Einführung Einkauf Einladung Einsatz Eintrag Empfehlung
			Ende Entscheidung Entwicklung Entwurf Ereignis Erfahrung Erfolg Ergebnis Erklärung Erlebnis Ernte Erwartung Fabrik Fahrrad Fall Farbe Fassung Fehler Feier
			Fenster Ferien Feuer Figur Film Firma Fläche Flasche Fluss Folge Form Forschung Fortschritt Foto Frage Freude Frühling Führung Funktion Garten Gebäude
			Gedanke Gefühl Gegend Gegenstand Gelegenheit Gemälde Gemeinde Gericht Geschenk Geschichte Gespräch Gestaltung Gewicht Glas Gleis Grenze Grund Gruppe Hafen
			Halle Haltung Handbuch Handel Händler Haus Heft Herbst Herstellung Hinweis Hof Holz Idee Illustration Industrie Inhalt Insel Jahr Kampagne Kanal Kapitel
			Karte Katalog Kaffee Kern Kette Kiste Klang Klima Konferenz Kontakt Konzept Konzert Kosten Kreis Küche Kultur Kunde Kunst Kurs Küste Lager Lampe Land
			Landschaft Laden Lauf Leben Lehre Leistung Leiter Leser Licht Lieferung Linie Liste Logo Lösung Luft Markt Marke Maschine Material Maßnahme Meinung Menge
			Merkmal Messe Methode Miete Mitte Modell Moment Monat Morgen Motiv Museum Musik Muster Nachfrage Nachricht Nacht Natur Netz Norden Notiz Nutzen Oberfläche
			Objekt Ordnung Ort Paket Papier Park Partner Pause Phase Plakat Plan Platz Politik Praxis Preis Probe Produkt Programm Projekt Prospekt Prüfung Punkt
			Qualität Quartal Quelle Rahmen Rand Raum Rechnung Regal Regel Region Reihe Reise Restaurant Rezept Richtung Rolle Ruhe Saison Sammlung Satz Schachtel
			Schatten Schicht Schiff Schild Schlagzeile Schnee Schrift Schritt Schule See Seite Sendung Serie Sicht Signal Sinn Sitzung Skizze Sommer Spiel Sprache
			Spur Stadt Stand Stärke Stelle Stil Stimme Stoff Strategie Strecke Strom Studie Stufe Stunde Suche Süden System Tafel Tag Tasche Teil Teilnahme Termin Text
			Thema Ton Tradition Traum Treffen Trend Tür Übersicht Übung Umfang Umfrage Umgebung Umsatz Unterlage Unterricht Unterschied Ursache Urteil Veranstaltung
			Verein Vergleich Verkauf Verlag Verpackung Versand Version Versuch Vertrag Vertrieb Vorlage Vorschlag Vorteil Wald Wand Wandel Ware Wasser Weg Weise Welle
			Welt Werbung Werk Wert Wetter Wettbewerb Winter Wirkung Wissen Woche Wort Wunsch Zahl Zeichen Zeile Zeit Zeitung Ziel Zimmer Zug Zukunft Zusage Zustand
			Zweck Zweifel`),
		heads: strings.Fields(`Abend Arbeits Auftrags Bahn Bau Bild Blumen Brief Buch Dach Druck Einkaufs Fach Fahrrad Farb Fenster Film Firmen Garten Geschäfts
			Glas Grund Handels Haupt Haus Herbst Holz Industrie Jahres Kaffee Karten Kinder Kirchen Kultur Kunden Kunst Küchen Lager Land Licht Liefer Luft Markt
			Marken Medien Messe Möbel Monats Musik Nach Natur Netz Ober Papier Plan Preis Probe Produkt Projekt Qualitäts Rahmen Raum Regel Reise Rück Saison Schul
			See Sommer Sonder Spiel Sport Sprach Stadt Stoff Straßen Team Text Tisch Über Unter Verkaufs Versand Vertrags Vor Wald Wand Waren Wasser Werbe Werk Wetter
			Winter Wochen Wohn Zeit Ziel Zug Zwischen`),
		tails: strings.Fields(`abteilung analyse angebot anlage ansicht arbeit artikel aufgabe ausgabe ausstellung auswahl bedarf begriff beispiel bereich bericht
			beschreibung bestand betrieb bewertung bild blatt buch büro daten dienst ebene einheit entwicklung entwurf ergebnis farbe fest fläche form führung geber
			gebiet gemeinschaft gesellschaft gespräch gestaltung grenze gruppe halle händler heft hinweis idee industrie karte kette konzept kosten kreis kultur kurs
			lager leistung leitung linie liste lösung markt maschine material menge messe modell muster netz ordnung papier plan planung platz preis produkt programm
			prozess prüfung punkt rahmen raum regel reihe reise sammlung seite serie sitzung spiel sprache stelle strategie struktur stück system tag tasche technik
			teil termin text thema treffen übersicht umgebung unterlagen verfahren vergleich verzeichnis vorlage vorschlag ware weg welt werk wert wesen zahl zeichen
			zeit zentrum ziel zone zweig`),
		adjectives: strings.Fields(`aktuelle allgemeine alte angenehme anspruchsvolle aufmerksame ausführliche bekannte beliebte bequeme bescheidene besondere beste
			breite bunte dauerhafte deutliche dichte digitale direkte dunkle dünne echte edle ehrliche eigene einfache einheitliche elegante endgültige enge
			entscheidende erfolgreiche erste externe faire feine feste flache flexible freie fremde freundliche frische frühe ganze geduldige geeignete gelbe gemeinsame
			genaue gesamte gewöhnliche glatte gleiche grobe große grüne gute halbe harte heiße helle hohe hübsche innere interne interessante jährliche junge kalte
			kleine kluge knappe komplette kostenlose kräftige kritische kurze lange langsame laute lebendige leere leichte leise letzte lokale lose mögliche moderne müde
			mutige nächste natürliche neue niedrige normale nötige nützliche offene öffentliche passende persönliche praktische präzise regionale reiche reife reine
			richtige robuste rote ruhige runde saubere scharfe schlanke schlichte schmale schnelle schöne schwache schwarze schwere seltene sichere solide sonnige
			spannende späte stabile starke stille stolze strenge süße technische teure tiefe trockene typische übliche umfangreiche ungewöhnliche verfügbare
			verlässliche verschiedene vertraute viele volle vorläufige vorsichtige warme weiche weite weiße wertvolle wesentliche wichtige wilde wirksame zarte
			zentrale zufällige zusätzliche zweite`),
		verbs: strings.Fields(`achtet ändert arbeitet bedeutet beeinflusst beginnt begleitet begrenzt behält bekommt belegt bemerkt benötigt berichtet berührt beschreibt
			besteht bestimmt besucht betrifft bewegt beweist bietet bildet bleibt braucht bringt dauert deckt denkt dient druckt endet entfernt enthält entscheidet
			entspricht entsteht entwickelt ergänzt erhält erhöht erinnert erkennt erklärt erlaubt erleichtert erreicht ersetzt erwartet erzählt erzeugt fehlt findet folgt
			fordert formt fördert fragt führt gefällt gehört gelingt genießt gestaltet gewinnt gilt glaubt hält handelt hebt hilft hofft hört informiert kauft kennt
			klärt klingt kommt kostet lädt lebt legt leidet leitet lernt liefert liegt lobt löst macht markiert meidet meint merkt misst nennt nimmt nutzt öffnet ordnet
			plant prägt prüft rechnet reduziert regelt reicht reist rettet sagt sammelt schafft schätzt scheint schickt schließt schneidet schreibt schützt sieht sendet
			setzt sichert sorgt spart spielt spricht stärkt startet steht steigt stellt stimmt stoppt stört sucht teilt trägt trennt trifft übernimmt übersetzt überzeugt
			umfasst unterstützt verändert verbessert verbindet verdient vereinfacht vergisst vergleicht verkauft verlangt verliert verpackt verschiebt verspricht
			versteht verteilt verwendet wächst wagt wählt warnt wartet wechselt weiß wiederholt wirkt wünscht zählt zeichnet zeigt zieht`),
		adverbs: strings.Fields(`abends allmählich also auch außerdem bald bereits besonders bisher da dabei dafür damals danach dann daher dauernd deshalb doch dort
			eben eher eigentlich einfach einmal endlich etwa fast ferner früher ganz genau gern gerade gestern gleich häufig heute hier hinten immer inzwischen jederzeit
			jetzt kaum künftig langsam leider links manchmal mehr meist mindestens mitunter morgens nachher nämlich neulich nie noch nun nur oben oft plötzlich
			rechts rund schließlich schnell schon sehr selten sofort sogar sonst später ständig stets teilweise trotzdem überall übrigens unbedingt ungefähr unten
			vielleicht vorher vorn wahrscheinlich weiter wenigstens wieder wirklich wohl ziemlich zuerst zufällig zuletzt zunächst zusammen zweimal`),
		places: strings.Fields(`Berlin Hamburg München Köln Frankfurt Stuttgart Düsseldorf Leipzig Dresden Hannover Nürnberg Bremen Essen Dortmund Mannheim Freiburg
			Augsburg Kiel Mainz Kassel Wien Graz Linz Salzburg Innsbruck Zürich Basel Bern Luzern Genf`),
		times: strings.Split("heute|morgen|nächste Woche|im letzten Monat|im Frühjahr|dieses Quartal|bis Jahresende|am Montag|am Freitag|vor dem Mittag|nach den Ferien|jeden Dienstag|am Wochenende|zur Zeit|in zwei Wochen|gestern Abend|bis dahin|Ende März|Anfang Juni|den ganzen Tag", "|"),
		sentences: strings.Split(`Die {a} {n} {v} {d} das {n}|{c} {v} {t} eine {a} {n} in {p}|Wir glauben, dass jede {n} {d} die {a} {n} {v}|Nach der {n} {v} der {n} {q} der {n}
			|Es ist {d} klar, dass {c} die {n} {v}|In {p} kostet das {n} {m}, {q} mehr als {t}|{i} {a} Leser schrieben, dass der {n} {d} {v}|Das {w} {v}, sobald die {n} {v}
			|Zwischen dem {y} und dem {y} {v} der {n} um {q}|Wenn der {n} {d} {v}, bleibt die {n} der {n} {d}|Niemand im {w} {v} die {a} {n}|Ohne {n} und ohne {n} {v} {d} kein {n}
			|Der {n}, den {c} {t} {v}, war {d} gut|Es gibt {i} Gründe, warum ein {n} die {n} {v}|{c} verlegte das {w} {t} von {p} nach {p}|Für die {n} brauchen wir {i} {a} Stücke zu je {m}
			|Der {n} ({i} Seiten) {v} das {w} und die {w}|Bitte lesen Sie den {n} zum {w} noch einmal, denn er {v} die {n}|„Die {n} {v} {d}“, sagt das Team, „und der {n} {v} auch“
			|Seit dem {y} {v} das {n} in {p} {d} {i} Gäste am Tag|Ein guter {n} ist der Ausweis einer {n}|Ich rufe an, sobald die {n} {v}, oder schicke {t} eine Mail mit dem {n}
			|Fassung {i}.{i} des {n} {v} die {n}|Jede Bestellung über {m} {v} einen {n}|Das Telefon klingelte {i} Mal, während der {n} die {n} {v}|Die meisten ({q}) {v} {t}, der Rest {v} {d}
			|Nummer {i} auf der Liste, das {w}, {v} {d}|Auf Seite {i} {v} die {n} eine {n} von {m}|{w}, {w} und {w}: so {v} der {n}`, "|"),
		questions: strings.Split(`Können Sie die {n} so umschreiben, dass sie {d} {v}|Warum {v} die {a} {n} {t}|Wie hilft ein {n} der {n} in {p}|Was macht {c} mit einer {a} {n}
			|Ist das {w} wirklich {d} so|Geht der {n} auch {i} Wörter kürzer|Welches {n} {v} die {n}`, "|"),
		greetings: strings.Split("Hallo zusammen|Liebes Team|Guten Morgen|Liebe Kolleginnen und Kollegen|Sehr geehrte Damen und Herren|Moin|Servus", "|"),
		closings:  strings.Split("Viele Grüße|Mit freundlichen Grüßen|Danke und bis bald|Beste Grüße|Schöne Grüße aus {p}|Vielen Dank im Voraus", "|"),
		headings:  strings.Split("Zusammenfassung|Nächste Schritte|Hintergrund|Was wir gelernt haben|Offene Fragen|Plan für {t}|Notizen zum {n}|Die {a} {n}|{c} und das {w}", "|"),
		currency:  []string{"€", "EUR", "Euro", "CHF"},
		months:    strings.Fields("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
		date:      []string{"{D}.{M}.{Y}", "{d}.{m}.{Y}", "{d}. {N} {Y}", "{Y}-{M}-{D}"},
	}
}
