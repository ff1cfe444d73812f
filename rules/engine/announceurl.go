package engine

import (
	"net/url"
	"slices"
	"strings"

	"daylight.internal/classifier"
)

// takesBytes tells whether a URL that a service gave out under a key is one to
// send bytes to. hasForm is set when the fields or headers of a request stand
// beside it.
func takesBytes(key, text string, hasForm bool) bool {
	key = normalKey(key)
	if isUploadKey(key) {
		return true
	}
	_, query, _ := strings.Cut(text, "?")
	query, _, _ = strings.Cut(query, "#")
	values, _ := url.ParseQuery(query)
	if isDownloadKey(key) || strings.Contains(key, "image") || strings.Contains(key, "avatar") || isForReading(values) {
		return false
	}
	return isSigned(values) || hasForm
}

// normalKey makes one word of "uploadUrl", "upload_url" and "upload-url".
func normalKey(key string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "", ".", "").Replace(key))
}

// isUploadKey knows the names under which services give out where to upload.
func isUploadKey(key string) bool {
	if strings.Contains(key, "uploaded") || isDownloadKey(key) {
		return false
	}
	return strings.Contains(key, "upload") && (strings.Contains(key, "ur") || strings.Contains(key, "link") || strings.Contains(key, "location") || strings.Contains(key, "endpoint")) ||
		strings.Contains(key, "presign") || strings.Contains(key, "signedpost") ||
		slices.Contains([]string{"signedurl", "signedurls", "signedputurl", "puturl", "posturl", "resumableurl", "resumableuri", "sessionuri", "formaction"}, key)
}

func isDownloadKey(key string) bool {
	return strings.Contains(key, "download") || strings.Contains(key, "thumbnail") || strings.Contains(key, "preview") ||
		strings.Contains(key, "signedget") ||
		strings.HasPrefix(key, "get") && !strings.Contains(key, "upload") && !strings.Contains(key, "presign") // getUploadUrl of GraphQL
}

// isSigned tells whether the parameters of a URL are a permission of its own.
// Sources: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html,
// https://cloud.google.com/storage/docs/authentication/signatures,
// https://learn.microsoft.com/rest/api/storageservices/create-service-sas, and the
// documentation of Alibaba OSS, Tencent COS and Volcengine TOS.
func isSigned(values url.Values) bool {
	for name := range values {
		switch strings.ToLower(name) {
		case "x-amz-signature", "x-goog-signature", "x-oss-signature", "x-tos-signature", "x-obs-signature", "x-bce-signature", "q-signature",
			"signature", "sig", "upload_id", "uploadid", "policy":
			return true
		}
	}
	return false
}

// isForReading tells whether the parameters of a signed URL allow no more than to read.
func isForReading(values url.Values) bool {
	if permissions := values.Get("sp"); permissions != "" && values.Has("sig") { // Azure
		return !strings.ContainsAny(permissions, "acw") // add, create, write
	}
	if operation := values.Get("x-id"); operation != "" { // the SDKs of AWS name the operation
		return strings.HasPrefix(operation, "Get") || strings.HasPrefix(operation, "Head")
	}
	for name := range values {
		if strings.HasPrefix(strings.ToLower(name), "response-content-") || strings.EqualFold(name, "x-oss-process") {
			return true
		}
	}
	return false
}

// formParents returns the objects that hold the fields or headers with which to
// make a request: a URL in the same object is where it goes.
func formParents(leaves []classifier.Segment) map[*classifier.Location]bool {
	forms := map[*classifier.Location]bool{}
	for i := range leaves {
		for l := leaves[i].Location.Parent; l != nil; l = l.Parent {
			if l.Stage == classifier.StageKey && slices.Contains([]string{"fields", "formfields", "formdata", "headers", "uploadheaders", "requestheaders", "form"}, normalKey(l.Name)) {
				forms[l.Parent] = true
			}
		}
	}
	delete(forms, nil)
	return forms
}
