package catalog

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"daylight.internal/classifier"
)

// The stages that a draft can begin in.
const (
	documentStage = classifier.StageDocument
	queryStage    = classifier.StageQuery
	formStage     = classifier.StageForm
	partStage     = classifier.StagePart
)

// draftBoundary parts a multipart body. Nothing that is tested holds it by chance.
const draftBoundary = "daylight-d4c1f0a98e2b47c6b1f3"

// maxDraftIndex bounds the lists that are made up.
const maxDraftIndex = 64

// multipart is a body of one part, which has a file when it has a filename.
func (d *Draft) multipart(name, filename, mediaType string, data []byte) {
	quote := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\r", " ", "\n", " ")
	var b bytes.Buffer
	fmt.Fprintf(&b, "--%s\r\nContent-Disposition: form-data; name=\"%s\"", draftBoundary, quote.Replace(name))
	if filename != "" {
		fmt.Fprintf(&b, "; filename=\"%s\"\r\nContent-Type: %s", quote.Replace(filename), mediaType)
	}
	b.WriteString("\r\n\r\n")
	b.Write(data)
	fmt.Fprintf(&b, "\r\n--%s--\r\n", draftBoundary)
	d.Body, d.Header["Content-Type"] = b.Bytes(), "multipart/form-data; boundary="+draftBoundary
}

// message is one of a WebSocket with the text at the place.
func (l *Locator) message(text []byte) ([]byte, error) {
	if l.Carrier == Protobuf {
		return l.protobuf(text), nil
	}
	var message []byte
	var err error
	if first := l.steps[0]; first.kind == stepAll {
		message = bytes.Clone(text)
		if len(l.Conditions) > 0 {
			message, err = l.document(text, l.Conditions)
		}
	} else {
		message, err = l.document(text, l.Conditions)
	}
	return append(message, l.Separator...), err
}

// document is JSON with the text at the place, and with the members of the
// conditions at the top.
func (l *Locator) document(text []byte, conditions []Condition) ([]byte, error) {
	if first := l.steps[0]; first.kind == stepAll {
		return marshal(withMembers(map[string]any{"text": string(text)}, conditions))
	}
	if l.steps[0].stage != documentStage {
		return nil, errNoDraft
	}
	value, err := l.nested(l.steps[1:], text)
	if err != nil {
		return nil, err
	}
	if len(conditions) > 0 {
		object, ok := value.(map[string]any)
		if !ok {
			return nil, errNoDraft
		}
		value = withMembers(object, conditions)
	}
	return marshal(value)
}

func withMembers(object map[string]any, members []Condition) map[string]any {
	for _, c := range members {
		object[c.Key] = literalValue(c.Value)
	}
	return object
}

// literalValue is the value of a condition: a number or a truth value where it looks like one.
func literalValue(text string) any {
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		return json.Number(text)
	}
	switch text {
	case "true", "false":
		return text == "true"
	}
	return text
}

// value is the text behind steps that are not in a document themselves, such as
// JSON in a field of a form.
func (l *Locator) value(steps []step, text []byte) (string, error) {
	value, err := l.nested(steps, text)
	if err != nil {
		return "", err
	}
	if s, ok := value.(string); ok {
		return s, nil
	}
	data, err := marshal(value)
	return string(data), err
}

// nested builds what stands at the first of the steps, with the text at the last.
func (l *Locator) nested(steps []step, text []byte) (any, error) {
	if len(steps) == 0 {
		return string(text), nil
	}
	s, rest := steps[0], steps[1:]
	switch s.kind {
	case stepAll:
		return string(text), nil
	case stepDescend:
		return l.nested(rest, text)
	case stepChild:
		value, err := l.nested(rest, text)
		return []any{value}, err
	case stepFilter:
		value, err := l.nested(rest, text)
		object, ok := value.(map[string]any)
		if err != nil || !ok {
			return nil, errNoDraft
		}
		return []any{withMembers(object, s.filter)}, nil
	}
	switch s.stage {
	case classifier.StageKey:
		value, err := l.nested(rest, text)
		return map[string]any{s.name: value}, err
	case classifier.StageIndex:
		return l.element(s.index, rest, text)
	case classifier.StageJSON:
		value, err := l.nested(rest, text)
		if err != nil {
			return nil, err
		}
		data, err := marshal(value)
		return string(data), err
	case classifier.StageBase64:
		return base64.StdEncoding.EncodeToString(text), nil
	}
	return nil, errNoDraft
}

// element is a list with the value at an index.
func (l *Locator) element(index int, rest []step, text []byte) (any, error) {
	if index > maxDraftIndex {
		return nil, errNoDraft
	}
	list := make([]any, index+1)
	var err error
	list[index], err = l.nested(rest, text)
	return list, err
}

// protobuf is a protocol buffer with the text in the field of the place, or in the first.
func (l *Locator) protobuf(text []byte) []byte {
	value := text
	numbers := []int{1}
	if l.steps[0].kind != stepAll {
		numbers = nil
		for _, s := range l.steps {
			numbers = append(numbers, s.index)
		}
	}
	for i := len(numbers) - 1; i >= 0; i-- {
		field := binary.AppendUvarint(nil, uint64(numbers[i])<<3|2) // length-delimited
		value = append(binary.AppendUvarint(field, uint64(len(value))), value...)
	}
	return value
}

// enveloped is one message of Connect or gRPC, not compressed.
func enveloped(message []byte) []byte {
	return append(binary.BigEndian.AppendUint32([]byte{0}, uint32(len(message))), message...)
}

func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("writing JSON: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
