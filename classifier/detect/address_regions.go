package detect

import (
	"bytes"
	"strings"
)

// regions are the provinces, prefectures and large cities with which Chinese,
// Japanese and Korean addresses begin, by country.
var regions = map[string]string{
	"CN": "北京市 上海市 天津市 重庆市 河北省 山西省 辽宁省 吉林省 黑龙江省 江苏省 浙江省 安徽省 福建省 江西省 山东省 河南省 湖北省 湖南省 广东省 海南省 四川省 贵州省 云南省 陕西省 甘肃省 青海省 内蒙古 广西壮族 西藏自治 宁夏回族 新疆维吾尔 " +
		"广州市 深圳市 杭州市 南京市 苏州市 成都市 武汉市 西安市 长沙市 郑州市 青岛市 济南市 大连市 沈阳市 哈尔滨市 长春市 厦门市 福州市 宁波市 无锡市 常州市 佛山市 东莞市 珠海市 昆明市 贵阳市 南昌市 合肥市 石家庄市 太原市 兰州市 海口市 南宁市 温州市 泉州市 烟台市 徐州市 北京朝阳 北京海淀 上海浦东",
	"HK": "香港 九龍 九龙 新界",
	"TW": "台北市 臺北市 新北市 桃園市 台中市 臺中市 台南市 臺南市 高雄市 基隆市 新竹市 新竹縣 嘉義市 彰化縣 屏東縣 宜蘭縣 花蓮縣",
	"JP": "東京都 北海道 大阪府 京都府 神奈川県 愛知県 埼玉県 千葉県 兵庫県 福岡県 静岡県 茨城県 広島県 宮城県 新潟県 長野県 岐阜県 群馬県 栃木県 岡山県 福島県 三重県 熊本県 鹿児島県 沖縄県 滋賀県 山口県 愛媛県 長崎県 奈良県 青森県 岩手県 大分県 石川県 山形県 宮崎県 富山県 秋田県 香川県 和歌山県 佐賀県 福井県 山梨県 徳島県 島根県 高知県 鳥取県 " +
		"大阪市 名古屋市 横浜市 札幌市 福岡市 神戸市 京都市 川崎市 仙台市",
	"KR": "서울특별시 서울시 서울 부산광역시 부산시 부산 대구광역시 대구시 인천광역시 인천시 인천 광주광역시 대전광역시 대전시 울산광역시 세종특별자치시 경기도 강원도 강원특별자치도 충청북도 충청남도 전라북도 전라남도 경상북도 경상남도 제주특별자치도",
}

func regionCountries() map[string]string {
	countries := map[string]string{}
	for country, names := range regions {
		for _, name := range strings.Fields(names) {
			countries[name] = country
		}
	}
	return countries
}

// regionForm says how an address goes on after its region: an administrative
// part, then a street, then a number.
type regionForm struct{ parts, streets, numbers []string }

var regionForms = map[string]regionForm{
	"CN": {strings.Fields("区 县 市 镇 乡 旗 州"), strings.Fields("路 街 大道 巷 胡同 弄 村 小区 花园 广场 大厦 苑 里 道"), strings.Fields("号 弄 栋 室 楼 幢 座 单元")},
	"HK": {nil, strings.Fields("道 街 路 里 邨 邮 徑 村 苑"), strings.Fields("號 号 樓 楼 室")},
	"TW": {strings.Fields("區 市 鄉 鎮 县 縣"), strings.Fields("路 街 大道 巷 段 弄"), strings.Fields("號 樓 室 号")},
	"JP": {strings.Fields("区 市 町 村 郡"), nil, strings.Fields("丁目 番地 番 号")},
	"KR": {strings.Fields("구 시 군 읍 면"), strings.Fields("로 길"), nil},
}

// longestRegional bounds an address of this kind, in bytes.
const longestRegional = 180

// regionFirst reads on from a region as long as the text may belong to an address.
func regionFirst(text []byte, i int, countries map[string]string) (place, bool) {
	country, from := "", i
	for n := 6; n <= 24 && i+n <= len(text); n += 3 {
		if known := countries[string(text[i:i+n])]; known != "" {
			country, from = known, i+n
		}
	}
	if country == "" || regionBefore(text, i, countries) {
		return place{}, false
	}
	stop := regionalEnd(text, from)
	form := regionForms[country]
	end, ok := 0, false
	switch country {
	case "KR":
		end, ok = koreanEnd(text, from, stop, form)
	case "JP":
		end, ok = japaneseEnd(text, from, stop, form)
	default:
		end, ok = chineseEnd(text, from, stop, form)
	}
	if !ok {
		return place{}, false
	}
	return found(text, i, end, country, withPostcode)
}

// regionBefore tells whether another region stands right before: the address
// began there.
func regionBefore(text []byte, i int, countries map[string]string) bool {
	for at(text, i-1) == ' ' {
		i--
	}
	for n := 6; n <= 24 && n <= i; n += 3 {
		if countries[string(text[i-n:i])] != "" {
			return true
		}
	}
	return false
}

// regionalEnd returns the end of what may belong to an address: letters of these
// scripts, ASCII letters and digits, blanks, hyphens and brackets.
func regionalEnd(text []byte, i int) int {
	limit := min(len(text), i+longestRegional)
	for i < limit {
		b := text[i]
		switch {
		case word(b) || b == ' ' || b == '-' || b == '#' || b == '(' || b == ')':
			i++
		case b >= 0xE3 && b <= 0xED && i+3 <= limit && !punctuation(text[i:i+3]):
			i += 3
		default:
			return i
		}
	}
	return i
}

// punctuation tells whether three bytes are an ideographic comma, full stop or bracket.
func punctuation(b []byte) bool { return b[0] == 0xE3 && b[1] == 0x80 }

// firstOf returns the end of the first of the words in text[from:stop], or -1.
func firstOf(text []byte, from, stop int, words []string) int {
	first := -1
	for _, w := range words {
		if i := bytes.Index(text[from:stop], []byte(w)); i >= 0 && (first < 0 || from+i+len(w) < first) {
			first = from + i + len(w)
		}
	}
	return first
}

// chineseEnd wants a district, a street and a number with its sign, in this
// order, and takes what more numbers with signs follow.
func chineseEnd(text []byte, from, stop int, form regionForm) (int, bool) {
	i := from
	if form.parts != nil {
		if i = firstOf(text, from, stop, form.parts); i < 0 {
			return 0, false
		}
	}
	if i = firstOf(text, i, stop, form.streets); i < 0 {
		return 0, false
	}
	end := 0
	for {
		digits := i
		for digits < stop && !digit(text[digits]) && digits-i < 30 {
			digits++
		}
		if digits >= stop || !digit(text[digits]) {
			break
		}
		i = digits
		for i < stop && (word(text[i]) || text[i] == '-') {
			i++
		}
		signed := false
		for _, sign := range form.numbers {
			if bytes.HasPrefix(text[i:stop], []byte(sign)) {
				i, signed = i+len(sign), true
				break
			}
		}
		if !signed && end == 0 || i-digits > 16 {
			break
		}
		end = i
		if !signed {
			break
		}
	}
	return end, end > 0
}

// japaneseEnd wants a ward, city or town, and a number in one of the two ways:
// 1丁目2番3号 or 1-2-3.
func japaneseEnd(text []byte, from, stop int, form regionForm) (int, bool) {
	i := firstOf(text, from, stop, form.parts)
	if i < 0 {
		return 0, false
	}
	start := i
	for start < stop && !digit(text[start]) {
		start++
	}
	if start == stop || start-i > 60 {
		return 0, false
	}
	i = start
	hyphens, signs := 0, 0
	for i < stop {
		switch {
		case digit(text[i]):
			i++
			continue
		case text[i] == '-' && digit(at(text, i+1)):
			hyphens++
			i++
			continue
		}
		sign := -1
		for _, w := range form.numbers {
			if bytes.HasPrefix(text[i:stop], []byte(w)) {
				sign = i + len(w)
				break
			}
		}
		if sign < 0 {
			break
		}
		signs++
		i = sign
	}
	return i, hyphens > 0 || signs > 0
}

// koreanEnd wants a district, a road and its number: 강남구 테헤란로 152.
func koreanEnd(text []byte, from, stop int, form regionForm) (int, bool) {
	district := false
	for i := from; i < stop; {
		for at(text, i) == ' ' {
			i++
		}
		end := i
		for end < stop && text[end] != ' ' {
			end++
		}
		token := text[i:end]
		if endsWithAny(token, form.parts) {
			district = true
		} else if district && endsWithAny(token, form.streets) && at(text, end) == ' ' && digit(at(text, end+1)) {
			number := end + 1
			for number < stop && (digit(text[number]) || text[number] == '-') {
				number++
			}
			return number, number-end <= longestHouse && !word(at(text, number))
		} else if !district && i > from {
			return 0, false
		}
		i = max(end, i+1)
	}
	return 0, false
}

func endsWithAny(token []byte, words []string) bool {
	for _, w := range words {
		if len(token) > len(w) && bytes.HasSuffix(token, []byte(w)) {
			return true
		}
	}
	return false
}
