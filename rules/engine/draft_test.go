package engine_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"daylight.internal/rules/catalog"
	"daylight.internal/rules/engine"
)

// draftRequest is a draft as the engine sees it.
func draftRequest(t *testing.T, d catalog.Draft) (engine.Request, engine.Body) {
	t.Helper()
	u, err := url.Parse(d.URL)
	if err != nil {
		t.Fatal(err)
	}
	r, b := post(u.Hostname(), u.Path, string(d.Body))
	if port, err := strconv.ParseUint(u.Port(), 10, 16); err == nil {
		r.Destination.Port = uint16(port)
	}
	r.Method, r.Query, r.Header = d.Method, u.RawQuery, map[string][]string{}
	for name, value := range d.Header {
		r.Header[name] = []string{value}
	}
	if d.Message != nil {
		r.Header["Upgrade"] = []string{"websocket"}
		b = engine.Body{Bytes: d.Message, Total: int64(len(d.Message)), Frame: engine.TextFrame}
		if d.Binary {
			b.Frame = engine.BinaryFrame
		}
	}
	return r, b
}

// Whoever tests a policy may name a service and what is asked of it.
func TestADraftCarriesItsTextToWhereTheCatalogueExpectsIt(t *testing.T) {
	s := compile(t, engine.Source{})
	drafted, without := 0, []string{}
	for _, service := range s.Catalog().Services() {
		d, err := service.DraftPrompt([]byte("Please write to ana.kovac@customers.example."))
		if err != nil {
			if service.Confidence != catalog.HostOnly {
				without = append(without, service.ID)
			}
			continue
		}
		drafted++
		r, b := draftRequest(t, d)
		_, o := evaluate(s, r, b)
		if o.Facts.Service.ID != service.ID || o.Facts.Service.Operation != catalog.Prompt || o.ShapeChanged {
			t.Errorf("%s: taken for %s %s, shape changed %v", service.ID, o.Facts.Service.Operation, o.Facts.Service.ID, o.ShapeChanged)
		}
		if found := o.Facts.Content.String(); found != "1 email of 1 person" {
			t.Errorf("%s: found %s in %s %q", service.ID, found, d.URL, d.Body)
		}
	}
	t.Logf("%d services drafted; of these with operations not: %q", drafted, without)
	if drafted < 500 {
		t.Errorf("only %d services have a draft", drafted)
	}
}

func TestADraftOfAnUploadCarriesTheFile(t *testing.T) {
	s := compile(t, engine.Source{})
	drafted := 0
	for _, service := range s.Catalog().Services() {
		d, err := service.DraftUpload("crm.csv", "text/csv", []byte(customers(3)))
		if err != nil {
			continue
		}
		drafted++
		r, b := draftRequest(t, d)
		_, o := evaluate(s, r, b)
		if o.Facts.Service.ID != service.ID || o.Facts.Service.Operation != catalog.Upload || o.Facts.Content.People != 3 {
			t.Errorf("%s: %s %s with %s", service.ID, o.Facts.Service.Operation, o.Facts.Service.ID, o.Facts.Content)
		}
	}
	t.Logf("%d services", drafted)
	if drafted < 40 {
		t.Errorf("only %d services have a draft of an upload", drafted)
	}
}

func TestWithoutAPlaceThereIsNoDraft(t *testing.T) {
	s := policy(t, "services:", "  - {id: house, hosts: [house.example]}", "rules:", "  - {name: a, match: {}, action: log}")
	house, _ := s.Catalog().Service("house")
	if _, err := house.DraftPrompt([]byte("x")); err == nil || !strings.Contains(err.Error(), `how a prompt to "house" is sent`) {
		t.Errorf("%v", err)
	}
	if _, err := house.DraftUpload("a", "b", nil); err == nil || !strings.Contains(err.Error(), "how a file is uploaded") {
		t.Errorf("%v", err)
	}
}
