package discovery

import "bytes"

// shape is what a body has of the keys and values that signals ask for.
type shape struct {
	seen, top keySet // anywhere, at the top
	found     facts
	text      int // bytes of the longest text for people
	items     int // elements of events
	writing   int // members for tools that write
	words     Words
	nested    int // how deep in texts that are JSON themselves
}

// facts are relations between keys, and telling values.
type facts uint64

const (
	rolesKnown      facts = 1 << iota // a message has a role of chat models
	rolesOther                        // a message has another one
	messageContent                    // a message has content
	partsText                         // contents[].parts[].text
	contentsRole                      // contents[].role
	toolSchema                        // tools[].function, tools[].input_schema
	promptText                        // a text for people under a key that names a prompt
	weakPrompt                        // under a key such as query
	variablesText                     // such a text below variables
	mcpMethod                         // method is one of MCP
	initialize                        // method is initialize
	taggedModel                       // model is name:tag
	streamTrue                        // stream is true
	modelText                         // model is a text
	conversationID                    // the id of a conversation
	operationName                     // operationName sends or generates
	purposeAI                         // purpose is one of AI
	eventsTimed                       // events[] have times
	choicesDelta                      // choices[].delta, choices[].message
	choicesText                       // choices[].text
	candidatesParts                   // candidates[].content
	usageTokens                       // prompt_tokens and the like are numbers
	errorWord                         // an error of a model API
	jsonRPC                           // jsonrpc is a text
	weakMessages                      // a message that is nothing but a text
	opsList                           // ops[] and the like
	filePart                          // a form has a part file
	piecedText                        // a text begins with a space, or is short and beyond ASCII
)

func (s *shape) is(f facts) bool { return s.found&f == f }

// json reads a document of JSON into the shape.
func (d *Discovery) json(s *shape, b []byte) {
	var r jsonReader
	r.reset(b)
	for r.next() {
		s.seen.add(r.key)
		if r.key == keyWriting && !r.isElement() {
			s.writing++
		}
		if r.depth == 1 && r.kind > kindArray || r.depth == 2 && r.kind <= kindArray {
			s.top.add(r.key)
		}
		switch r.kind {
		case kindObject, kindArray:
			s.container(&r)
		case kindString:
			d.leaf(s, &r)
		case kindWord:
			if r.key == keyStream && r.value[0] == 't' {
				s.found |= streamTrue
			}
		case kindNumber:
			if r.key == keyPromptTokens {
				s.found |= usageTokens
			}
		}
	}
}

// container looks at an object or an array that begins.
func (s *shape) container(r *jsonReader) {
	parent := r.parent(0)
	switch r.key {
	case keyContent, keyParts:
		s.member(keyMessages, parent, messageContent)
		s.member(keyCandidates, parent, candidatesParts)
	case keyFunction, keyInputSchema, keyParameters:
		s.member(keyTools, parent, toolSchema)
	case keyDelta:
		s.member(keyChoices, parent, choicesDelta)
	case keyMessage:
		s.member(keyChoices, parent, choicesDelta)
	case keyEvents:
		if r.kind == kindObject {
			s.items++
		}
	case keyOps:
		if r.kind == kindArray {
			s.found |= opsList
		}
	}
}

// member notes a fact when the parent is the one it takes.
func (s *shape) member(want, parent key, f facts) {
	if want == parent {
		s.found |= f
	}
}

// leaf looks at a text.
func (d *Discovery) leaf(s *shape, r *jsonReader) {
	v := r.value
	sentence := len(v) >= minSentence && (len(v) > s.text || r.key != otherKey) && isProse(v) && !isNested(v)
	if sentence {
		s.text = max(s.text, len(v))
	}
	if isPiece(v) {
		s.found |= piecedText
	}
	if r.key != otherKey {
		d.relation(s, r)
	}
	if sentence {
		s.sentence(r)
	}
	switch r.key {
	case keyModel:
		s.model(d, v)
	case keyMethod:
		s.method(d, v)
	case keyOperation:
		if d.isSend(v) {
			s.found |= operationName
		}
	case keyJSONRPC:
		s.found |= jsonRPC
	case keyConversation:
		if len(v) >= 6 && bytes.IndexByte(v, ' ') < 0 {
			s.found |= conversationID
		}
	case keyType, keyObject, keyCode, keyError:
		s.event(d, v)
	}
	s.inner(d, r)
}

// relation looks at a text by its key and the one above it.
func (d *Discovery) relation(s *shape, r *jsonReader) {
	parent := r.parent(0)
	switch r.key {
	case keyRole:
		if parent == keyMessages || parent == keyAuthor && r.parent(1) == keyMessages {
			if d.isRole(r.value) {
				s.found |= rolesKnown
			} else {
				s.found |= rolesOther
			}
		}
		s.member(keyContents, parent, contentsRole)
	case keyType:
		if parent == keyMessages && d.isRole(r.value) {
			s.found |= rolesKnown
		}
	case keyContent, keyParts, keyText, keyMessage:
		s.member(keyMessages, parent, messageContent)
		s.member(keyChoices, parent, choicesText)
		if parent == keyParts && r.parent(1) == keyContents {
			s.found |= partsText
		}
	}
}

// minSentence is how many bytes ask a model for something.
const minSentence = 8

// sentence looks at a text for people by its key and those above it.
func (s *shape) sentence(r *jsonReader) {
	switch r.key {
	case keyText:
		s.member(keyPrompt, r.parent(0), promptText|weakPrompt)
	case keyPrompt:
		s.found |= promptText | weakPrompt
	case keyQuery, keyQuestion, keyWeakPrompt, keyInputs, keyInput:
		s.found |= weakPrompt
	}
	if !s.seen.has(keyVariables) {
		return
	}
	for n := range 3 {
		if r.parent(n) == keyVariables {
			s.found |= variablesText
		}
	}
}

// isPiece tells whether a text is a piece of a longer one, as only that is cut.
func isPiece(v []byte) bool {
	return len(v) >= 2 && len(v) <= 24 && (v[0] == ' ' && v[1] != ' ' || v[0] >= 0x80 && len(v) <= 12)
}

func (d *Discovery) isRole(v []byte) bool {
	var buffer [16]byte
	return d.names.roles[string(lower(buffer[:], v))]
}

// model looks at the name of a model.
func (s *shape) model(d *Discovery, v []byte) {
	s.found |= modelText
	if d.names.models.has(v) {
		s.words = s.words.With(ModelName)
	}
	name, tag, ok := bytes.Cut(v, []byte(":"))
	if ok && len(name) > 1 && len(tag) > 0 && len(tag) <= 24 && !bytes.ContainsAny(name, " =") && !bytes.ContainsAny(tag, " /:=") {
		s.found |= taggedModel
	}
}

// method looks at the method of JSON-RPC.
func (s *shape) method(d *Discovery, v []byte) {
	var buffer [maxName]byte
	name := lower(buffer[:], v)
	if _, ok := d.names.methods[string(name)]; ok {
		s.found |= mcpMethod
	}
	if string(name) == "initialize" {
		s.found |= initialize
	}
}

// isSend tells whether the name of an operation sends or generates a text.
func (d *Discovery) isSend(v []byte) bool {
	var buffer [maxName]byte
	name := lower(buffer[:], v)
	for _, part := range d.signals[GraphQLSend].Names {
		if bytes.Contains(name, []byte(part)) {
			return true
		}
	}
	return false
}

// event looks at a value that may name an event of a model, or an error.
func (s *shape) event(d *Discovery, v []byte) {
	var buffer [maxName]byte
	name := lower(buffer[:], v)
	if w, ok := d.names.types[string(name)]; ok {
		s.words = s.words.With(w)
	}
	if d.names.errors[string(name)] {
		s.found |= errorWord
	}
}

// inner reads a text that is JSON itself.
func (s *shape) inner(d *Discovery, r *jsonReader) {
	const maxNested = 2
	v := r.value
	if s.nested >= maxNested || !isNested(v) {
		return
	}
	buffer := d.scratch()
	defer d.buffers.Put(buffer)
	n := unescape(buffer, v)
	s.nested++
	d.json(s, buffer[:n])
	s.nested--
}

// isNested tells whether a text is JSON itself.
func isNested(v []byte) bool {
	return len(v) >= 8 && (v[0] == '{' || v[0] == '[') && bytes.Contains(v[:min(len(v), 64)], []byte(`\"`))
}

// unescape undoes one level of the escapes of JSON that matter for structure, as
// far as there is room, and tells how many bytes it wrote.
func unescape(out *[maxPeek]byte, text []byte) (n int) {
	for i := 0; i < len(text) && n < len(out); i++ {
		c := text[i]
		if c == '\\' && i+1 < len(text) {
			i++
			switch c = text[i]; c {
			case 'n', 'r', 't':
				c = ' '
			case 'u':
				c = 0xff // some letter
			}
		}
		out[n] = c
		n++
	}
	return n
}

// scratch is room to undo escapes in: on the stack of so many small functions it
// would have to be cleared for bodies that have none.
func (d *Discovery) scratch() *[maxPeek]byte {
	if buffer, ok := d.buffers.Get().(*[maxPeek]byte); ok {
		return buffer
	}
	return new([maxPeek]byte)
}
