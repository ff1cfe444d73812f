package corpus

import (
	"bytes"
	"encoding/json"
)

// sampleBytes is how much of each kind and language of clean text a sample holds.
const sampleBytes = 8 << 10

// Sample returns files by name: one round of documents, some of each kind of clean
// text, and labels.jsonl with one line for each planted value.
func Sample(seed uint64) (map[string][]byte, error) {
	files := map[string][]byte{}
	var labels bytes.Buffer
	encoder := json.NewEncoder(&labels)
	number := 0
	for d := range Documents(seed, 1) {
		number++
		name := pad(number, 3) + "-" + d.Name
		files[name] = d.Text
		for _, l := range d.Labels {
			line := struct {
				File string `json:"file"`
				Label
				Value string `json:"value"`
			}{name, l, string(d.Text[l.Start:l.End])}
			if err := encoder.Encode(line); err != nil {
				return nil, err
			}
		}
	}
	for _, kind := range CleanKinds() {
		for _, language := range Languages() {
			files["clean-"+string(kind)+"-"+string(language)+".txt"] = Clean(kind, language, seed, sampleBytes)
		}
	}
	files["labels.jsonl"] = labels.Bytes()
	return files, nil
}
