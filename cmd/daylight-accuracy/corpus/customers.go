package corpus

import "strings"

// Format is how a table is written.
type Format string

// The formats.
const (
	CSV       Format = "csv"       // comma, as RFC 4180
	Semicolon Format = "semicolon" // as Excel writes it where the comma is decimal
	TSV       Format = "tsv"       // as cells are pasted from a sheet
	JSONArray Format = "json"      // an array of objects
)

// Formats returns all of them.
func Formats() []Format { return []Format{CSV, Semicolon, TSV, JSONArray} }

// Customers is the kind of exports of a CRM.
const Customers Kind = "customers"

// NewCustomers returns the export of a CRM with as many rows, one customer each.
func NewCustomers(language Language, format Format, seed uint64, rows int) Document {
	w := newWriter(language, seed, "customers/"+string(format)+"/"+string(language))
	homes := nationsOf(language)
	home := homes[w.IntN(len(homes))]
	fields := w.customerFields(home)
	switch format {
	case JSONArray:
		w.jsonRows(home, fields, rows)
	default:
		w.tableRows(home, fields, rows, map[Format]string{CSV: ",", Semicolon: ";", TSV: "\t"}[format])
	}
	suffix := map[Format]string{CSV: ".csv", Semicolon: ".csv", TSV: ".tsv", JSONArray: ".json"}[format]
	return Document{Name: "customers-" + string(language) + suffix, Kind: Customers, Language: language, Text: w.text, Labels: w.labels}
}

// field is a column of a customer table.
type field struct {
	names    map[Language]string // ways of calling it, parted by "|"
	detector string              // "" when nothing is to be found in it
	country  bool                // the value belongs to the customer's country
	optional bool
	value    func(w *writer, p *person) string
}

// customerFields returns the columns of an export: some always, some by chance.
func (w *writer) customerFields(home *nation) []field {
	var chosen []field
	for i, f := range allFields() {
		if i > 3 && w.chance(2) || home.postcode == "" && f.detector == "column_postcode" {
			continue
		}
		chosen = append(chosen, f)
	}
	return chosen
}

func allFields() []field {
	names := func(en, zh, ru, ar, de string) map[Language]string {
		return map[Language]string{English: en, Chinese: zh, Russian: ru, Arabic: ar, German: de}
	}
	return []field{
		{names: names("customer_id|Customer ID|cust_id", "客户编号|会员号", "ID клиента|номер клиента", "رقم العميل", "Kundennummer|Kunden-Nr."), detector: "column_customer_id", value: func(_ *writer, p *person) string { return p.customer }},
		{names: names("full_name|Name|customer_name|Customer name", "姓名|客户姓名", "ФИО|Имя клиента", "الاسم الكامل|اسم العميل", "Name|Kundenname"), detector: "column_person_name", value: func(_ *writer, p *person) string { return p.fullName() }},
		{names: names("email|E-mail|email_address", "邮箱|电子邮箱", "E-mail|Электронная почта", "البريد الإلكتروني", "E-Mail|E-Mail-Adresse"), detector: "email", value: func(_ *writer, p *person) string { return p.email }},
		{names: names("phone|Mobile|phone_number", "手机|手机号|联系电话", "Телефон|Моб. телефон", "الجوال|رقم الهاتف", "Telefon|Mobilnummer"), detector: "phone", country: true, value: func(_ *writer, p *person) string { return p.phone }},
		{names: names("street|address|Street address", "地址|收货地址", "Адрес", "العنوان", "Straße|Adresse"), detector: "column_address", value: func(_ *writer, p *person) string { return p.street }},
		{names: names("postcode|zip|Postal code", "邮编|邮政编码", "Индекс|Почтовый индекс", "الرمز البريدي", "PLZ|Postleitzahl"), detector: "column_postcode", value: func(_ *writer, p *person) string { return p.zip }},
		{names: names("city|City", "城市", "Город", "المدينة", "Ort|Stadt"), detector: "column_address", optional: true, value: func(_ *writer, p *person) string { return p.city }},
		{names: names("date_of_birth|dob|Birthday", "出生日期|生日", "Дата рождения", "تاريخ الميلاد", "Geburtsdatum|Geburtstag"), detector: "date_of_birth", value: func(w *writer, p *person) string {
			return w.numericDate(p.born[0], p.born[1], p.born[2])
		}},
		{names: names("segment|tier", "等级", "Категория", "الفئة", "Segment"), value: func(w *writer, _ *person) string { return w.one("gold", "silver", "A", "B", "new") }},
		{names: names("created_at|signup_date", "注册时间", "Дата регистрации", "تاريخ التسجيل", "Angelegt am"), value: func(w *writer, _ *person) string { return w.dateISO() }},
		{names: names("notes|comment", "备注", "Комментарий", "ملاحظات", "Bemerkung"), value: func(w *writer, _ *person) string { return w.note() }},
		{names: names("newsletter|opt_in", "订阅", "Подписка", "الاشتراك", "Newsletter"), value: func(w *writer, _ *person) string { return w.one("true", "false") }},
	}
}

// numericDate writes a date in figures, as tables have it in the language.
func (w *writer) numericDate(year, month, day int) string {
	forms := []string{"{Y}-{M}-{D}", "{Y}-{M}-{D}"}
	switch w.words.language {
	case English, Arabic:
		forms = append(forms, "{D}/{M}/{Y}")
	case German, Russian:
		forms = append(forms, "{D}.{M}.{Y}", "{D}.{M}.{Y}")
	case Chinese:
		forms = append(forms, "{Y}/{m}/{d}", "{Y}年{m}月{d}日")
	}
	return strings.NewReplacer("{Y}", itoa(year), "{M}", pad(month, 2), "{D}", pad(day, 2), "{d}", itoa(day), "{m}", itoa(month)).Replace(w.one(forms...))
}

// note returns a remark without separators of tables.
func (w *writer) note() string {
	from := len(w.text)
	w.sentence()
	remark := strings.NewReplacer(",", "", ";", "", `"`, "", "\t", " ", "\n", " ").Replace(string(w.text[from:]))
	w.text = w.text[:from]
	return remark
}

// plant writes a value with its label.
func (w *writer) plant(detector, country, text string) {
	w.labels = append(w.labels, Label{Detector: detector, Start: len(w.text), End: len(w.text) + len(text), Country: country})
	w.put(text)
}

// cell writes the value of a customer with its label, if it has one.
func (w *writer) cell(f field, p *person) {
	text := f.value(w, p)
	if f.detector == "" {
		w.put(text)
		return
	}
	detector, country := f.detector, ""
	if f.country {
		country = p.nation.code
	}
	if detector == "phone" && p.nation.code == "CN" && p.isMobile {
		detector = "cn_mobile"
	}
	w.plant(detector, country, text)
	w.labels[len(w.labels)-1].Optional = f.optional
}

// title returns one of the names of a column.
func (w *writer) title(f field) string {
	return w.one(strings.Split(f.names[w.words.language], "|")...)
}

func (w *writer) tableRows(home *nation, fields []field, rows int, separator string) {
	for i, f := range fields {
		if i > 0 {
			w.put(separator)
		}
		w.put(w.title(f))
	}
	w.put("\n")
	for range rows {
		p := w.person(w.neighbour(home))
		for i, f := range fields {
			if i > 0 {
				w.put(separator)
			}
			if i > 3 && w.chance(15) {
				continue // left empty
			}
			w.quoted(f, p, separator)
		}
		w.put("\n")
	}
}

// quoted writes a cell, in quotes where the separator asks for them.
func (w *writer) quoted(f field, p *person, separator string) {
	from, labels := len(w.text), len(w.labels)
	w.cell(f, p)
	if !strings.Contains(string(w.text[from:]), separator) {
		return
	}
	value := string(w.text[from:])
	w.text = append(append(w.text[:from], '"'), value...)
	w.put(`"`)
	for i := labels; i < len(w.labels); i++ {
		w.labels[i].Start++
		w.labels[i].End++
	}
}

// neighbour returns where a customer lives: mostly at home.
func (w *writer) neighbour(home *nation) *nation {
	if !w.chance(10) {
		return home
	}
	others := nationsOf(w.words.language)
	if n := others[w.IntN(len(others))]; n.postcode != "" {
		return n
	}
	return home
}

func (w *writer) jsonRows(home *nation, fields []field, rows int) {
	keys := make([]string, len(fields))
	for i, f := range fields {
		keys[i] = strings.ToLower(strings.ReplaceAll(w.one(strings.Split(f.names[English], "|")...), " ", "_"))
	}
	w.put("{\"customers\": [\n")
	for row := range rows {
		if row > 0 {
			w.put(",\n")
		}
		w.put("  {")
		p := w.person(w.neighbour(home))
		for i, f := range fields {
			if i > 0 {
				w.put(", ")
			}
			w.put(`"`, keys[i], `": "`)
			w.cell(f, p)
			w.put(`"`)
		}
		w.put("}")
	}
	w.put("\n]}\n")
}
