package detect

// birthWords are the words beside dates of birth.
func birthWords() []string {
	return listed(
		"dob, d.o.b., date of birth, birth date, birthdate, birthday, bday, b-day, born, born on",
		"出生, 出生日期, 出生年月日, 生日, 生年月日, 誕生日, 生まれ, 생년월일, 생일, 출생",
		"дата рождения, дату рождения, даты рождения, др, д.р., родился, родилась, родился в, г.р., г.рожд., рожд., р.н., дата народження, дати народження, народився, народилася, народилась, нар., дата на раждане, роден, родена, датум рођења, рођен, рођена, датум на раѓање, туған күні",
		"تاريخ الميلاد, تاريخ ميلاد, تاريخ الولادة, مواليد, مولود, مولودة, المولود, المولودة, ولد في, ولدت في, ت.م, تاریخ تولد, متولد, תאריך לידה, נולד, נולדה, ת. לידה",
		"geburtsdatum, geboren, geboren am, geb, geb. am, geb.-datum, geburtstag, date de naissance, né le, née le, né, née, né(e) le, fecha de nacimiento, f. nac., fec. nac., f. nacimiento, nacido, nacida, nació, nací el, nac.",
		"data de nascimento, data nasc, nascido, nascida, nascido a, nasceu, nasc., data di nascita, nato il, nata il, nato a, nata a, nato, nata",
		"geboortedatum, geboren op, geb. dat., geb.dat., geb.dd., födelsedatum, född, född den, f. d., fødselsdato, født, født den, f. dato, fødselsdag, syntymäaika, syntynyt, synt., s. aika, sünniaeg, sündinud, sünd., dzimšanas datums, dzimis, dzimusi, dzim., gimimo data, gimęs, gimusi, gim., fæðingardagur, fædd, fæddur",
		"data urodzenia, daty urodzenia, urodzony, urodzona, ur., ur. dnia, datum narození, narozen, narozena, narozený, narozená, nar., dátum narodenia, narodený, narodená, data nașterii, născut, născută, născut la, születési idő, születési dátum, szül., született, szül. idő",
		"datum rođenja, rođen, rođena, rođ., datum rojstva, rojen, rojena, roj., ημερομηνία γέννησης, ημ. γέννησης, γεννήθηκε, γεννηθείς, γεννηθείσα, γεν., doğum tarihi, d. tarihi, doğum, doğumlu, doğdu",
		"जन्म तिथि, जन्मतिथि, जन्म, जन्म दिनांक, জন্ম তারিখ, பிறந்த தேதி, วันเกิด, เกิดวันที่, วันเดือนปีเกิด, เกิด, ngày sinh, sinh ngày, tanggal lahir, tgl lahir, lahir, tempat tanggal lahir, tarikh lahir, tarehe ya kuzaliwa, kapanganakan, tug'ilgan sana, tug'ilgan kuni",
	)
}

// birthNames are what columns of dates of birth are called.
func birthNames() []string {
	return listed(
		"dob, date of birth, birth date, birthdate, birthday, born",
		"出生日期, 出生年月日, 生日, 出生, 生年月日, 誕生日, 생년월일, 생일",
		"дата рождения, др, дата народження, дата на раждане, датум рођења, туған күні, تاريخ الميلاد, تاریخ تولد, תאריך לידה",
		"geburtsdatum, geburtstag, geb datum, =geb, =geboren, date de naissance, naissance, =né le, fecha de nacimiento, fecha nacimiento, f nac, nacimiento, data de nascimento, data nascimento, data nasc, nascimento, =nasc, data di nascita, data nascita, =nato il",
		"geboortedatum, geb dat, födelsedatum, =född, fødselsdato, =født, fødselsdag, syntymäaika, sünniaeg, sünnikuupäev, dzimšanas datums, gimimo data, fæðingardagur",
		"data urodzenia, =ur, datum narození, dátum narodenia, data nașterii, data nasterii, születési dátum, születési idő, =szül, datum rođenja, datum rojstva, ημερομηνία γέννησης, ημ γέννησης, doğum tarihi",
		"जन्म तिथि, जन्मतिथि, วันเกิด, ngày sinh, tanggal lahir, tgl lahir, tarikh lahir, tug'ilgan sana",
	)
}
