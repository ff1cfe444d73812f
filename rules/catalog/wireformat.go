package catalog

import (
	"fmt"
	"maps"
	"slices"
	"sync"
)

// wireFormats are the request formats that many services share, by the name
// that stands behind "as" in YAML.
func wireFormats() map[string][]string {
	return map[string][]string{
		// https://platform.openai.com/docs/api-reference/chat/create
		"openai-chat": {
			"$.messages[*].content", "$.messages[*].content[*].text", "$.messages[*].content[*].image_url.url",
			"$.messages[*].content[*].file.file_data", "$.messages[*].content[*].input_audio.data",
			"$.messages[*].tool_calls[*].function.arguments", "$.messages[*].name", "$.messages[*].reasoning_content",
			"$.tools[*].function.description", "$.prediction.content", "$.metadata.*", "$.user",
		},
		// https://platform.openai.com/docs/api-reference/completions/create
		"openai-completion": {"$.prompt", "$.prompt[*]", "$.prompt[*][*]", "$.suffix"},
		// https://platform.openai.com/docs/api-reference/responses/create
		"openai-responses": {
			"$.instructions", "$.input", "$.input[*].content", "$.input[*].content[*].text", "$.input[*].content[*].image_url",
			"$.input[*].content[*].file_data", "$.input[*].output", "$.input[*].arguments", "$.prompt.variables.*",
			"$.input[*].output[*].text", "$.input[*].content[*].file_url", "$.input[*].content[*].filename", "$.tools[*].description", "$.metadata.*", "$.user",
		},
		// https://platform.openai.com/docs/api-reference/embeddings/create
		"openai-embedding": {"$.input", "$.input[*]", "$.input[*][*]", "$.input[*].text"},
		// https://platform.openai.com/docs/api-reference/images/create
		"openai-image": {"$.prompt", "multipart:prompt", "multipart:image", "multipart:image[]"},
		// https://platform.openai.com/docs/api-reference/audio/createTranscription
		"openai-transcription": {"multipart:file", "multipart:prompt"},
		// https://platform.openai.com/docs/api-reference/files/create
		"openai-file": {"multipart:file"},
		// https://docs.anthropic.com/en/api/messages
		"anthropic-messages": {
			"$.system", "$.system[*].text", "$.messages[*].content", "$.messages[*].content[*].text",
			"$.messages[*].content[*].content", "$.messages[*].content[*].content[*].text", "$.messages[*].content[*].input..*",
			"$.messages[*].content[*].source.data", "$.messages[*].content[*].source.content[*].text",
			"$.messages[*].content[*].source.url", "$.messages[*].content[*].title", "$.messages[*].content[*].context", "$.tools[*].description", "$.metadata.user_id",
		},
		// https://ai.google.dev/api/generate-content
		"gemini": {
			"$.contents[*].parts[*].text", "$.contents[*].parts[*].inlineData.data", "$.contents[*].parts[*].inline_data.data",
			"$.contents.parts[*].text", "$.systemInstruction.parts[*].text", "$.system_instruction.parts[*].text",
			"$.contents[*].parts[*].functionResponse.response..*", "$.contents[*].parts[*].functionCall.args..*",
			"$.tools[*].functionDeclarations[*].description",
		},
		// https://docs.ollama.com/api
		"ollama": {
			"$.messages[*].content", "$.messages[*].images[*]", "$.prompt", "$.system", "$.suffix", "$.images[*]", "$.input", "$.input[*]",
		},
		// https://modelcontextprotocol.io/specification
		"mcp": {
			"$.params.arguments | string leaves", "$.params.messages[*].content.text", "$.params.uri", "$.params.argument.value",
			"$.params.context.arguments.*", "$.params.reason", "$.params.message", "$.params.statusMessage",
			"$.result | string leaves", "$.error.message", // the client's answers to the server
			// Batches, as in revision 2025-03-26.
			"$[*].params.arguments | string leaves", "$[*].params.uri", "$[*].params.argument.value", "$[*].result | string leaves",
		},
	}
}

// protocolWords are places in the wire formats of what is no text of people.
func protocolWords() map[string][]string {
	return map[string][]string{
		"openai-chat": {
			"$.model", "$.messages[*].role", "$.messages[*].content[*].type", "$.messages[*].tool_call_id", "$.messages[*].tool_calls[*].*",
			"$.messages[*].tool_calls[*].function.name", "$.tool_choice", "$.response_format.type", "$.reasoning_effort", "$.service_tier", "$.stream",
		},
		"openai-completion": {"$.model", "$.user"},
		"openai-responses": {
			"$.type", "$.model", "$.previous_response_id", "$.conversation", "$.conversation.id", "$.prompt.id", "$.prompt.version",
			"$.input[*].type", "$.input[*].role", "$.input[*].id", "$.input[*].call_id", "$.input[*].name", "$.input[*].status",
			"$.input[*].encrypted_content", "$.input[*].approval_request_id", "$.input[*].content[*].type", "$.input[*].content[*].file_id",
			"$.input[*].content[*].detail", "$.tools[*].type", "$.tools[*].name", "$.tool_choice", "$.include[*]", "$.reasoning.*",
			"$.text.format.type", "$.text.verbosity", "$.truncation", "$.service_tier", "$.prompt_cache_key", "$.safety_identifier",
		},
		"openai-embedding":     {"$.model", "$.encoding_format", "$.user", "$.input_type", "$.task"},
		"openai-image":         {"$.model", "$.size", "$.quality", "$.response_format", "$.style", "$.output_format", "multipart:model", "multipart:size", "multipart:response_format"},
		"openai-transcription": {"multipart:model", "multipart:language", "multipart:response_format", "multipart:timestamp_granularities[]", "multipart:stream"},
		"openai-file":          {"multipart:purpose", "multipart:expires_after[anchor]"},
		"anthropic-messages": {
			"$.model", "$.anthropic_version", "$.messages[*].role", "$.messages[*].content[*].type", "$.messages[*].content[*].id", "$.messages[*].content[*].name",
			"$.messages[*].content[*].tool_use_id", "$.messages[*].content[*].signature", "$.messages[*].content[*].cache_control.*",
			"$.messages[*].content[*].source.type", "$.messages[*].content[*].source.media_type", "$.messages[*].content[*].source.file_id",
			"$.tools[*].name", "$.tools[*].type", "$.tool_choice.*", "$.thinking.*", "$.service_tier", "$.container",
		},
		"gemini": {
			"$.model", "$.cachedContent", "$.contents[*].role", "$.contents.role", "$.contents[*].parts[*].inlineData.mimeType",
			"$.contents[*].parts[*].inline_data.mime_type", "$.contents[*].parts[*].fileData.*", "$.contents[*].parts[*].file_data.*",
			"$.contents[*].parts[*].thoughtSignature", "$.generationConfig..*", "$.generation_config..*", "$.safetySettings[*].*", "$.safety_settings[*].*",
		},
		// An empty prompt loads a model, and with keep_alive unloads it.
		"ollama": {"$.model", "$.keep_alive", "$.format", "$.options.*", "$.messages[*].role", "$.think"},
		// A method without arguments, such as ping, tools/list and a notification; what programs say of themselves.
		"mcp": inBatches("jsonrpc", "id", "method", "params.name", "params.cursor", "params.protocolVersion", "params.clientInfo..*", "params.capabilities..*",
			"params._meta..*", "params.requestId", "params.progressToken", "params.level", "params.taskId", "params.ref.*", "params.argument.name", "error.code"),
	}
}

// inBatches are members of a message that stands alone or in a list.
func inBatches(members ...string) []string {
	var out []string
	for _, m := range members {
		out = append(out, "$."+m, "$[*]."+m)
	}
	return out
}

// parsedFormats are the locators of each wire format: hundreds of services share
// them.
var parsedFormats = sync.OnceValue(func() map[string][]Locator {
	parsed, words := map[string][]Locator{}, protocolWords()
	for name, sources := range wireFormats() {
		for _, source := range words[name] {
			sources = append(sources, source+" | protocol")
		}
		for _, source := range sources {
			l, err := ParseLocator(source)
			if err != nil {
				panic(fmt.Sprintf("catalog: wire format %s: %v", name, err)) // a test reads them all
			}
			parsed[name] = append(parsed[name], l)
		}
	}
	return parsed
})

func wireFormatNames() []string { return slices.Sorted(maps.Keys(wireFormats())) }
