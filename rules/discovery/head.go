package discovery

import (
	"bytes"
	"strings"
)

// Request is the beginning of a request, as plain values. Nothing of it is kept.
type Request struct {
	Method string
	Host   string              // lower case, without port
	Port   uint16              // 0 when unknown
	Path   string              // without the query
	Header map[string][]string // names as of net/http
	// MediaType is the declared one, without parameters and in lower case.
	MediaType string
	Length    int64 // declared length of the body, 0 for none, -1 when unknown
	// Body is the beginning of the body without its content coding, as much of it
	// as there is; it may be cut anywhere. 4 KiB are enough: of more only the
	// insides of long texts are skipped.
	Body      []byte
	WebSocket bool
}

// head judges everything but the body.
func (d *Discovery) head(r *Request) Words {
	words := d.path(r.Path) | d.host(r.Host)
	if d.names.media[r.MediaType] {
		words = words.With(CertificateStatus)
	}
	for name, values := range r.Header {
		if w, ok := d.names.headers.find(name); ok && len(values) > 0 && values[0] != "" {
			words = words.With(w)
		}
		if len(values) == 0 || len(name) > len("Authorization") {
			continue
		}
		switch name {
		case "User-Agent":
			words |= d.agent(values[0])
		case "Authorization", "X-Api-Key", "Api-Key":
			words |= d.key(values[0])
		}
	}
	return words
}

// pathName is the end of a path, or with anywhere a part of it that ends at a slash.
type pathName struct {
	text     string
	anywhere bool
	word     Word
}

func (d *Discovery) path(path string) (words Words) {
	path = strings.TrimSuffix(path, "/")
	var buffer [256]byte
	text := lower(buffer[:], path[max(0, len(path)-len(buffer)):])
	for i := range d.names.paths {
		p := &d.names.paths[i]
		if !p.anywhere && len(text) >= len(p.text) && string(text[len(text)-len(p.text):]) == p.text || p.anywhere && hasPart(text, p.text) {
			words = words.With(p.word)
		}
	}
	if last := text[max(0, bytes.LastIndexByte(text, '/')):]; d.names.telemetry[string(last)] {
		words = words.With(Telemetry)
	} else if d.names.signIn[string(last)] {
		words = words.With(SignIn)
	}
	return words
}

// hasPart tells whether the path has a part and goes on behind it.
func hasPart(path []byte, part string) bool {
	for from := 0; from+len(part) < len(path); {
		i := bytes.IndexByte(path[from:], part[0])
		if i < 0 {
			return false
		}
		from += i
		if rest := path[from:]; len(rest) > len(part) && rest[len(part)] == '/' && string(rest[:len(part)]) == part {
			return true
		}
		from++
	}
	return false
}

// IsKey tells whether the value of a header is, or has behind a scheme, a key as AI
// vendors issue them.
func (d *Discovery) IsKey(value string) bool { return d.key(value) != 0 }

// key knows the beginnings of the keys that AI vendors issue.
func (d *Discovery) key(key string) Words {
	if scheme, rest, ok := strings.Cut(key, " "); ok && len(scheme) <= len("DeepL-Auth-Key") {
		key = rest
	}
	for _, w := range [...]Word{VendorKey, CompatibleKey} {
		for _, prefix := range d.signals[w].Names {
			if len(key) >= len(prefix) && strings.EqualFold(key[:len(prefix)], prefix) {
				return Words(0).With(w)
			}
		}
	}
	return 0
}

// agent looks the product names of a user agent up.
func (d *Discovery) agent(value string) Words {
	value = value[:min(len(value), 512)]
	for from := 0; from < len(value); {
		end := from
		for end < len(value) && isNameLetter(value[end]) {
			end++
		}
		if end-from > 2 && d.names.agentBegins[value[from]|0x20] && d.isAgent(value[from:end]) {
			return Words(0).With(AIUserAgent)
		}
		from = end + 1
	}
	return 0
}

func isNameLetter(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '_'
}

func (d *Discovery) isAgent(product string) bool {
	var buffer [maxName]byte
	name := lower(buffer[:], product)
	if d.names.agents[string(name)] {
		return true
	}
	for i, c := range name {
		if c == '-' || c == '_' {
			return d.names.agents[string(name[:i])]
		}
	}
	return false
}

// host looks for words of AI in a name, and for names of ordinary services.
func (d *Discovery) host(host string) (words Words) {
	for from := 0; from < len(host); {
		if w, ok := d.names.hosts[host[from:]]; ok {
			words = words.With(w)
		}
		end := strings.IndexByte(host[from:], '.')
		if end < 0 {
			end = len(host) - from
		}
		if d.isAILabel(host[from : from+end]) {
			words = words.With(AIName)
		}
		from += end + 1
	}
	return words
}

// isAILabel tells whether a label, or its part between hyphens, is a word of AI.
func (d *Discovery) isAILabel(label string) bool {
	for label != "" {
		part, rest, _ := strings.Cut(label, "-")
		if d.names.labels[part] {
			return true
		}
		label = rest
	}
	return false
}
