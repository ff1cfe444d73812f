package discovery

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"slices"
	"strings"

	"daylight.internal/rules/strictyaml"
)

// WeightsName is the name under which the embedded weights appear in problems.
const WeightsName = "weights.yaml"

//go:embed weights.yaml
var weights []byte

// Signal is one sign of AI, or of ordinary traffic, as weights.yaml has it.
type Signal struct {
	Word   Word
	Group  string
	Points int
	// Telling is true for a sign that hardly anything else has.
	Telling        bool
	Looks          string
	FalsePositives string
	Names          []string
}

type signalEntry struct {
	Word           strictyaml.Value[string] `yaml:"word,required"`
	Group          strictyaml.Value[string] `yaml:"group,required"`
	Points         strictyaml.Value[int]    `yaml:"points,required"`
	Telling        bool                     `yaml:"telling"`
	Looks          string                   `yaml:"looks,required"`
	FalsePositives string                   `yaml:"false_positives,required"`
	Names          []string                 `yaml:"names"`
}

type weightsFile struct {
	Thresholds struct {
		AI        int `yaml:"ai,required"`
		Suspected int `yaml:"suspected,required"`
	} `yaml:"thresholds,required"`
	Cadence struct {
		Pieces    int   `yaml:"pieces,required"`
		GapMS     []int `yaml:"gap_ms,required"`
		TextBytes []int `yaml:"text_bytes,required"`
	} `yaml:"cadence,required"`
	Signals []signalEntry `yaml:"signals,required"`
}

// cadence is what text looks like that a model writes: all in medians.
type cadence struct{ pieces, gapFrom, gapTo, textFrom, textTo int }

// New returns the Discovery of the embedded weights.
func New() (*Discovery, error) {
	d, problems := Load(WeightsName, weights)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return d, nil
}

// Load compiles a file of weights. It returns nil when the problems hold an error.
func Load(file string, data []byte) (*Discovery, strictyaml.Problems) {
	n, decoder := strictyaml.Parse(file, data)
	if n == nil {
		if len(decoder.Problems) == 0 {
			decoder.ErrorAt(strictyaml.Position{File: file, Line: 1, Column: 1}, 1, "", "the file is empty")
		}
		return nil, decoder.Problems
	}
	var f weightsFile
	decoder.Decode(n, &f)
	at := decoder.Position(n)
	if f.Thresholds.Suspected <= 0 || f.Thresholds.AI <= f.Thresholds.Suspected || f.Thresholds.AI > 100 {
		decoder.ErrorAt(at, 1, "", "thresholds must be 0 < suspected < ai <= 100")
	}
	if c := f.Cadence; c.Pieces < 2 || c.Pieces > maxPieces || !isRange(c.GapMS) || !isRange(c.TextBytes) {
		decoder.ErrorAt(at, 1, "", "cadence needs 2 to %d pieces, and gap_ms and text_bytes as [from, to]", maxPieces)
	}
	sum := sha256.Sum256(data)
	d := &Discovery{digest: hex.EncodeToString(sum[:]), ai: f.Thresholds.AI, suspected: f.Thresholds.Suspected, signals: readSignals(decoder, at, f.Signals)}
	if decoder.Problems.Err() != nil {
		return nil, decoder.Problems
	}
	c := f.Cadence
	d.cadence = cadence{c.Pieces, c.GapMS[0], c.GapMS[1], c.TextBytes[0], c.TextBytes[1]}
	d.compile()
	return d, decoder.Problems
}

func isRange(r []int) bool { return len(r) == 2 && r[0] >= 0 && r[0] < r[1] }

// readSignals returns the signals in the order of their words; each word has one.
func readSignals(d *strictyaml.Decoder, file strictyaml.Position, entries []signalEntry) [wordCount]Signal {
	var signals [wordCount]Signal
	names := wordNames()
	for _, e := range entries {
		i := slices.Index(names[:], e.Word.V)
		switch {
		case i < 0:
			d.ErrorAt(e.Word.At, e.Word.Length, strictyaml.DidYouMean(e.Word.V, names[:]), "%q is not a word", e.Word.V)
			continue
		case signals[i].Group != "":
			d.ErrorAt(e.Word.At, e.Word.Length, "", "%q has its points already", e.Word.V)
		case e.Points.V == 0 || e.Points.V < -100 || e.Points.V > 100:
			d.ErrorAt(e.Points.At, e.Points.Length, "", "points are between -100 and 100, and not 0")
		case e.Group.V == "":
			d.ErrorAt(e.Group.At, e.Group.Length, "", "the group is empty")
		}
		for _, name := range e.Names {
			if len(name) < 2 || name != strings.ToLower(name) {
				d.ErrorAt(e.Word.At, e.Word.Length, "", "%q has the name %q: names are in lower case and have two letters at least", e.Word.V, name)
			}
		}
		signals[i] = Signal{Word(i), e.Group.V, e.Points.V, e.Telling, e.Looks, e.FalsePositives, e.Names}
	}
	for i, s := range signals {
		if s.Group == "" {
			d.ErrorAt(file, 1, "", "the word %q has no points", names[i])
		}
	}
	return signals
}
