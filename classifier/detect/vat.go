package detect

import (
	"daylight.internal/classifier"
)

func valueAddedTax() []classifier.Detector {
	return []classifier.Detector{{
		ID: "eu_vat", Name: "European VAT number", Class: company, Use: classifier.Context, Confidence: 0.9,
		Source: "European Commission, VIES, VAT identification number structure; check digits of the national administrations; HMRC for GB", Validator: "check digits and length by country",
		Context: []string{
			"vat", "vat number", "vat no", "vat id", "vat reg", "vat registration number", "ust-id", "ust-idnr", "ustid", "uid", "uid-nummer", "umsatzsteuer-id", "mwst", "mwst-nr",
			"tva", "n° tva", "numéro de tva", "tva intracommunautaire", "partita iva", "p.iva", "iva", "nif-iva", "nif", "btw", "btw-nummer", "btw-nr", "moms", "momsnr", "moms nr", "alv", "alv-tunnus",
			"nip", "nip ue", "dič", "dic", "ič dph", "dph", "adószám", "közösségi adószám", "cui", "cif", "oib", "pvn", "pvm", "pvm kodas", "kmkr", "ддс", "ин по ддс", "αφμ", "ΑΦΜ", "φπα", "id za ddv", "ddv",
		},
		Columns: []classifier.Column{column("eu_vat", false, nil, "vat", "vat number", "vat no", "vat id", "ust id", "ust idnr", "ustid", "uid nummer", "tva", "numéro tva", "tva intracommunautaire", "btw nummer", "btw nr", "momsnr", "alv", "dič", "nif iva", "nip ue")},
		// With its prefix at once, and long enough, a number stands alone; these are the weaker ways.
		Layouts: []string{
			"AA dddddddd", "AA ddddddddd", "AA dddddddddd", "AA ddddddddddd", "AA dddddddddddd", "AA ddd ddd ddd", "AA dddd.ddd.ddd", "AA dddd ddd ddd", "AA dd ddd ddd ddd", "AA ddd dddd dd", "AA dd ddddddddd",
			"AA dddddddddAdd", "AA AdddddddX", "AA Adddddddd",
		},
		Anchor: classifier.AnchorWord, Opening: "AA", Match: matchVAT, Check: vat, Confirm: vatCountry,
		Examples: []string{
			"ATU13585627", "BE0403019261", "BE0403.019.261", "BG175074752", "CY10259033P", "CZ25123891", "DE136695976", "USt-IdNr. DE 136695976", "DK13585628", "EE100931558", "EL094259216", "ESB58378431",
			"FI20774740", "FR40303265045", "TVA FR 40 303 265 045", "HR33392005961", "HU12892312", "IE6433435F", "IE6433435OA", "IT00743110157", "LT119511515", "LT100001919017", "LU15027442", "LV40003521600",
			"MT11679112", "NL004495445B01", "PL8567346215", "PT501964843", "RO18547290", "SE123456789701", "SI50223054", "SK2022749619", "GB980780684", "XI980780684",
		},
		NearMisses: []string{
			"ATU13585626", "DE136695978", "FR41303265045", "IT00743110158", "NL004495446B01", "PL8567346216", "de136695976", "XDE136695976", "DE1366959766", "DE 136695976", "de 136695976", "RO24", "SI50223055",
			"US136695976", "VAT de 136695976", "IE6433435G", "ES54362315E", "SE123456789702", "el 094259216",
		},
	}}
}

// matchVAT reads a prefix in capitals with the number that follows at once; points
// or blanks may part groups of digits.
func matchVAT(c *classifier.Candidate) bool {
	text := c.Text
	rule := vatRuleOf(text[c.At], at(text, c.At+1))
	if rule == nil {
		return false
	}
	c.Value = append(c.Value, text[c.At:c.At+2]...)
	i, separator := c.At+2, byte(0)
	for len(c.Value) < 2+longestVAT {
		b := at(text, i)
		if word(b) {
			c.Value = append(c.Value, b)
			i++
			continue
		}
		if (b != '.' && b != ' ') || separator != 0 && b != separator || i == c.At+2 || !digit(text[i-1]) || !digit(at(text, i+1)) || rule.fits(len(c.Value)-2) {
			break
		}
		separator = b
		i++
	}
	if c.End = i; word(at(text, i)) || !rule.fits(len(c.Value)-2) || at(text, i) == '-' && word(at(text, i+1)) {
		return false
	}
	c.NeedsContext = len(c.Value) < shortVAT
	return true
}

const (
	longestVAT = 12
	// shortVAT is the length, with the prefix, below which a number needs context:
	// a short one passes for a product or a year.
	shortVAT = 10
)

// vatCountry sets the country, and refuses prefixes in small letters: they are words.
func vatCountry(c *classifier.Candidate) bool {
	if first := c.Text[c.Start : c.Start+2]; first[0] > 'Z' || first[1] > 'Z' {
		return false
	}
	switch country := string(c.Value[:2]); country {
	case "EL":
		c.Country = "GR"
	case "XI":
		c.Country = "GB"
	default:
		c.Country = country
	}
	return true
}

// vatRule is how the numbers behind a prefix are checked.
type vatRule struct {
	lengths uint32 // bit n: n characters
	check   func(b []byte) bool
}

func (r *vatRule) fits(n int) bool { return r.lengths&(1<<n) != 0 }

// vatRuleOf returns the rule of a prefix in capitals, nil for any other letters.
func vatRuleOf(a, b byte) *vatRule {
	if a < 'A' || a > 'Z' || b < 'A' || b > 'Z' {
		return nil
	}
	rule := &vatRules[a-'A'][b-'A']
	if rule.check == nil {
		return nil
	}
	return rule
}

// vat checks a number with its prefix.
func vat(b []byte) bool {
	rule := vatRuleOf(b[0], b[1])
	return rule != nil && rule.fits(len(b)-2) && rule.check(b[2:])
}

var vatRules = func() (rules [26][26]vatRule) {
	for prefix, rule := range map[string]vatRule{
		"AT": {lengths(9), vatAT}, "BE": {lengths(10), vatBE}, "BG": {lengths(9, 10), vatBG}, "CY": {lengths(9), vatCY}, "CZ": {lengths(8, 9, 10), vatCZ},
		"DE": {lengths(9), vatDE}, "DK": {lengths(8), vatDK}, "EE": {lengths(9), vatEE}, "EL": {lengths(9), digitsAnd(afm)}, "ES": {lengths(9), vatES},
		"FI": {lengths(8), vatFI}, "FR": {lengths(11), vatFR}, "HR": {lengths(11), vatHR}, "HU": {lengths(8), vatHU}, "IE": {lengths(8, 9), vatIE},
		"IT": {lengths(11), digitsAnd(partitaIVA)}, "LT": {lengths(9, 12), vatLT}, "LU": {lengths(8), vatLU}, "LV": {lengths(11), vatLV}, "MT": {lengths(8), vatMT},
		"NL": {lengths(12), vatNL}, "PL": {lengths(10), digitsAnd(nip)}, "PT": {lengths(9), digitsAnd(nif)}, "RO": {lengths(6, 7, 8, 9, 10), vatRO}, "SE": {lengths(12), vatSE},
		"SI": {lengths(8), vatSI}, "SK": {lengths(10), vatSK}, "GB": {lengths(9, 12), vatGB}, "XI": {lengths(9, 12), vatGB},
	} {
		rules[prefix[0]-'A'][prefix[1]-'A'] = rule
	}
	return rules
}()
