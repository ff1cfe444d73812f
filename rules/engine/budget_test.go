package engine_test

import (
	"strings"
	"testing"

	"daylight.internal/classifier"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

func TestWhatTheScannerDidNotComeToIsNotInspected(t *testing.T) {
	body := []byte(strings.Repeat("card 4111111111111112 ", 5000))
	for _, steps := range []int{1, 1000, 0} {
		s := compile(t, engine.Source{Scanner: classifier.Options{Steps: steps}})
		plan := s.Plan(engine.Request{Method: "POST", Path: "/backend-api/f/conversation", Length: int64(len(body)), Header: map[string][]string{"Content-Type": {"text/plain"}},
			Destination: rules.Destination{Host: "chatgpt.com", Port: 443}})
		c := s.Evaluate(plan, engine.Body{Bytes: body, Total: int64(len(body))}).Facts.Content.Coverage
		if steps == 0 {
			if c.State != classifier.Complete || c.BytesRead != int64(len(body)) {
				t.Errorf("with the default budget: %+v", c)
			}
			continue
		}
		if c.State != classifier.Truncated || c.Reason != "scan_budget" || c.BytesRead <= 0 || c.BytesRead >= int64(len(body)) {
			t.Errorf("with %d steps: %+v of %d bytes", steps, c, len(body))
		}
	}
}
