package corpus

import (
	"iter"
	"strings"
)

// The kinds of documents with planted values.
const (
	Mail     Kind = "mail"
	Chat     Kind = "chat"      // of support, and messengers
	Notes    Kind = "notes"     // of meetings and calls
	Sheet    Kind = "sheet"     // key: value, one a line
	Body     Kind = "body"      // JSON of an API call
	HTMLMail Kind = "html_mail" // with tables and links
	Registry Kind = "registry"  // CSV with a column for each number
	Records  Kind = "records"   // a JSON array with a key for each number
	Settings Kind = "settings"  // .env and the like, with credentials
)

// PlantedKinds returns the kinds of documents that Documents makes.
func PlantedKinds() []Kind {
	return []Kind{Mail, Chat, Notes, Sheet, Body, HTMLMail, Registry, Records, Settings, Customers}
}

// Documents yields documents with planted values. In each round every kind of
// value is planted at least once, mostly in the language of its country.
func Documents(seed uint64, rounds int) iter.Seq[Document] {
	return func(yield func(Document) bool) {
		all := append(append(contacts(), everything()...), secrets()...)
		for round := range rounds {
			if !documentsOf(seed+uint64(round)<<20, all, yield) {
				return
			}
		}
	}
}

// documentsOf yields the documents of one round.
func documentsOf(seed uint64, all []species, yield func(Document) bool) bool {
	deal := newWriter(English, seed, "deal")
	hands := map[Language][]*species{}
	for _, i := range deal.Perm(len(all)) {
		language := deal.languageFor(&all[i])
		hands[language] = append(hands[language], &all[i])
	}
	kinds := []Kind{Mail, Chat, Notes, Sheet, Body, HTMLMail, Registry, Records}
	number := uint64(0)
	for _, language := range Languages() {
		for hand := hands[language]; len(hand) > 0; {
			n := min(len(hand), deal.between(1, 5))
			number++
			kind := kinds[deal.IntN(len(kinds))]
			if isSecret(hand[0]) && deal.chance(2) {
				kind = Settings
			}
			if !yield(newDocument(kind, language, seed+number, hand[:n])) {
				return false
			}
			hand = hand[n:]
		}
		formats := Formats()
		if !yield(NewCustomers(language, formats[deal.IntN(len(formats))], seed+number, deal.between(3, 40))) {
			return false
		}
	}
	return true
}

// isSecret tells credentials, which have names of variables.
func isSecret(s *species) bool {
	return s.english != "" && strings.ToUpper(s.english[:3]) == s.english[:3] && strings.Contains(s.english, "_")
}

// languageFor chooses where a value is planted.
func (w *writer) languageFor(s *species) Language {
	all := Languages()
	own := languageOf(s.country)
	switch {
	case s.country == "" || w.chance(6):
		return all[w.IntN(len(all))]
	case own != "" && !w.chance(5):
		return own
	case w.chance(2):
		return English
	}
	return all[w.IntN(len(all))]
}

// newDocument writes a document of the kind with a value of each species.
func newDocument(kind Kind, language Language, seed uint64, hand []*species) Document {
	w := newWriter(language, seed, string(kind)+"/"+string(language))
	flat := hand
	if kind != Mail && kind != Notes && kind != Chat {
		flat = nil
		for _, s := range hand { // keys and machine-readable zones have several lines
			if s.detector != "private_key" && s.detector != "passport_mrz" {
				flat = append(flat, s)
			}
		}
	}
	suffix := ".txt"
	switch kind {
	case Mail:
		w.mail(hand)
	case Chat:
		w.chat(hand)
	case Notes:
		w.notes(hand)
	case Sheet:
		w.sheet(flat)
	case Body:
		w.body(flat)
		suffix = ".json"
	case HTMLMail:
		w.htmlMail(flat)
		suffix = ".html"
	case Registry:
		w.registry(flat)
		suffix = ".csv"
	case Records:
		w.records(flat)
		suffix = ".json"
	case Settings:
		w.settings(flat)
	}
	return Document{Name: string(kind) + "-" + string(language) + suffix, Kind: kind, Language: language, Text: w.text, Labels: w.labels}
}
