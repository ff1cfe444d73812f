package detect

import (
	"strings"

	"daylight.internal/classifier"
)

func setOf(names string) map[string]bool {
	set := map[string]bool{}
	for _, n := range strings.Fields(names) {
		set[n] = true
	}
	return set
}

// citiesOf reads "GB:london,leeds US:new york" into cities by country.
func citiesOf(lists ...string) map[string]string {
	cities := map[string]string{}
	for _, list := range lists {
		country, names, _ := strings.Cut(list, ":")
		for name := range strings.SplitSeq(names, ",") {
			cities[name] = country
		}
	}
	return cities
}

var (
	statesUS   = setOf("AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR")
	statesAU   = setOf("NSW VIC QLD SA WA TAS ACT NT")
	placesIN   = strings.Split("India,Mumbai,Delhi,Bengaluru,Bangalore,Hyderabad,Chennai,Kolkata,Pune,Ahmedabad,Jaipur,Gurgaon,Gurugram,Noida,Karnataka,Maharashtra,Tamil Nadu,Kerala,Telangana,Gujarat", ",")
	placesMX   = []string{"Col.", "Colonia", "C.P.", "CP ", "México", "Mexico", "CDMX", "Jal.", "N.L.", "Guadalajara", "Monterrey"}
	placesCH   = []string{"Zürich", "Bern", "Basel", "Luzern", "Winterthur", "St. Gallen", "Genf", "Zug", "Chur", "Thun", "Aarau", "Genève", "Lausanne", "Fribourg", "Neuchâtel", "Montreux", "Schweiz", "Suisse", "Svizzera", "Lugano", "CH-"}
	placesSG   = []string{"Singapore"}
	placesIE   = []string{"Dublin", "Ireland", "Cork", "Galway", "Limerick", "Waterford", "Co."}
	placesNZ   = []string{"New Zealand", "Auckland", "Wellington", "Christchurch", "Hamilton", "Dunedin"}
	placesZA   = []string{"South Africa", "Cape Town", "Johannesburg", "Durban", "Pretoria", "Sandton"}
	citiesRoma = "IT:roma,milano,napoli,torino,palermo,genova,bologna,firenze,bari,venezia,verona,padova"
)

// languages are the street words, by language.
func languages() []*streets {
	english := []postcode{
		{country: "US", layout: "ddddd-dddd", region: statesUS}, {country: "US", layout: "ddddd", region: statesUS}, {country: "AU", layout: "dddd", region: statesAU},
		{country: "CA", layout: "AdA dAd"}, {country: "GB", layout: "AAdd dAA"}, {country: "GB", layout: "AAdA dAA"}, {country: "GB", layout: "AAd dAA"}, {country: "GB", layout: "Add dAA"},
		{country: "GB", layout: "AdA dAA"}, {country: "GB", layout: "Ad dAA"}, {country: "IE", layout: "AdX XXXX", markers: placesIE}, {country: "SG", layout: "dddddd", markers: placesSG},
		{country: "IN", layout: "ddd ddd", markers: placesIN}, {country: "NZ", layout: "dddd", markers: placesNZ}, {country: "ZA", layout: "dddd", markers: placesZA},
	}
	spanish := []postcode{{country: "MX", layout: "ddddd", markers: placesMX}, {country: "ES", layout: "ddddd", city: true}, {country: "AR", layout: "AddddAAA"}}
	return []*streets{
		{parse: streetLast, codes: english, words: []string{
			"street", "road", "avenue", "lane", "drive", "court", "boulevard", "blvd", "crescent", "terrace", "highway", "parkway", "pkwy", "square", "close", "place", "way", "gardens", "grove", "mews", "circle",
			"ave ", "ave.", "ave,", "st ", "st.", "st,", "rd ", "rd.", "rd,", "ln ", "ln.", "ln,", "dr ", "dr.", "dr,", "hwy", "marg", "nagar", "trail", "plaza", "row", "str ", "str.", "str,", "view", "rise", "hill", "park", "walk", "wharf", "quay", "embankment",
		}, cities: citiesOf("GB:london,manchester,birmingham,leeds,glasgow,edinburgh,liverpool,bristol,cardiff,belfast,sheffield,oxford,cambridge",
			"US:new york,los angeles,chicago,houston,phoenix,philadelphia,san antonio,san diego,san francisco,san jose,seattle,boston,denver,austin,dallas,miami,atlanta,las vegas,brooklyn",
			"CA:toronto,vancouver,montreal,calgary,ottawa,edmonton", "IE:dublin,cork,galway,limerick", "AU:sydney,melbourne,brisbane,perth,adelaide,canberra", "NZ:auckland,wellington,christchurch",
			"IN:mumbai,delhi,new delhi,bangalore,bengaluru,hyderabad,chennai,kolkata,pune,ahmedabad,gurgaon,gurugram,noida", "AE:dubai,abu dhabi,sharjah", "SA:riyadh,jeddah,dammam", "SG:singapore", "HK:hong kong,kowloon", "ZA:johannesburg,cape town,durban,pretoria")},
		{parse: streetFirst, codes: []postcode{{country: "FR", layout: "ddddd", city: true}, {country: "CH", layout: "dddd", city: true, markers: placesCH}, {country: "BE", layout: "dddd", city: true}, {country: "CA", layout: "AdA dAd"}},
			words:  []string{"rue", "avenue", "boulevard", "place", "square", "av.", "allée", "allee", "chemin", "impasse", "quai", "route", "bd ", "bd.", "cours", "faubourg", "chaussée", "venelle", "sentier", "sente", "ruelle", "résidence", "lotissement", "promenade", "esplanade"},
			cities: citiesOf("FR:paris,lyon,marseille,toulouse,nice,nantes,strasbourg,montpellier,bordeaux,lille,rennes", "BE:bruxelles,liège,namur", "CH:genève,lausanne", "CA:montréal,québec")},
		{parse: streetFirst, codes: spanish, words: []string{"calle", "c/ ", "avenida", "av.", "avda.", "avda", "paseo", "plaza", "carrera", "calzada", "ronda", "camino"},
			cities: citiesOf("ES:madrid,barcelona,valencia,sevilla,zaragoza,málaga,bilbao,alicante,granada", "MX:cdmx,guadalajara,monterrey,puebla,tijuana,mérida", "AR:buenos aires,rosario,mendoza", "CO:bogotá,medellín,cali", "PE:lima", "CL:santiago", "UY:montevideo", "EC:quito")},
		{parse: streetFirst, codes: []postcode{{country: "CH", layout: "dddd", city: true, markers: placesCH}, {country: "IT", layout: "ddddd", city: true}}, words: []string{"via", "viale", "corso", "piazza", "piazzale", "vicolo", "strada", "largo"}, cities: citiesOf(citiesRoma)},
		{parse: streetFirst, codes: []postcode{{country: "BR", layout: "ddddd-ddd"}, {country: "PT", layout: "dddd-ddd"}, {country: "BR", layout: "dddddddd", markers: []string{"CEP"}}},
			words:  []string{"rua", "avenida", "av.", "alameda", "travessa", "praça", "estrada", "rodovia", "beco", "r. "},
			cities: citiesOf("BR:são paulo,sao paulo,rio de,belo horizonte,brasília,curitiba,porto alegre,salvador,recife,fortaleza,campinas,goiânia,manaus", "PT:lisboa,coimbra,braga,faro,aveiro")},
		{parse: streetFirst, codes: []postcode{{country: "PL", layout: "dd-ddd"}}, words: []string{"ul.", "ulica", "ulicy", "al.", "aleja", "aleje", "osiedle", "os."}, cities: citiesOf("PL:warszawa,kraków,łódź,wrocław,poznań,gdańsk,szczecin,lublin,katowice,warszawie,krakowie,łodzi,wrocławiu,poznaniu,gdańsku")},
		{parse: streetFirst, adjectives: true, codes: []postcode{{country: "RU", layout: "dddddd"}}, words: []string{
			"ул.", "улица", "улице", "улицы", "просп.", "проспект", "проспекте", "пр-т", "пр-кт", "переулок", "переулке", "пер.", "шоссе", "бульвар", "бульваре", "наб.", "набережная", "площадь", "проезд", "б-р", "мкр.", "мкр",
		}, cities: citiesOf("RU:москва,москве,санкт,спб,петербург,новосибирск,екатеринбург,казань,нижний новгород,челябинск,самара,омск,ростов,уфа,красноярск,воронеж,пермь,волгоград,краснодар,саратов,тюмень,тольятти,ижевск,барнаул,иркутск,хабаровск,ярославль,владивосток,томск,сочи,калининград,тула,тверь",
			"BY:минск,гомель,брест", "KZ:алматы,астана,шымкент")},
		{parse: streetFirst, adjectives: true, codes: []postcode{{country: "UA", layout: "ddddd"}}, words: []string{"вул.", "вулиця", "вулиці", "провулок", "пров.", "бульв."},
			cities: citiesOf("UA:київ,києві,києва,львів,львові,одеса,одесі,харків,харкові,дніпро,дніпрі,запоріжжя,вінниця,полтава,чернівці")},
		{parse: streetNumbered, codes: []postcode{{country: "TR", layout: "ddddd", city: true}}, words: []string{"caddesi", "cad.", "sokak", "sokağı", "sok.", "mahallesi", "mah.", "bulvarı", "blv."},
			cities: citiesOf("TR:istanbul,ankara,izmir,bursa,antalya,adana,konya,gaziantep,kadıköy,beşiktaş,şişli,üsküdar,çankaya,bakırköy,kartal,ataşehir,maltepe")},
		{parse: streetArabic, words: []string{"شارع", "طريق"}},
	}
}

// streetLast reads "221B Baker Street, London NW1 6XE": number, name, street word.
func streetLast(c *classifier.Candidate, end int, s *streets) (place, bool) {
	text, i := c.Text, c.At
	if at(text, i-1) != ' ' || letter(at(text, end)) || at(text, end) == '_' {
		return place{}, false
	}
	start, ok := houseAndName(text, i, capital(text, i))
	if !ok {
		return place{}, false
	}
	t := tailOf(c, end, s)
	switch {
	case t.sure == withPostcode, t.sure > 0 && capital(text, i):
		return found(text, start, t.end, t.country, t.sure)
	case capital(text, i):
		return found(text, start, end, "", streetAlone)
	}
	return place{}, false
}

const mostNames = 4

// houseGaps may stand before a house number.
var houseGaps = bytesOf(" \t\n\r,(\"':#>")

// What the words of a street's name are made of, before the street word and behind it.
var (
	streetBytes     = foreignAnd("'.-/")
	streetNameBytes = func() *class {
		c := foreignAnd("'.-")
		for b := 0xE2; b < len(c); b++ {
			c[b] = false
		}
		return c
	}()
)

// houseAndName walks back from a street word over its name to the house number.
// Names begin with capitals, if the street word does.
func houseAndName(text []byte, i int, capitals bool) (start int, ok bool) {
	end, set := i-1, streetBytes
	for names := 0; names <= mostNames && i-end < longestHead; names++ {
		start = end
		for limit := max(0, end-longestStreetWord); start > limit && set[text[start-1]]; {
			start--
		}
		if start == end {
			return 0, false
		}
		first := text[start]
		if digit(first) {
			if !ordinal(text[start:end]) {
				last, ok := house(text, start)
				return start, ok && last == end && names > 0 && (start == 0 || houseGaps[text[start-1]] || text[start-1] >= 0x80)
			}
		} else if capitals && !capital(text, start) || !capitals && !letter(first) {
			return 0, false
		}
		if text[end-1] == '.' && end-start > 3 || start == 0 || text[start-1] != ' ' {
			return 0, false
		}
		if end = start - 1; at(text, end-1) == ',' {
			return houseBefore(text, end)
		}
	}
	return 0, false
}

// ordinal tells whether a token is such as 5th or 42nd.
func ordinal(token []byte) bool {
	n := len(token)
	if n < 3 || !digit(token[n-3]) {
		return false
	}
	switch string([]byte{lower(token[n-2]), lower(token[n-1])}) {
	case "st", "nd", "rd", "th":
		return true
	}
	return false
}

// streetFirst reads "12 rue de la Paix, 75002 Paris", "Via Roma 12, 00184 Roma" and
// «ул. Ленина, д. 12, кв. 34»: the street word, its name, the number before or after.
func streetFirst(c *classifier.Candidate, end int, s *streets) (place, bool) {
	text, i := c.Text, c.At
	if last := text[end-1]; letter(at(text, end)) || at(text, end) >= 0xC3 && at(text, end) < 0xE2 && last != '.' && last != '/' && last != ' ' {
		return place{}, false // a longer word
	}
	start, before := houseBefore(text, i)
	if !before {
		start = i
	}
	named := false
	if adjective := wordStartBefore(text, i-1); s.adjectives && at(text, i-1) == ' ' && adjective < i-8 && capital(text, adjective) {
		start, named = adjective, true
	}
	name, number, marked := streetName(text, end, before, named)
	if !before && number == 0 {
		return place{}, false
	}
	last := max(name, number)
	unit := unitEnd(text, last)
	t := tailOf(c, unit, s)
	switch {
	case t.sure > 0:
		return found(text, start, max(t.end, unit), t.country, t.sure)
	case marked && unit > last:
		return found(text, placeBefore(c, start, i-farthest, s).end, unit, s.codes[0].country, withCity)
	}
	if h := placeBefore(c, start, i-farthest, s); h.sure > 0 {
		return found(text, h.end, unit, h.country, h.sure)
	}
	return found(text, start, unit, "", streetAlone)
}

// numberSigns stand before a house number.
var numberSigns = foldSetOf("nº", "n°", "no.", "no:", "nr.", "n.", "núm.", "num.", "número", "numero", "№", "д.", "дом", "д", "буд.", "будинок")

// streetName reads the name of a street, which may also stand before it, and the
// number after it, and tells whether a sign announced the number.
func streetName(text []byte, i int, before, named bool) (name, number int, marked bool) {
	name = i
	for words := 0; words <= mostStreetWords && i-name < longestHead; words++ {
		for at(text, i) == ' ' || at(text, i) == ',' && (words > 0 || named) && !before {
			i++
		}
		if n := signEnd(text, i); n > i && digit(at(text, n)) {
			i, marked = n, true
		}
		if digit(at(text, i)) {
			if end, ok := house(text, i); ok && !before && (words > 0 || marked || named) {
				return name, end, marked
			}
			if before || words > 0 {
				return name, 0, false
			}
		}
		end := i
		for end < len(text) && end-i < longestStreetWord && streetNameBytes[text[end]] {
			end++
		}
		if end == i {
			return name, 0, false
		}
		i, name = end, end
	}
	return name, 0, false
}

// signEnd returns where the number begins that a sign at i announces.
func signEnd(text []byte, i int) int {
	n := numberSigns.at(text, i)
	if at(text, i) == '#' {
		n = 1
	}
	if n == 0 || i+n >= len(text) {
		return i
	}
	for i += n; at(text, i) == ' '; {
		i++
	}
	return i
}

// units are parts of a house.
var units = foldSetOf("кв.", "квартира", "кв", "корп.", "корпус", "к.", "стр.", "строение", "оф.", "офис", "подъезд", "под.", "этаж", "эт.", "літ.", "apt.", "apt", "apto", "apto.", "piso", "int.", "m.", "lok.", "appt", "daire", "daire:", "d:", "kat", "kat:", "bus", "esc.", "depto.")

// unitEnd returns the end of the parts of a house that follow a number.
func unitEnd(text []byte, i int) int {
	for range 4 {
		from := i
		for at(text, from) == ' ' || at(text, from) == ',' {
			from++
		}
		n := 0
		if from > i {
			n = units.at(text, from)
		}
		if n == 0 {
			return i
		}
		for from += n; at(text, from) == ' '; {
			from++
		}
		end, ok := house(text, from)
		if !ok {
			return i
		}
		i = end
	}
	return i
}

// headEnds are the bytes before which an address does not begin.
var headEnds = bytesOf("\n\t;|\"")

// placeBefore looks on the line before the street, from limit on, for a postcode or
// a city; its end is where the address begins.
func placeBefore(c *classifier.Candidate, start, limit int, s *streets) tail {
	text, from := c.Text, start
	if !s.placeIn(c, c.Note(s.notes+1), max(0, limit, start-longestHead), start) {
		return tail{end: start}
	}
	c.Steps += tailSteps
	for limit = max(0, limit, start-longestHead); from > limit && !headEnds[text[from-1]]; {
		from--
	}
	t := tail{end: start}
	for i := from; i < start; {
		if _, country, ok := s.postcodeAt(text, i); ok {
			return tail{i, country, withPostcode}
		}
		if s.filter.mayName(text, i) && !wordByte(at(text, i-1)) {
			if country, end := s.cityAt(text, i); country != "" {
				if t.sure == 0 {
					t = tail{i, country, withCity}
				}
				i = end
				continue
			}
		}
		end := lettersEnd(text, i, start-i)
		i = max(i+1, end)
	}
	return t
}
