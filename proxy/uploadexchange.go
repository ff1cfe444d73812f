package proxy

import (
	"net/http"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"daylight.internal/classifier"
	"daylight.internal/proxy/audit"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// carriedUpload is the upload whose bytes an exchange carries.
type carriedUpload struct {
	file  *file // nil when it carries none
	at    partPosition
	place taken // when taken is set
	taken bool
}

// findUpload ties a request to the call that opened the upload whose bytes it
// carries. Object stores know no users: the one who opened it is the one who sends.
func (x *exchange) findUpload(r *engine.Request) {
	f := x.judge.uploads.find(r)
	if f == nil {
		return
	}
	x.upload = carriedUpload{file: f, at: partPositionOf(r, f.Size)}
	r.Upload = &f.Upload
	if r.Client.User == "" {
		r.Client.User = f.opener.client.User
	}
}

// beginUpload answers a part of a file that was stopped before, or returns nil. It
// keeps the beginning of a call that may open an upload.
func (x *exchange) beginUpload(r *http.Request) *http.Response {
	if f := x.upload.file; f != nil {
		if stopped := f.keptBack(x.upload.at); stopped != nil {
			x.outcome.Verdict, x.outcome.Facts.Content = stopped.verdict, stopped.content
			x.outcome.Added = &rules.Content{Coverage: classifier.Coverage{Reason: "parts"}}
			return x.block(r)
		}
	}
	x.sampleRequest(r)
	return nil
}

// takePart settles which part of a file the bytes are.
func (x *exchange) takePart(data []byte, total int64) {
	u := &x.upload
	if u.file == nil || !u.at.parted || u.taken || len(data) == 0 || x.isCompressed() { // each part may be compressed by itself
		return
	}
	u.taken, u.place = true, u.file.take(u.at, data, total)
}

// joinUpload puts the part of a file behind what went before it. What is owned of
// the result is to be given back.
func (x *exchange) joinUpload(b *engine.Body) joined {
	f, at := x.upload.file, x.upload.at
	if f == nil || !at.parted || len(b.Bytes) == 0 {
		return joined{}
	}
	x.takePart(b.Bytes, b.Total)
	j := joined{bytes: b.Bytes, alone: true}
	if x.upload.taken {
		j = f.join(x.upload.place, b.Bytes)
	}
	if j.alone && b.Reason == "" {
		b.Reason = "parts"
	}
	b.Bytes, b.Total = j.bytes, b.Total+int64(j.before)
	b.Part = &engine.Part{Before: j.before, More: !at.last}
	return j
}

// bytesBefore is about how much will be judged together with the part of a file.
func (x *exchange) bytesBefore() int64 {
	if f := x.upload.file; f != nil && x.upload.at.parted {
		return f.keptBytes()
	}
	return 0
}

// partJudged takes note of the judgement of a part with what went before it.
func (x *exchange) partJudged(j *joined) {
	if j.bytes != nil {
		x.outcome.Added = x.upload.file.judged(j, &x.outcome)
	}
}

// endUpload is called once when the exchange has ended.
func (x *exchange) endUpload() {
	switch u := &x.upload; {
	case u.file == nil:
	case u.taken:
		u.file.done(u.at.last)
	case !u.at.parted && x.received.Load() > 0: // no question how much has come
		u.file.complete()
	}
}

// eventUpload is what the event tells of the upload; nil when there is none.
func (x *exchange) eventUpload() *audit.Upload {
	f := x.upload.file
	if f == nil {
		return nil
	}
	return &audit.Upload{OpenedBy: f.opener.event, Filename: fileWord(&f.Upload)}
}

// maxFileWord is how many characters of a file's name are told.
const maxFileWord = 120

// fileWord is the name of a file as people may be told it: of one that is or looks
// like data only the extension.
func fileWord(u *engine.Upload) string {
	name := u.Filename
	if name == "" || !u.Telling && !looksLikeValue(name) && utf8.RuneCountInString(name) <= maxFileWord {
		return name
	}
	extension := strings.ToLower(path.Ext(name))
	if len(extension) < 2 || len(extension) > 6 || strings.ContainsFunc(extension[1:], func(c rune) bool {
		return c > unicode.MaxASCII || !unicode.IsLower(c) && !unicode.IsDigit(c)
	}) {
		extension = ""
	}
	return "…" + extension
}

// awaitsUpload tells whether bytes of an upload may go to one of the names of a
// tunnel, so that it is to be opened although the catalogue does not know it.
func (j *Judge) awaitsUpload(s Snapshot, connectHost, sni string, port uint16) bool {
	now := j.now()
	for _, host := range []string{connectHost, sni} {
		if j.uploads.awaits(host, port, now) && s.MayOpen(host, port) {
			return true
		}
	}
	return false
}
