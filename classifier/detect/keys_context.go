package detect

import (
	"bytes"
	"strings"

	"daylight.internal/classifier"
)

// bareKey describes the keys of one vendor that have no prefix of their own: so
// many bytes of one set, near the vendor's name or under a fitting key.
type bareKey struct {
	id, name string
	// layouts of the detector; runs are written as in "X32".
	layouts string
	check   keyCheck
	context []string // nil: the layout is the vendor's alone
	source  string
}

func contextKeys() []classifier.Detector {
	uuid := "X8-X4-X4-X4-X12"
	list := []bareKey{
		{"azure_openai_key", "Azure OpenAI key", "X32", hexKey, []string{"azure openai", "azure_openai", "azureopenai", "openai.azure.com", "cognitiveservices", "azure_openai_api_key", "azure ai", "ocp-apim-subscription-key"}, "observed form; learn.microsoft.com/azure/ai-services, authentication"},
		{"mistral_key", "Mistral AI API key", "X32", randomKey, []string{"mistral", "mistralai", "mistral_api_key", "codestral"}, "observed form; docs.mistral.ai"},
		{"cohere_key", "Cohere API key", "X40", randomKey, []string{"cohere", "co_api_key", "cohere_api_key"}, "observed form; docs.cohere.com"},
		{"together_legacy_key", "Together AI API key, older form", "X64", hexKey, []string{"together", "together ai", "togetherai", "together_api_key"}, "observed form; docs.together.ai"},
		{"elevenlabs_legacy_key", "ElevenLabs API key, older form", "X32", hexKey, []string{"elevenlabs", "eleven labs", "xi-api-key", "xi_api_key"}, "observed form; elevenlabs.io/docs, authentication"},
		{"assemblyai_key", "AssemblyAI API key", "X32", hexKey, []string{"assemblyai", "assembly ai", "aai_api_key"}, "observed form; assemblyai.com/docs"},
		{"deepgram_key", "Deepgram API key", "X40", hexKey, []string{"deepgram"}, "observed form; developers.deepgram.com"},
		{"wandb_legacy_key", "Weights & Biases API key, older form", "X40", hexKey, []string{"wandb", "weights & biases", "weights and biases", "wandb_api_key"}, "docs.wandb.ai"},
		{"zhipu_key", "Zhipu AI (GLM) API key", "X32.X16", randomKey, []string{"zhipu", "zhipuai", "bigmodel", "chatglm", "glm", "智谱", "z.ai"}, "open.bigmodel.cn"},
		{"ark_key", "Volcengine Ark (Doubao) API key", uuid, uuidKey, []string{"volcengine", "volces", "ark_api_key", "byteplus", "modelark", "doubao", "豆包", "火山方舟"}, "observed form; volcengine.com/docs, Ark"},
		{"fal_key", "fal API key", uuid + ":X32", uuidKey, nil, "docs.fal.ai"},
		{"deepl_key", "DeepL API key", uuid + ":fx", uuidKey, nil, "developers.deepl.com"},
		{"leonardo_key", "Leonardo.Ai API key", uuid, uuidKey, []string{"leonardo.ai", "leonardo ai", "leonardo_api_key"}, "observed form; docs.leonardo.ai"},
		{"fireflies_key", "Fireflies.ai API key", uuid, uuidKey, []string{"fireflies", "fireflies.ai"}, "observed form; docs.fireflies.ai"},
		{"writesonic_key", "Writesonic API key", uuid, uuidKey, []string{"writesonic", "chatsonic"}, "observed form; docs.writesonic.com"},
		{"pinecone_legacy_key", "Pinecone API key, older form", uuid, uuidKey, []string{"pinecone"}, "observed form; docs.pinecone.io"},
		{"heroku_legacy_key", "Heroku API key, older form", uuid, uuidKey, []string{"heroku"}, "devcenter.heroku.com"},
		{"postmark_token", "Postmark server token", uuid, uuidKey, []string{"postmark", "x-postmark-server-token"}, "postmarkapp.com/developer"},
		{"twilio_key", "Twilio API key", "SKX32", hexKey, nil, "twilio.com/docs/iam/api-keys"},
		{"twilio_auth_token", "Twilio auth token", "X32", hexKey, []string{"twilio"}, "twilio.com/docs, auth token"},
		{"mailgun_key", "Mailgun key", "X32-X8-X8 key-X32", hexKey, nil, "documentation.mailgun.com, API keys"},
		{"mailchimp_key", "Mailchimp API key", "X32-usd X32-usdd", hexKey, nil, "mailchimp.com/developer, API keys"},
		{"airtable_token", "Airtable personal access token", "patX14.X64", airtableKey, nil, "airtable.com/developers, personal access tokens"},
		{"datadog_key", "Datadog API or application key", "X32 X40", hexKey, []string{"datadog", "dd_api_key", "dd-api-key", "dd_app_key", "dd-application-key"}, "docs.datadoghq.com, API and application keys"},
		{"cloudflare_key", "Cloudflare API token or global key", "X40 X37", randomKey, []string{"cloudflare", "cf_api_token", "cf_api_key", "x-auth-key"}, "developers.cloudflare.com, API tokens"},
		{"algolia_key", "Algolia API key", "X32", hexKey, []string{"algolia", "x-algolia-api-key"}, "algolia.com/doc, API keys"},
		{"fastly_token", "Fastly API token", "X32", randomKey, []string{"fastly", "fastly-key"}, "observed form; docs.fastly.com, API tokens"},
		{"vercel_legacy_token", "Vercel token, older form", "X24", randomKey, []string{"vercel", "vercel_token"}, "observed form; vercel.com/docs, access tokens"},
		{"linode_token", "Linode (Akamai Cloud) token", "X64", hexKey, []string{"linode"}, "observed form; techdocs.akamai.com, Linode API"},
		{"hetzner_token", "Hetzner Cloud token", "X64", randomKey, []string{"hetzner", "hcloud"}, "observed form; docs.hetzner.com, API tokens"},
		{"auth0_secret", "Auth0 client secret", "X64", randomKey, []string{"auth0"}, "observed form; auth0.com/docs, application settings"},
		{"zendesk_token", "Zendesk API token", "X40", randomKey, []string{"zendesk"}, "observed form; developer.zendesk.com, security and authentication"},
		{"alibaba_secret_key", "Alibaba Cloud access key secret", "X30", randomKey, []string{"aliyun", "alibaba", "accesskeysecret", "access_key_secret", "accesskey secret", "阿里云"}, "observed form; alibabacloud.com/help, AccessKey pairs"},
		{"tencent_secret_key", "Tencent Cloud secret key", "X32", randomKey, []string{"tencentcloud", "tencent cloud", "tencentcloud_secret_key", "qcloud", "腾讯云"}, "observed form; cloud.tencent.com/document, API keys"},
		{"baidu_secret_key", "Baidu AI Cloud key", "X32", randomKey, []string{"baidu", "qianfan", "百度", "千帆", "文心"}, "observed form; cloud.baidu.com/doc, access keys"},
		{"amap_key", "Amap or Baidu Maps key", "X32", randomKey, []string{"amap", "高德", "bmap"}, "observed form; lbs.amap.com"},
	}
	detectors := make([]classifier.Detector, len(list))
	for i, k := range list {
		detectors[i] = k.detector(uint64(i) + 1)
	}
	return detectors
}

func (k bareKey) detector(seed uint64) classifier.Detector {
	d := classifier.Detector{
		ID: k.id, Name: k.name, Class: credentials, Source: k.source, Validator: k.check.words, Check: k.check.pass,
		Context: k.context, Mask: func(string) string { return "***" },
	}
	lead := ""
	if k.context != nil {
		d.Use, lead, d.Confirm = classifier.Context, k.context[0]+" ", noCommit
	}
	for i, notation := range strings.Fields(k.layouts) {
		layout := expand(notation)
		d.Layouts = append(d.Layouts, layout)
		value := fillLayout(layout, seed+uint64(i))
		d.Examples = append(d.Examples, lead+value, lead+"key="+value, lead+`"`+value+`"`)
		d.NearMisses = append(d.NearMisses, lead+fillLayout(layout, 0), lead+"Z9"+value, lead+value+"9Z", lead+value[1:])
		if k.context != nil {
			d.NearMisses = append(d.NearMisses, lead+"commit "+value, lead+"x/blob/"+value+"/main.go", value, "k"+k.context[0]+"k "+value)
		}
	}
	return d
}

// noCommit tells the key from a commit or digest of the same length: in a path, or
// behind its name.
func noCommit(c *classifier.Candidate) bool {
	before, after := at(c.Text, c.Start-1), at(c.Text, c.End)
	if before == '/' && word(at(c.Text, c.Start-2)) || after == '/' && word(at(c.Text, c.End+1)) {
		return false
	}
	return !hashNames.says(c.Text[max(0, c.Start-nearestWord):c.Start])
}

// expand writes out the runs of a layout: "X4" is "XXXX".
func expand(notation string) string {
	var b strings.Builder
	for i := 0; i < len(notation); i++ {
		if notation[i] != 'X' {
			b.WriteByte(notation[i])
			continue
		}
		n := 0
		for digit(at([]byte(notation), i+1)) {
			i++
			n = n*10 + int(notation[i]-'0')
		}
		b.WriteString(strings.Repeat("X", max(n, 1)))
	}
	return b.String()
}

// fillLayout puts hexadecimal digits into a layout; seed 0 puts the same all over.
func fillLayout(layout string, seed uint64) string {
	b := []byte(layout)
	for i, p := range b {
		switch p {
		case 'X', 'd':
			seed = seed * 6364136223846793005
			if seed != 0 {
				seed += 1442695040888963407
			}
			b[i] = alphabets['h'][seed>>33%16]
			if p == 'd' {
				b[i] = figures[seed>>33%10]
			}
		}
	}
	return string(b)
}

// keyCheck is what the value of a key, in capitals, must look like.
type keyCheck struct {
	words string // says it in documentation
	pass  func([]byte) bool
}

var (
	hexKey = keyCheck{"random hexadecimal digits", hexadecimal}
	// The first group of a UUID, by which the pass finds it, has eight digits.
	uuidKey     = keyCheck{"random UUID", func(b []byte) bool { return anyDigit(b[:8]) && hexadecimal(b) }}
	airtableKey = keyCheck{"random letters and digits", func(b []byte) bool { return anyDigit(b[:14]) && random(b) }}
	randomKey   = keyCheck{"random letters and digits", func(b []byte) bool { return anyDigit(b[:min(len(b), 24)]) && random(b) }}
)

func hexadecimal(b []byte) bool {
	for _, c := range b {
		if c > 'F' || !word(c) {
			return false
		}
	}
	return random(b)
}

func anyDigit(b []byte) bool { return bytes.ContainsAny(b, figures) }

// hashNames say of a value that it is a hash.
var hashNames = foldSetOf("commit", "merge", "sha1", "sha256", "sha", "md5", "checksum", "digest", "blob", "tree", "rev", "revision", "from")
