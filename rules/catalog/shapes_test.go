package catalog_test

import "testing"

// Ordinary use of what shares a host or a vendor with an AI service.
func TestWhatSharesAHostWithAnAIServiceBelongsToNone(t *testing.T) {
	c := embedded(t)
	for _, raw := range []string{
		"https://www.bing.com/search?q=weather",
		"https://search.brave.com/search?q=weather",
		"https://kagi.com/search?q=weather",
		"https://x.com/home",
		"https://api.x.com/2/tweets",
		"https://github.com/copilotkit/copilotkit",
		"https://sourcegraph.com/search?q=context:global",
		"https://hf.co/meta-llama/Llama-3.1-8B",
		"https://huggingface.co/docs",
		"https://learn.microsoft.com/en-us/azure/",
		"https://bigquery.googleapis.com/bigquery/v2/projects/p/queries",
		"https://compute.googleapis.com/compute/v1/projects/p/zones",
		"https://api.infomaniak.com/1/profile",
		"https://api.pinecone.io/indexes",
		"https://acme-index-abc123.svc.us-east-1.pinecone.io/query",
		"https://api.braintrust.dev/v1/project",
		"https://api.puter.com/drivers/call",
		"https://www.chatbase.co/embed.min.js",
		"https://app.hubspot.com/contacts/1",
		"https://eu2.make.com/organization/1",
		"https://api.telnyx.com/v2/messages",
		"https://lightning.ai/studios",
		"https://acme.netlify.app/",
		"https://clients6.google.com/$rpc/google.internal.people",
		"https://substrate.office.com/owa/service.svc",
		"https://storage.cloud.yandex.net/bucket/file",
		"https://acme.cloud.databricks.com/api/2.1/jobs/list",
		"http://localhost:4000/api/users",
		"http://localhost:7860/",
		"http://localhost:8188/",
		"http://10.0.0.7:1234/",
	} {
		if m, ok := c.Match(query(t, "POST", raw, nil)); ok {
			t.Errorf("%s matches %s", raw, m.Service.ID)
		}
	}
}
