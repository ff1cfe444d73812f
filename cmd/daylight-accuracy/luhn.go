package main

import (
	"fmt"
	"strings"

	"daylight.internal/cmd/daylight-accuracy/corpus"
)

// luhnShare is how many random numbers of so many digits, whose last is the check
// digit of payment cards, are called a card.
type luhnShare struct{ digits, cards, numbers int }

// The lengths of numbers that cards have.
const shortestCard, longestCard = 12, 19

// luhnShares measures n numbers of each length, each in a line of its own.
func luhnShares(scan scanner, n int) (shares []luhnShare) {
	for digits := shortestCard; digits <= longestCard; digits++ {
		text := strings.Join(corpus.LuhnNumbers(seed, digits, n), ".\n\n")
		_, result := scan("numbers.txt", []byte(text))
		share := luhnShare{digits: digits, numbers: n}
		for i := range result.Findings {
			if result.Findings[i].Detector == "payment_card" {
				share.cards++
			}
		}
		shares = append(shares, share)
	}
	return shares
}

func renderLuhn(b *strings.Builder, shares []luhnShare) {
	if len(shares) == 0 {
		return
	}
	fmt.Fprintf(b, luhnProse, thousands(shares[0].numbers))
	b.WriteString("| digits | called a card |\n|---:|---:|\n")
	for _, s := range shares {
		fmt.Fprintf(b, "| %d | %s |\n", s.digits, perCent(s.cards, s.numbers))
	}
	b.WriteString("\n")
}
