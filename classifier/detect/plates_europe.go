package detect

import (
	"bytes"
	"strings"

	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

// europeanPlates returns vehicle registration marks. Their shapes are those of
// article numbers too, so all but the Cyrillic ones need context.
func europeanPlates() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "gb_vehicle_plate", Name: "UK vehicle registration mark", Class: personal, Country: "GB", Identity: "vehicle_plate", Use: classifier.Context,
			Source: "DVLA, INF104 Vehicle registration numbers and number plates", Validator: "letters and half year in use",
			Context: []string{"registration", "registration number", "registration no", "reg", "reg no", "reg number", "vrm", "vrn", "number plate", "licence plate", "license plate", "plate", "vehicle", "car", "van",
				"dvla"},
			Columns: []classifier.Column{column("gb_vehicle_plate", false, shapeOf(britishPlate, 7), "registration", "registration number", "vehicle registration", "reg", "reg no", "vrm", "vrn", "number plate", "licence plate", "license plate", "plate")},
			Layouts: []string{"AAdd AAA", "AAddAAA", "Addd AAA", "AdddAAA", "AAdd-AAA"},
			Check:   britishPlate, Confirm: inCapitals,
			Examples: []string{"vehicle reg AB12 CDE", "Number plate: LK69XYZ", "car registration P123 ABC"},
			NearMisses: []string{
				"AB12 CDE", "reg AB12 CDEF", "reg AB30 CDE", "reg AB12 CDI", "reg QB12 CDE", "regular AB12 CDE", "sku AB12CDE", "cleanup of registration: mc13xxx", "registration S390_PMU", "reg P023 ABC",
			},
		},
		{
			ID: "fr_vehicle_plate", Name: "French vehicle registration plate", Class: personal, Country: "FR", Identity: "vehicle_plate", Use: classifier.Context,
			Source: "France, Arrêté du 9 février 2009, système d'immatriculation des véhicules", Validator: "letters in use",
			Context: []string{"immatriculation", "immatriculé", "immatriculée", "plaque", "plaque d'immatriculation", "carte grise", "véhicule", "voiture", "certificat d'immatriculation", "licence plate",
				"license plate", "number plate"},
			Columns: []classifier.Column{column("fr_vehicle_plate", false, shapeOf(frenchPlate, 7), "immatriculation", "plaque", "plaque immatriculation", "numéro immatriculation", "licence plate", "license plate", "number plate", "plate")},
			Layouts: []string{"AA-ddd-AA", "AA ddd AA", "AAdddAA"},
			Check:   frenchPlate, Confirm: inCapitals,
			Examples:   []string{"plaque AB-123-CD", "véhicule immatriculé EF 456 GH", "Immatriculation : FX789ZT"},
			NearMisses: []string{"AB-123-CD", "plaque AB-123-CO", "plaque SS-123-CD", "plaque AB-000-CD", "plaque AB-123-CDE", "plaque AB-1234-CD", "plaques AB-123-CD"},
		},
		{
			ID: "it_vehicle_plate", Name: "Italian vehicle registration plate", Class: personal, Country: "IT", Identity: "vehicle_plate", Use: classifier.Context,
			Source: "Italy, Decreto del Presidente della Repubblica 495/1992, art. 255", Validator: "letters in use",
			Context: []string{"targa", "targato", "targata", "numero di targa", "autovettura", "veicolo", "automobile", "auto", "italian plate"},
			Columns: []classifier.Column{column("it_vehicle_plate", false, shapeOf(italianPlate, 7), "targa", "numero targa", "targa veicolo", "targa auto")},
			Layouts: []string{"AAdddAA", "AA ddd AA", "AA-ddd-AA"},
			Check:   italianPlate, Confirm: inCapitals,
			Examples:   []string{"targa AB123CD", "veicolo targato EF 456 GH", "Targa: GX789ZT"},
			NearMisses: []string{"AB123CD", "targa AB123CO", "targa AB123C", "targa AB1234CD", "articolo AB123CD", "targa QB123CD", "targhe AB123CD"},
		},
		{
			ID: "de_vehicle_plate", Name: "German vehicle registration plate", Class: personal, Country: "DE", Identity: "vehicle_plate", Use: classifier.Context,
			Source: "Germany, Fahrzeug-Zulassungsverordnung § 9 and Anlage 1", Validator: "district, no term of technology",
			Context: []string{"kennzeichen", "kfz-kennzeichen", "autokennzeichen", "fahrzeugkennzeichen", "nummernschild", "kfz", "pkw", "lkw", "fahrzeug", "fahrzeuge", "auto", "wagen", "kombi", "halter", "fahrer", "fahrerin", "zugelassen",
				"stellplatz", "parkplatz", "geparkt", "license plate", "licence plate", "number plate"},
			Literals: germanOpenings(), Match: matchGermanPlate, Check: noTradeName, ColumnValues: true,
			Columns:    []classifier.Column{column("de_vehicle_plate", false, germanPlate, "kennzeichen", "kfz kennzeichen", "amtliches kennzeichen", "autokennzeichen", "fahrzeugkennzeichen", "nummernschild", "license plate", "licence plate")},
			Examples:   []string{"Kennzeichen B-MW 1234", "Kfz-Kennzeichen: M-AB 123E", "Das Nummernschild ist MÜ-X 42.", "amtliches Kennzeichen HH AB 1234", "mein Wagen: GT-LK 417, Golf"},
			NearMisses: []string{"B-MW 1234", "Kennzeichen B-MW 0123", "Kennzeichen B-MW 12345", "Kennzeichen b-mw 1234", "Kennzeichen BERL-MW 123", "Auto XQ-MW 1234", "Auto WI-FI 6 GHz", "Kennzeichen: siehe DIN 1234", "EN-AW 6082"},
		},
		{
			ID: "nl_vehicle_plate", Name: "Dutch vehicle registration plate", Class: personal, Country: "NL", Identity: "vehicle_plate", Use: classifier.Context,
			Source: "Netherlands, RDW, Cijfers en letters op de kentekenplaat", Validator: "letters in use",
			Context: []string{"kenteken", "kentekens", "kentekenplaat", "kentekennummer", "nummerplaat", "voertuig", "auto", "bestelbus", "geparkeerd", "dutch licence plate",
				"dutch license plate"},
			Columns: []classifier.Column{column("nl_vehicle_plate", false, shapeOf(dutchPlate, 6), "kenteken", "kentekennummer", "nummerplaat", "kentekenplaat")},
			Layouts: []string{
				"AA-dd-dd", "dd-dd-AA", "dd-AA-dd", "AA-dd-AA", "AA-AA-dd", "dd-AA-AA", "dd-AAA-d", "d-AAA-dd", "AA-ddd-A", "A-ddd-AA", "AAA-dd-A", "A-dd-AAA", "d-AA-ddd", "ddd-AA-d",
				"ddAAAd", "dAAAdd", "AAdddA", "AdddAA", "AAAddA", "AddAAA", "AAddAA", "ddAAdd", "AAdddd", "ddAAAA", "AAAAdd", "dAAddd", "dddAAd", "ddddAA",
			},
			Check: dutchPlate, Confirm: inCapitals,
			Examples:   []string{"kenteken 12-ABC-3", "Kenteken: XK-482-J", "auto met kenteken GX123B", "nummerplaat 9-XTK-41"},
			NearMisses: []string{"12-ABC-3", "kenteken 12-AEC-3", "kenteken 12-ABC-34", "kenteken 12-ABCD-3", "kenteken 2024-01-02", "artikel XK-482-J", "kenteken 12-34-56", "headset auto detect fail in cx8070"},
		},
		{
			ID: "ru_vehicle_plate", Name: "Russian vehicle registration plate", Class: personal, Country: "RU", Identity: "vehicle_plate", Use: classifier.Context,
			Source: "Russia, ГОСТ Р 50577-2018", Validator: "letters in use, region",
			Context: []string{"госномер", "гос. номер", "гос номер", "гос.номер", "госномером", "номерной знак", "регистрационный знак", "грз", "г/н", "номер автомобиля", "номер машины", "автомобиль", "машина",
				"license plate", "plate"},
			Columns: []classifier.Column{column("ru_vehicle_plate", false, nil, "госномер", "гос номер", "регистрационный знак", "номерной знак", "грз", "номер автомобиля", "номер машины")},
			Layouts: []string{"AdddAAdd", "AdddAAddd", "A ddd AA dd", "A ddd AA ddd", "AdddAA dd", "AdddAA ddd"},
			Anchor:  classifier.AnchorBehindLetter, Match: matchCyrillicPlate, Check: russianPlate,
			Examples:   []string{"А123ВС77", "машина О 001 ОО 197", "Т777ХК 799", "госномер A123BC77"},
			NearMisses: []string{"А000ВС77", "А123ВС", "А123ВС7", "А123ВС00", "Б123ВС77", "А123ВЖ77", "А123ВС7777", "A123BC77", "госномер A123BD77", "ЛА123ВС77"},
		},
	}
}

// britishPlate checks the letters, and the half year of marks since 2001; older
// ones open with the letter of the year.
func britishPlate(b []byte) bool {
	if bytes.IndexByte(b[4:], 'I') >= 0 || bytes.IndexByte(b[4:], 'Q') >= 0 || !letter(b[4]) || !letter(b[5]) || !letter(b[6]) {
		return false
	}
	if !letter(b[1]) {
		return strings.IndexByte("IOQUZ", b[0]) < 0 && letter(b[0]) && checksum.Digits(b[1:4]) && b[1] != '0'
	}
	if !letter(b[0]) || !checksum.Digits(b[2:4]) || strings.IndexByte("IQZ", b[0]) >= 0 || strings.IndexByte("IQ", b[1]) >= 0 {
		return false
	}
	half := pair(b, 2)
	return half >= 2 && half <= 29 || half >= 51 && half <= 79
}

// frenchPlate checks the letters: I, O and U are not used, nor SS, nor WW in front.
func frenchPlate(b []byte) bool {
	return plateLetters(b, "IOU") && string(b[2:5]) != "000" && string(b[:2]) != "SS" && string(b[5:]) != "SS" && string(b[:2]) != "WW"
}

func italianPlate(b []byte) bool { return plateLetters(b, "IOQU") }

// plateLetters checks two letters, three digits and two letters, none of unused.
func plateLetters(b []byte, unused string) bool {
	if !checksum.Digits(b[2:5]) {
		return false
	}
	for _, i := range [...]int{0, 1, 5, 6} {
		if !letter(b[i]) || strings.IndexByte(unused, b[i]) >= 0 {
			return false
		}
	}
	return true
}

// dutchPlate checks the letters, two to four, without those that no series used.
func dutchPlate(b []byte) bool {
	letters := 0
	for _, c := range b {
		if letter(c) {
			letters++
			if strings.IndexByte("EIOUQ", c) >= 0 {
				return false
			}
		}
	}
	return letters >= 2 && letters <= 4
}

// germanOpenings are how a plate with a hyphen begins, and the words behind which
// one without may stand.
func germanOpenings() []string {
	list := []string{"kennzeichen", "autokennzeichen", "fahrzeugkennzeichen", "nummernschild"}
	for _, district := range strings.Fields(germanDistricts) {
		list = append(list, district+"-")
	}
	return list
}

// plateReach is how far behind its name a plate may stand.
const plateReach = 24

// matchGermanPlate reads a plate, or looks for one behind the word for it.
func matchGermanPlate(c *classifier.Candidate) bool {
	text, i := c.Text, c.At
	n := germanPlateAt(text, i)
	if n == 0 {
		for i < len(text) && letter(text[i]) {
			i++
		}
		if i-c.At < len("kennzeichen") {
			return false
		}
		for end := min(len(text), i+plateReach); i < end && n == 0 && text[i] != '\n'; {
			if i++; !word(at(text, i-1)) {
				n = germanPlateAt(text, i)
			}
		}
	}
	if n == 0 {
		return false
	}
	c.Start, c.End = i, i+n
	c.Value = appendCompact(c.Value, text[i:c.End])
	return true
}

// noTradeName refuses terms of technology that read like plates.
func noTradeName(b []byte) bool {
	for _, name := range [...]string{"WIFI", "ENAW", "PEHD", "PELD", "HPUX", "OSX"} {
		if len(b) > len(name) && string(b[:len(name)]) == name && digit(b[len(name)]) {
			return false
		}
	}
	return true
}

// germanPlate is the shape of a plate.
func germanPlate(b []byte) bool { return len(b) > 0 && germanPlateAt(b, 0) == len(b) }

// germanPlateAt returns the length of the plate at i, 0 when none stands there:
// one to three letters of the district, one or two more, up to four digits, and
// an E or H of electric and historic cars.
func germanPlateAt(text []byte, i int) int {
	start := i
	district, i := plateRun(text, i, 3)
	if district == 0 || at(text, i) != '-' && at(text, i) != ' ' {
		return 0
	}
	letters, i := plateRun(text, i+1, 2)
	if letters == 0 {
		return 0
	}
	if c := at(text, i); c == ' ' || c == '-' {
		i++
	}
	if c := at(text, i); c < '1' || c > '9' {
		return 0
	}
	digits := digitsEnd(text, i) - i
	if i += digits; digits > 4 || district+letters+digits > 8 {
		return 0
	}
	if c := at(text, i); c == 'E' || c == 'H' {
		i++
	}
	if c := at(text, i); word(c) || c >= 0x80 || c == '-' || c == '.' && digit(at(text, i+1)) {
		return 0
	}
	return i - start
}

// plateRun counts the capitals at i, up to limit, and returns where they end.
func plateRun(text []byte, i, limit int) (n, end int) {
	for n < limit {
		switch c := at(text, i); {
		case c >= 'A' && c <= 'Z':
			i++
		case c == 0xC3 && (at(text, i+1) == 0x84 || at(text, i+1) == 0x96 || at(text, i+1) == 0x9C): // Ä, Ö, Ü
			i += 2
		default:
			return n, i
		}
		n++
	}
	return n, i
}

// appendCompact appends text without blanks and hyphens.
func appendCompact(dst, text []byte) []byte {
	for _, b := range text {
		if b != ' ' && b != '-' {
			dst = append(dst, b)
		}
	}
	return dst
}

// The letters of Russian plates, which exist in both alphabets.
const (
	plateCyrillic = "АВЕКМНОРСТУХ"
	plateLatin    = "ABEKMHOPCTYX"
)

// matchCyrillicPlate reads a plate whose letters are Cyrillic capitals: nothing
// else looks like it.
func matchCyrillicPlate(c *classifier.Candidate) bool {
	text, i := c.Text, c.At
	if i > 0 && (word(text[i-1]) || text[i-1] >= 0x80) {
		return false
	}
	for place, parts := 0, "l ddd ll dd"; place < len(parts); place++ {
		switch parts[place] {
		case ' ':
			if at(text, i) == ' ' {
				i++
			}
		case 'd':
			if !digit(at(text, i)) {
				return false
			}
			c.Value = append(c.Value, text[i])
			i++
		default:
			letter := strings.Index(plateCyrillic, string(text[i:min(len(text), i+2)]))
			if letter < 0 || i+2 > len(text) {
				return false
			}
			c.Value = append(c.Value, plateLatin[letter/2])
			i += 2
		}
	}
	if digit(at(text, i)) {
		c.Value = append(c.Value, text[i])
		i++
	}
	c.End, c.NeedsContext = i, false
	return !word(at(text, i)) && at(text, i) < 0x80
}

// russianPlate checks letters, number and region.
func russianPlate(b []byte) bool {
	for _, i := range [...]int{0, 4, 5} {
		if strings.IndexByte(plateLatin, b[i]) < 0 {
			return false
		}
	}
	region := number(b[6:])
	if len(b) == 9 && strings.IndexByte("12579", b[6]) < 0 {
		return false
	}
	return region > 0 && string(b[1:4]) != "000"
}
