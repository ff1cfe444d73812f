package catalog

import (
	"slices"
	"strings"

	"daylight.internal/classifier"
)

// Scores from which a request on a host of no list is taken for AI.
const (
	HighSuspicion   = 60
	MediumSuspicion = 40
)

// Suspect judges whether a request to a host that no service has is one to an
// AI service, from its path, its header and the shape of its body. The score
// goes from 0 to 100; confidence is "high", "medium" or "", and each piece of
// evidence one of a fixed set of words. header may be nil, segments empty.
func Suspect(path string, header func(name string) string, segments []classifier.Segment) (score int, confidence string, evidence []string) {
	add := func(word string, points int) {
		if points > 0 {
			score += points
			evidence = append(evidence, word)
		}
	}
	add(pathEvidence(path))
	if header != nil {
		add(keyEvidence(header))
		add(headerEvidence(header))
		add(agentEvidence(header))
	}
	add(bodyEvidence(segments))
	score = min(score, 100)
	switch {
	case score >= HighSuspicion:
		confidence = "high"
	case score >= MediumSuspicion:
		confidence = "medium"
	}
	return score, confidence, evidence
}

// pathEvidence knows the paths that vendors of compatible APIs copy.
func pathEvidence(path string) (word string, points int) {
	path = strings.ToLower(strings.TrimSuffix(path, "/"))
	for _, suffix := range []string{
		"/chat/completions", "/v1/responses", ":generatecontent", ":streamgeneratecontent", "/converse", "/converse-stream",
		"/v1/embeddings", "/images/generations", "/audio/transcriptions",
	} {
		if strings.HasSuffix(path, suffix) {
			return "api_path", 40
		}
	}
	for _, part := range []string{"/api/paas/v4", "/compatible-mode/", "/text-to-speech/"} {
		if strings.Contains(path, part) {
			return "api_path", 40
		}
	}
	if strings.HasSuffix(path, "/v1/messages") { // SMS and mail APIs have it too
		return "messages_path", 10
	}
	return "", 0
}

// keyEvidence knows the beginnings of the keys that AI vendors issue.
func keyEvidence(header func(string) string) (word string, points int) {
	for _, name := range []string{"Authorization", "X-Api-Key", "Api-Key"} {
		key := header(name)
		for _, scheme := range []string{"Bearer ", "Key ", "Token "} {
			key = strings.TrimPrefix(key, scheme)
		}
		for _, prefix := range []string{
			"sk-proj-", "sk-svcacct-", "sk-admin-", "sk-ant-", "sk-or-v1-", "pplx-", "hf_", "fw_", "csk-", "tgp_", "jina_", "gsk_", "xai-",
			"ABSK", "bce-v3/ALTAK-", "sk-gamma-", "nvapi-",
		} {
			if strings.HasPrefix(key, prefix) {
				return "vendor_key", 50
			}
		}
		if strings.HasPrefix(key, "sk-") { // many vendors; payment keys have sk_
			return "compatible_key", 25
		}
	}
	return "", 0
}

// headerEvidence knows header names that only AI services read.
func headerEvidence(header func(string) string) (word string, points int) {
	for _, name := range []string{
		"Anthropic-Version", "Anthropic-Beta", "Openai-Organization", "Openai-Project", "Openai-Beta", "X-Dashscope-Sse", "Xi-Api-Key",
		"Openai-Sentinel-Chat-Requirements-Token", "Cf-Aig-Authorization", "Helicone-Auth", "X-Portkey-Api-Key", "X-Portkey-Provider",
		"Mcp-Session-Id", "Mcp-Protocol-Version", "Mcp-Method",
	} {
		if header(name) != "" {
			return "ai_header", 45
		}
	}
	if header("X-Stainless-Lang") != "" { // the generator also serves others
		return "sdk_header", 20
	}
	return "", 0
}

func agentEvidence(header func(string) string) (word string, points int) {
	agent := strings.ToLower(header("User-Agent"))
	for _, name := range []string{
		"openai/", "asyncopenai", "anthropic/", "anthropic-sdk", "asyncanthropic", "claude-cli", "codex_cli_rs", "geminicli", "google-genai-sdk",
		"langchain", "litellm", "ollama", "cursor/", "windsurf",
	} {
		if strings.Contains(agent, name) {
			return "ai_user_agent", 35
		}
	}
	return "", 0
}

// bodyEvidence looks at the keys of the body and at the few values that are
// words of a protocol. Only the strongest shape counts.
func bodyEvidence(segments []classifier.Segment) (word string, points int) {
	s := shapeOf(segments)
	switch {
	case s.has("$.model") && s.has("$.messages[*].role") && s.has("$.messages[*].content") && s.roles && !s.otherRoles:
		return "chat_body", 55
	case s.has("$.jsonrpc") && s.has("$.method") && s.mcp:
		return "mcp_body", 55
	case s.has("$.contents[*].parts[*].text") && (s.has("$.contents[*].role") || s.has("$.generationConfig")):
		return "contents_body", 55
	case s.purpose && s.has("multipart:file"):
		return "purpose_upload", 50
	case s.has("$.model") && (s.has("$.prompt") || s.has("$.input")) && s.hasAny(
		"$.max_tokens", "$.max_completion_tokens", "$.max_output_tokens", "$.temperature", "$.top_p", "$.stream", "$.n", "$.stop"):
		return "completion_body", 45
	case s.has("multipart:model") && s.has("multipart:file"):
		return "model_upload", 35
	case s.hasAny("$.negative_prompt", "$.guidance_scale", "$.voice_id"):
		return "generation_keys", 25
	case s.has("$.model") && s.hasAny("$.prompt", "$.input"):
		return "prompt_keys", 20
	case s.hasAny("$.prompt", "$.query", "$.question", "$.instruction"):
		return "prompt_keys", 15
	default:
		return "", 0
	}
}

// shape is the set of places of a body, indexes written as [*] and cut at
// maxShapeSteps, with what the few telling values say.
type shape struct {
	places            map[string]bool
	roles, otherRoles bool
	mcp, purpose      bool
}

// Bounds on what is looked at: the telling keys stand at the top of a body, in
// its first or its last part.
const (
	maxShapeSteps    = 6
	maxShapeSegments = 1024
	maxShapePlaces   = 512
)

func shapeOf(segments []classifier.Segment) shape {
	s := shape{places: map[string]bool{}}
	for i := range segments {
		if i >= maxShapeSegments && i < len(segments)-maxShapeSegments {
			continue
		}
		steps := segments[i].Location.Steps()
		place := ""
		for _, l := range steps[:min(len(steps), maxShapeSteps)] {
			place += shapeStep(l)
			if len(s.places) < maxShapePlaces { // a container is a place too
				s.places[place] = true
			}
		}
		if len(steps) <= maxShapeSteps {
			s.value(place, segments[i].Text)
		}
	}
	return s
}

func shapeStep(l classifier.Location) string {
	switch l.Stage {
	case classifier.StageDocument, classifier.StageJSON:
		return "$"
	case classifier.StageKey, classifier.StageKeyName:
		return "." + l.Name
	case classifier.StageIndex:
		return "[*]"
	case classifier.StageForm:
		return "form:" + l.Name
	case classifier.StagePart:
		return "multipart:" + l.Name
	default:
		return "|"
	}
}

// value looks at values that are words of a protocol.
func (s *shape) value(place string, text []byte) {
	if len(text) > 32 {
		return
	}
	v := string(text)
	switch place {
	case "$.messages[*].role":
		known := slices.Contains([]string{"system", "user", "assistant", "developer", "tool"}, v)
		s.roles, s.otherRoles = s.roles || known, s.otherRoles || !known
	case "$.method":
		s.mcp = slices.Contains([]string{"tools/call", "tools/list", "prompts/get", "resources/read", "sampling/createMessage", "completion/complete"}, v)
	case "multipart:purpose":
		s.purpose = slices.Contains([]string{"assistants", "batch", "fine-tune", "vision", "user_data", "file-extract"}, v)
	}
}

func (s *shape) has(place string) bool { return s.places[place] }

func (s *shape) hasAny(places ...string) bool { return slices.ContainsFunc(places, s.has) }
