package detect

import (
	"bytes"
	"math/bits"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/nyaruka/phonenumbers"

	"daylight.internal/classifier"
)

// phoneBook knows by libphonenumber's numbering plans which numbers exist. A plan
// is made when the first number of its calling code comes by, which takes some
// milliseconds, and read without a lock from then on.
type phoneBook struct {
	plans [1000]atomic.Pointer[numberPlan]  // by calling code
	homes [26 * 26]atomic.Pointer[homePlan] // by the letters of a region
	mutex sync.Mutex                        // held while something is made
}

// homePlan is how numbers of a region are written at home.
type homePlan struct {
	plan   *numberPlan
	code   int
	region uint32 // its bit in the plan; 0: there is no such region
	digits uint32 // a bit for each length of its numbers
	trunk  []byte
}

func newPhoneBook() *phoneBook { return &phoneBook{} }

// home returns the plan of a region.
func (p *phoneBook) home(region string) *homePlan {
	if len(region) != 2 || region[0] < 'A' || region[0] > 'Z' || region[1] < 'A' || region[1] > 'Z' {
		return &homePlan{}
	}
	slot := &p.homes[int(region[0]-'A')*26+int(region[1]-'A')]
	if known := slot.Load(); known != nil {
		return known
	}
	h := &homePlan{code: phonenumbers.GetCountryCodeForRegion(region), trunk: []byte(phonenumbers.GetNddPrefixForRegion(region, true))}
	h.plan = p.plan(h.code)
	for i, r := range h.plan.regions {
		if r == region {
			h.region, h.digits = 1<<i, h.plan.lengths[i]
		}
	}
	slot.Store(h)
	return h
}

// plan returns the plan of a calling code; one without regions when there is no
// such code.
func (p *phoneBook) plan(code int) *numberPlan {
	if known := p.plans[code].Load(); known != nil {
		return known
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if known := p.plans[code].Load(); known != nil {
		return known
	}
	made, err := newNumberPlan(metadataOf(code))
	if err != nil { // no metadata of the library is so
		made = &numberPlan{}
	}
	p.plans[code].Store(made)
	return made
}

// metadataOf returns what libphonenumber knows of the regions of a calling code,
// the main one first.
func metadataOf(code int) (list []*phonenumbers.PhoneMetadata) {
	all, err := phonenumbers.MetadataCollection()
	if err != nil { // it is part of the program
		return nil
	}
	for _, region := range phonenumbers.GetRegionCodesForCountryCode(code) {
		for _, m := range all.GetMetadata() {
			if m.GetId() == region && int(m.GetCountryCode()) == code {
				list = append(list, m)
			}
		}
	}
	return list
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
	case digits[0] == '0' && digits[1] == '0': // no national number begins so
		return !p.splitsCode(c, digits[2:]) && p.international(c, digits[2:], false)
	}
	g := readGroups(c.Text, c.Number)
	for _, region := range c.Regions {
		home := p.home(region)
		if home.region == 0 || len(digits) > longestBare && digits[0] != '0' {
			continue
		}
		national := bytes.TrimPrefix(digits, home.trunk)
		if len(national) >= leastNational && home.digits>>len(national)&1 != 0 && home.plan.valid(national, anyKind)&home.region != 0 {
			settle(c, home.code, national, region)
			return true
		}
	}
	// A list may hold international numbers without their plus sign.
	return c.NeedsContext && len(digits) >= 11 && (g.n == 1 || g.lengths[0] <= 3) && p.international(c, digits, false)
}

// mobile tells whether the number that ends at end is a mobile one at home, and no
// number of goods.
func (p *phoneBook) mobile(c *classifier.Candidate, end int) bool {
	if ofGoods(c.Text, c.Start) {
		return false
	}
	digits := appendDigits(make([]byte, 0, mostPhone+1), c.Text[c.At:end])
	for _, region := range c.Regions {
		if home := p.home(region); home.region != 0 && home.plan.valid(bytes.TrimPrefix(digits, home.trunk), mobileKind)&home.region != 0 {
			return true
		}
	}
	return false
}

const (
	leastNational = 4  // digits behind the calling code, or the trunk prefix
	longestBare   = 11 // digits of a national number without a trunk prefix
	leastPossible = 10 // digits of a number that no plan has
)

// international tries calling codes of one to three digits; no code is the
// beginning of another. With a plus sign, a number of a fitting length will do,
// if no plan has it: plans grow, and there are numbers for fiction.
func (p *phoneBook) international(c *classifier.Candidate, digits []byte, plus bool) bool {
	if len(digits) < leastPhone || digits[0] == '0' {
		return false
	}
	for n := 1; n <= 3; n++ {
		code := number(digits[:n])
		plan := p.plan(code)
		if len(plan.regions) == 0 {
			continue
		}
		national := digits[n:]
		valid := plan.valid(national, anyKind)
		if valid == 0 && national[0] == '0' {
			national = national[1:] // +49 (0)151 …
			valid = plan.valid(national, anyKind)
		}
		region := ""
		switch {
		case len(national) < leastNational:
			return false
		case valid != 0:
			region = plan.regions[bits.TrailingZeros32(valid)]
		case !plus || len(digits) < leastPossible || plan.possible>>len(national)&1 == 0:
			return false
		default:
			c.Confidence = 0.7
			if len(plan.regions) == 1 {
				region = plan.regions[0]
			}
		}
		settle(c, code, national, region)
		return true
	}
	return false
}

// settle gives the candidate its country and its value.
func settle(c *classifier.Candidate, code int, national []byte, region string) {
	value := strconv.AppendInt(make([]byte, 0, 20), int64(code), 10)
	value = append(value, national...)
	c.Value = append(c.Value[:0], value...)
	if len(region) == 2 { // not that of services of the world
		c.Country = region
	}
}
