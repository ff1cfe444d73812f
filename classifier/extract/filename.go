package extract

import "bytes"

// longestEnding is the length of the longest ending of a file's name, such as "xlsx".
const longestEnding = 5

// fileName returns what of the name of a file is to be read: of one that ends in an
// address and the kind of the file, as in "ana@acme.example.txt", the address
// alone, for no domain ends so.
func fileName(name []byte) []byte {
	point := bytes.LastIndexByte(name, '.')
	host := bytes.LastIndexByte(name, '@')
	if host < 0 || point < host || len(name)-point-1 > longestEnding || bytes.IndexByte(name[host:point], '.') < 0 {
		return name
	}
	return name[:point]
}
