package discovery

import (
	"iter"
	"math/bits"
	"slices"
)

// Word is the name of a signal, as it stands in events. The words are a closed
// set: weights.yaml gives each of them its points.
type Word uint8

// The words.
const (
	APIPath Word = iota
	MessagesPath
	ChatPath
	VendorKey
	CompatibleKey
	AIHeader
	SDKHeader
	GoogleKey
	AIUserAgent
	ChatBody
	ContentsBody
	MCPBody
	PurposeUpload
	LocalModelBody
	CompletionBody
	ModelUpload
	MessagesBody
	PromptText
	PromptKeys
	GraphQLSend
	NestedForm
	InitializeBody
	ToolSchema
	GenerationKeys
	WritingKeys
	SamplingKeys
	SizeKeys
	ModelName
	ConversationText
	LongPaste
	EventStream
	StreamAnswer
	SocketRhythm
	MediaAnswer
	TokenCadence
	TokenPieces
	JobAnswer
	ModelFrames
	TokenUsage
	ChatFrames
	MCPAnswer
	AnswerHeader
	TokenLimitHeader
	ErrorWords
	AIName
	NewHost
	ExtensionOrigin
	UploadThenPrompt
	Telemetry
	PushDelivery
	Collaboration
	CertificateStatus
	SignIn
	KnownHost
	BothTalk
	TunnelName
	TunnelRhythm
	TunnelUpload
	wordCount // not a word
)

// String returns the word as events have it, such as "chat_body".
func (w Word) String() string {
	if w < wordCount {
		return wordNames()[w]
	}
	return ""
}

func wordNames() [wordCount]string {
	return [...]string{
		"api_path", "messages_path", "chat_path", "vendor_key", "compatible_key", "ai_header", "sdk_header", "google_key", "ai_user_agent",
		"chat_body", "contents_body", "mcp_body", "purpose_upload", "local_model_body", "completion_body", "model_upload", "messages_body",
		"prompt_text", "prompt_keys", "graphql_send", "nested_form", "initialize_body",
		"tool_schema", "generation_keys", "writing_keys", "sampling_keys", "size_keys", "model_name", "conversation_text", "long_paste",
		"event_stream", "stream_answer", "socket_rhythm", "media_answer", "token_cadence", "token_pieces", "job_answer",
		"model_frames", "token_usage", "chat_frames", "mcp_answer", "answer_header", "token_limit_header", "error_words",
		"ai_name", "new_host", "extension_origin", "upload_then_prompt",
		"telemetry", "push_delivery", "collaboration", "certificate_status", "sign_in", "known_host", "both_talk",
		"tunnel_name", "tunnel_rhythm", "tunnel_upload",
	}
}

// Words is a set of words.
type Words uint64

// Has tells whether a word is in the set.
func (s Words) Has(w Word) bool { return s&(1<<w) != 0 }

// With returns the set and a word.
func (s Words) With(w Word) Words { return s | 1<<w }

// All iterates over the words of the set in their order.
func (s Words) All() iter.Seq[Word] {
	return func(yield func(Word) bool) {
		for ; s != 0; s &= s - 1 {
			if !yield(Word(bits.TrailingZeros64(uint64(s)))) {
				return
			}
		}
	}
}

// Strings returns the words as events have them; nil for none.
func (s Words) Strings() []string {
	var list []string
	for w := range s.All() {
		list = append(list, w.String())
	}
	return list
}

// WordsOf returns the set of words as events have them; others are left out.
func WordsOf(list []string) Words {
	var s Words
	for w, name := range wordNames() {
		if slices.Contains(list, name) {
			s = s.With(Word(w))
		}
	}
	return s
}
