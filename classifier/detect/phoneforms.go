package detect

import (
	"bytes"

	"daylight.internal/classifier"
)

// mobileForm tells whether a national number stands and looks as mobile numbers do
// that nothing introduces: 0171 3920045, 06-19284750, 0812-5550-0147, and behind a comma or colon,
// up to the end of the clause, "Ann, 320 555 0147".
func mobileForm(c *classifier.Candidate, g *phoneGroups) bool {
	if g.n < 2 || !partedOnce(c.Text, c.Number[:g.n]) {
		return false
	}
	if c.Text[c.At] == '0' {
		// The first group is the prefix of a network.
		first := g.lengths[0]
		fours := g.n == 3 && first == 4 && g.lengths[1] == 4 && g.lengths[2] == 4 && (g.gaps[0] == '-' || introduced(c.Text, c.Start) && c.Text[c.Start-2] == ',')
		return (fours || g.n == 2 && first >= 2 && first <= 5 && g.lengths[1] >= 5) && g.total >= 10 && g.total <= 12 && g.gaps[0] != '.'
	}
	return g.total >= 9 && g.total <= 11 && g.lengths[0] >= 2 && !g.thousands() && g.gaps[0] == ' ' && introduced(c.Text, c.Start) && clauseEnds(c.Text, g.ends[g.n-1])
}

// partedOnce tells whether one blank, hyphen, point or slash parts the groups.
func partedOnce(text []byte, groups []classifier.Group) bool {
	for i := range groups[:len(groups)-1] {
		if gap := groups[i+1].Start - groups[i].End; gap != 1 || text[groups[i].End] == '/' {
			return false
		}
	}
	return true
}

// introduced tells whether a comma or colon behind a word leads to start.
func introduced(text []byte, start int) bool {
	return start >= 3 && text[start-1] == ' ' && (text[start-2] == ',' || text[start-2] == ':') && wordByte(text[start-3]) && !digit(text[start-3])
}

// clauseEnds tells whether nothing but the end of a clause follows at i.
func clauseEnds(text []byte, i int) bool {
	switch at(text, i) {
	case 0, '\n', '\r', ',', ';', ')':
		return true
	case '.':
		next := at(text, i+1)
		return next == ' ' || next == '\n' || next == 0
	}
	return false
}

// The bounds of what is looked at beside a number for an e-mail address.
const (
	longestBeside = 4
	longestEmail  = 48
)

// besideEmail tells whether an e-mail address stands right before or behind
// text[start:end], which is written in groups: people write the ways to reach them in a
// row. Records of a table are no sentence, so a blank parts the two.
func besideEmail(text []byte, start, end int, g *phoneGroups) bool {
	if g.n < 2 || g.total < 8 || g.gaps[0] == '.' {
		return false
	}
	i := end
	for i < len(text) && i-end < longestBeside && besides(text[i]) {
		i++
	}
	if bytes.IndexByte(text[end:i], ' ') >= 0 && opensWithEmail(text[i:min(len(text), i+longestEmail)]) {
		return true
	}
	i = start
	for i > 0 && start-i < longestBeside && besides(text[i-1]) {
		i--
	}
	return bytes.IndexByte(text[i:start], ' ') >= 0 && endsWithEmail(text[max(0, i-longestEmail):i])
}

// What ends an address on its right, and on its left.
var emailEnds, emailStarts = bytesOf(" \t\n,;|/"), bytesOf(" \t\n,;|/:<(\"'")

// opensWithEmail tells whether the token that text begins with has an at sign inside.
func opensWithEmail(text []byte) bool {
	for i, b := range text {
		switch {
		case emailEnds[b]:
			return false
		case b == '@':
			return i > 0
		}
	}
	return false
}

// endsWithEmail tells whether the token that text ends with has an at sign inside.
func endsWithEmail(text []byte) bool {
	start, first := len(text), -1
	for start > 0 && !emailStarts[text[start-1]] {
		if start--; text[start] == '@' {
			first = start
		}
	}
	return first > start
}

// besides tells whether b may stand between a number and an address.
func besides(b byte) bool {
	switch b {
	case ' ', ',', ';', '/', '|', '-', '<', '>', '(':
		return true
	}
	return false
}
