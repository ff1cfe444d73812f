package detect

import (
	"bytes"
	"strconv"
	"sync"

	"github.com/nyaruka/phonenumbers"

	"daylight.internal/classifier"
)

// phoneBook asks libphonenumber whether numbers exist. An answer takes some ten
// microseconds, so it is remembered by what numbering plans decide on: the
// country, the first digits and the length.
type phoneBook struct {
	mutex   sync.RWMutex
	answers map[phoneKey]string
	plans   map[string]phonePlan // by region
}

// phonePlan is how a region is called, and how its numbers are written at home.
type phonePlan struct {
	code  int // 0: there is no such region
	trunk []byte
}

// phoneKey is a calling code, the length of the national number and its first
// digits as a number.
type phoneKey struct {
	code, length, prefix int
	region               string // "" when any of the calling code will do
}

const (
	phonePrefix      = 4
	mostPhoneAnswers = 1 << 16
)

func newPhoneBook() *phoneBook {
	return &phoneBook{answers: map[phoneKey]string{}, plans: map[string]phonePlan{}}
}

// plan returns the numbering plan of a region.
func (p *phoneBook) plan(region string) phonePlan {
	p.mutex.RLock()
	plan, known := p.plans[region]
	p.mutex.RUnlock()
	if known {
		return plan
	}
	plan = phonePlan{phonenumbers.GetCountryCodeForRegion(region), []byte(phonenumbers.GetNddPrefixForRegion(region, true))}
	p.mutex.Lock()
	p.plans[region] = plan
	p.mutex.Unlock()
	return plan
}

// confirm tells whether the candidate is a number that can be dialled, and sets
// its country and its value, the E.164 digits.
func (p *phoneBook) confirm(c *classifier.Candidate) bool {
	digits := c.Value
	switch {
	case c.NeedsContext && ofGoods(c.Text, c.Start):
		return false
	case bytes.HasSuffix(digits, []byte("000000")):
		return false // an amount
	case digits[0] == '+':
		return p.international(c, digits[1:], true)
	case bytes.HasPrefix(digits, []byte("00")): // no national number begins so
		return p.international(c, digits[2:], false)
	}
	for _, region := range c.Regions {
		plan := p.plan(region)
		national := bytes.TrimPrefix(digits, plan.trunk)
		if plan.code != 0 && p.ask(plan.code, national, region) == region {
			p.settle(c, plan.code, national, region)
			return true
		}
	}
	// A list may hold international numbers without their plus sign.
	return c.NeedsContext && len(digits) >= 11 && p.international(c, digits, false)
}

// international tries calling codes of one to three digits; no code is the
// beginning of another. With a plus sign, a number of a fitting length will do,
// if no plan has it: plans grow, and there are numbers for fiction.
func (p *phoneBook) international(c *classifier.Candidate, digits []byte, plus bool) bool {
	if len(digits) < leastPhone || digits[0] == '0' {
		return false
	}
	for n := 1; n <= 3; n++ {
		code := number(digits[:n])
		if phonenumbers.GetRegionCodeForCountryCode(code) == "ZZ" {
			continue
		}
		national := digits[n:]
		region := p.ask(code, national, "")
		if region == "" && len(national) > 0 && national[0] == '0' {
			national = national[1:] // +49 (0)151 …
			region = p.ask(code, national, "")
		}
		switch {
		case region == "", region == possible && (!plus || len(digits) < leastPossible):
			return false
		case region == possible:
			c.Confidence = 0.7
		}
		p.settle(c, code, national, region)
		return true
	}
	return false
}

// possible stands in place of a region when the length of a number fits the
// calling code, but no plan has its first digits.
const (
	possible      = "?"
	leastPossible = 10 // digits of such a number
)

// settle gives the candidate its country and its value.
func (p *phoneBook) settle(c *classifier.Candidate, code int, national []byte, region string) {
	value := strconv.AppendInt(make([]byte, 0, 20), int64(code), 10)
	value = append(value, national...)
	c.Value = append(c.Value[:0], value...)
	if len(region) == 2 && region[0] >= 'A' {
		c.Country = region
	}
}

// ask returns the region of a number, possible, or "" when none has such numbers.
func (p *phoneBook) ask(code int, national []byte, region string) string {
	if len(national) < phonePrefix || len(national) > mostPhone {
		return ""
	}
	key := phoneKey{code, len(national), number(national[:phonePrefix]), region}
	p.mutex.RLock()
	answer, known := p.answers[key]
	p.mutex.RUnlock()
	if known {
		return answer
	}
	answer = look(key)
	p.mutex.Lock()
	if len(p.answers) < mostPhoneAnswers {
		p.answers[key] = answer
	}
	p.mutex.Unlock()
	return answer
}

// look tries a few numbers that begin as the key says: the answer depends on
// the key alone, whichever number came first.
func look(key phoneKey) (answer string) {
	for _, fill := range []string{"55501327777", "23456782345", "00000000000", "91234567891"} {
		digits := leadingZeros(key.prefix) + fill[:key.length-phonePrefix]
		national, err := strconv.ParseUint(digits, 10, 64)
		if err != nil {
			return ""
		}
		code := int32(key.code)
		zero := digits[0] == '0'
		n := &phonenumbers.PhoneNumber{CountryCode: &code, NationalNumber: &national, ItalianLeadingZero: &zero}
		if key.region != "" {
			if phonenumbers.IsValidNumberForRegion(n, key.region) {
				return key.region
			}
			continue
		}
		if region := phonenumbers.GetRegionCodeForNumber(n); region != "" && region != "ZZ" {
			return region
		}
		if !zero && phonenumbers.IsPossibleNumber(n) {
			answer = possible
		}
	}
	return answer
}

func leadingZeros(prefix int) string {
	s := strconv.Itoa(prefix)
	return "0000"[:phonePrefix-len(s)] + s
}
