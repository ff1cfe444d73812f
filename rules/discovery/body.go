package discovery

import "bytes"

// body reads the beginning of a request body into a shape, whatever it is called:
// JSON is also sent as text, and forms as JSON.
func (d *Discovery) body(s *shape, r *Request) {
	b := bytes.TrimPrefix(r.Body, []byte("\ufeff"))
	b = bytes.TrimLeft(b, " \t\r\n")
	switch {
	case len(b) == 0:
	case isEnvelope(b):
		d.envelopes(s, b)
	case bytes.HasPrefix(b, []byte("--")):
		d.multipart(s, b)
	case b[0] == '{' || b[0] == '[' || b[0] == '"':
		d.json(s, b)
	case isForm(r.MediaType, b):
		d.form(s, b)
	}
}

// isEnvelope tells a message of Connect or gRPC that holds JSON: a byte of flags
// and four of length stand before it.
func isEnvelope(b []byte) bool {
	return len(b) > 5 && b[0] <= 3 && b[1] == 0 && b[5] == '{'
}

// envelopes reads every message that is JSON.
func (d *Discovery) envelopes(s *shape, b []byte) {
	for len(b) > 5 {
		n := int(b[1])<<24 | int(b[2])<<16 | int(b[3])<<8 | int(b[4])
		b = b[5:]
		n = min(max(n, 0), len(b))
		if n == 0 || b[0] != '{' {
			return
		}
		d.json(s, b[:n])
		b = b[n:]
	}
}

func isForm(mediaType string, b []byte) bool {
	if mediaType != "" {
		return mediaType == "application/x-www-form-urlencoded"
	}
	equals := bytes.IndexByte(b, '=')
	return equals > 0 && equals < 64 && !bytes.ContainsAny(b[:equals], " <>{\n")
}

// form reads the fields of a form; values that are JSON are read as such.
func (d *Discovery) form(s *shape, b []byte) {
	buffer := d.scratch()
	defer d.buffers.Put(buffer)
	b = b[:min(len(b), maxPeek)]
	for fields := 0; len(b) > 0 && fields < maxValues; fields++ {
		field, rest, _ := bytes.Cut(b, []byte("&"))
		name, value, _ := bytes.Cut(field, []byte("="))
		k := keyOf(buffer[:unquote(buffer[:], name)])
		d.field(s, k, buffer[:unquote(buffer[:], value)])
		b = rest
	}
}

// unquote undoes the quoting of forms as far as there is room, and tells how many
// bytes it wrote.
func unquote(out, text []byte) (n int) {
	for i := 0; i < len(text) && n < len(out); i++ {
		c := text[i]
		if c == '+' {
			c = ' '
		} else if c == '%' && i+2 < len(text) {
			if high, low := fromHex(text[i+1]), fromHex(text[i+2]); high >= 0 && low >= 0 {
				c = byte(high<<4 | low)
				i += 2
			}
		}
		out[n] = c
		n++
	}
	return n
}

func fromHex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	default:
		return -1
	}
}

// field reads one field of a form, or one part, as a member at the top.
func (d *Discovery) field(s *shape, k key, value []byte) {
	s.seen.add(k)
	s.top.add(k)
	r := jsonReader{kind: kindString, key: k, value: value}
	if len(value) > 1 && (value[0] == '{' || value[0] == '[') {
		below := *s
		below.top = keySet{}
		d.json(&below, value)
		below.top = s.top
		if k == keyVariables && (below.found&weakPrompt != 0 || below.text > s.text) {
			below.found |= variablesText
		}
		*s = below
		return
	}
	d.leaf(s, &r)
}

// multipart reads the names of the parts, and the values of small ones.
func (d *Discovery) multipart(s *shape, b []byte) {
	eachPart(b, func(head, value []byte) { d.part(s, head, value) })
}

// eachPart goes through the parts of a form, as far as they are there.
func eachPart(b []byte, part func(head, value []byte)) {
	const maxParts = 64
	line, rest, ok := bytes.Cut(b[:min(len(b), maxReach)], []byte("\n"))
	boundary := bytes.TrimRight(line, "\r")
	if !ok || len(boundary) < 3 || len(boundary) > 80 {
		return
	}
	for range maxParts {
		head, content, ok := bytes.Cut(rest, []byte("\r\n\r\n"))
		if !ok {
			head, content = rest, nil
		}
		value, more, _ := bytes.Cut(content, boundary)
		part(head, bytes.TrimRight(value, "\r\n"))
		if len(more) == 0 || more[0] == '-' {
			return
		}
		rest = more
	}
}

// part reads one part of a form by its head and its content.
func (d *Discovery) part(s *shape, head, value []byte) {
	name := parameter(head, []byte(` name="`))
	k := keyOf(name)
	if parameter(head, []byte(`filename="`)) != nil {
		s.found |= filePart
		s.seen.add(k)
		s.top.add(k)
		return
	}
	if k == keyPurpose && d.names.purposes[string(value)] {
		s.found |= purposeAI
	}
	d.field(s, k, value[:min(len(value), maxPeek)])
}

// parameter returns what stands between a beginning and the next quote; nil when
// there is none.
func parameter(head, begin []byte) []byte {
	_, rest, ok := bytes.Cut(head, begin)
	if !ok {
		return nil
	}
	value, _, _ := bytes.Cut(rest, []byte(`"`))
	return value
}

// request is what the shape of a request body says.
func (s *shape) request(r *Request) Words {
	words := s.words | s.bodyWord() | s.settingWords()
	if s.is(conversationID) && s.text > 80 {
		words = words.With(ConversationText)
	}
	if s.text > 50<<10 {
		words = words.With(LongPaste)
	}
	words |= s.ordinaryWords()
	if s.text > 80 && isExtension(r.Header["Origin"]) {
		words = words.With(ExtensionOrigin)
	}
	return words
}

// ordinaryWords are the signs of ordinary traffic. Beside a prompt they do not count:
// a member more than a service asks for would hide every prompt to it.
func (s *shape) ordinaryWords() (words Words) {
	if s.top.any(keyModel, keyMessages, keyContents, keyPrompt, keyInput, keyInputs) {
		return 0
	}
	if s.seen.any(keyPassword, keyGrant) {
		words = words.With(SignIn)
	}
	if s.top.has(keyResourceSpans) || s.top.has(keyEvents) && s.items > 0 && s.seen.has(keyTimestamp) {
		words = words.With(Telemetry)
	}
	if s.is(opsList) && s.seen.has(keyRevision) {
		words = words.With(Collaboration)
	}
	return words
}

// bodyWord is the shape of the body: the first that fits, the stronger before the
// weaker.
func (s *shape) bodyWord() Words {
	chat := s.is(rolesKnown|messageContent) && !s.is(rolesOther)
	model := s.seen.has(keyModel)
	settings := s.seen.any(keySampling, keyTemperature, keyStream, keyCount, keyStop)
	prompted := s.seen.any(keyPrompt, keyInput)
	for _, c := range [...]struct {
		fits bool
		word Word
	}{
		{chat && model, ChatBody},
		{chat, MessagesBody},
		{s.is(partsText) && (s.is(contentsRole) || s.seen.has(keyGenerationConfig)), ContentsBody},
		{s.is(jsonRPC | mcpMethod), MCPBody},
		{s.is(jsonRPC|initialize) && s.seen.has(keyClientInfo) && s.seen.has(keyProtocolVersion), MCPBody},
		{s.is(purposeAI) && s.top.has(keyFile), PurposeUpload},
		{s.is(taggedModel|promptText) || s.seen.has(keyPredict) && s.top.has(keyPrompt), LocalModelBody},
		{s.top.has(keyModel) && prompted && settings, CompletionBody},
		{s.top.has(keyModel) && s.top.has(keyFile) && s.is(filePart), ModelUpload},
		{s.is(promptText), PromptText},
		{s.is(operationName | variablesText), GraphQLSend},
		{s.is(weakPrompt) || model && prompted, PromptKeys},
		{s.is(jsonRPC|initialize) && s.seen.has(keyClientInfo), InitializeBody},
		{s.top.has(keyFormRequest) && s.text > 0, NestedForm},
	} {
		if c.fits {
			return Words(0).With(c.word)
		}
	}
	return 0
}

// settingWords are the keys beside the text.
func (s *shape) settingWords() (words Words) {
	model := s.seen.has(keyModel)
	if s.is(toolSchema) || s.seen.has(keyToolChoice) {
		words = words.With(ToolSchema)
	}
	if s.seen.has(keyGeneration) {
		words = words.With(GenerationKeys)
	}
	if s.writing >= 2 {
		words = words.With(WritingKeys)
	}
	if s.seen.any(keySampling, keyPredict) || model && s.seen.has(keyTemperature) {
		words = words.With(SamplingKeys)
	}
	if s.is(promptText) && s.seen.has(keySize) {
		words = words.With(SizeKeys)
	}
	return words
}

// isExtension tells whether a browser extension sends the request.
func isExtension(origin []string) bool {
	if len(origin) == 0 {
		return false
	}
	for _, scheme := range [...]string{"chrome-extension://", "moz-extension://", "safari-web-extension://"} {
		if len(origin[0]) > len(scheme) && origin[0][:len(scheme)] == scheme {
			return true
		}
	}
	return false
}
