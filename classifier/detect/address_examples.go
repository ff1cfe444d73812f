package detect

import (
	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

// addressExamples are made up, or of well-known public places.
var addressExamples = []string{
	"Ship it to 123 Main Street, Springfield, IL 62704.", "Ana Lopez\n742 Evergreen Terrace\nSpringfield, OR 97477", "1600 Amphitheatre Pkwy, Mountain View, CA 94043", "350 5th Ave, New York, NY 10118", "4 Elm St, Apt 5, Boston, MA 02108-1234",
	"221B Baker Street, London NW1 6XE", "Flat 3, 12 High Street, Oxford OX1 4DB", "10 Downing Street, London", "she lives at 48 Mill Lane", "301 Front Street West, Toronto, ON M5V 2T6", "12 Grafton Street, Dublin 2", "1 Macquarie Street, Sydney NSW 2000", "12, MG Road, Bengaluru 560001", "55 Park Street, Kolkata - 700 016",
	"12 rue de la Paix, 75002 Paris", "5 bis avenue Foch, 75116 Paris", "rue de la Loi 16, 1000 Bruxelles", "habite 8 rue Victor Hugo", "rue du Rhône 14, 1204 Genève",
	"Calle Mayor 12, 3º B, 28013 Madrid", "C/ Alcalá, 45, 28014 Madrid", "Av. Insurgentes Sur 1234, Col. Del Valle, C.P. 03100, CDMX", "Avenida Corrientes 1234, Buenos Aires",
	"Via Roma 12, 00184 Roma", "abita in via Giuseppe Verdi 7, 20121 Milano", "Corso Vittorio Emanuele II, 15, 10123 Torino", "Rua Augusta, 123 - Consolação, São Paulo - SP, 01310-100", "Rua do Ouro 12, 1100-063 Lisboa",
	"ul. Marszałkowska 10/12 m. 3, 00-590 Warszawa", "Atatürk Caddesi No: 12 Daire 3, 34710 Kadıköy/İstanbul",
	"г. Москва, ул. Тверская, д. 7, кв. 12", "125009, Москва, ул. Тверская, 7", "ул. Ленина, д. 12, кв. 34", "Проживает: улица Гагарина, 15", "Невский проспект, д. 28, Санкт-Петербург", "вул. Хрещатик, 22, Київ, 01001",
	"Musterstraße 12, 10115 Berlin", "Lange Straße 7a, D-80331 München", "Herr Weber\nAm Markt 3\n28195 Bremen", "Bahnhofstrasse 21, 8001 Zürich", "Mariahilfer Straße 45, 1060 Wien", "Kerkstraat 7, 1017 GA Amsterdam", "Drottninggatan 12, 111 51 Stockholm", "Karl Johans gate 22, 0026 Oslo",
	"北京市朝阳区建国路88号", "收货地址：广东省深圳市南山区科技园南路12号3栋502室", "上海市浦东新区世纪大道100号。", "台北市信義區信義路五段7號", "香港中環皇后大道中99號", "東京都千代田区丸の内1丁目9番1号", "大阪府大阪市北区梅田3-1-3", "서울특별시 강남구 테헤란로 152",
	"شارع الملك فهد، مبنى 12، الرياض 12345", "12 شارع التحرير، الدقي، الجيزة", "العنوان: شارع النيل 7",
}

var addressNearMisses = []string{
	"5th Avenue is long", "He works on Wall Street", "the road to 2024", "Open 24 hours, 7 days, drive safely", "10 Downing Street", "3 ways to drive growth in 2024", "a 5 star place", "In 2024 Main Street banks lost", "Version 12 Street Fighter", "the 50 best street photos of 2023",
	"Straße 12", "die Straße ist 10115 Meter lang", "Berlin, 10115 Besucher", "am 12. Mai 2024 Konzert", "in 1017 Fällen Amsterdam", "la rue est longue", "via email 12", "via 12 rue", "calle 13 es una banda", "улица длинная", "на улице 12 человек", "улица Ленина", "проспект на 12 страниц",
	"北京市的人口是2100万", "上海市2024年第1号文件", "东京都", "東京都の人口は1400万人", "서울 인구 940만", "شارع طويل", "شارع التحرير", "rua 12", "Corso di inglese 12", "Rome 2024: via libera", "dr. Smith has 12 patients", "St. Petersburg 2024", "1. Court of Appeal, 2. District Court",
}

// postcodes are found with context alone: most are short numbers.
func postcodes() classifier.Detector {
	d := classifier.Detector{
		ID: "postcode", Name: "Postcode", Class: personal, Use: classifier.Context, Confidence: 0.6,
		Source: "UPU, postal addressing systems: postcode formats", Validator: "not all digits equal",
		Layouts: []string{
			"dddd", "ddddd", "dddddd", "ddddd-dddd", "ddddd-ddd", "dddd-ddd", "ddd-dddd", "dd-ddd", "ddd dd", "ddd ddd", "dddd AA", "AdA dAd", "Ad dAA", "Add dAA", "AdA dAA", "AAd dAA", "AAdd dAA", "AAdA dAA", "Add XXXX",
		},
		Check: func(b []byte) bool { return !uniform(b) },
		Context: []string{
			"postcode", "post code", "zip", "zip code", "zipcode", "postal code", "pincode", "pin code", "eircode", "plz", "postleitzahl", "code postal", "código postal", "codigo postal", "cep", "cap", "kod pocztowy", "posta kodu", "postnummer",
			"индекс", "почтовый индекс", "індекс", "邮编", "邮政编码", "郵遞區號", "郵便番号", "우편번호", "الرمز البريدي", "पिन कोड",
		},
		Columns: []classifier.Column{column("postcode", false, nil)}, Yields: true,
		Examples:   []string{"ZIP code: 94043", "PLZ 10115", "postcode SW1A 1AA", "邮编：100020", "индекс 125009", "〒 郵便番号 100-0005", "CEP 01310-100", "postal code M5V 2T6", "kod pocztowy 00-590", "code postal : 75002", "الرمز البريدي 12345"},
		NearMisses: []string{"94043", "the zipper 94043", "PLZ 101155555", "order 10115", "SW1A 1AA", "zip code 00000", "unzip 12345", "LZ77 (Lempel-Ziv 1977), as zip has it", "#12564: Distribution zip folder", "use CAP_AUDIT_WRITE (#83856)", "Cap keysize at 4096", "sku ZIP-0535-Y"},
	}
	why := reasonsOf(d.Context, postcodeWeak)
	d.Confirm = func(c *classifier.Candidate) bool { return namedPostcode(c, why) }
	return d
}

// postcodeWeak are words that mean other things too: archives, limits, hats.
var postcodeWeak = []string{"zip", "cap"}

// namedPostcode asks more of what nothing but "zip" or "cap" explains: five digits
// right behind it.
func namedPostcode(c *classifier.Candidate, why *reasons) bool {
	if !why.explain(c) {
		return false
	}
	near := c.Text[max(0, c.Start-wordsBefore):c.Start]
	return checksum.Digits(c.Value) && len(c.Value)%4 == 1 || !why.weak.says(near)
}

func uniform(b []byte) bool {
	for _, c := range b {
		if c != b[0] {
			return false
		}
	}
	return true
}
