package corpus

import (
	"encoding/base64"
	"hash/crc32"
	"strings"
)

// secrets are what must not be pasted with code. The shapes are those that the
// vendors' documentation shows; english holds the name of a variable and what a
// person calls it.
func secrets() []species {
	secret := func(detector, names string, make func(w *writer) string) species {
		return species{detector: detector, english: names, make: make}
	}
	run := func(prefix, alphabet string, n int) func(w *writer) string {
		return func(w *writer) string { return prefix + string(w.from(alphabet, n)) }
	}
	const lowerAlphanumeric, hexadecimal = lowerCase + decimal, "0123456789abcdef"
	return []species{
		secret("openai_key", "OPENAI_API_KEY|OpenAI key", func(w *writer) string {
			return w.one("sk-"+string(w.from(alphanumeric, 20))+"T3BlbkFJ"+string(w.from(alphanumeric, 20)), "sk-proj-"+string(w.from(alphanumeric+"_-", 74))+"T3BlbkFJ"+string(w.from(alphanumeric+"_-", 73))+"A")
		}),
		secret("anthropic_key", "ANTHROPIC_API_KEY|Claude API key", func(w *writer) string { return "sk-ant-api03-" + string(w.from(alphanumeric+"_-", 93)) + "AA" }),
		secret("openrouter_key", "OPENROUTER_API_KEY|OpenRouter key", run("sk-or-v1-", hexadecimal, 64)),
		secret("google_api_key", "GOOGLE_API_KEY|Maps key", func(w *writer) string {
			return "AIzaSy" + string(w.from(alphanumeric+"_-", 32)) + string(w.from(alphanumeric, 1))
		}),
		secret("huggingface_token", "HF_TOKEN|Hugging Face token", run("hf_", upperCase+lowerCase, 34)),
		secret("perplexity_key", "PERPLEXITY_API_KEY|Perplexity key", run("pplx-", alphanumeric, 48)),
		secret("groq_key", "GROQ_API_KEY|Groq key", run("gsk_", alphanumeric, 52)),
		secret("xai_key", "XAI_API_KEY|Grok key", run("xai-", alphanumeric, 80)),
		secret("replicate_token", "REPLICATE_API_TOKEN|Replicate token", run("r8_", alphanumeric, 37)),
		secret("github_token", "GITHUB_TOKEN|GitHub token", func(w *writer) string { return w.gitHubToken() }),
		secret("gitlab_token", "GITLAB_TOKEN|GitLab token", run("glpat-", alphanumeric, 20)),
		secret("slack_token", "SLACK_BOT_TOKEN|Slack token", func(w *writer) string {
			if w.chance(2) {
				return "xoxp-" + w.digits(12, '0') + "-" + w.digits(13, '0') + "-" + w.digits(13, '0') + "-" + string(w.from("0123456789abcdef", 32))
			}
			return "xoxb-" + w.digits(12, '0') + "-" + w.digits(13, '0') + "-" + string(w.from(alphanumeric, 24))
		}),
		secret("stripe_key", "STRIPE_SECRET_KEY|Stripe key", func(w *writer) string { return w.one("sk_live_", "rk_live_") + string(w.from(alphanumeric, 24)) }),
		secret("aws_access_key", "AWS_ACCESS_KEY_ID|AWS key", func(w *writer) string { return w.one("AKIA", "ASIA") + string(w.from(upperCase+"234567", 16)) }),
		secret("npm_token", "NPM_TOKEN|npm token", func(w *writer) string { return withBase62Checksum("npm_", string(w.from(alphanumeric, 30))) }),
		secret("pypi_token", "PYPI_TOKEN|PyPI token", run("pypi-AgEIcHlwaS5vcmc", alphanumeric+"_-", 150)),
		secret("sendgrid_key", "SENDGRID_API_KEY|SendGrid key", func(w *writer) string {
			return "SG." + string(w.from(alphanumeric, 22)) + "." + string(w.from(alphanumeric, 43))
		}),
		secret("twilio_key", "TWILIO_API_KEY|Twilio key", run("SK", hexadecimal, 32)),
		secret("mailgun_key", "MAILGUN_API_KEY|Mailgun key", run("key-", hexadecimal, 32)),
		secret("mailchimp_key", "MAILCHIMP_API_KEY|Mailchimp key", func(w *writer) string { return w.hex(32) + "-us" + itoa(w.between(1, 21)) }),
		secret("hubspot_token", "HUBSPOT_TOKEN|HubSpot token", func(w *writer) string { return "pat-" + w.one("na1", "eu1") + "-" + w.uuid() }),
		secret("shopify_token", "SHOPIFY_ACCESS_TOKEN|Shopify token", run("shpat_", hexadecimal, 32)),
		secret("square_token", "SQUARE_ACCESS_TOKEN|Square token", run("EAAA", alphanumeric+"_-", 60)),
		secret("notion_token", "NOTION_TOKEN|Notion token", func(w *writer) string {
			return w.one("secret_"+string(w.from(alphanumeric, 43)), "ntn_"+w.digits(11)+string(w.from(alphanumeric, 35)))
		}),
		secret("airtable_token", "AIRTABLE_TOKEN|Airtable token", func(w *writer) string { return "pat" + string(w.from(alphanumeric, 14)) + "." + w.hex(64) }),
		secret("linear_key", "LINEAR_API_KEY|Linear key", run("lin_api_", alphanumeric, 40)),
		secret("figma_token", "FIGMA_TOKEN|Figma token", run("figd_", alphanumeric+"_-", 40)),
		secret("digitalocean_token", "DIGITALOCEAN_TOKEN|DigitalOcean token", run("dop_v1_", hexadecimal, 64)),
		secret("databricks_token", "DATABRICKS_TOKEN|Databricks token", run("dapi", hexadecimal, 32)),
		secret("grafana_token", "GRAFANA_TOKEN|Grafana token", func(w *writer) string { return "glsa_" + string(w.from(alphanumeric, 32)) + "_" + w.hex(8) }),
		secret("newrelic_key", "NEW_RELIC_API_KEY|New Relic key", run("NRAK-", upperCase+decimal, 27)),
		secret("doppler_token", "DOPPLER_TOKEN|Doppler token", run("dp.pt.", alphanumeric, 43)),
		secret("vault_token", "VAULT_TOKEN|Vault token", run("hvs.", alphanumeric+"_-", 95)),
		secret("dockerhub_token", "DOCKER_TOKEN|Docker Hub token", run("dckr_pat_", alphanumeric+"_-", 27)),
		secret("google_oauth_client_secret", "GOOGLE_CLIENT_SECRET|OAuth client secret", run("GOCSPX-", alphanumeric+"_-", 28)),
		secret("nvidia_key", "NVIDIA_API_KEY|NVIDIA key", run("nvapi-", alphanumeric+"_-", 64)),
		secret("fireworks_key", "FIREWORKS_API_KEY|Fireworks key", run("fw_", alphanumeric, 24)),
		secret("alibaba_access_key", "ALIBABA_CLOUD_ACCESS_KEY_ID|阿里云 AccessKey", run("LTAI", alphanumeric, 20)),
		secret("tavily_key", "TAVILY_API_KEY|Tavily key", run("tvly-", alphanumeric, 32)),
		secret("langsmith_key", "LANGSMITH_API_KEY|LangSmith key", func(w *writer) string { return "lsv2_pt_" + w.hex(32) + "_" + w.hex(10) }),
		secret("postman_key", "POSTMAN_API_KEY|Postman key", func(w *writer) string { return "PMAK-" + w.hex(24) + "-" + w.hex(34) }),
		secret("brevo_key", "BREVO_API_KEY|Brevo key", func(w *writer) string { return "xkeysib-" + w.hex(64) + "-" + string(w.from(alphanumeric, 16)) }),
		secret("rubygems_key", "RUBYGEMS_API_KEY|RubyGems key", run("rubygems_", hexadecimal, 48)),
		secret("sentry_token", "SENTRY_AUTH_TOKEN|Sentry token", run("sntryu_", hexadecimal, 64)),
		secret("planetscale_token", "PLANETSCALE_TOKEN|PlanetScale token", run("pscale_tkn_", alphanumeric, 43)),
		secret("jwt", "ACCESS_TOKEN|bearer token", func(w *writer) string { return w.webToken() }),
		secret("private_key", "", func(w *writer) string { return w.pemKey() }),
		secret("connection_string", "DATABASE_URL|connection", func(w *writer) string {
			return w.one("postgres", "postgresql", "mysql", "mongodb+srv", "amqp", "redis") + "://" + w.syllables(2, 2) + ":" + w.password() + "@" + w.host() + ".example.com:" + itoa(w.between(1024, 9999)) + "/" + w.syllables(2, 2)
		}),
		secret("basic_auth_url", "UPSTREAM_URL|link", func(w *writer) string {
			return "https://" + w.syllables(2, 2) + ":" + w.password() + "@" + w.syllables(2, 2) + ".example.com/" + w.syllables(1, 2)
		}),
		secret("url_token", "WEBHOOK_URL|link", func(w *writer) string {
			return "https://" + w.syllables(2, 2) + ".example.com/" + w.syllables(1, 2) + "?" + w.one("access_token", "token", "api_key", "sig") + "=" + string(w.from(alphanumeric, w.between(24, 48)))
		}),
		secret("bitcoin_address", "BTC|bitcoin wallet", func(w *writer) string { return w.bitcoinAddress() }),
	}
}

const base62 = decimal + upperCase + lowerCase

// withBase62Checksum appends the CRC-32 of the random part in six digits of base 62,
// as GitHub and npm do.
func withBase62Checksum(prefix, random string) string {
	sum := crc32.ChecksumIEEE([]byte(random))
	check := make([]byte, 6)
	for i := range check {
		check[5-i] = base62[sum%62]
		sum /= 62
	}
	return prefix + random + string(check)
}

func (w *writer) gitHubToken() string {
	if w.chance(3) {
		return "github_pat_" + string(w.from(alphanumeric, 22)) + "_" + string(w.from(alphanumeric, 59))
	}
	return withBase62Checksum(w.one("ghp_", "gho_", "ghs_"), string(w.from(alphanumeric, 30)))
}

// webToken returns a JSON web token (RFC 7519) with a random signature.
func (w *writer) webToken() string {
	header := `{"alg":"` + w.one("HS256", "RS256", "ES256") + `","typ":"JWT"}`
	claims := `{"sub":"` + w.digits(10) + `","iat":` + itoa(int(w.clock/1000)) + `,"scope":"` + w.syllables(2, 2) + `"}`
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(header)) + "." + encode([]byte(claims)) + "." + string(w.from(alphanumeric+"_-", 43))
}

func (w *writer) pemKey() string {
	kind := w.one("RSA PRIVATE KEY", "PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY")
	var b strings.Builder
	b.WriteString("-----BEGIN " + kind + "-----\nMII")
	b.Write(w.from(alphanumeric+"+/", 61))
	for range w.between(3, 24) {
		b.WriteByte('\n')
		b.Write(w.from(alphanumeric+"+/", 64))
	}
	b.WriteString("\n" + string(w.from(alphanumeric, 42)) + "==\n-----END " + kind + "-----")
	return b.String()
}

// password returns one as people and generators make them.
func (w *writer) password() string {
	return w.one(string(w.from(alphanumeric, w.between(12, 24))), strings.ToUpper(w.syllables(1, 1))+w.syllables(2, 2)+w.digits(3)+w.one("!", "$", "_", "-"), w.syllables(1, 1)+"-"+w.digits(4)+"-"+string(w.from(alphanumeric, 8)))
}
