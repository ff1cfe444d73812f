package discovery_test

import (
	"strings"
	"testing"
	"time"

	"daylight.internal/rules/discovery"
)

// An answer that is no stream of events may be a download: of one that is long only
// the beginning is read.
func TestOfALongAnswerTheBeginningIsRead(t *testing.T) {
	const enough = 512 << 10
	d := embedded(t)
	piece := []byte(strings.Repeat(`{"id":1,"text":"hello there my friend"}`+"\n", 800))
	for _, mediaType := range []string{"text/plain", "", "application/json"} {
		x := d.Exchange(&discovery.Request{Method: "POST", MediaType: "application/json", Body: []byte(`{"q":"please give me the list"}`)})
		x.Answer(&discovery.Response{Status: 200, MediaType: mediaType})
		read := 0
		for ; x.Watches() && read < 8*enough; read += len(piece) {
			x.Stream(time.Duration(read), piece)
		}
		if read == 0 || read > enough {
			t.Errorf("%q: %d bytes are read", mediaType, read)
		}
	}
}
