package detect

import "strings"

// listed takes apart names that commas part, one language a line. A name that opens
// with "?" is that of things as often as of persons; one with "=" stands in longer
// names that hold none: patient status.
func listed(languages ...string) (names []string) {
	for _, language := range languages {
		for name := range strings.SplitSeq(language, ",") {
			names = append(names, strings.TrimSpace(name))
		}
	}
	return names
}

// personNames are what columns of names are called: the name itself, and the part
// that the persons of a list play.
func personNames() []string {
	return listed(
		"first name, last name, full name, given name, family name, surname, forename, middle name, maiden name, =first, =last, =nickname",
		"customer name, contact name, client name, recipient name, buyer name, employee name, patient name, guest name, passenger name, student name, member name, tenant name, account holder, card holder, cardholder",
		"=patient, =employee, =student, =pupil, =child, =guest, =visitor, =attendee, =participant, =candidate, =applicant, =passenger, =pax, =tenant, =resident, =volunteer, =donor, =teacher, =nurse, =doctor, =parent, =guardian, =beneficiary, =insured, =policyholder, =signatory, next of kin, emergency contact",
		"?name, ?names, ?customer, ?contact, ?client, ?buyer, ?recipient, ?member, ?owner, ?driver, ?creator, ?influencer, ?author, ?speaker, ?sender, ?payee, ?holder, ?who, ?person",
		"姓名, 客户姓名, 客户名称, 顾客姓名, 收件人, 联系人, 收货人, 姓, 名字, 客戶姓名, 收件人姓名, 聯絡人, 收件者, 员工姓名, 学生姓名, 患者姓名, =业主, 业主姓名, =租客, =持卡人, =乘客, =学生, =學生, =患者, =病人, =家长, =家長, =员工, =員工, =司机, =司機, ?客户, ?客戶, ?名称, ?会员, ?會員, ?用户",
		"氏名, お名前, 名前, フリガナ, ふりがな, =カナ, 氏名カナ, 顧客名, 患者名, 会員名, 担当者名, 宛名, 届け先氏名, =保護者, =契約者, ?担当者, ?顧客, ?お客様",
		"이름, 성명, 성함, 고객명, 회원명, 학생명, 환자명, 수령인, 받는분, 받는 사람, 예금주, =보호자, =담당자, =신청자, =참석자, =환자, =학생, =직원, ?고객, ?회원",
		"имя, фамилия, отчество, фио, ф.и.о., имя клиента, контактное лицо, =получатель, =покупатель, =пациент, =сотрудник, =ученик, =ребенок, =жилец, =арендатор, =заявитель, =пассажир, =гость, =участник, ?клиент, ?контакт, ?водитель, ?владелец",
		"імʼя, ім'я, ім’я, прізвище, по батькові, піб, п.і.б., =отримувач, =покупець, =пацієнт, =працівник, =учень, =дитина, =гість, =учасник, ?клієнт, ?контакт, ?водій, ?власник",
		"фамилия, презиме, фамилно име, собствено име, име и фамилия, три имена, =пациент, =служител, ?име",
		"ім'я і прозвішча, прозвішча, аты-жөні, аты жөні, =тегі, тегі аты",
		"الاسم, الاسم الكامل, الاسم الأول, اسم العائلة, اسم العميل, =العميل, اسم المستلم, الاسم الاول, اسم الموظف, =الموظف, =المريض, اسم المريض, =الطالب, اسم الطالب, ولي الأمر, =المستأجر, =الضيف, اسم الضيف, ?المالك, ?الزبون",
		"نام, نام خانوادگی, نام و نام خانوادگی, نام مشتری, ?مشتری, ?گیرنده",
		"vorname, nachname, familienname, kundenname, ansprechpartner, ansprechpartnerin, vor und nachname, name vorname, vorname name, =patient, =patientin, =mitarbeiter, =mitarbeiterin, =schüler, =schülerin, =teilnehmer, =teilnehmerin, =gast, =mieter, =mieterin, =bewohner, =bewerber, =bewerberin, =versicherter, =kontoinhaber, ?kunde, ?kundin, ?mitglied, ?fahrer, ?empfänger, ?halter, ?eigentümer, ?besitzer",
		"prénom, prénoms, nom de famille, nom complet, nom du client, nom prénom, nom et prénom, prénom nom, nom de naissance, =salarié, =élève, =enfant, =locataire, =invité, =participant, =candidat, =titulaire, =bénéficiaire, =assuré, =passager, =voyageur, =adhérent, ?nom, ?client, ?membre, ?destinataire, ?conducteur, ?propriétaire",
		"nombre completo, apellido, apellidos, primer apellido, segundo apellido, nombre del cliente, nombre y apellidos, nombre y apellido, apellidos y nombre, =paciente, =empleado, =empleada, =alumno, =alumna, =huésped, =viajero, =titular, =inquilino, =asistente, =invitado, =candidato, =beneficiario, =asegurado, =trabajador, ?nombre, ?nombres, ?cliente, ?socio, ?destinatario, ?propietario, ?conductor",
		"nome completo, sobrenome, apelido, nome do cliente, nome e apelido, primeiro nome, último nome, =paciente, =funcionário, =funcionária, =colaborador, =aluno, =aluna, =hóspede, =inquilino, =participante, =beneficiário, =titular, =passageiro, ?nome, ?sócio, ?destinatário, ?proprietário, ?motorista",
		"cognome, nome e cognome, cognome e nome, cognome nome, =nominativo, =intestatario, =paziente, =dipendente, =alunno, =alunna, =ospite, =invitato, =inquilino, =condomino, =partecipante, =candidato, =assicurato, =passeggero, ?cliente, ?socio, ?destinatario, ?proprietario, ?conducente",
		"voornaam, achternaam, familienaam, volledige naam, voorletters, roepnaam, klantnaam, contactpersoon, =bezoeker, =medewerker, =werknemer, =leerling, =patiënt, =huurder, =deelnemer, =gast, =bewoner, =kandidaat, =sollicitant, =rekeninghouder, ?naam, ?klant, ?lid, ?bestuurder, ?ontvanger, ?eigenaar",
		"förnamn, efternamn, för och efternamn, fullständigt namn, kundnamn, kontaktperson, =anställd, =elev, =barn, =patient, =gäst, =deltagare, =hyresgäst, =sökande, =målsman, ?namn, ?kund, ?medlem, ?mottagare, ?ägare, ?förare",
		"fornavn, efternavn, etternavn, fulde navn, fullt navn, for og efternavn, kundenavn, kontaktperson, =ansat, =ansatt, =elev, =barn, =patient, =pasient, =gæst, =gjest, =deltager, =deltaker, =lejer, =leietaker, =beboer, =ansøger, =søker, =foresatt, ?navn, ?kunde, ?medlem, ?modtager, ?mottaker, ?ejer, ?eier",
		"etunimi, sukunimi, koko nimi, asiakkaan nimi, yhteyshenkilö, =työntekijä, =oppilas, =lapsi, =potilas, =vieras, =osallistuja, =vuokralainen, =hakija, =huoltaja, ?nimi, ?asiakas, ?jäsen, ?omistaja",
		"eesnimi, perekonnanimi, ees ja perekonnanimi, =patsient, =töötaja, =õpilane, =laps, =külaline, =osaleja, =üürnik, vārds, uzvārds, vārds uzvārds, =pacients, =darbinieks, =skolēns, =bērns, =viesis, =dalībnieks, vardas, pavardė, vardas pavardė, vardas ir pavardė, =pacientas, =darbuotojas, =mokinys, =vaikas, =svečias, =dalyvis",
		"imię, nazwisko, imię i nazwisko, nazwisko i imię, imiona, =pacjent, =pacjentka, =pracownik, =uczeń, =uczennica, =dziecko, =gość, =uczestnik, =najemca, =kandydat, =lokator, osoba kontaktowa, ?klient, ?klientka, ?członek, ?odbiorca, ?właściciel, ?kierowca",
		"jméno, příjmení, jméno a příjmení, příjmení a jméno, =meno, priezvisko, meno a priezvisko, =pacient, =zaměstnanec, =zamestnanec, =žák, =žiak, =dítě, =dieťa, =hosť, =účastník, =nájemce, =nájomca, =uchazeč, ?zákazník, ?klient, ?člen, ?majitel",
		"nume și prenume, numele și prenumele, nume prenume, prenume, nume de familie, nume client, =pacient, =angajat, =elev, =copil, =oaspete, =participant, =chiriaș, =titular, ?nume, ?numele, ?client, ?membru",
		"név, teljes név, vezetéknév, keresztnév, családi név, utónév, ügyfél neve, vevő neve, =beteg, =páciens, =dolgozó, =munkavállaló, =tanuló, =diák, =gyermek, =vendég, =résztvevő, =bérlő, kapcsolattartó, ?ügyfél, ?vevő, ?tulajdonos",
		"=ime, prezime, ime i prezime, prezime i ime, ime in priimek, priimek, име и презиме, презиме, =pacijent, =zaposlenik, =zaposleni, =učenik, =dijete, =dete, =gost, =sudionik, =učesnik, ?kupac, ?kupec, ?klijent, ?stranka, ?član",
		"όνομα, επώνυμο, ονοματεπώνυμο, =επίθετο, όνομα πελάτη, =ασθενής, =εργαζόμενος, =υπάλληλος, =μαθητής, =παιδί, =επισκέπτης, =συμμετέχων, =ενοικιαστής, ?πελάτης, ?μέλος, ?παραλήπτης, ?ιδιοκτήτης",
		"ad soyad, adı soyadı, ad ve soyad, isim, isim soyisim, soyad, soyadı, soyisim, müşteri adı, =hasta, =çalışan, =personel, =öğrenci, =çocuk, =misafir, =katılımcı, =kiracı, =yolcu, =veli, ?adı, ?müşteri, ?üye, ?alıcı, ?sürücü",
		"नाम, पूरा नाम, ग्राहक का नाम, रोगी का नाम, पिता का नाम, पति का नाम, =छात्र, =ग्राहक, নাম, பெயர், పేరు, ಹೆಸರು, പേര്, નામ, ਨਾਮ",
		"ชื่อ, ชื่อสกุล, ชื่อ-สกุล, ชื่อ นามสกุล, ชื่อ-นามสกุล, นามสกุล, ชื่อลูกค้า, =ผู้รับ, ผู้ติดต่อ, =ผู้ป่วย, =นักเรียน, ?ลูกค้า",
		"họ tên, họ và tên, tên khách hàng, =người nhận, =bệnh nhân, =nhân viên, =học sinh, ?tên, ?khách hàng",
		"nama lengkap, nama pelanggan, nama penerima, nama pasien, nama siswa, nama karyawan, =pasien, =karyawan, =siswa, =penyewa, =peserta, =tamu, ?nama, ?pelanggan, ?anggota, =jina, jina kamili, =pangalan, buong pangalan, ism, =familiya, ism familiya, f.i.sh., ism sharif",
		"=שם פרטי, שם משפחה, שם מלא, שם הלקוח, איש קשר, =מטופל, =עובד, =תלמיד, =אורח, =דייר, ?שם, ?לקוח",
		"nafn, fornafn, eftirnafn, fullt nafn, =sjúklingur, =starfsmaður, =nemandi, =barn, =gestur, =ainm",
	)
}

// addressNames are what columns of streets and addresses are called.
func addressNames() []string {
	return listed(
		"street, street address, home address, postal address, mailing address, shipping address, billing address, delivery address, address line, address line 1, address1, address line1, residence, ?address, ?ship to",
		"地址, 详细地址, 收货地址, 家庭住址, 住址, 通讯地址, 送货地址, 联系地址, 聯絡地址, 住所, ご住所, 届け先住所, 現住所, 주소, 배송지, 배송 주소, 도로명주소",
		"адрес, адрес доставки, улица, почтовый адрес, домашний адрес, адрес проживания, адрес регистрации, адреса, адреса доставки, вулиця, местожителство, мекенжай",
		"العنوان, عنوان السكن, عنوان التوصيل, الشارع, آدرس, نشانی, כתובת, רחוב",
		"strasse, straße, anschrift, adresse, lieferadresse, wohnort und straße, rue, adresse postale, adresse de livraison, domicile, dirección, calle, domicilio, dirección de envío, endereço, rua, morada, indirizzo, via, residenza",
		"adres, straat, straatnaam, woonadres, bezorgadres, gatuadress, adress, bostadsadress, gateadresse, bopæl, bosted, osoite, katuosoite, lähiosoite, kotiosoite, aadress, elukoht, adrese, dzīvesvieta, adresas, gyvenamoji vieta, heimilisfang, seoladh",
		"ulica, adres zamieszkania, adres dostawy, adresa, bydliště, ulice, bydlisko, adresă, strada, domiciliu, ?cím, lakcím, utca, szállítási cím, naslov, prebivalište, διεύθυνση, οδός, ev adresi, teslimat adresi, adresi, açık adres",
		"पता, ঠিকানা, முகவரி, చిరునామా, ที่อยู่, địa chỉ, alamat, alamat rumah, anwani, manzil, yashash manzili",
	)
}

// postcodeNames are what columns of postcodes and of places are called.
func postcodeNames() []string {
	return listed(
		"zip, zip code, zipcode, zip postal code, postcode, post code, postal code, pcode, pin code, pincode, eircode, 邮编, 邮政编码, 郵遞區號, 郵便番号, 〒, 郵便, 우편번호",
		"индекс, почтовый индекс, поштовий індекс, індекс, пощенски код, поштански број, الرمز البريدي, کد پستی, کدپستی, מיקוד",
		"plz, postleitzahl, code postal, código postal, cep, cap, postnummer, postnr, postinumero, postkood, sihtnumber, pasta indekss, pašto kodas, kod pocztowy, psč, cod poștal, irányítószám, irsz, poštanski broj, poštna številka, ταχυδρομικός κώδικας, τκ, τ.κ., posta kodu, पिन कोड, पिनकोड, รหัสไปรษณีย์, mã bưu điện, kode pos, póstnúmer, pochta indeksi",
	)
}

// customerNumbers are what columns of the numbers of customers and members are called.
func customerNumbers() []string {
	return listed(
		"customer id, customer number, customer no, customer ref, cust id, cust no, customerid, ?client id, client number, client no, advertising id, idfa, gaid, maid, crm id, member id, member no, member number, membership number, membership no, loyalty id, loyalty number, loyalty card, subscriber id, subscriber number, contact id, openid, unionid, account number, patient id, patient number, patient no, mrn, student id, student no, policyholder id, ?card no, ?cardno, ?member, ?account no",
		"会员号, 会员编号, 会员id, 会员卡号, 客户编号, 客户id, 客户号, 客戶編號, 會員編號, 用户id, 用户编号, 患者编号, 学号, 会員id, 会員番号, 顧客番号, 顧客id, 顧客コード, お客様番号, 患者番号, 学籍番号, 고객번호, 고객 id, 회원번호, 회원 id, 학번, 환자번호",
		"id клиента, номер клиента, код клиента, номер карты клиента, карта лояльности, id пользователя, код клієнта, номер клієнта, id клієнта, клиентски номер",
		"رقم العميل, معرف العميل, رقم العضوية, رقم المريض, شماره مشتری, کد مشتری, מספר לקוח, מס לקוח, מספר חבר",
		"kundennummer, kundennr, kunden nr, kd nr, kdnr, kunden id, mitgliedsnummer, mitgliedsnr, mitglieds nr, matrikelnummer, patientennummer, numéro client, n client, n° client, no client, id client, code client, référence client, numéro adhérent, n° adhérent, id cliente, n cliente, nº cliente, número de cliente, número cliente, código cliente, código de cliente, número de socio, nº socio, número do cliente, código do cliente, codice cliente, cod cliente, num cliente, numero cliente, =tessera, numero tessera",
		"klantnummer, klantnr, klant id, klantcode, lidnummer, lidnr, relatienummer, kundnummer, kundnr, kund id, medlemsnummer, medlemsnr, =medlem, kundenummer, kundenr, asiakasnumero, asiakasnro, jäsennumero, kliendinumber, kliendi nr, klienta numurs, klienta nr, kliento numeris, kliento nr",
		"numer klienta, nr klienta, id klienta, numer członkowski, číslo zákazníka, zákaznické číslo, id zákazníka, číslo klienta, cod client, număr client, id client, ügyfélszám, ügyfél azonosító, ügyfélazonosító, vevőkód, broj kupca, šifra kupca, broj klijenta, številka stranke, αριθμός πελάτη, κωδικός πελάτη, müşteri no, müşteri numarası, müşteri kodu, üye no, ग्राहक संख्या, รหัสลูกค้า, mã khách hàng, mã kh, id pelanggan, nomor pelanggan, no pelanggan, no anggota, viðskiptanúmer",
	)
}
