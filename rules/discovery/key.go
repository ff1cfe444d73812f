package discovery

// key is a name in a body that a signal asks for.
type key uint8

// The keys. The zero value is any other name.
const (
	otherKey key = iota
	keyModel
	keyMessages
	keyRole
	keyAuthor
	keyContent
	keyContents
	keyParts
	keyText
	keyPrompt
	keyInput
	keyInputs
	keyQuery
	keyQuestion
	keyMessage
	keyWeakPrompt // instruction, command and the like
	keyGeneration // negative_prompt and the like
	keySize       // aspect_ratio and the like
	keyWriting    // tone and the like
	keySampling   // top_p and the like
	keyTemperature
	keyStream
	keyStop
	keyCount // n
	keyPredict
	keyTools
	keyFunction
	keyParameters
	keyInputSchema
	keyToolChoice
	keyGenerationConfig
	keySystem
	keyConversation
	keyJSONRPC
	keyMethod
	keyParams
	keyResult
	keyClientInfo
	keyServerInfo
	keyProtocolVersion
	keyOperation
	keyVariables
	keyEvents
	keyTimestamp
	keyResourceSpans
	keyPassword
	keyGrant
	keyOps
	keyRevision
	keyPurpose
	keyFile
	keyFormRequest
	keyChoices
	keyDelta
	keyJob
	keyPromptTokens
	keyUsageMetadata
	keyCandidates
	keyObject
	keyType
	keyError
	keyCode
	keyStopReason
	keyEvalCount
	keyDone
	keyResponse
	keyEmbedding
	keyData
	keyLast
)

// keySet is a set of keys.
type keySet [(keyLast + 63) / 64]uint64

func (s *keySet) add(k key)      { s[k/64] |= 1 << (k % 64) }
func (s *keySet) has(k key) bool { return s[k/64]&(1<<(k%64)) != 0 }
func (s *keySet) any(keys ...key) bool {
	for _, k := range keys {
		if s.has(k) {
			return true
		}
	}
	return false
}

// maxKey is the longest name that is looked up.
const maxKey = 28

// keyOf looks a name up, whatever its case, underscores and hyphens: what one
// vendor calls max_tokens another calls maxTokens.
func keyOf(name []byte) key {
	var buffer [maxKey]byte
	n := 0
	for _, c := range name {
		switch {
		case c == '_' || c == '-':
			continue
		case n == len(buffer):
			return otherKey
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		}
		buffer[n] = c
		n++
	}
	switch string(buffer[:n]) {
	case "model", "modelid", "modelname", "modelslug", "engine", "modelversion", "llm":
		return keyModel
	case "messages", "additionalmessages", "chathistory", "history", "conversationhistory":
		return keyMessages
	case "role", "sender", "from":
		return keyRole
	case "author":
		return keyAuthor
	case "content", "contentblock":
		return keyContent
	case "contents":
		return keyContents
	case "parts":
		return keyParts
	case "text", "inputtext", "userinput", "usermessage", "textinput":
		return keyText
	case "prompt", "userprompt", "prompttext", "textprompt", "textprompts", "gptdescriptionprompt", "displayprompt", "systemprompt", "positiveprompt", "prompts":
		return keyPrompt
	case "input":
		return keyInput
	case "inputs":
		return keyInputs
	case "query", "querystr", "userquery", "dslquery":
		return keyQuery
	case "question", "userquestion":
		return keyQuestion
	case "message":
		return keyMessage
	case "instruction", "instructions", "userinstruction", "command", "ask", "additionalinstructions":
		return keyWeakPrompt
	}
	return settingKey(buffer[:n])
}

// settingKey knows the keys beside the text.
func settingKey(name []byte) key {
	switch string(name) {
	case "negativeprompt", "guidancescale", "voiceid", "cfgscale", "promptstrength", "voicesettings", "stylization", "makeinstrumental", "numinferencesteps", "imagestrength":
		return keyGeneration
	case "aspectratio", "numimages", "numberofimages", "numvariations", "seed", "seeds", "samplecount", "stylepreset", "numoutputs", "ratio", "promptimage":
		return keySize
	case "tone", "toneid", "creativity", "creativitylevel", "variations", "numcopies", "usecaseid", "outputlanguage", "inputlanguage", "outputcount", "brandvoice", "audienceid", "inputcontexts",
		"numcards", "textmode", "writingstyle", "outputlength", "startvariables", "toneofvoice", "textoptions", "cardoptions", "knowledgeids":
		return keyWriting
	case "maxtokens", "maxcompletiontokens", "maxoutputtokens", "maxnewtokens", "topp", "topk", "stopsequences", "frequencypenalty", "presencepenalty", "repetitionpenalty", "minp", "logprobs":
		return keySampling
	case "temperature":
		return keyTemperature
	case "stream", "streaming", "responsemode":
		return keyStream
	case "stop":
		return keyStop
	case "n":
		return keyCount
	case "npredict", "maxtokenstosample":
		return keyPredict
	case "tools":
		return keyTools
	case "function":
		return keyFunction
	case "parameters":
		return keyParameters
	case "inputschema":
		return keyInputSchema
	case "toolchoice", "responseformat", "reasoningeffort", "thinking", "toolconfig", "functiondeclarations":
		return keyToolChoice
	case "generationconfig", "safetysettings", "systeminstruction":
		return keyGenerationConfig
	case "system":
		return keySystem
	case "conversationid", "parentmessageid", "chatid", "threadid", "parentmessageuuid", "parentid", "chatsessionid", "conversation", "conversationuuid":
		return keyConversation
	}
	return protocolKey(name)
}

// protocolKey knows the keys of protocols, of answers and of ordinary traffic.
func protocolKey(name []byte) key {
	switch string(name) {
	case "jsonrpc":
		return keyJSONRPC
	case "method":
		return keyMethod
	case "params":
		return keyParams
	case "result":
		return keyResult
	case "clientinfo":
		return keyClientInfo
	case "serverinfo":
		return keyServerInfo
	case "protocolversion":
		return keyProtocolVersion
	case "operationname", "queryname", "fbapireqfriendlyname":
		return keyOperation
	case "variables":
		return keyVariables
	case "events", "batch", "logs", "series", "eventlist":
		return keyEvents
	case "timestamp", "time", "ts", "sentat", "clienttime", "eventtime", "originaltimestamp":
		return keyTimestamp
	case "resourcespans", "resourcelogs", "resourcemetrics", "exception", "breadcrumbs", "sentrysdk":
		return keyResourceSpans
	case "password", "passwd":
		return keyPassword
	case "granttype", "refreshtoken", "codeverifier", "clientassertion":
		return keyGrant
	case "ops", "op", "changes", "steps", "delta.ops", "patches":
		return keyOps
	case "revision", "rev", "baserevision", "version", "clock", "basever":
		return keyRevision
	case "purpose":
		return keyPurpose
	case "file":
		return keyFile
	case "f.req":
		return keyFormRequest
	}
	return answerKey(name)
}

// answerKey knows the keys of answers.
func answerKey(name []byte) key {
	switch string(name) {
	case "choices":
		return keyChoices
	case "delta":
		return keyDelta
	case "prompttokens", "inputtokens", "completiontokens", "outputtokens", "inputtexttokens":
		return keyPromptTokens
	case "taskid", "jobid", "generationid", "pollingurl", "predictionid":
		return keyJob
	case "usagemetadata":
		return keyUsageMetadata
	case "candidates":
		return keyCandidates
	case "object":
		return keyObject
	case "type", "event":
		return keyType
	case "error":
		return keyError
	case "code":
		return keyCode
	case "stopreason", "finishreason":
		return keyStopReason
	case "evalcount", "tokensevaluated", "tokenspredicted":
		return keyEvalCount
	case "done":
		return keyDone
	case "response":
		return keyResponse
	case "embedding", "embeddings":
		return keyEmbedding
	case "data":
		return keyData
	}
	return otherKey
}
