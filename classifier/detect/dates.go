package detect

import (
	"bytes"

	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

func dates() []classifier.Detector {
	why := reasonsOf(birthWords(), []string{bornSign})
	return []classifier.Detector{{
		ID: "date_of_birth", Name: "Date of birth", Class: personal, Use: classifier.Context,
		Source: "ISO 8601 and the common national ways of writing dates", Validator: "date of the calendar",
		Context: birthWords(),
		Columns: []classifier.Column{column("birth_date", true, nil, birthNames()...)},
		Layouts: []string{
			"dddd-dd-dd", "dddd/dd/dd", "dddd/d/d", "dddd/dd/d", "dddd/d/dd", "dddd-d-d", "dddd-dd-d", "dddd-d-dd", "dddd.dd.dd", "dd.dd.dddd", "dd/dd/dddd", "dd-dd-dddd", "d/d/dddd", "d.d.dddd", "d-d-dddd", "dd-d-dddd", "d-dd-dddd", "dd/d/dddd", "d/dd/dddd", "dd.d.dddd", "d.dd.dddd",
			"dddd年d月d日", "dddd年dd月dd日", "dddd年d月dd日", "dddd年dd月d日",
		},
		Literals: monthNames(), Figure: 48, Match: matchMonth,
		Confirm: func(c *classifier.Candidate) bool { return bornThen(c, why) && birthDate(c) },
		Examples: []string{
			"DOB: 1984-03-12", "born on 12.03.1984", "出生日期：1984年3月12日", "生日：1984/3/9", "дата рождения 12.03.1984", "تاريخ الميلاد ١٢/٠٣/١٩٨٤", "Geburtsdatum 1.4.1990", "birthday 3/27/1985",
			"born March 4, 1984", "born on the 4th of March 1984", "DOB 04 Mar 1984", "geboren am 4. März 1984", "née le 4 mars 1984", "nacido el 4 de marzo de 1984", "nato il 4 marzo 1984",
			"geboren op 3-11-1981", "nací el 3/4/1985", "geboren op 19-11-1993", "född 1992-06-11", "ur. 23.08.1991", "narozen 7.5.1970", "生年月日：1988年3月12日", "생년월일 1990-04-02", "doğum tarihi 03.05.1988", "07.09.1984 р.н.", "sinh ngày 24/12/1995",
			"дата рождения: 4 марта 1984 г.", "تاريخ الميلاد 4 مارس 1984",
		},
		NearMisses: []string{"1984-03-12", "DOB: 1984-13-32", "due 12.03.2024", "born 32.13.1984", "reborn 12.03.1984", "DOB 1784-03-12",
			"March 4, 1984", "born March 41, 1984", "born in March 1984", "born Mayor 4, 1984", "2027-06-04以来，南京的半阁产生生意", "geboren am 31. Juni 1984", "sku=487-NE, txn=1] 1984-04-09 10:16:51,472 INFO", "输出生动的。自2027-09-03以来"},
	}}
}

// bornSign follows a date of birth in Japanese. In other places it is part of many
// words, such as 产生 and 生意.
const bornSign = "生"

// longestTime bounds what is read of what follows a date.
const longestTime = len(" 00:00:00")

// timed tells whether a time of the day goes on behind a date, other than midnight,
// with which databases write dates.
func timed(rest []byte) bool {
	if len(rest) < len(" 00:00") || rest[0] != ' ' && rest[0] != 'T' && rest[0] != 't' {
		return false
	}
	return reads(rest[1:6], "dd:dd") && string(rest[1:6]) != "00:00"
}

func bornThen(c *classifier.Candidate, why *reasons) bool {
	rest := c.Text[c.End:min(len(c.Text), c.End+longestTime)]
	if timed(rest) || bytes.HasPrefix(rest, []byte("以来")) {
		return false
	}
	if bytes.HasPrefix(rest, []byte(bornSign)) {
		return true
	}
	around := c.Text[max(0, c.Start-wordsBefore):min(len(c.Text), c.End+wordsAfter)]
	return !bytes.Contains(around, []byte(bornSign)) || why.explain(c) // the only word that needs a better reason
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
