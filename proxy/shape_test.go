package proxy

import (
	"slices"
	"testing"

	"daylight.internal/rules/discovery"
)

func TestAShapeHoldsNoNameThatLooksLikeAValue(t *testing.T) {
	d, err := discovery.New()
	if err != nil {
		t.Fatal(err)
	}
	body := `{"ana.kovac@customer.example":{"text":"please write a friendly mail to her"},"4111111111111111":1,"aGVsbG9XB3JsZEhlbGxv":2,"maxOutputTokens":3}`
	shape := newShape(d.Structure(&discovery.Request{Method: "POST", MediaType: "application/json", Body: []byte(body)}), "application/json", 0)
	want := []string{"$.* object", "$.*.text text", "$.* number", "$.maxOutputTokens number"}
	if shape.Text != "$.*.text" || !slices.Equal(shape.Keys, want) {
		t.Errorf("%q, %q", shape.Text, shape.Keys)
	}
}
