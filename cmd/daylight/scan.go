package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"time"

	"daylight.internal/classifier"
	"daylight.internal/rules/strictyaml"
)

func scanCommand() command {
	return command{
		name: "scan", group: "Data", summary: "find customer data in files",
		usage: "scan [flags] [PATH...|-]",
		about: `Reads files, folders with everything in them, or standard input, exactly as the
proxy reads an upload, and prints what it finds; a saved body of a gRPC call or
message of a WebSocket is read as well. Values are masked: the output can be
shared. The configured policy adds its own detectors.

With --batch it reads JSON lines {"id": ..., "text": "..."} from standard input
and answers each with one line {"id": ..., "findings": [...]}, in the same order.

With --list it prints every detector, those of the policy included, as a table or,
with --format jsonl, with all their words, examples and sources.

Exit code 3 says that something was found, 0 that nothing was, 1 that something
could not be read.
`,
		examples: `  daylight scan crm.csv
  daylight scan --format jsonl exports/ | jq -r .detector | sort | uniq -c
  pbpaste | daylight scan -
  daylight scan --batch < prompts.jsonl
  daylight scan --list | grep ' DE '
`,
		setup: func(fs *flag.FlagSet) action {
			s := scanRun{config: addConfigFlags(fs)}
			fs.StringVar(&s.format, "format", "text", "output `FORMAT`: text, or jsonl with one line per finding")
			fs.BoolVar(&s.all, "all", false, "print every finding, not only one of each kind")
			fs.BoolVar(&s.listing, "list", false, "print the detectors with country, class, validator and an example, and read nothing")
			fs.BoolVar(&s.batch, "batch", false, "answer JSON lines on standard input")
			fs.IntVar(&s.workers, "workers", runtime.GOMAXPROCS(0), "texts of a batch that are scanned at once, at most `N`")
			fs.Func("max-size", "read at most `SIZE` of each file or line (default 64MiB)", func(text string) error {
				n, ok := strictyaml.ParseByteSize(text)
				if !ok || n == 0 || n > 1<<40 {
					return errors.New("write it as 512KiB or 64MiB")
				}
				s.maxSize = n
				return nil
			})
			return s.run
		},
	}
}

// storedFindings bounds the findings of one detector in one file that are
// printed; more are only counted. The proxy keeps fewer.
const storedFindings = 1 << 20

// scanRun is one call of the command.
type scanRun struct {
	config     *configFlags
	format     string
	all, batch bool
	listing    bool
	workers    int
	maxSize    int64

	env      *environment
	ink      ink
	scan     func(name string, data []byte) (classifier.Document, classifier.Result)
	totals   scanTotals
	progress *progress
}

type scanTotals struct {
	files, findings, unread int
	bytes                   int64
	failed                  bool
}

func (s *scanRun) run(ctx context.Context, env *environment, args []string) error {
	switch {
	case s.format != "text" && s.format != "jsonl":
		return unknownFormat(s.format, "text", "jsonl")
	case s.batch && len(args) > 0 && args[0] != "-":
		return usagef("--batch reads standard input, not %q", args[0])
	case s.listing && (s.batch || len(args) > 0):
		return usagef("--list reads nothing: leave out --batch and the paths")
	case !s.batch && !s.listing && len(args) == 0:
		return usagef("name files or folders, or - for standard input")
	case s.workers < 1:
		return usagef("--workers must be at least 1")
	}
	config, err := s.config.load()
	if err != nil {
		return err
	}
	config.Scanner.StoredFindings = storedFindings
	policy, err := loadPolicy(config, time.Now())
	if err != nil {
		return err
	}
	s.env, s.ink, s.scan, s.maxSize = env, inkFor(env.stdout), policy.snapshot.Scan, cmp.Or(s.maxSize, 64<<20)
	if s.listing {
		return s.list(policy.snapshot.Detectors())
	}
	if s.batch {
		return s.runBatch(ctx)
	}
	s.progress = progressFor(ctx, env.stderr, args, s.maxSize)
	defer s.progress.finish()
	for _, path := range args {
		if err := s.path(ctx, path); err != nil {
			return err
		}
	}
	s.progress.finish()
	return s.finish()
}

// finish prints the sum on standard error and chooses the exit code.
func (s *scanRun) finish() error {
	t := s.totals
	fmt.Fprintf(s.env.stderr, "%s in %s (%s)", plural(t.findings, "finding"), plural(t.files, "file"), byteSize(t.bytes))
	if t.unread > 0 {
		fmt.Fprintf(s.env.stderr, ", %s not read completely", plural(t.unread, "file"))
	}
	fmt.Fprintln(s.env.stderr)
	switch {
	case t.failed:
		return errors.New("not everything could be read")
	case t.findings > 0:
		return errFindings
	default:
		return nil
	}
}

// path scans one argument. Only an output that is gone, or an interrupt, ends the walk.
func (s *scanRun) path(ctx context.Context, path string) error {
	if path == "-" {
		return s.reader("-", s.env.stdin)
	}
	return walkFiles(ctx, path, func(name string, _ fs.DirEntry, err error) error {
		if err != nil {
			s.failure(name, err)
			return nil
		}
		return s.file(name)
	})
}

func (s *scanRun) file(name string) error {
	f, err := os.Open(name)
	if err != nil {
		s.failure(name, err)
		return nil
	}
	defer f.Close()
	return s.reader(name, f)
}

func (s *scanRun) failure(name string, err error) {
	s.totals.failed = true
	s.progress.hide()
	fmt.Fprintf(s.env.stderr, "daylight: %s: %v\n", name, fileReason(err))
}

func (s *scanRun) reader(name string, r io.Reader) error {
	data, err := readAtMost(r, s.maxSize+1)
	if err != nil {
		s.failure(name, err)
		return nil
	}
	cut := int64(len(data)) > s.maxSize
	if cut {
		data = data[:s.maxSize]
	}
	document, result := s.scan(name, data)
	s.progress.add(int64(len(data)))
	if len(result.Summaries) > 0 || document.Coverage.State != classifier.Complete || cut {
		s.progress.hide()
	}
	s.totals.files++
	s.totals.bytes += int64(len(data))
	for _, sum := range result.Summaries {
		s.totals.findings += sum.Count
	}
	if c := document.Coverage; c.State != classifier.Complete || cut {
		s.totals.unread++
		reason := c.State.String() + " (" + c.Reason + ")"
		if cut {
			reason = "only the first " + byteSize(s.maxSize) + " were read (--max-size)"
		}
		fmt.Fprintf(s.env.stderr, "daylight: %s: %s\n", name, reason)
	}
	if s.format == "jsonl" {
		return s.writeLines(name, &result)
	}
	return s.writeText(name, &result)
}

// foundLine is one finding as it is printed in JSON.
type foundLine struct {
	File       string  `json:"file,omitempty"` // not in a batch
	Detector   string  `json:"detector"`
	Class      string  `json:"class"`
	Start      int     `json:"start"`
	End        int     `json:"end"`
	Location   string  `json:"location"`
	Masked     string  `json:"masked"`
	Confidence float64 `json:"confidence"`
}

func lineOf(file string, f *classifier.Finding) foundLine {
	return foundLine{file, f.Detector, f.Class, f.Start, f.End, f.Location, f.Masked, f.Confidence}
}

func (s *scanRun) writeLines(name string, result *classifier.Result) error {
	e := json.NewEncoder(s.env.stdout)
	e.SetEscapeHTML(false)
	for i := range result.Findings {
		if err := e.Encode(lineOf(name, &result.Findings[i])); err != nil {
			return fmt.Errorf("writing the findings: %w", err)
		}
	}
	return nil
}
