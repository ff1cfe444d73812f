package detect

// phoneWords are the words beside phone numbers. They ask for no particular country:
// people write them in the language of their letter, and the number as at home.
func phoneWords() []string {
	return listed(
		"phone, telephone, tel, mobile, mob, cell, cellphone, landline, call, call me, callback, ring, ring me, text me, whatsapp, viber, telegram, sms, fax, contact, contact number, gsm, direct line",
		"电话, 電話, 手机, 手機, 联系方式, 聯絡方式, 联系电话, 致电, 换号, 携帯, 携帯電話, 連絡先, 連絡, ご連絡, 전화, 전화번호, 연락처, 휴대폰, 핸드폰, 휴대전화, 연락",
		"телефон, телефона, телефону, телефоном, телефоны, тел, моб, мобильный, мобильного, сотовый, звоните, позвоните, звонить, звонок, перезвоните, номер телефона, по номеру, вотсап, ватсап, вайбер, телефонувати, телефонувала, телефонував, дзвоніть, дзвонити, дзвонила, дзвонив, мобільний, вайбері, мобилен, обадете, позовите, ұялы, нөмір",
		"هاتف, الهاتف, هاتفه, هاتفها, هاتفي, جوال, الجوال, جواله, جوالها, جوالي, واتساب, واتس, اتصل, الاتصال, موبايل, موبايله, موبايلها, محمول, المحمول, رقمه, رقمها, رقمي, للتواصل, تلفن, تلفون, تلفنه, همراه, شماره تماس, موبایل",
		"telefon, telefonisch, handy, handynr, handynummer, mobil, mobilnummer, rufnummer, rückfragen, rückruf, anrufen, anruf, erreichbar, erreichen, festnetz, durchwahl",
		"téléphone, tél, portable, mobile, appeler, appelez, joignable, rappeler, rappelez, numéro de téléphone",
		"teléfono, tlf, tlfno, telf, tfno, móvil, celular, cel, fono, llamar, llame, llámame, llamen, contacto, contactar, whats, localizable",
		"telefone, telemóvel, zap, tlm, telem, celular, fone, contato, contacto, dúvidas",
		"telefono, cellulare, cell, fisso, chiamare, chiami, chiamate, rintracciabile, recapito, contatto, contattare, raggiungibile",
		"telefoon, telefoonnummer, telnr, mobiel, mobiele, gsm, bellen, gebeld, terugbellen, bereikbaar, thuis, bereiken, 06 nummer",
		"telefon, tfn, tlf, tel nr, mobil, mobilnr, mobilnummer, ring, ringa, ring mig, ring meg, nås på, kontakt, træffes, treffes, sms",
		"puhelin, puh, puhelinnumero, puhelimitse, gsm, soita, soittaa, kännykkä, matkapuhelin, tavoittaa, telefoninumber, helistage, helista, mobiiltelefon, tālrunis, tālr, zvaniet, zvanīt, mob, telefonas, skambinkite, skambinti, mobilusis, sími, símanúmer, farsími, gsm",
		"telefonu, telefonem, telefonie, komórka, komórkowy, tel zadzwoń, dzwonić, proszę dzwonić, kontakt, kontaktowy, numer telefonu, mobil, mobilu, volejte, volat, zavolejte, zavolajte, volajte, telefónne, číslo mobilu, na čísle",
		"telefon, telefonul, mobilul, sunați, apelați, contact, telefonszám, mobilszám, hívjon, hívható, hívja, elérhető, elérhetőség, mobitel, mob, pokličite, nazovite, zovite, kontakt, τηλέφωνο, τηλ, κινητό, κιν, σταθερό, καλέστε, επικοινωνία",
		"telefon, telefonu, telefonum, telefonunu, cebi, ceptel, gsm, arayın, arayabilirsiniz, aranacak, ulaşabilirsiniz",
		"मोबाइल, मोबाइल नंबर, फ़ोन, फोन, दूरभाष, संपर्क, व्हाट्सएप, কল, মোবাইল, ফোন, மொபைல், தொலைபேசி, ఫోన్",
		"โทร, โทรศัพท์, เบอร์, มือถือ, เบอร์โทร, điện thoại, đt, sđt, số điện thoại, di động, liên hệ, telepon, telp, no nomor hubungi, telefon bimbit, simu, telepono, selpon, tel raqam",
		"טלפון, נייד, פלאפון, טל, להתקשר, התקשרו, ליצירת קשר",
	)
}

// phoneNames are what columns of phone numbers are called.
func phoneNames() []string {
	return listed(
		"phone, phone number, phone no, telephone, tel, tel no, mobile, mobile number, mobile no, mob, cell, cell phone, landline, whatsapp, fax, msisdn, contact number, contact no, emergency number, =contact, =emergency contact, =contact in emergency",
		"电话, 電話, 手机, 手机号, 手机号码, 手機, 联系电话, 联系方式, 聯絡電話, 行動電話, 電話番号, 携帯, 携帯電話, 連絡先, 전화, 전화번호, 연락처, 휴대폰, 휴대폰번호, 핸드폰, 휴대전화, 폰번호",
		"телефон, тел, моб, мобильный, номер телефона, сотовый, мобільний, номер телефону, мобилен, телефонен номер, ұялы телефон",
		"الهاتف, رقم الهاتف, الجوال, رقم الجوال, هاتف, جوال, موبايل, رقم الموبايل, المحمول, رقم المحمول, تلفن, تلفن همراه, شماره تماس, موبایل, טלפון, נייד, מספר טלפון",
		"telefon, telefonnummer, handy, handynummer, mobil, mobilnummer, festnetz, rufnummer, téléphone, tél, portable, teléfono, tlf, móvil, celular, cel, telefone, telemóvel, fone, contacto, telefono, cellulare, =contatto, recapito",
		"telefoon, telefoonnummer, telefoonnr, mobiel, gsm, mobiel nummer, tfn, tlf, telefonnr, mobilnr, puhelin, puh, puhelinnumero, matkapuhelin, telefoninumber, tālrunis, tālr, telefonas, sími, farsími",
		"numer telefonu, nr telefonu, tel kontaktowy, komórka, telefonní číslo, telefónne číslo, mobilní telefon, nr telefon, număr de telefon, telefonszám, mobilszám, mobitel, broj telefona, telefonska številka, τηλέφωνο, τηλ, κινητό, cep telefonu, cep tel, telefon no, gsm no",
		"मोबाइल, मोबाइल नंबर, फ़ोन, फोन, फोन नंबर, মোবাইল, โทรศัพท์, เบอร์โทร, เบอร์โทรศัพท์, มือถือ, điện thoại, số điện thoại, sđt, đt, telepon, no hp, nomor hp, no telp, nomor telepon, no telefon, simu, telefon raqami",
	)
}
