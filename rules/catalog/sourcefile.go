package catalog

import "daylight.internal/rules/strictyaml"

// sourceFile is a file that was read.
type sourceFile struct {
	decoder *strictyaml.Decoder
	list    serviceList
}

// readFiles reads several files at once.
func readFiles(files []File) []sourceFile {
	return strictyaml.ReadAll(files, readFile, func(d *strictyaml.Decoder) sourceFile { return sourceFile{decoder: d} })
}

func readFile(f File) sourceFile {
	n, d := strictyaml.Parse(f.Name, f.Data)
	var content struct {
		Services serviceList `yaml:"services,required"`
	}
	content.Services.complete = true
	switch {
	case n != nil:
		d.Decode(n, &content)
	case len(d.Problems) == 0:
		d.ErrorAt(strictyaml.Position{File: f.Name, Line: 1, Column: 1}, 1, "it begins with `services:`", "the file is empty")
	}
	return sourceFile{d, content.Services}
}
