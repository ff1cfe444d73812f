package catalog

import "strings"

// maxTemplateSegments bounds a path template.
const maxTemplateSegments = 12

// Template returns a path with everything replaced by {id} that is not a word
// of the catalogue or a common word of APIs: ids, names, dates and free text
// never appear in it. The path is decoded and without its query.
func (c *Catalog) Template(path string) string { return template(c.words, path) }

// Template returns the path in the operation's own form, such as
// "/api/organizations/{org}/completion"; without an operation as Catalog.Template.
func (m Match) Template(path string) string {
	clean := func(s string) string { return template(m.words, s) }
	if m.path == nil {
		return clean(path)
	}
	return m.path.template(singleSlashes(path), clean)
}

func template(words map[string]bool, path string) string {
	var b strings.Builder
	for n := 0; path != ""; n++ {
		segment, rest, more := strings.Cut(path, "/")
		if n == maxTemplateSegments {
			b.WriteString("…")
			return b.String()
		}
		if segment == "" || isKnown(words, segment) {
			b.WriteString(segment)
		} else {
			b.WriteString("{id}")
		}
		if more {
			b.WriteByte('/')
		}
		path = rest
	}
	return b.String()
}

// isKnown tells whether a segment is made of known words and versions only.
func isKnown(words map[string]bool, segment string) bool {
	if words[segment] {
		return true
	}
	for _, word := range strings.FieldsFunc(segment, func(r rune) bool { return strings.ContainsRune("-_.:", r) }) {
		if lower := strings.ToLower(word); !words[word] && !words[lower] && !isVersion(lower) {
			return false
		}
	}
	return true
}

// isVersion tells whether a word is a "v" and at most two digits.
func isVersion(word string) bool {
	digits, ok := strings.CutPrefix(word, "v")
	return ok && len(digits) >= 1 && len(digits) <= 2 && strings.Trim(digits, "0123456789") == ""
}

// templateWords returns the common words of API paths. None is a name of a person.
func templateWords() map[string]bool {
	words := map[string]bool{}
	for _, w := range strings.Fields(commonPathWords) {
		words[w] = true
	}
	return words
}

const commonPathWords = `
a account accounts action actions activity add admin agent agents ai ajax all analytics api apis app application applications apps archive
article articles asset assets async attach attachment attachments audio audit auth authorize avatar backend batch batches beta billing blob
blobs blog board boards bot bots bucket buckets bulk calendar call callback campaign campaigns cancel catalog categories category cdn
channel channels chat chats check checkout client clients cloud code collection collections command commands comment comments commit
companies company complete completion completions config configuration contact contacts content context conversation conversations copy
count create credentials css csv customer customers dashboard dashboards data dataset datasets default delete design designs detect
device devices dialog dist docs document documents domain domains download downloads draft drafts edit editor element email emails
embed embedding embeddings endpoint endpoints engine engines entity error errors event events execute export exports external
favicon feature features feed feedback fetch field fields file files filter finish folder folders form forms generate generation
generations get git global graph graphql group groups guest health healthz help history home hook hooks html http icon icons id identity
image images img import imports inbox index infer inference info init input insert insights integration integrations internal
invite invoice invoices issue issues item items job jobs js json key keys knowledge label labels language languages latest lead leads
library like link links list lists live load log login logout logs mail map mcp media meeting meetings member members message messages
metadata metrics model models module modules move music new news next node nodes note notes notification notifications oauth object
objects offer onboarding open order orders org organization organizations orgs output page pages parse part parts payment payments pdf
people permission permissions photo photos ping pipeline pipelines plan plans play plugin plugins poll portal post posts prediction
predictions preferences prepare presign preview price private process product products profile profiles project projects prompt prompts
proxy public publish pull push put queries query question questions queue rate raw read realtime recent record records refresh register
release releases remote remove render repo report reports repos request requests reset resource resources response responses rest result
results resume retrieve retry review reviews role roles room rooms root rpc rss rule rules run runs sales save schedule schema script scripts
search secure segment segments select send sequence server service services session sessions set settings share shared sheet shop sign
signed signup site sites skill skills slide slides snapshot social socket source sources space spaces speech sse start state static stats
status stop storage store stream streaming studio style styles submit subscribe subscription subscriptions suggest suggestion suggestions
summaries summarize summary support svg sync system table tables tag tags target task tasks team teams template templates test text thread
threads thumbnail ticket tickets token tokens tool tools topic topics track train training transcribe transcript transcription
transcriptions transfer translate translation translations trigger tts type types undo update updates upload uploads url urls usage use
user users util utils validate vector vectors verify version versions video videos view views vision voice voices web webhook webhooks
website widget widgets wiki word words workflow workflows workspace workspaces write ws www xml zip
`
