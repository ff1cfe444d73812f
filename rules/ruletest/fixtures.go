package ruletest

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"sync"

	"daylight.internal/rules/policyfile"
	"daylight.internal/rules/recording"
	"daylight.internal/rules/strictyaml"
)

// cachedBytes of fixtures at most are kept for the next test that names them.
const cachedBytes = 256 << 20

// fixtures are the files that tests name. Each is read once.
type fixtures struct {
	files   fs.FS
	inspect int64 // bytes that are read of a body

	mu    sync.Mutex
	known map[fixtureKey]*fixture
	kept  int64
}

// fixtureKey is a file and how much of it is wanted.
type fixtureKey struct {
	name  string
	limit int64
}

// fixture is the beginning of a file.
type fixture struct {
	once  sync.Once
	name  string // in messages
	data  []byte
	total int64
	err   error

	parsed     sync.Once // into exchanges, when it is a recording
	exchanges  []recording.Exchange
	parseError error
}

func newFixtures(files fs.FS, inspect int64) *fixtures {
	return &fixtures{files: files, inspect: inspect, known: map[fixtureKey]*fixture{}}
}

// open returns the file that a test names, as much of it as limit says.
func (f *fixtures) open(at policyfile.Place, limit int64) (*fixture, *strictyaml.Problem) {
	name := path.Join(folder(at.At.File), at.V)
	key := fixtureKey{name, limit}
	f.mu.Lock()
	x, found := f.known[key]
	if !found {
		x = &fixture{name: name}
		if f.kept < cachedBytes {
			f.known[key] = x
		}
	}
	f.mu.Unlock()
	x.once.Do(func() {
		x.data, x.total, x.err = f.read(name, limit)
		f.mu.Lock()
		f.kept += int64(len(x.data))
		f.mu.Unlock()
	})
	if x.err != nil {
		return nil, problem(at, "names of files are relative to the file of the test", "the fixture %s cannot be read: %v", name, reasonOf(x.err))
	}
	return x, nil
}

// read returns at most limit bytes of a file, and how many it has.
func (f *fixtures) read(name string, limit int64) (data []byte, total int64, err error) {
	defer func() {
		if recover() != nil { // or who comes next would take it for empty
			err = errors.New("reading it failed: this is a fault of the program")
		}
	}()
	if f.files == nil {
		return nil, 0, fs.ErrNotExist
	}
	file, err := f.files.Open(name)
	if err != nil {
		return nil, 0, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, 0, err
	}
	if !info.Mode().IsRegular() {
		return nil, 0, errors.New("it is no regular file")
	}
	data, err = io.ReadAll(io.LimitReader(file, limit))
	return data, max(info.Size(), int64(len(data))), err
}

// recording parses the file once.
func (x *fixture) recording(parse func(name string, data []byte) ([]recording.Exchange, error)) ([]recording.Exchange, error) {
	x.parsed.Do(func() {
		defer func() {
			if recover() != nil {
				x.parseError = errors.New("reading the recording failed: this is a fault of the program")
			}
		}()
		x.exchanges, x.parseError = parse(x.name, x.data)
	})
	return x.exchanges, x.parseError
}

// folder is that of a file, with slashes.
func folder(file string) string { return path.Dir(strings.ReplaceAll(file, `\`, "/")) }

// reasonOf leaves out the name of the file, which the message has already.
func reasonOf(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

func problem(at policyfile.Place, hint, format string, args ...any) *strictyaml.Problem {
	return &strictyaml.Problem{Position: at.At, Length: max(1, at.Length), Hint: hint, Message: fmt.Sprintf(format, args...)}
}
