package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestBatchKeepsTheOrderWhateverTheWorkersDo(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var questions strings.Builder
	const n = 2000
	for i := range n {
		mails := strings.Repeat("ana@example.com ", random.IntN(3)*random.IntN(200))
		fmt.Fprintf(&questions, "{\"id\":%d,\"text\":%q}\n", i, mails)
	}
	var stdout, stderr bytes.Buffer
	code := run(context.Background(), []string{"scan", "--batch", "--workers", "8"}, strings.NewReader(questions.String()), &stdout, &stderr)
	if code != exitFindings {
		t.Fatalf("exit code %d: %s", code, stderr.String())
	}
	answers := json.NewDecoder(&stdout)
	for i := range n {
		var answer struct{ ID int }
		if err := answers.Decode(&answer); err != nil || answer.ID != i {
			t.Fatalf("answer %d has id %d (%v)", i, answer.ID, err)
		}
	}
}

func TestBatchAnswersAProgramThatAsksLineByLine(t *testing.T) {
	ask, questions := io.Pipe()
	answers, reply := io.Pipe()
	done := make(chan int, 1)
	go func() {
		done <- run(context.Background(), []string{"scan", "--batch"}, ask, reply, io.Discard)
	}()
	lines := bufio.NewScanner(answers)
	for i := range 3 {
		if _, err := fmt.Fprintf(questions, "{\"id\":%d,\"text\":\"hello\"}\n", i); err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf(`{"id":%d,"findings":[]}`, i); !lines.Scan() || lines.Text() != want {
			t.Fatalf("answer %q, want %q", lines.Text(), want)
		}
	}
	_ = questions.Close()
	if code := <-done; code != exitFine {
		t.Errorf("exit code %d", code)
	}
}

func TestBatchEndsWhenNobodyReadsTheAnswers(t *testing.T) {
	answers, reply := io.Pipe()
	_ = answers.Close()
	questions := strings.Repeat("{\"id\":1,\"text\":\"hello\"}\n", 10_000)
	if code := run(context.Background(), []string{"scan", "--batch"}, strings.NewReader(questions), reply, io.Discard); code != exitFailed {
		t.Errorf("exit code %d, want %d", code, exitFailed)
	}
}

func TestScanPrintsEveryFindingOfALongList(t *testing.T) {
	var stdout bytes.Buffer
	const n = 3000 // more than the proxy keeps
	list := "email\n"
	for i := range n {
		list += fmt.Sprintf("customer%d@example.com\n", i)
	}
	run(context.Background(), []string{"scan", "--format", "jsonl", "-"}, strings.NewReader(list), &stdout, io.Discard)
	if got := strings.Count(stdout.String(), `"detector":"email"`); got != n {
		t.Errorf("%d lines, want %d", got, n)
	}
}

// FuzzReadLine holds readLine against bytes.Lines.
func FuzzReadLine(f *testing.F) {
	f.Add([]byte("a\n\nlonger than the limit of sixteen\nb"), 16)
	f.Add([]byte("\r\n\r\n"), 1)
	f.Fuzz(func(t *testing.T, data []byte, limit int) {
		limit = max(1, limit%100)
		r := bufio.NewReaderSize(bytes.NewReader(data), 16)
		for want := range bytes.Lines(data) {
			got, err := readLine(r, int64(limit))
			if len(want) > limit {
				if !errors.Is(err, errLongLine) {
					t.Fatalf("a line of %d bytes: %v", len(want), err)
				}
				continue
			}
			if err != nil || !bytes.Equal(got, bytes.TrimRight(want, "\r\n")) {
				t.Fatalf("got %q, want %q (%v)", got, want, err)
			}
		}
		if _, err := readLine(r, int64(limit)); !errors.Is(err, io.EOF) {
			t.Fatalf("at the end: %v", err)
		}
	})
}
