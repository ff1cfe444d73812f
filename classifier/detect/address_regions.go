package detect

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"daylight.internal/classifier"
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

// region is one of them.
type region struct{ name, country string }

// regionIndex finds regions by their first two characters, and by their last two.
type regionIndex struct{ opening, ending map[string][]region }

// shortestRegion is the length of two characters.
const shortestRegion = 6

func indexRegions() regionIndex {
	x := regionIndex{map[string][]region{}, map[string][]region{}}
	for _, country := range slices.Sorted(maps.Keys(regions)) {
		for name := range strings.FieldsSeq(regions[country]) {
			first, last := name[:shortestRegion], name[len(name)-shortestRegion:]
			x.opening[first] = append(x.opening[first], region{name, country})
			x.ending[last] = append(x.ending[last], region{name, country})
		}
	}
	return x
}

// at returns the longest region that begins at i.
func (x *regionIndex) at(text []byte, i int) (longest region) {
	if i+shortestRegion > len(text) {
		return longest
	}
	for _, r := range x.opening[string(text[i:i+shortestRegion])] {
		if len(r.name) > len(longest.name) && bytes.HasPrefix(text[i:], []byte(r.name)) {
			longest = r
		}
	}
	return longest
}

// before tells whether a region ends before i, with blanks between or none.
func (x *regionIndex) before(text []byte, i int) bool {
	for n := 0; n < shortestRegion && at(text, i-1) == ' '; n++ {
		i--
	}
	if i < shortestRegion {
		return false
	}
	for _, r := range x.ending[string(text[i-shortestRegion:i])] {
		if bytes.HasSuffix(text[:i], []byte(r.name)) {
			return true
		}
	}
	return false
}

// regionForm says how an address goes on after its region: an administrative
// part, then a street, then a number.
type regionForm struct {
	parts, streets, numbers *signs
	read                    func(w *regional, f regionForm) (end int, ok bool)
}

var regionForms = map[string]regionForm{
	"CN": {signsOf("区 县 市 镇 乡 旗 州"), signsOf("路 街 大道 巷 胡同 弄 村 小区 花园 广场 大厦 苑 里 道"), signsOf("号 弄 栋 室 楼 幢 座 单元"), chineseEnd},
	"HK": {nil, signsOf("道 街 路 里 邨 邮 徑 村 苑"), signsOf("號 号 樓 楼 室"), chineseEnd},
	"TW": {signsOf("區 市 鄉 鎮 县 縣"), signsOf("路 街 大道 巷 段 弄"), signsOf("號 樓 室 号"), chineseEnd},
	"JP": {signsOf("区 市 町 村 郡"), nil, signsOf("丁目 番地 番 号"), japaneseEnd},
	"KR": {signsOf("구 시 군 읍 면"), signsOf("로 길"), nil, koreanEnd},
}

// signs are a few words of characters of three bytes.
type signs struct {
	byLast *endings
	words  []string
}

func signsOf(words string) *signs {
	list := strings.Fields(words)
	return &signs{endingsOf(list...), list}
}

// end tells whether one of the words ends text.
func (s *signs) end(text []byte) bool {
	if len(text) == 0 {
		return false
	}
	for _, w := range s.byLast[text[len(text)-1]] {
		if len(text) >= len(w) && string(text[len(text)-len(w):]) == w {
			return true
		}
	}
	return false
}

// at returns the length of the first of the words that text begins with.
func (s *signs) at(text []byte) int {
	for _, w := range s.words {
		if bytes.HasPrefix(text, []byte(w)) {
			return len(w)
		}
	}
	return 0
}

// longestRegional bounds an address of this kind, in bytes.
const longestRegional = 180

// regional is the text behind a region, as far as it may belong to an address:
// letters of these scripts, ASCII letters and digits, blanks, hyphens and brackets.
type regional struct {
	text  []byte // up to its bound
	from  int
	steps int
}

var regionalBytes = classOf(" -#()")

// size returns that of the character at i, 0 where the address has ended.
func (w *regional) size(i int) int {
	switch b := at(w.text, i); {
	case regionalBytes[b]:
		return 1
	case b >= 0xE3 && b <= 0xED && i+3 <= len(w.text) && !(b == 0xE3 && w.text[i+1] == 0x80): // no ideographic punctuation
		return 3
	}
	return 0
}

// past returns the end of the first of the words behind from, -1 when there is none.
func (w *regional) past(from int, words *signs) int {
	i := from
	for n := w.size(i); n > 0; n = w.size(i) {
		if i += n; n == 3 && words.end(w.text[from:i]) {
			return i
		}
		w.steps++
	}
	return -1
}

// figure returns where the first digit stands, at most so many bytes behind i; -1
// when there is none.
func (w *regional) figure(i, most int) int {
	from := i
	for n := w.size(i); n > 0 && i-from <= most; n = w.size(i) {
		if digit(w.text[i]) {
			return i
		}
		i += n
		w.steps++
	}
	return -1
}

// charactersPerStep is how many characters are looked at in the time of a step.
const charactersPerStep = 4

// regionFirst reads on from a region as long as the text may belong to an address.
func regionFirst(c *classifier.Candidate, x *regionIndex) (place, bool) {
	r := x.at(c.Text, c.At)
	if r.name == "" || x.before(c.Text, c.At) {
		return place{}, false
	}
	w := regional{text: c.Text, from: c.At + len(r.name)}
	w.text = c.Text[:min(len(c.Text), w.from+longestRegional)]
	form := regionForms[r.country]
	end, ok := form.read(&w, form)
	c.Steps += w.steps / charactersPerStep
	if !ok {
		return place{}, false
	}
	return found(c.Text, c.At, end, r.country, withPostcode)
}

// chineseEnd wants a district, a street and a number with its sign, in this
// order, and takes what more numbers with signs follow.
func chineseEnd(w *regional, form regionForm) (end int, ok bool) {
	i := w.from
	if form.parts != nil {
		if i = w.past(i, form.parts); i < 0 {
			return 0, false
		}
	}
	if i = w.past(i, form.streets); i < 0 {
		return 0, false
	}
	for {
		digits := w.figure(i, 30)
		if digits < 0 {
			break
		}
		for i = digits; word(at(w.text, i)) || at(w.text, i) == '-'; {
			i++
		}
		sign := form.numbers.at(w.text[i:])
		if sign == 0 && end == 0 || i-digits > 16 {
			break
		}
		i += sign
		if end = i; sign == 0 {
			break
		}
	}
	return end, end > 0
}

// japaneseEnd wants a ward, city or town, and a number in one of the two ways:
// 1丁目2番3号 or 1-2-3.
func japaneseEnd(w *regional, form regionForm) (end int, ok bool) {
	i := w.past(w.from, form.parts)
	if i < 0 {
		return 0, false
	}
	if i = w.figure(i, 60); i < 0 {
		return 0, false
	}
	hyphens, marks := 0, 0
	for {
		switch b := at(w.text, i); {
		case digit(b):
			i++
			continue
		case b == '-' && digit(at(w.text, i+1)):
			hyphens++
			i++
			continue
		}
		sign := form.numbers.at(w.text[i:])
		if sign == 0 {
			break
		}
		marks++
		i += sign
	}
	return i, hyphens > 0 || marks > 0
}

// koreanEnd wants a district, a road and its number: 강남구 테헤란로 152.
func koreanEnd(w *regional, form regionForm) (end int, ok bool) {
	district := false
	for i := w.from; w.size(i) > 0; {
		for at(w.text, i) == ' ' {
			i++
		}
		end := i
		for n := w.size(end); n > 0 && w.text[end] != ' '; n = w.size(end) {
			end += n
			w.steps++
		}
		token := w.text[i:end]
		if len(token) > 3 && form.parts.end(token) {
			district = true
		} else if district && len(token) > 3 && form.streets.end(token) && digit(at(w.text, end+1)) && w.text[end] == ' ' {
			number := end + 1
			for digit(at(w.text, number)) || at(w.text, number) == '-' {
				number++
			}
			return number, number-end <= longestHouse && !word(at(w.text, number))
		} else if !district && i > w.from {
			return 0, false
		}
		i = max(end, i+1)
	}
	return 0, false
}
