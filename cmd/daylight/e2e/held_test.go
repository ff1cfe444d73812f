package e2e_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
)

// uploadMarker stands in every block of every upload; on the disk it must not.
const uploadMarker = "kundenliste-herbst-2026"

// largeBody is a body that is made while it is read: a beginning, then blocks
// of which each one differs, then an end. It is of one kind by its number.
type largeBody struct {
	number    int
	mediaType string
	size      int64 // of all
	begin     string
	block     func(b *strings.Builder, upload, n int) // appends one block of some KiB
	end       string
}

// newLargeBody returns an upload of the kind that number says: CSV, JSON, a form with
// a file, or bytes that are no text. All but the last name customers.
func newLargeBody(number int, size int64) *largeBody {
	u := &largeBody{number: number, size: size}
	switch number % 4 {
	case 0:
		u.mediaType, u.begin, u.block = "text/csv", "id;name;e-mail;city;revenue;note\n", csvBlock
	case 1:
		u.mediaType, u.begin, u.block, u.end = "application/json", `{"customers":[`, jsonBlock, `{"id":0}]}`
	case 2:
		u.mediaType = "multipart/form-data; boundary=cut-here"
		u.begin = "--cut-here\r\nContent-Disposition: form-data; name=\"file\"; filename=\"list.csv\"\r\nContent-Type: text/csv\r\n\r\nid;name;e-mail;city;revenue;note\n"
		u.block, u.end = csvBlock, "\r\n--cut-here--\r\n"
	default:
		u.mediaType, u.begin, u.block = "application/octet-stream", "\x7fELF", binaryBlock
	}
	return u
}

func csvBlock(b *strings.Builder, upload, n int) {
	for row := range 100 {
		id := upload*1_000_000 + n*100 + row
		fmt.Fprintf(b, "%d;Ana Kovac %d;ana.kovac%d@customer.example;Graz;%d.90;%s\n", id, id, id, row, uploadMarker)
	}
}

func jsonBlock(b *strings.Builder, upload, n int) {
	for row := range 100 {
		id := upload*1_000_000 + n*100 + row
		fmt.Fprintf(b, `{"id":%d,"name":"Ana Kovac %d","email":"ana.kovac%d@customer.example","city":"Graz","note":"%s"},`, id, id, id, uploadMarker)
	}
}

func binaryBlock(b *strings.Builder, upload, n int) {
	bytes := make([]byte, 8<<10)
	rand.NewChaCha8([32]byte{byte(upload), byte(upload >> 8), byte(n), byte(n >> 8), byte(n >> 16)}).Read(bytes)
	b.Write(bytes)
	b.WriteString(uploadMarker)
}

// reader makes the body: always the same bytes.
func (u *largeBody) reader() io.Reader {
	blocks := &blockReader{upload: u}
	middle := u.size - int64(len(u.begin)+len(u.end))
	return io.MultiReader(strings.NewReader(u.begin), io.LimitReader(blocks, middle), strings.NewReader(u.end))
}

// blockReader gives blocks without end. Most of them repeat the first ones, so
// that making them costs less than what is measured; their numbers do not.
type blockReader struct {
	upload *largeBody
	n      int
	kept   []string
	rest   string
}

func (r *blockReader) Read(p []byte) (int, error) {
	const different = 16
	if r.rest == "" {
		if len(r.kept) < different {
			var b strings.Builder
			r.upload.block(&b, r.upload.number, r.n)
			r.kept = append(r.kept, b.String())
		}
		r.rest = r.kept[r.n*7%len(r.kept)]
		r.n++
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}
