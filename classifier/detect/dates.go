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
			"dddd-dd-dd", "dddd/dd/dd", "dddd/d/d", "dddd/dd/d", "dddd/d/dd", "dddd-d-d", "dddd-dd-d", "dddd-d-dd", "dddd.dd.dd", "dd.dd.dddd", "dd/dd/dddd", "dd-dd-dddd", "d/d/dddd", "d.d.dddd", "dd/d/dddd", "d/dd/dddd", "dd.d.dddd", "d.dd.dddd",
			"dddd年d月d日", "dddd年dd月dd日", "dddd年d月dd日", "dddd年dd月d日",
		},
		Literals: monthNames(), NearDigit: nearDay, Match: matchMonth,
		Confirm: birthDate,
		Examples: []string{
			"DOB: 1984-03-12", "born on 12.03.1984", "出生日期：1984年3月12日", "生日：1984/3/9", "дата рождения 12.03.1984", "تاريخ الميلاد ١٢/٠٣/١٩٨٤", "Geburtsdatum 1.4.1990", "birthday 3/27/1985",
			"born March 4, 1984", "born on the 4th of March 1984", "DOB 04 Mar 1984", "geboren am 4. März 1984", "née le 4 mars 1984", "nacido el 4 de marzo de 1984", "nato il 4 marzo 1984",
			"дата рождения: 4 марта 1984 г.", "تاريخ الميلاد 4 مارس 1984",
		},
		NearMisses: []string{"1984-03-12", "DOB: 1984-13-32", "due 12.03.2024", "born 32.13.1984", "reborn 12.03.1984", "DOB 1784-03-12",
			"March 4, 1984", "born March 41, 1984", "born in March 1984", "born Mayor 4, 1984", "geboren am 31. Juni 1984"},
	}}
}

// birthDate reads year, month and day in either order. With the name of a month
// they are the value.
func birthDate(c *classifier.Candidate) bool {
	if month, _ := monthAt(c.Text, c.At); month > 0 {
		return checksum.Date(number(c.Value[:4]), number(c.Value[4:6]), number(c.Value[6:]))
	}
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

// nearDay is how many bytes from the name of a month its day or year begins at most.
const nearDay = 32
