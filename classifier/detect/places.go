package detect

import (
	"bytes"
	"math"
	"slices"
	"strconv"

	"daylight.internal/classifier"
)

var latitudeNames = []string{"lat", "latitude", "纬度", "緯度", "широта", "خط العرض", "دائرة العرض", "breitengrad", "latitud", "latitudine"}
var longitudeNames = []string{"lng", "lon", "long", "longitude", "经度", "經度", "долгота", "خط الطول", "längengrad", "longitud", "longitudine"}

func places() []classifier.Detector {
	position := []classifier.Column{
		column("latitude", false, degrees(90), latitudeNames...),
		column("longitude", false, degrees(180), longitudeNames...),
	}
	return []classifier.Detector{
		{
			ID: "coordinates", Name: "Geographic coordinates", Class: location, Confidence: 0.85,
			Source: "ISO 6709 in decimal degrees, as WGS 84 devices write it", Validator: "range of degrees, four decimals or more",
			Anchor: classifier.AnchorDecimal, Match: matchCoordinates,
			Examples: []string{
				"55.755826, 37.617300", "at 40.7128,-74.0060 again", "-33.8688, 151.2093", "lat=24.7136, lng=46.6753", "48.8584° N, 2.2945° E", "(31.2304, 121.4737)",
			},
			NearMisses: []string{"12.50, 13.75", "1.2345, 2.3", "95.1234, 37.6173", "3.14159265", "0.1234, 0.5678, 0.9012", "v1.2345, 2.3456.1", "e 2.718281828459, phi 1.6180339887", "(1.00000, 0.00000)", "[0.1234, 0.2345]", "55.7558 and 37.6173"},
		},
		{
			ID: "coordinate_record", Name: "Records with a position", Class: location, Source: "column names in the project's lexicon", Validator: "columns of latitude and longitude in range",
			Columns: position,
			Rows: func(t classifier.RecordSet) bool {
				return t.Kinds["latitude"] && t.Kinds["longitude"] && !trail(t)
			},
		},
		{
			ID: "location_trail", Name: "Trail of positions in time", Class: location, Source: "column names in the project's lexicon", Validator: "columns of latitude, longitude and time, five rows or more",
			Columns: append([]classifier.Column{column("timestamp", false, nil, "time", "timestamp", "datetime", "date", "recorded at", "created at", "visited at",
				"时间", "日期", "время", "дата", "الوقت", "التاريخ", "zeit", "datum", "fecha", "hora", "heure", "data", "ora")}, position...),
			Rows: trail,
		},
	}
}

// fewestPositions is how many positions with a time make a trail.
const fewestPositions = 5

func trail(t classifier.RecordSet) bool {
	return t.Kinds["latitude"] && t.Kinds["longitude"] && t.Kinds["timestamp"] && t.Records >= fewestPositions
}

// degrees is the shape of decimal degrees of at most limit.
func degrees(limit float64) func([]byte) bool {
	return func(b []byte) bool {
		f, err := strconv.ParseFloat(string(bytes.TrimSpace(b)), 64)
		return err == nil && f >= -limit && f <= limit && bytes.IndexByte(b, '.') >= 0
	}
}

// matchCoordinates reads two decimals of at least four places each, parted by a
// comma, and possibly a few letters such as "N" or "lng=".
func matchCoordinates(c *classifier.Candidate) bool {
	text, start := c.Text, c.At
	if before := at(text, start-1); before == '.' || digit(before) {
		return false
	} else if before == '-' {
		start--
	}
	first, i, ok := decimal(text, start, 90)
	if !ok || precedesList(text, start) {
		return false
	}
	i, ok = coordinateGap(text, i)
	if !ok {
		return false
	}
	second, end, ok := decimal(text, i, 180)
	if !ok || listGoesOn(text, end) || first == second || first == math.Trunc(first) && second == math.Trunc(second) {
		return false
	}
	if math.Abs(first) < 1 && math.Abs(second) < 1 {
		return false // shares and intervals; nobody lives at that place of the sea
	}
	c.Start, c.End = start, end
	c.Value = append(c.Value, text[start:end]...)
	return true
}

// decimal reads a number with four to fifteen places whose absolute value is
// at most limit.
func decimal(text []byte, i int, limit float64) (value float64, end int, ok bool) {
	from := i
	if at(text, i) == '-' || at(text, i) == '+' {
		i++
	}
	whole := i
	for i < len(text) && i-whole < 4 && digit(text[i]) {
		i++
	}
	point := i
	if i == whole || i-whole > 3 || at(text, i) != '.' {
		return 0, i, false
	}
	i++
	for i < len(text) && i-point < 17 && digit(text[i]) {
		i++
	}
	if places := i - point - 1; places < 4 || places > 15 || word(at(text, i)) {
		return 0, i, false
	}
	value, err := strconv.ParseFloat(string(text[from:i]), 64)
	return value, i, err == nil && value >= -limit && value <= limit
}

// pointers are the words that stand at coordinates: hemispheres and names.
var pointers = []string{"n", "s", "e", "w", "o", "lat", "latitude", "lon", "lng", "long", "longitude"}

const longestPointer = len("longitude")

// coordinateGap reads what may stand between latitude and longitude: one comma
// or semicolon, blanks, a degree sign, a hemisphere, the name of the second.
func coordinateGap(text []byte, i int) (int, bool) {
	comma := false
	for from := i; i < len(text) && i-from < 16; i++ {
		switch b := text[i]; {
		case digit(b) || b == '-' || b == '+':
			return i, comma
		case b == ',' || b == ';':
			if comma {
				return i, false
			}
			comma = true
		case letter(b):
			end := i + 1
			for end < len(text) && end-i <= longestPointer && letter(text[end]) {
				end++
			}
			if !slices.Contains(pointers, string(bytes.ToLower(text[i:end]))) {
				return i, false
			}
			i = end - 1
		case b == ' ' || b == ':' || b == '=' || b == '"' || b == '\'' || b == 0xC2 || b == 0xB0:
		default:
			return i, false
		}
	}
	return i, false
}

// precedesList and listGoesOn tell a pair from a vector of numbers.
func precedesList(text []byte, start int) bool {
	i := start - 1
	for i >= 0 && text[i] == ' ' {
		i--
	}
	return at(text, i) == ',' && digit(at(text, i-1))
}

func listGoesOn(text []byte, end int) bool {
	i := end
	if at(text, i) == ',' {
		i++
		for at(text, i) == ' ' {
			i++
		}
		return digit(at(text, i)) || at(text, i) == '-' && digit(at(text, i+1))
	}
	return at(text, i) == '.' && digit(at(text, i+1))
}
