package main

import (
	"fmt"

	"daylight.internal/cmd/daylight-accuracy/corpus"
	"daylight.internal/rules/engine/accuracy"
)

// bar is a demand on the measurement.
type bar struct {
	name, demand, value string
	met                 bool
}

// barList holds the measurement against what is demanded of the classifier.
func (m *measurement) barList() []bar {
	checked := m.planted.checked
	list := []bar{
		share("numbers with check digits: recall", checked.Hit, checked.Expected, 99),
		share("numbers with check digits: precision", checked.Hit, checked.Hit+checked.Wrong, 99),
	}
	for _, id := range []string{"email", "phone"} {
		s := m.detector(id)
		list = append(list, share("`"+id+"`: recall", s.Hit, s.Expected, 97))
	}
	cards := m.logs.detectors["payment_card"]
	list = append(list, bar{fmt.Sprintf("cards in %s log lines", thousands(m.logs.lines)), "none", fmt.Sprint(cards), cards == 0})
	for _, t := range m.clean {
		if t.kind != corpus.Prose && t.kind != corpus.Logs && t.kind != corpus.Code {
			continue
		}
		rate := float64(t.findings) / float64(t.bytes) * 10e6
		list = append(list, bar{"false findings in clean " + string(t.kind), "< 1 in 10 MB", fmt.Sprintf("%.2f in 10 MB (%d in %s)", rate, t.findings, megabytes(t.bytes)), rate < 1})
	}
	return list
}

func (m *measurement) detector(id string) accuracy.Score {
	if s := m.planted.detectors[id]; s != nil {
		return *s
	}
	return accuracy.Score{}
}

// share is the bar that a share of a whole is at least so many per cent.
func share(name string, part, whole, percent int) bar {
	return bar{name, fmt.Sprintf(">= %d %%", percent), fmt.Sprintf("%s (%d of %d)", perCent(part, whole), part, whole), part*100 >= whole*percent && whole > 0}
}
