package detect_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"

	"daylight.internal/classifier"
)

var (
	givenNames = []string{"Ana", "Li", "Omar", "Fatima", "Zoë", "Hans-Peter", "Olga", "Juan", "Mary", "Wei", "Marta", "José", "Иван", "Мария", "João", "Noor", "Lucía", "Emma"}
	surnames   = []string{"Lopez", "Weber", "Müller", "García", "Rossi", "Smith", "O'Neil", "Petrov", "Иванова", "Nguyen", "Silva", "van Dijk", "Haddad", "Chen", "Kowalski", "Brown"}
	streets    = []string{"High Street", "Elm Road", "Station Road", "Maple Avenue", "Park Lane", "Church Street"}
	sentences  = []string{
		"Please thank the team for the letter and tell them that the parcel is on its way.", "The second headline is too long by four words, I think.",
		"We should move the launch to the week after Easter, when the shops are open again.", "Could you make the tone a little warmer, and a little shorter?",
		"Nobody answered the survey of last month, so let us send it once more.", "The photographs are fine, the captions are not.",
	}
)

func pick(random *rand.Rand, list []string) string { return list[random.IntN(len(list))] }

func aPhone(random *rand.Rand) string {
	switch random.IntN(4) {
	case 0:
		return fmt.Sprintf("+1 %d %d %04d", 201+random.IntN(700), 200+random.IntN(700), random.IntN(10000))
	case 1:
		return fmt.Sprintf("+49 151 %08d", 10000000+random.IntN(89999999))
	case 2:
		return fmt.Sprintf("(415) %d-%04d", 200+random.IntN(700), random.IntN(10000))
	}
	return fmt.Sprintf("+86 138 %04d %04d", random.IntN(10000), random.IntN(10000))
}

func anEmail(random *rand.Rand) string {
	return fmt.Sprintf("%s.%d@example-%d.com", []string{"ana", "li", "omar", "fatima", "hans", "olga"}[random.IntN(6)], random.IntN(100000), random.IntN(50))
}

const fullSize = 64 << 10

// fullCorpora are small, so that some scans run undisturbed; they have a finding every 20 bytes (the table) or 100 to 150 bytes.
func fullCorpora() map[string][]byte {
	random := rand.New(rand.NewPCG(8, 9))
	var table, prose, chat, objects bytes.Buffer
	table.WriteString("first name,last name,e-mail,phone,street,zip,date of birth,segment,language,visits,note\n")
	for table.Len() < fullSize {
		fmt.Fprintf(&table, "%s,%s,%s,%s,%d %s,%05d,19%02d-%02d-%02d,gold,en-GB,%d,newsletter and catalogue\n", pick(random, givenNames), pick(random, surnames), anEmail(random), aPhone(random),
			1+random.IntN(200), pick(random, streets), random.IntN(100000), 40+random.IntN(60), 1+random.IntN(12), 1+random.IntN(28), random.IntN(900))
	}
	for prose.Len() < fullSize {
		fmt.Fprintf(&prose, "%s (%s) %s %s ", pick(random, sentences), anEmail(random), pick(random, sentences), pick(random, sentences))
		fmt.Fprintf(&prose, "Call %s. ", aPhone(random))
		if random.IntN(3) == 0 {
			fmt.Fprintf(&prose, "Card 4532 0151 1283 0366, born on 12.03.1984.\n")
		}
	}
	chat.WriteString(`{"messages":[`)
	for i := 0; chat.Len() < fullSize; i++ {
		fmt.Fprintf(&chat, `{"role":"user","index":%d,"content":"%s Write to %s, phone %s. %s","at":%d},`, i, pick(random, sentences), anEmail(random), aPhone(random), pick(random, sentences), 1700000000+i)
	}
	chat.WriteString(`{}]}`)
	objects.WriteString("[")
	for i := 0; objects.Len() < fullSize; i++ {
		fmt.Fprintf(&objects, `{"customerId":"C-%d","name":"%s %s","email":"%s","phone":"%s","city":"Berlin"},`, i, pick(random, givenNames), pick(random, surnames), anEmail(random), aPhone(random))
	}
	objects.WriteString("{}]")
	return map[string][]byte{"table": table.Bytes(), "prose": prose.Bytes(), "chat": chat.Bytes(), "objects": objects.Bytes()}
}

// members cuts plain JSON into the segments of its strings, as far as this file writes it.
func members(text []byte) (segments []classifier.Segment) {
	root := &classifier.Location{Stage: classifier.StageDocument}
	for i, object := range bytes.Split(text, []byte("},{")) {
		record := &classifier.Location{Parent: root, Stage: classifier.StageIndex, Index: i}
		parts := bytes.Split(object, []byte(`"`))
		for k := 1; k+2 < len(parts); k += 4 {
			if !bytes.Equal(parts[k+1], []byte(":")) {
				k -= 2
				continue
			}
			name := string(parts[k])
			segments = append(segments, classifier.Segment{Text: parts[k+2], Field: name, Location: classifier.Location{Parent: record, Stage: classifier.StageKey, Name: name}})
		}
	}
	return segments
}

// segmentsOf reads a corpus as the extraction does.
func segmentsOf(name string, text []byte) []classifier.Segment {
	switch name {
	case "customers", "table":
		return []classifier.Segment{{Text: text, Table: cells(text)}}
	case "objects":
		return members(text)
	}
	return []classifier.Segment{{Text: text}}
}
