package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"

	"daylight.internal/classifier"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/discovery"
)

// revision hashes all that decides verdicts, in a fixed order. The clock and
// the key of fingerprints do not.
func revision(src *Source, c *catalog.Catalog, detectors []classifier.Detector, d *discovery.Discovery) string {
	h := sha256.New()
	var line []byte
	text := func(values ...string) {
		line = line[:0]
		for _, v := range values {
			line = append(append(append(strconv.AppendInt(line, int64(len(v)), 10), ':'), v...), ',')
		}
		h.Write(line)
	}
	text("daylight snapshot 1", fmt.Sprint(src.Monitor, src.OnErrorAllow), string(src.Intercept))
	text(src.Bypass...)
	text(src.Scanner.Regions...)
	text(fmt.Sprint(src.Scanner.Steps, src.Extract))
	for _, f := range src.Policy {
		text(f.Name, string(f.Data))
	}
	for _, d := range detectors {
		text(d.ID, d.Class, d.Country)
	}
	text(d.Digest())
	services(h, text, c)
	return hex.EncodeToString(h.Sum(nil))[:12]
}

func services(h io.Writer, text func(...string), c *catalog.Catalog) {
	for _, s := range c.Services() {
		text(s.ID, s.Vendor, s.Country, s.Category, s.VerifiedOn, s.Account.String())
		text(s.Countries...)
		for _, host := range s.Hosts {
			text(host.Pattern.String(), host.Role, host.Plan)
			for _, p := range host.Paths {
				text(p.String())
			}
		}
		for _, o := range s.Operations {
			text(o.Kind, o.Method, strconv.FormatBool(o.WebSocket), string(o.Pieces))
			for _, p := range o.Paths {
				text(p.String())
			}
			for _, host := range o.Hosts {
				text(host.String())
			}
			for _, r := range slices.Concat(o.Query, o.Header) {
				text(r.Name, r.Value)
			}
			for _, l := range slices.Concat(o.Text, o.Protocol) {
				text(l.String())
			}
			text(o.Examples...)
		}
	}
	fmt.Fprint(h, "end")
}
