package proxy

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// head is a request with a query and pairs of names and values as its header.
func uploadHead(length int64, query string, header ...string) *engine.Request {
	h := http.Header{}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &engine.Request{Method: "PUT", Query: query, Header: h, Length: length}
}

func TestARequestSaysWhichPartOfTheFileItCarries(t *testing.T) {
	for _, c := range []struct {
		name string
		r    *engine.Request
		size int64
		want partPosition
	}{
		{"nothing is said", uploadHead(10, ""), 0, partPosition{}},
		{"Content-Range, the first", uploadHead(10, "", "Content-Range", "bytes 0-9/30"), 0, partPosition{parted: true}},
		{"Content-Range, of unknown size", uploadHead(10, "", "Content-Range", "bytes 10-19/*"), 0, partPosition{parted: true, start: 10}},
		{"Content-Range, the last", uploadHead(10, "", "Content-Range", "bytes 20-29/30"), 0, partPosition{parted: true, start: 20, last: true}},
		{"Content-Range, all of it", uploadHead(30, "", "Content-Range", "bytes 0-29/30"), 0, partPosition{last: true}},
		{"Content-Range, a question", uploadHead(0, "", "Content-Range", "bytes */30"), 0, partPosition{}},
		{"Content-Range, nonsense", uploadHead(10, "", "Content-Range", "bytes -5-x/30"), 0, partPosition{}},
		{"Google, the first", uploadHead(10, "", "X-Goog-Upload-Offset", "0", "X-Goog-Upload-Command", "upload"), 0, partPosition{parted: true}},
		{"Google, the last", uploadHead(10, "", "X-Goog-Upload-Offset", "20", "X-Goog-Upload-Command", "upload, finalize"), 0, partPosition{parted: true, start: 20, last: true}},
		{"Google, all of it", uploadHead(10, "", "X-Goog-Upload-Offset", "0", "X-Goog-Upload-Command", "upload, finalize"), 0, partPosition{last: true}},
		{"tus, the first", uploadHead(10, "", "Upload-Offset", "0"), 30, partPosition{parted: true}},
		{"tus, the last", uploadHead(10, "", "Upload-Offset", "20"), 30, partPosition{parted: true, start: 20, last: true}},
		{"tus, all of it", uploadHead(30, "", "Upload-Offset", "0"), 30, partPosition{last: true}},
		{"tus, of unknown size", uploadHead(10, "", "Upload-Offset", "20"), 0, partPosition{parted: true, start: 20}},
		{"S3", uploadHead(10, "partNumber=2&uploadId=x"), 0, partPosition{parted: true, start: -1, name: "2", number: 2}},
		{"S3, nonsense", uploadHead(10, "partNumber=-1&uploadId=x"), 0, partPosition{}},
		{"Azure", uploadHead(10, "comp=block&blockid=QQ%3D%3D"), 0, partPosition{parted: true, start: -1, name: "QQ=="}},
	} {
		if got := partPositionOf(c.r, c.size); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func FuzzPartPosition(f *testing.F) {
	f.Add("bytes 0-9/30", "0", "0", "partNumber=1")
	f.Add("bytes 99999999999999999999-1/2", "-1", "x", "blockid=%zz")
	f.Fuzz(func(t *testing.T, contentRange, google, tus, query string) {
		r := uploadHead(10, query)
		http.Header(r.Header)["Content-Range"], http.Header(r.Header)["X-Goog-Upload-Offset"], http.Header(r.Header)["Upload-Offset"] = []string{contentRange}, []string{google}, []string{tus}
		if p := partPositionOf(r, 30); p.start < -1 || p.start == -1 && p.name == "" || len(p.name) > 128 && p.number == 0 {
			t.Errorf("%+v", p)
		}
	})
}

func TestANameOfAFileIsToldOnlyWhenItIsHarmless(t *testing.T) {
	for name, want := range map[string]string{
		"":                                   "",
		"crm-export.csv":                     "crm-export.csv",
		"Kundenliste Q3.xlsx":                "Kundenliste Q3.xlsx",
		"客户名单.csv":                           "客户名单.csv",
		"ana@customers.example.csv":          "….csv",
		"+49 170 1234567.PDF":                "….pdf",
		"2026-11-22 orders.csv":              "….csv",
		strings.Repeat("long ", 30) + ".csv": "….csv",
		"4111111111111111":                   "…",
		"ana@customers.example":              "…",
	} {
		if got := fileWord(&engine.Upload{Filename: name}); got != want {
			t.Errorf("%q is told as %q, want %q", name, got, want)
		}
	}
	if got := fileWord(&engine.Upload{Filename: "Ana Kovac.csv", Telling: true}); got != "….csv" {
		t.Errorf("a name in which something was found is told as %q", got)
	}
}

// testUploads is a registry with little memory, and what it hit.
func testUploads(t *testing.T, limits Limits) (*uploads, *memory, *counting) {
	t.Helper()
	limits = limits.WithDefaults()
	m, hits := &memory{limit: limits.InspectMemoryBytes}, &counting{}
	return newUploads(&limits, m, &memory{limit: 1 << 62}, hits.LimitHit), m, hits
}

func announcement(path, query string) []engine.Announcement {
	return []engine.Announcement{{Upload: engine.Upload{Service: "chatgpt", Filename: "crm.csv"}, Host: "blob.example", Port: 443, Path: path, Query: query}}
}

func anna() opener {
	return opener{client: rules.Client{User: "anna", Address: netip.MustParseAddr("10.0.0.1")}, event: "e1"}
}

func request(method, path, query string, client rules.Client, at time.Time) *engine.Request {
	return &engine.Request{Time: at, Method: method, Path: path, Query: query, Client: client, Destination: rules.Destination{Host: "blob.example", Port: 443}, Length: 1}
}

func TestARequestIsTiedToTheUploadThatWasAnnounced(t *testing.T) {
	now := time.Now()
	u, _, _ := testUploads(t, Limits{})
	u.add(announcement("/f/crm", "sp=cw&sig=ab"), anna(), now)
	u.add(announcement("/form", ""), anna(), now)
	u.add(announcement("/o", "uploadType=resumable&upload_id=AB"), anna(), now)
	same, other := anna().client, rules.Client{User: "ben", Address: netip.MustParseAddr("10.0.0.2")}
	nobody := rules.Client{Address: netip.MustParseAddr("10.0.0.1")}
	for _, c := range []struct {
		name string
		r    *engine.Request
		want bool
	}{
		{"as announced", request("PUT", "/f/crm", "sp=cw&sig=ab", same, now), true},
		{"with more in the query, in another order", request("PUT", "/f/crm", "comp=block&sig=ab&blockid=x&sp=cw", same, now), true},
		{"by somebody else who was given the permission", request("PUT", "/f/crm", "sp=cw&sig=ab", other, now), true},
		{"with a new permission", request("PUT", "/f/crm", "sp=cw&sig=xy", same, now), true},
		{"with a permission of somebody else", request("PUT", "/f/crm", "sp=cw&sig=xy", other, now), false},
		{"a permission for the folder", request("PUT", "/f/crm/a.csv", "sp=cw&sig=ab", same, now), true},
		{"the permission in a header", request("PUT", "/f/crm", "", same, now), true},
		{"the permission in a header of somebody else", request("PUT", "/f/crm", "", other, now), false},
		{"another path", request("PUT", "/f/crm2", "sp=cw&sig=ab", same, now), false},
		{"to read it", request("GET", "/f/crm", "sp=cw&sig=ab", same, now), false},
		{"a form", request("POST", "/form", "", same, now), true},
		{"a form, not signed in at that host", request("POST", "/form", "", nobody, now), true},
		{"a form of somebody else", request("POST", "/form", "", other, now), false},
		{"below a form", request("POST", "/form/x", "", same, now), false},
		{"a session", request("PUT", "/o", "uploadType=resumable&upload_id=AB", other, now), true},
		{"a new session at the same place", request("POST", "/o", "uploadType=resumable", same, now), false},
		{"in an hour", request("PUT", "/f/crm", "sp=cw&sig=ab", same, now.Add(time.Hour)), false},
	} {
		if got := u.find(c.r) != nil; got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// judgePart sees a part through in which nothing is found.
func judgePart(f *file, start int64, data string) joined {
	place := f.take(partPosition{parted: true, start: start}, []byte(data), int64(len(data)))
	j := f.join(place, []byte(data))
	f.judged(&j, &engine.Outcome{Verdict: rules.Verdict{Action: rules.Log}})
	f.done(false)
	return j
}

// Parts are judged by several workers, in no certain order.
func TestPartsMayBeJudgedInAnotherOrderThanTheyCame(t *testing.T) {
	now := time.Now()
	u, m, _ := testUploads(t, Limits{})
	u.add(announcement("/f", "sig=a"), anna(), now)
	f := u.find(request("PUT", "/f", "sig=a", anna().client, now))
	first := f.take(partPosition{parted: true}, []byte("aaaa"), 4)
	second := f.take(partPosition{parted: true, start: 4}, []byte("bbbb"), 4)
	last := f.take(partPosition{parted: true, start: 8, last: true}, []byte("cc"), 2)
	for _, step := range []struct {
		place      taken
		data, want string
		last       bool
	}{{last, "cc", "aaaabbbbcc", true}, {first, "aaaa", "aaaa", false}, {second, "bbbb", "aaaabbbb", false}} {
		if m.used.Load() == 0 {
			t.Error("the beginning was given up while a part needs it")
		}
		j := f.join(step.place, []byte(step.data))
		f.judged(&j, &engine.Outcome{Verdict: rules.Verdict{Action: rules.Log}})
		f.done(step.last)
		if string(j.bytes) != step.want || j.alone {
			t.Errorf("%q, alone %v, want %q", j.bytes, j.alone, step.want)
		}
	}
	if m.used.Load() != 0 {
		t.Errorf("%d bytes were not given back", m.used.Load())
	}
}

func TestTheBeginningsOfFilesAreBounded(t *testing.T) {
	now := time.Now()
	u, m, hits := testUploads(t, Limits{UploadPartBytes: 16 << 10, InspectMemoryBytes: 256 << 10}) // 64 KiB for all
	part := []byte(strings.Repeat("x", 16<<10))
	first := (*file)(nil)
	for i := range 10 {
		path := fmt.Sprintf("/f%d", i)
		u.add(announcement(path, "sig=a"), anna(), now)
		f := u.find(request("PUT", path, "sig=a", anna().client, now))
		judgePart(f, 0, string(part))
		if first == nil {
			first = f
		}
	}
	if used := m.used.Load(); used > 64<<10 || used != u.kept {
		t.Errorf("%d bytes are kept, the books say %d", used, u.kept)
	}
	if hits.get("limit upload_memory") != 6 {
		t.Errorf("the limit bit %d times", hits.get("limit upload_memory"))
	}
	if j := judgePart(first, 16<<10, string(part)); !j.alone {
		t.Error("a part is joined with what was given up")
	}
	u.mu.Lock()
	u.expire(now.Add(2 * time.Hour))
	u.mu.Unlock()
	if m.used.Load() != 0 || u.kept != 0 || u.count.Load() != 0 {
		t.Errorf("%d bytes in use, %d in the books, %d uploads", m.used.Load(), u.kept, u.count.Load())
	}
}

// The address may be forgotten while a part is being judged.
func TestAFileThatWasForgottenGivesItsMemoryBack(t *testing.T) {
	now := time.Now()
	u, m, _ := testUploads(t, Limits{})
	u.add(announcement("/f", "sig=a"), anna(), now)
	f := u.find(request("PUT", "/f", "sig=a", anna().client, now))
	f.mu.Lock()
	u.mu.Lock()
	u.expire(now.Add(2 * time.Hour))
	u.mu.Unlock()
	f.mu.Unlock()
	judgePart(f, 0, "some text")
	if m.used.Load() != 0 || u.kept != 0 {
		t.Errorf("%d bytes in use, %d in the books", m.used.Load(), u.kept)
	}
}

func TestOtherBytesAtTheSamePlaceBeginAnew(t *testing.T) {
	now := time.Now()
	u, _, _ := testUploads(t, Limits{})
	u.add(announcement("/f", "sig=a"), anna(), now)
	f := u.find(request("PUT", "/f", "sig=a", anna().client, now))
	for _, step := range []struct {
		start  int64
		data   string
		want   string
		before int
	}{
		{0, "aaaa", "aaaa", 0},
		{4, "bbbb", "aaaabbbb", 4},
		{4, "bbbb", "aaaabbbb", 4},   // again
		{4, "cc", "aaaacc", 4},       // another second part
		{6, "dddd", "aaaaccdddd", 6}, // goes on behind that
		{2, "aacc", "aaaacc", 2},     // overlaps
		{0, "x", "x", 0},             // another file
		{1, "y", "xy", 1},
	} {
		j := judgePart(f, step.start, step.data)
		if string(j.bytes) != step.want || j.before != step.before || j.alone {
			t.Errorf("%q at %d: %q, %d before, alone %v", step.data, step.start, j.bytes, j.before, j.alone)
		}
	}
}

func BenchmarkFindAmongManyUploads(b *testing.B) {
	now := time.Now()
	limits := Limits{}.WithDefaults()
	u := newUploads(&limits, &memory{limit: 1 << 30}, &memory{limit: 1 << 30}, func(string) {})
	for i := range 10000 {
		u.add(announcement(fmt.Sprintf("/f%d", i), "sig=a"), anna(), now)
	}
	r := request("POST", "/v1/chat/completions", "", anna().client, now)
	b.ReportAllocs()
	for b.Loop() {
		u.find(r)
	}
}
