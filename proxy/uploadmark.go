package proxy

import (
	"net/url"
	"path"
	"strings"

	"daylight.internal/rules"
)

const (
	// maxAlike URLs with a mark in common are compared, the newest ones.
	maxAlike = 64
	// maxPlace is the length of the longest path that can be announced.
	maxPlace = 8 << 10
	// maxFolders around a file are looked at; Azure allows 254.
	maxFolders = 256
	// maxPermits of one request are looked at.
	maxPermits = 8
)

type hostPort struct {
	host string
	port uint16
}

// place is where requests go, whatever their query.
type place struct {
	hostPort
	path string
}

// placeOf makes one place of all spellings that lead there. With and without TLS
// is the same: an object store takes a signed URL either way.
func placeOf(host string, port uint16, p string) place {
	if port == 80 {
		port = 443
	}
	p = strings.ToLower(strings.TrimRight(path.Clean("/"+p), "/"))
	return place{hostPort{strings.ToLower(strings.TrimSuffix(host, ".")), port}, p}
}

// mark is by what the URL of a request may be known again.
type mark struct {
	place
	kind  markKind
	value string
}

type markKind uint8

const (
	permitMark  markKind = iota // value is a signature, or the unguessable name of an upload
	secretMark                  // the path is the permission
	userMark                    // value is who opened the upload
	addressMark                 // value is from where
)

// marks returns those of a URL, the strongest first.
func (at place) marks(query url.Values, secret bool, client rules.Client) []mark {
	var all []mark
	for _, permit := range permitsOf(query) {
		all = append(all, mark{at, permitMark, permit})
	}
	if secret {
		all = append(all, mark{at, secretMark, ""})
	}
	if client.User != "" {
		all = append(all, mark{at, userMark, client.User})
	}
	return append(all, mark{at, addressMark, client.Address.String()})
}

// permitsOf returns what nobody can guess of a query.
func permitsOf(query url.Values) []string {
	var all []string
	for name, values := range query {
		if !isSignature(name) && !isSession(name) {
			continue
		}
		for _, value := range values {
			if value != "" && len(all) < maxPermits {
				all = append(all, value)
			}
		}
	}
	return all
}

// isSignature tells whether a parameter signs the URL: Azure calls it sig.
func isSignature(name string) bool {
	name = strings.ToLower(name)
	return name == "sig" || strings.HasSuffix(name, "signature")
}

// isSession tells whether a parameter names one upload of many at the same path.
func isSession(name string) bool {
	name = strings.ToLower(name)
	return name == "upload_id" || name == "uploadid"
}

// isSecret tells whether a URL cannot be guessed: it is signed, or its path ends
// with a long name.
func isSecret(rawQuery, path string) bool {
	query, _ := url.ParseQuery(rawQuery)
	return len(permitsOf(query)) > 0 || hasLongName(path)
}

// isOwn tells whether a path is that of one upload alone: who signs, signs for one
// object, and a long name is that of one.
func isOwn(query url.Values, path string) bool {
	session := false
	for name := range query {
		if isSignature(name) {
			return true
		}
		session = session || isSession(name)
	}
	return !session && hasLongName(path)
}

func hasLongName(path string) bool { return len(path)-strings.LastIndexByte(path, '/') > 16 }
