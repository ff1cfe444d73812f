package proxy

import (
	"bytes"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// file is a file that is being uploaded, perhaps in several requests.
type file struct {
	engine.Upload
	opener  opener
	uploads *uploads

	urls      int         // that lead here; uploads.mu guards it
	forgotten atomic.Bool // by the registry

	mu sync.Mutex // may be held while uploads.mu is taken, not the other way round
	// beginning is what came of the file without a gap, as far as it is kept.
	beginning prefix
	end       int64            // where what came without a gap ends
	starts    map[string]int64 // of the parts that have a name in place of an offset
	lastPart  int              // number of the last part that followed the one before it
	era       int              // counts how often it began anew
	open      int              // parts that were taken and are not done
	ended     bool             // the last part has come
	told      *rules.Content   // of the longest beginning that was judged
	toldTo    int64
	// stopped is the verdict that keeps the rest of the file back; nil while there is none.
	stopped *stoppedFile
}

// stoppedFile is what a part was stopped for.
type stoppedFile struct {
	verdict rules.Verdict
	content *rules.Content
}

// maxNamedParts of one file are told apart; Azure allows five times more, of 4 GB each.
const maxNamedParts = 10000

// partPosition is where the bytes of one request stand in their file.
type partPosition struct {
	parted bool   // the request says that there are others
	start  int64  // of its bytes in the file; -1 when only the name tells
	name   string // of a part without an offset
	number int    // of a part, when names are numbers in order; 0 else
	last   bool
}

// partPositionOf reads where the bytes of a request stand.
// Sources: RFC 9110 section 14.4 (Content-Range), tus 1.0 (Upload-Offset), Google's
// clients (X-Goog-Upload-*), https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html,
// https://learn.microsoft.com/rest/api/storageservices/put-block.
func partPositionOf(r *engine.Request, size int64) partPosition {
	h := http.Header(r.Header)
	if unit, rest, ok := strings.Cut(h.Get("Content-Range"), " "); ok && strings.EqualFold(unit, "bytes") {
		span, total, _ := strings.Cut(rest, "/")
		first, last, _ := strings.Cut(span, "-")
		start, err := strconv.ParseInt(first, 10, 64)
		if err == nil && start >= 0 {
			end, _ := strconv.ParseInt(last, 10, 64)
			all, err := strconv.ParseInt(total, 10, 64)
			whole := err == nil && start == 0 && end+1 == all
			return partPosition{parted: !whole, start: start, last: err == nil && end+1 == all}
		}
	}
	if start, err := strconv.ParseInt(h.Get("X-Goog-Upload-Offset"), 10, 64); err == nil && start >= 0 {
		last := strings.Contains(strings.ToLower(h.Get("X-Goog-Upload-Command")), "finalize")
		return partPosition{parted: start > 0 || !last, start: start, last: last}
	}
	if start, err := strconv.ParseInt(h.Get("Upload-Offset"), 10, 64); err == nil && start >= 0 {
		last := size > 0 && r.Length >= 0 && start+r.Length >= size
		return partPosition{parted: start > 0 || !last, start: start, last: last}
	}
	query, _ := url.ParseQuery(r.Query)
	if number, err := strconv.Atoi(query.Get("partNumber")); err == nil && number > 0 {
		return partPosition{parted: true, start: -1, name: query.Get("partNumber"), number: number}
	}
	if block := query.Get("blockid"); block != "" && len(block) <= 128 {
		return partPosition{parted: true, start: -1, name: block}
	}
	return partPosition{}
}

// taken is a part whose place in its file is settled.
type taken struct {
	start int64 // -1 when what goes before it is not known
	era   int   // in which bytes it came; the file may have begun anew since
}

// take settles where a part stands, and keeps it for the next ones. Parts are taken
// in the order in which they come, judged perhaps in another. data is what was
// captured of the part, total its length. done is to be called when it was judged.
func (f *file) take(at partPosition, data []byte, total int64) taken {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.open++
	start := f.startOf(at)
	kept := int64(len(f.beginning.data))
	if start < 0 || start > kept || start > f.end {
		if start > kept && start <= f.end {
			f.uploads.hit("upload_part_bytes")
		}
		if start == f.end {
			f.end = start + total
		}
		return taken{start: -1}
	}
	f.restartIfOther(at, start, data)
	if start+total > f.end {
		f.extend(start, data, total)
	}
	return taken{start, f.era}
}

// joined is a part together with what went before it in its file.
type joined struct {
	bytes  []byte
	before int    // of bytes are from earlier requests
	owned  []byte // of memory, to give back; nil when bytes is the part itself
	// alone is set when what went before is not known: the part is judged by itself.
	alone bool
	to    int64 // the file is known from its beginning to here; 0 when alone
}

// join puts a part behind what went before it.
func (f *file) join(t taken, data []byte) joined {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case t.start == 0:
		return joined{bytes: data, to: int64(len(data))}
	case t.start < 0 || t.era != f.era || t.start > int64(len(f.beginning.data)):
		return joined{bytes: data, alone: true}
	}
	out := f.uploads.windows.get(t.start + int64(len(data)))
	out = append(append(out, f.beginning.data[:t.start]...), data...)
	return joined{bytes: out, owned: out, before: int(t.start), to: int64(len(out))}
}

// startOf returns where a part begins, -1 when that is not known. Parts with names
// follow each other in the order of their numbers, or in that in which they come.
func (f *file) startOf(at partPosition) int64 {
	if at.name == "" {
		return at.start
	}
	if start, again := f.starts[at.name]; again {
		return start
	}
	if at.number > 0 && at.number != f.lastPart+1 || len(f.starts) >= maxNamedParts {
		return -1
	}
	if f.starts == nil {
		f.starts = map[string]int64{}
	}
	f.starts[at.name] = f.end
	f.lastPart = at.number
	return f.end
}

// restartIfOther forgets what stood from start on when other bytes come there: a
// client sends a part again as it was, or it begins anew.
func (f *file) restartIfOther(at partPosition, start int64, data []byte) {
	known := f.beginning.data[start:]
	n := min(len(known), len(data))
	if f.stopped == nil && bytes.Equal(known[:n], data[:n]) {
		return
	}
	f.beginning.data = f.beginning.data[:start]
	f.beginning.reason = ""
	if start < f.end || f.stopped != nil {
		f.era++
	}
	f.end, f.told, f.toldTo, f.stopped, f.ended = start, nil, 0, nil, false
	maps.DeleteFunc(f.starts, func(name string, s int64) bool { return s >= start && name != at.name })
	f.lastPart = at.number
}

// extend keeps the new bytes of a part.
func (f *file) extend(start int64, data []byte, total int64) {
	before := int64(cap(f.beginning.data))
	if skip := f.end - start; skip < int64(len(data)) && int64(len(f.beginning.data)) == f.end {
		f.beginning.write(data[skip:])
	}
	f.end = start + total
	if f.beginning.reason == "busy" {
		f.uploads.hit("upload_memory")
		f.beginning.reason = "over_limit" // a later part would leave a gap
	}
	f.uploads.grew(f, int64(cap(f.beginning.data))-before)
}

// judged takes note of what was found in a part with what went before, and returns
// what the part added. A part that was stopped has not been sent: the file ends
// before it, and what follows is stopped too.
func (f *file) judged(j *joined, o *engine.Outcome) *rules.Content {
	f.mu.Lock()
	defer f.mu.Unlock()
	content := o.Facts.Content
	if o.Verdict.Stops() {
		f.stopped = &stoppedFile{o.Verdict, content}
	}
	added := content
	if !j.alone {
		added = engine.Added(content, f.told)
		if j.to > f.toldTo {
			f.told, f.toldTo = content, j.to
		}
	}
	return added
}

// keptBack returns for what a part is stopped before it is read; nil when it is not.
// The first part of a file is always read: the client begins anew.
func (f *file) keptBack(at partPosition) *stoppedFile {
	f.mu.Lock()
	defer f.mu.Unlock()
	start, known := at.start, true
	if at.name != "" {
		start, known = f.starts[at.name]
	}
	if !at.parted || known && start == 0 {
		return nil
	}
	return f.stopped
}

func (f *file) keptBytes() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return int64(len(f.beginning.data))
}

// done is told that a part that was taken needs the beginning no more. When no part
// does, and none will come, the memory is given back.
func (f *file) done(last bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.open--
	f.ended = f.ended || last
	if f.open == 0 && (f.ended || f.stopped != nil || f.forgotten.Load()) {
		f.release()
	}
}

// complete is told that all parts have come.
func (f *file) complete() {
	f.mu.Lock()
	f.open++
	f.mu.Unlock()
	f.done(true)
}

// release gives the memory of the beginning back; f.mu is held.
func (f *file) release() {
	if freed := f.drop(); freed > 0 {
		f.uploads.grew(f, -freed)
	}
}

// drop is release without the books of the registry.
func (f *file) drop() (freed int64) {
	freed = int64(cap(f.beginning.data))
	f.beginning.release()
	return freed
}
