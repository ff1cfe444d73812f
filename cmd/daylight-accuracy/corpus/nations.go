package corpus

import (
	"strings"
	"sync"
)

// list splits what is parted by commas or tildes, else by blanks.
func list(text string) []string {
	if strings.ContainsAny(text, ",~") {
		parts := strings.FieldsFunc(text, func(r rune) bool { return r == '~' || r == ',' })
		for i := range parts {
			parts[i] = strings.TrimSpace(parts[i])
		}
		return parts
	}
	return strings.Fields(text)
}

var nations = sync.OnceValue(func() []*nation {
	return []*nation{
		{
			code: "US", language: English, top: list("com com com net org us"), postcode: "99999",
			given:       list("James Mary Robert Patricia Michael Jennifer David Linda William Elizabeth Richard Barbara Joseph Susan Thomas Jessica Carlos Keisha Tyrone Emily Noah Olivia Liam Sofia Mason Harper Ethan Brianna Dylan Maya"),
			family:      list("Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Wilson Anderson Taylor Moore Jackson Lee Thompson White Harris Clark Lewis Robinson Walker Young Allen King Wright Nguyen Hill Flores Green Adams Baker Nelson O'Brien Kowalski Patel Rivera"),
			streets:     list("{h} {s} St,{h} {s} Ave,{h} {s} Street,{h} {s} Road,{h} {s} Blvd Apt {k},{h} {s} Lane"),
			streetNames: list("Maple Oak Pine Cedar Washington Lincoln Lake Hill Park River Sunset Highland Church Madison Franklin Jefferson Elm Walnut Chestnut Willow"),
			cities:      list("Denver,Austin,Portland,Columbus,Nashville,Tucson,Omaha,Raleigh,Tampa,Boise,Reno,Tulsa,Fresno,Spokane,Madison,Richmond"),
			mobile:      list("+1 212 ###-####|(212) ###-####|212-###-####|+1-212-###-####|+1212#######|+1 (212) ###-####|212.###.####|1-212-###-####,+1 312 ###-####|(312) ###-####|312-###-####|+1-312-###-####|+1312#######|+1 (312) ###-####|312.###.####|1-312-###-####,+1 415 ###-####|(415) ###-####|415-###-####|+1-415-###-####|+1415#######|+1 (415) ###-####|415.###.####|1-415-###-####,+1 617 ###-####|(617) ###-####|617-###-####|+1-617-###-####|+1617#######|+1 (617) ###-####|617.###.####|1-617-###-####,+1 702 ###-####|(702) ###-####|702-###-####|+1-702-###-####|+1702#######|+1 (702) ###-####|702.###.####|1-702-###-####,+1 206 ###-####|(206) ###-####|206-###-####|+1-206-###-####|+1206#######|+1 (206) ###-####|206.###.####|1-206-###-####,+1 303 ###-####|(303) ###-####|303-###-####|+1-303-###-####|+1303#######|+1 (303) ###-####|303.###.####|1-303-###-####,+1 512 ###-####|(512) ###-####|512-###-####|+1-512-###-####|+1512#######|+1 (512) ###-####|512.###.####|1-512-###-####,+1 404 ###-####|(404) ###-####|404-###-####|+1-404-###-####|+1404#######|+1 (404) ###-####|404.###.####|1-404-###-####,+1 919 ###-####|(919) ###-####|919-###-####|+1-919-###-####|+1919#######|+1 (919) ###-####|919.###.####|1-919-###-####,+1 503 ###-####|(503) ###-####|503-###-####|+1-503-###-####|+1503#######|+1 (503) ###-####|503.###.####|1-503-###-####,+1 614 ###-####|(614) ###-####|614-###-####|+1-614-###-####|+1614#######|+1 (614) ###-####|614.###.####|1-614-###-####,+1 901 ###-####|(901) ###-####|901-###-####|+1-901-###-####|+1901#######|+1 (901) ###-####|901.###.####|1-901-###-####,+1 615 ###-####|(615) ###-####|615-###-####|+1-615-###-####|+1615#######|+1 (615) ###-####|615.###.####|1-615-###-####,+1 520 ###-####|(520) ###-####|520-###-####|+1-520-###-####|+1520#######|+1 (520) ###-####|520.###.####|1-520-###-####,+1 402 ###-####|(402) ###-####|402-###-####|+1-402-###-####|+1402#######|+1 (402) ###-####|402.###.####|1-402-###-####,+1 813 ###-####|(813) ###-####|813-###-####|+1-813-###-####|+1813#######|+1 (813) ###-####|813.###.####|1-813-###-####,+1 208 ###-####|(208) ###-####|208-###-####|+1-208-###-####|+1208#######|+1 (208) ###-####|208.###.####|1-208-###-####,+1 775 ###-####|(775) ###-####|775-###-####|+1-775-###-####|+1775#######|+1 (775) ###-####|775.###.####|1-775-###-####,+1 918 ###-####|(918) ###-####|918-###-####|+1-918-###-####|+1918#######|+1 (918) ###-####|918.###.####|1-918-###-####"),
		},
		{
			code: "GB", language: English, top: list("co.uk co.uk org.uk com uk"), postcode: "AA9 9AA",
			given:       list("Oliver Amelia George Isla Harry Ava Jack Emily Jacob Sophie Charlie Grace Thomas Lily Oscar Freya William Alice Alfie Poppy Rhys Fiona Callum Priya Gareth Nia"),
			family:      list("Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White Roberts Green Hall Wood Jackson Clarke Patel Khan Begum MacDonald O'Neill Hughes Edwards Turner Baker Cooper Ward Morris Bennett Shaw"),
			streets:     list("{h} {s} Road,{h} {s} Street,Flat {k} {h} {s} Lane,{h} {s} Close,{h} {s} Avenue"),
			streetNames: list("Church Station Victoria Albert Green Manor Park Queens Kings Mill Chapel York Windsor School North South West George Grange Richmond"),
			cities:      list("Leeds,Bristol,Sheffield,Bradford,Cardiff,Leicester,Coventry,Belfast,Nottingham,Hull,Plymouth,Derby,Reading,Luton"),
			mobile:      list("+44 74## ######|+4474########|074## ######|0044 74## ######|+44 (0)74## ######,+44 77## ######|+4477########|077## ######|+44-77##-######,+44 79## ######|+4479########|079## ######|079########"),
			office:      list("+44 20 7### ####|+44207#######|020 7### ####|(020) 7### ####,+44 161 4## ####|+441614######|0161 4## ####|+44 (0)161 4## ####,+44 121 2## ####|+441212######|0121 2## ####"),
		},
		{
			code: "DE", language: German, top: list("de de de com net"), postcode: "89999",
			given:       list("Lukas Leon Finn Jonas Paul Elias Maximilian Felix Noah Emma Mia Hannah Sofia Anna Lea Marie Lina Clara Jürgen Günther Heike Sabine Ayşe Mehmet Uwe Björn Käthe Jörg Petra Wolfgang"),
			family:      list("Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Werner Krause Lehmann Köhler Maier Yılmaz Kaya Kowalski Jäger Voß Groß"),
			streets:     list("{s}straße {h},{s}str. {h},{s}weg {h},{s}allee {h},{s}gasse {k}"),
			streetNames: list("Haupt Bahnhof Schiller Goethe Garten Berg Linden Mozart Wald Schul Kirch Ring Birken Rosen Beethoven Mühlen Eichen Tannen"),
			cities:      list("Berlin,Hamburg,München,Köln,Leipzig,Dresden,Bonn,Münster,Karlsruhe,Wiesbaden,Aachen,Kiel,Erfurt,Rostock,Göttingen,Trier"),
			mobile:      list("+49 151 ########|+49151########|0151 ########|0151/########|0049 151 ########|+49 (0)151 ########,+49 176 ########|+49176########|0176 ########|0176-########,+49 160 #######|+49160#######|0160 #######|+49 160/#######"),
			office:      list("+49 30 ########|+4930########|030 ########|030/########|+49 (0)30 ########|(030) ########,+49 89 #######|+4989#######|089 #######|089/#######|089-#######,+49 221 ######|+49221######|0221 ######|0221/######"),
		},
		{
			code: "RU", language: Russian, top: list("ru ru ru com su"), postcode: "899999",
			given:       list("Александр Дмитрий Максим Сергей Андрей Алексей Артём Илья Кирилл Михаил Никита Иван Анна Мария Елена Ольга Наталья Екатерина Татьяна Ирина Светлана Юлия Анастасия Дарья Полина Вера"),
			family:      list("Иванов Смирнов Кузнецов Попов Васильев Петров Соколов Михайлов Новиков Фёдоров Морозов Волков Алексеев Лебедев Семёнов Егоров Павлов Козлов Степанов Николаев Орлов Андреев Макаров Никитин Захаров Шевченко Гусейнов Ким"),
			familyFirst: true,
			streets:     list("ул. {s} д. {h} кв. {k}~ул. {s} {h}~пр-т {s} д. {h}~{s} улица д. {h} кв. {k}"),
			streetNames: list("Ленина,Мира,Гагарина,Пушкина,Советская,Садовая,Лесная,Школьная,Молодёжная,Центральная,Новая,Набережная,Кирова,Победы,Чехова"),
			cities:      list("Москва,Санкт-Петербург,Казань,Самара,Пермь,Тула,Тверь,Омск,Томск,Уфа,Сочи,Воронеж,Саратов,Иркутск,Нижний Новгород"),
			mobile:      list("+7 9## ###-##-##|+79#########|8 (9##) ###-##-##|+7 (9##) ###-##-##|8-9##-###-##-##|+7 9## ### ## ##|8 9## ###-##-##,"),
			office:      list("+7 (495) ###-##-##|+7495#######|8 (495) ###-##-##,+7 (812) ###-##-##|+7812#######|8 (812) ###-##-##"),
		},
		{
			code: "CN", language: Chinese, top: list("cn com.cn com com net"), postcode: "899999", familyFirst: true,
			given:       list("伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 秀兰 霞 平 刚 桂英 建国 志强 晓明 雪梅 子涵 浩然 欣怡 梓萱 雨桐 俊杰 思远 佳怡 一诺 宇轩"),
			family:      list("王 李 张 刘 陈 杨 黄 赵 吴 周 徐 孙 马 朱 胡 郭 何 高 林 罗 郑 梁 谢 宋 唐 许 韩 冯 邓 曹 彭 曾 萧 田 董 欧阳 司马"),
			latin:       list("wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he gao lin luo zheng liang xie song tang"),
			streets:     list("{s}路{h}号~{s}街{h}号{k}室~{s}大道{h}号{k}栋~{s}路{h}弄{k}号~{s}小区{k}号楼"),
			streetNames: list("中山,人民,解放,建设,和平,长江,南京,北京,文化,幸福,新华,光明,朝阳,学府,滨河"),
			cities:      list("北京市海淀区,上海市浦东新区,广州市天河区,深圳市南山区,杭州市西湖区,成都市武侯区,武汉市洪山区,西安市雁塔区,南京市鼓楼区,苏州市工业园区"),
			mobile:      list("138########|+86 138 #### ####|+86138########|138 #### ####|138-####-####|0086 138 #### ####,159########|+86 159 #### ####|+86-159########|159 #### ####,186########|+86186########|186-####-####,177########|+86 177########|177 #### ####,199########|+86199########|199 #### ####"),
			office:      list("010-6#######|+86 10 6#######|(010) 6#######,021-5#######|+86 21 5#######|(021)5#######,0755-8#######|+86 755 8#######"),
		},
		{
			code: "SA", language: Arabic, top: list("sa com.sa com net"), postcode: "89999",
			given:       list("محمد أحمد عبدالله خالد سعد فهد عبدالعزيز سلطان ناصر تركي فيصل نورة سارة فاطمة مريم عائشة هند ريم لطيفة منيرة أمل العنود"),
			family:      list("القحطاني الغامدي العتيبي الحربي الشهري الزهراني المطيري الدوسري السبيعي العنزي الشمري البلوي المالكي الأحمدي الرشيدي العمري السالم الفهد"),
			latin:       list("alqahtani alghamdi alotaibi alharbi alshehri alzahrani almutairi aldosari alsubaie alanazi alshammari almalki alomari alsalem"),
			streets:     list("شارع {s}، مبنى {h}~طريق {s} {h}~حي {s}، شارع {k}"),
			streetNames: list("الملك فهد,العليا,التحلية,الأمير سلطان,الورود,النخيل,المروج,الملك عبدالله,الروضة,الياسمين"),
			cities:      list("الرياض,جدة,الدمام,مكة,المدينة المنورة,الخبر,أبها,تبوك,بريدة,حائل"),
			mobile:      list("+966 50 ### ####|+96650#######|050 ### ####|00966 50 ### ####,+966 55 ### ####|+96655#######|055 ### ####|+966-55-###-####,+966 53 ### ####|+96653#######|053 ### ####|+966 (0)53 ### ####"),
			office:      list("+966 11 4## ####|+966114######|011 4## ####,+966 12 6## ####|+966126######|012 6## ####"),
		},
		{
			code: "AE", language: Arabic, top: list("ae ae com net"), postcode: "",
			given:       list("راشد حمدان سيف ماجد عمر علي يوسف مروان سلمى شمسة ميثاء عفراء حصة موزة شيخة لينا"),
			family:      list("المنصوري الكعبي الظاهري الشامسي النعيمي الزعابي المهيري الكتبي الفلاسي السويدي الحمادي البلوشي"),
			latin:       list("almansoori alkaabi aldhaheri alshamsi alnuaimi alzaabi almheiri alketbi alfalasi alsuwaidi alhammadi"),
			streets:     list("شارع {s}، بناية {h}~شارع {s} رقم {h}"),
			streetNames: list("الشيخ زايد,خليفة,حمدان,الوصل,جميرا,المطار,الكورنيش"),
			cities:      list("دبي,أبوظبي,الشارقة,عجمان,العين,رأس الخيمة"),
			mobile:      list("+971 50 ### ####|+97150#######|050 ### ####|00971 50 ### ####,+971 52 ### ####|+97152#######|052 ### ####,+971 56 ### ####|+97156#######|056-###-####"),
		},
		{
			code: "EG", language: Arabic, top: list("eg com.eg com"), postcode: "89999",
			given:       list("محمود مصطفى كريم حسام طارق وائل شريف هشام منى دينا ياسمين نهى إيمان رانيا هالة سماح"),
			family:      list("حسن إبراهيم السيد عبدالرحمن منصور فوزي سليمان عثمان شوقي رمضان الشافعي البدري جلال نصار"),
			latin:       list("hassan ibrahim elsayed mansour fawzy soliman osman shawky ramadan elshafei elbadry galal nassar"),
			streets:     list("{h} شارع {s}~شارع {s}، عمارة {h}"),
			streetNames: list("التحرير,رمسيس,طلعت حرب,الهرم,النيل,الجمهورية,سعد زغلول,قصر العيني"),
			cities:      list("القاهرة,الجيزة,الإسكندرية,المنصورة,طنطا,أسيوط,الأقصر"),
			mobile:      list("+20 10 #### ####|+2010########|010 #### ####|0020 10 #### ####,+20 11 #### ####|+2011########|011 #### ####,+20 12 #### ####|+2012########|0122 ### ####"),
		},
	}
})

// nationsOf returns the nations whose people write the language.
func nationsOf(language Language) (found []*nation) {
	for _, n := range nations() {
		if n.language == language {
			found = append(found, n)
		}
	}
	return found
}
