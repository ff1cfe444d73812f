package catalog

import (
	"maps"
	"slices"
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
		"openai-completion": {"$.prompt", "$.prompt[*]", "$.suffix"},
		// https://platform.openai.com/docs/api-reference/responses/create
		"openai-responses": {
			"$.instructions", "$.input", "$.input[*].content", "$.input[*].content[*].text", "$.input[*].content[*].image_url",
			"$.input[*].content[*].file_data", "$.input[*].output", "$.input[*].arguments", "$.prompt.variables.*",
			"$.input[*].output[*].text", "$.tools[*].description", "$.metadata.*", "$.user",
		},
		// https://platform.openai.com/docs/api-reference/embeddings/create
		"openai-embedding": {"$.input", "$.input[*]", "$.input[*].text"},
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
			"$.messages[*].content[*].title", "$.messages[*].content[*].context", "$.tools[*].description", "$.metadata.user_id",
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
		"mcp": {"$.params.arguments | string leaves", "$.params.messages[*].content.text", "$.params.uri"},
	}
}

func wireFormatNames() []string { return slices.Sorted(maps.Keys(wireFormats())) }
