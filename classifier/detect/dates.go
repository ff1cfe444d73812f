package detect

import (
	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

func dates() []classifier.Detector {
	return []classifier.Detector{{
		ID: "date_of_birth", Name: "Date of birth", Class: personal, Use: classifier.Context,
		Source: "ISO 8601 and the common national ways of writing dates",
		Context: []string{
			"dob", "date of birth", "birth date", "birthdate", "birthday", "born", "born on", "出生", "出生日期", "生日", "дата рождения", "д.р.", "родился", "родилась", "г.р.",
			"تاريخ الميلاد", "مواليد", "geburtsdatum", "geboren", "geb", "date de naissance", "né le", "née le", "fecha de nacimiento", "nacido", "nacida",
			"data de nascimento", "data di nascita", "nato il", "nata il",
		},
		Columns: []classifier.Column{column("birth_date", true, nil, "dob", "date of birth", "birth date", "birthdate", "birthday", "出生日期", "生日", "出生", "дата рождения", "др",
			"تاريخ الميلاد", "geburtsdatum", "geburtstag", "date de naissance", "fecha de nacimiento", "data de nascimento", "data di nascita")},
		Layouts: []string{
			"dddd-dd-dd", "dddd/dd/dd", "dddd.dd.dd", "dd.dd.dddd", "dd/dd/dddd", "dd-dd-dddd", "d/d/dddd", "d.d.dddd", "dd/d/dddd", "d/dd/dddd", "dd.d.dddd", "d.dd.dddd",
			"dddd年d月d日", "dddd年dd月dd日", "dddd年d月dd日", "dddd年dd月d日",
		},
		Confirm: birthDate,
		Examples: []string{
			"DOB: 1984-03-12", "born on 12.03.1984", "出生日期：1984年3月12日", "дата рождения 12.03.1984", "تاريخ الميلاد ١٢/٠٣/١٩٨٤", "Geburtsdatum 1.4.1990", "birthday 3/27/1985",
		},
		NearMisses: []string{"1984-03-12", "DOB: 1984-13-32", "due 12.03.2024", "born 32.13.1984", "reborn 12.03.1984", "DOB 1784-03-12"},
	}}
}

// birthDate reads year, month and day in either order.
func birthDate(c *classifier.Candidate) bool {
	var parts [3]int
	n, lengths := -1, [3]int{}
	for i, b := range c.Text[c.Start:c.End] {
		if !digit(b) {
			continue
		}
		if i == 0 || !digit(c.Text[c.Start+i-1]) {
			if n++; n > 2 {
				return false
			}
		}
		parts[n] = parts[n]*10 + int(b-'0')
		lengths[n]++
	}
	year, month, day := parts[0], parts[1], parts[2]
	if lengths[2] == 4 {
		day, month, year = parts[0], parts[1], parts[2]
		if month > 12 { // as in the United States
			day, month = month, day
		}
	}
	return checksum.Date(year, month, day)
}
