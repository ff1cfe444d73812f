package detect

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"daylight.internal/classifier"
)

// marks are words of running text that give its nature away.
func marks() []classifier.Detector {
	return []classifier.Detector{
		{
			ID: "campaign_performance", Name: "Results of a campaign, in prose", Class: campaign, Source: "metric words in the project's lexicon", Validator: "three different words, a figure beside each", Confidence: 0.8,
			Literals: []string{
				"CTR", "CPC", "CPM", "CPA", "CPL", "ROAS", "ROMI", "CVR", "impressions", "clicks", "conversions", "conversion rate", "click-through rate", "open rate", "bounce rate", "ad spend", "cost per lead", "cost per click", "leads",
				"点击率", "點擊率", "转化率", "轉化率", "曝光量", "展示量", "点击量", "消耗", "投产比", "客单价", "复购率", "获客成本",
				"показы", "показов", "клики", "кликов", "конверсия", "конверсии", "расход", "ДРР", "CTR", "охват",
				"النقرات", "نقرة", "معدل التحويل", "الإنفاق", "مرات الظهور", "معدل النقر", "التحويلات",
				"Klickrate", "Konversionsrate", "Impressionen", "taux de clics", "taux de conversion", "tasa de conversión", "taxa de conversão", "tasso di conversione",
			},
			Distinct: 3, Figure: 64, Confirm: hasFigure,
			Examples: []string{
				"Q3: CTR 2.4 %, ROAS 3.1, ad spend $41,000", "点击率2.4%，转化率1.1%，消耗41000元", "показы 120000, клики 3100, конверсия 2,1 %", "معدل التحويل 2.1% النقرات 3100 الإنفاق 41000",
			},
			NearMisses: []string{"CTR and ROAS matter, so does ad spend", "CTR 2.4 %, CTR 2.5 %, CTR 2.6 %", "the electron 5, clickstream 7, conversational 9"},
		},
		{
			ID: "confidential_marker", Name: "Mark of confidentiality", Class: confidential, Source: "marks in the project's lexicon", Validator: "in a heading or stamp, not in a sentence", Confidence: 0.6,
			Literals: []string{
				"confidential", "strictly confidential", "company confidential", "internal use only", "for internal use only", "internal only", "trade secret", "do not distribute", "not for distribution",
				"机密", "機密", "绝密", "内部资料", "内部使用", "商业秘密", "严禁外传", "конфиденциально", "строго конфиденциально", "коммерческая тайна", "для служебного пользования", "ДСП", "не для распространения",
				"سري للغاية", "سري وخاص", "للاستخدام الداخلي", "vertraulich", "streng vertraulich", "nur für den internen gebrauch", "confidentiel", "strictement confidentiel", "confidencial", "riservato", "confidenziale",
			},
			Confirm: heading,
			Examples: []string{
				"CONFIDENTIAL\nQ3 launch plan", "Strictly confidential - do not share\n", "[机密] 第三季度计划", "КОНФИДЕНЦИАЛЬНО\nПлан", "КОНФИДЕНЦИАЛЬНО. Для служебного пользования\nПлан", "سري للغاية\nخطة", "# Confidential: pricing",
			},
			NearMisses: []string{
				"This message and its attachments may be confidential and are meant only for the person to whom they are addressed, so delete it", "confidentiality matters to us",
				"Please write a friendly text about how our agency keeps all its data confidential, with three headings and a closing line", "机密性是信息安全的三个要素之一，我们会在下一章里详细介绍它的含义以及在实际工作中的应用方法和注意事项",
			},
		},
		{
			ID: "creative_marker", Name: "Unpublished creative work", Class: creative, Source: "marks in the project's lexicon", Validator: "label at the start of a line", Confidence: 0.5,
			Literals: []string{
				"creative brief", "tagline", "storyboard", "key visual", "campaign concept", "ad copy", "slogan", "文案", "广告语", "创意简报", "分镜", "素材", "слоган", "креативный бриф", "рекламный текст", "раскадровка", "الشعار", "الموجز الإبداعي", "نص إعلاني", "Werbetext", "Kreativbriefing", "Claim", "lema publicitario", "brief créatif", "accroche", "brief creativo", "briefing criativo", "廣告語", "創意簡報",
			},
			Confirm: label,
			Examples: []string{
				"Tagline: Wake up brighter", "Creative brief: spring launch", "文案：唤醒每一天", "Слоган: Проснись ярче",
				"Creative brief – autumn (draft)", "Tagline options:\na) Go out anyway", "广告语备选：\n1. 风来的时候", "Слоган, варианты:\n— Выходи", "الشعار المقترح: الطقس وجهة نظر", "Claim-Ideen:\n– Geh raus",
			},
			NearMisses: []string{"write me a tagline for a bakery", "taglines: none", "The slogan of the company", "Slogans: see below", "Slogan of the year. Details: none", "slogan_library: x\nslogan_board: y", "slogan:\n  board: y", "文案（共39页）取代了", "الشعار (45 صفحة) يساعد"},
		},
		{
			ID: "competitor_marker", Name: "Research on competitors", Class: competitive, Source: "marks in the project's lexicon", Confidence: 0.6,
			Literals: []string{
				"competitor analysis", "competitive analysis", "competitive landscape", "competitive intelligence", "competitor benchmark", "battlecard", "market share of", "win/loss analysis",
				"竞品分析", "竞争对手分析", "競品分析", "竞品", "анализ конкурентов", "конкурентный анализ", "конкурентная разведка", "تحليل المنافسين", "تحليل المنافسة", "Wettbewerbsanalyse", "analyse concurrentielle", "análisis de la competencia", "análise da concorrência", "analisi della concorrenza",
			},
			Examples:   []string{"Competitor analysis for Q3", "竞品分析报告", "Анализ конкурентов за год", "تحليل المنافسين"},
			NearMisses: []string{"our competitors", "competitor", "анализ"},
		},
	}
}

// How far from a metric word its figure may stand.
const (
	figureAfter  = 24
	figureBefore = 12
)

// hasFigure tells whether a number stands beside the word, in the same clause.
func hasFigure(c *classifier.Candidate) bool {
	for i := c.End; i < min(len(c.Text), c.End+figureAfter); i++ {
		switch b := c.Text[i]; {
		case digit(b):
			return true
		case b == '\n' || b == ',' || b == ';':
			i = len(c.Text)
		}
	}
	for i := c.Start - 1; i >= max(0, c.Start-figureBefore); i-- {
		switch b := c.Text[i]; {
		case digit(b):
			return true
		case b == '\n' || b == ',' || b == ';':
			return false
		}
	}
	return false
}

// longestHeading is how wide a line which is a mark or a heading may be around
// its word.
const longestHeading = 56

// heading tells whether the mark stands in a short line without the grammar of
// a sentence: as a heading, a stamp or a footer.
func heading(c *classifier.Candidate) bool {
	if inSentence(c) {
		return false
	}
	from, before := lineStart(c.Text, c.Start, longestHeading)
	to, after := lineEnd(c.Text, c.End, longestHeading-before)
	if before+after > longestHeading || len(bytes.Fields(c.Text[from:to])) > 8 {
		return false
	}
	return len(bytes.Fields(bytes.TrimFunc(c.Text[from:c.Start], unicode.IsPunct))) <= 2
}

// inSentence tells whether the mark is part of a name of code, spoken of in quotes,
// or an order with an object: do not distribute generated files.
func inSentence(c *classifier.Candidate) bool {
	before, after, next := at(c.Text, c.Start-1), at(c.Text, c.End), at(c.Text, c.End+1)
	small := at(c.Text, c.Start) >= 'a' && at(c.Text, c.Start) <= 'z'
	order := bytes.EqualFold(c.Text[c.Start:min(c.End, c.Start+3)], []byte("do "))
	return before == '_' || after == '_' || small && before == '"' && after == '"' || order && after == ' ' && next >= 'a' && next <= 'z'
}

// lineStart and lineEnd return where the line at i begins and ends, and how wide
// the text until there is: a Chinese character is as wide as two. They stop when
// it is wider than limit.
func lineStart(text []byte, i, limit int) (start, width int) {
	for least := i - 4*limit; i > max(0, least) && text[i-1] != '\n' && width <= limit; {
		i--
		width += columnsOf(text[i])
	}
	return i, width
}

func lineEnd(text []byte, i, limit int) (end, width int) {
	for most := i + 4*limit; i < min(len(text), most) && text[i] != '\n' && width <= limit; {
		width += columnsOf(text[i])
		i++
	}
	return i, width
}

// columnsOf is how wide the character that b begins is; 0 when b continues one.
func columnsOf(b byte) int {
	switch {
	case b&0xC0 == 0x80:
		return 0
	case b >= 0xE3:
		return 2
	}
	return 1
}

// longestQualifier is the most bytes between the word of a label and its colon.
const longestQualifier = 24

// longestIndent is the most bytes of blanks and list marks before a label.
const longestIndent = 64

// pages tells whether the bracket counts something, and no colon follows it: "Slogan
// (39 pages) replaces".
func pages(rest []byte) bool {
	end := bytes.IndexAny(rest, ")）")
	return end > 0 && bytes.ContainsAny(rest[:end], "0123456789") && !bytes.HasPrefix(rest[end:], []byte("):")) && !bytes.HasPrefix(rest[end:], []byte("）："))
}

// label tells whether the word opens a line as a label does: a colon follows it,
// at most one word later, or a dash or a bracket at once.
func label(c *classifier.Candidate) bool {
	if at(c.Text, c.Start-1) == '_' || at(c.Text, c.End) == '_' {
		return false // a name of code
	}
	before := c.Start - 1
	for before >= max(0, c.Start-longestIndent) && strings.IndexByte(" \t*#->", c.Text[before]) >= 0 {
		before--
	}
	if before >= 0 && c.Text[before] != '\n' {
		return false
	}
	rest := bytes.TrimLeft(c.Text[c.End:min(len(c.Text), c.End+longestQualifier)], " *")
	if r, _ := utf8.DecodeRune(rest); r == '–' || r == '—' || r == '(' && !pages(rest) || r == '-' && at(c.Text, c.End) == ' ' {
		return true
	}
	colon := bytes.IndexAny(rest, ":：\n.?!。？")
	if colon < 0 || rest[colon] != ':' && !bytes.HasPrefix(rest[colon:], []byte("：")) {
		return false
	}
	if colon == 0 && strings.IndexByte(" \t", at(c.Text, c.End+2)) >= 0 && at(c.Text, c.End+1) == '\n' {
		return false // a name in YAML, of what stands further in
	}
	words := bytes.FieldsFunc(rest[:colon], func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) })
	return len(words) <= 1
}
