package catalog_test

import "testing"

// A tool of the office is not an AI tool because a button of it is one.
func TestOrdinaryUseOfASaaSToolIsNotAIUse(t *testing.T) {
	c := embedded(t)
	for _, raw := range []string{
		"https://acme.my.salesforce.com/services/data/v62.0/query",
		"https://acme.my.salesforce.com/services/data/v62.0/sobjects/Contact",
		"https://acme.lightning.force.com/aura",
		"https://api.salesforce.com/platform/engagement/v1/events",
		"https://app.hubspot.com/contacts/7279725/objects/0-1/views/all/list",
		"https://app-eu1.hubspot.com/api/crm-search/search",
		"https://api.hubapi.com/crm/v3/objects/contacts",
		"https://api.intercom.io/conversations",
		"https://api.intercom.io/finance",
		"https://acme.atlassian.net/rest/api/3/issue",
		"https://acme.atlassian.net/gateway/api/graphql",
		"https://api.box.com/2.0/files/content",
		"https://api.box.com/2.0/aims",
		"https://api.zoom.us/v2/meetings/1/registrants",
		"https://eu2.make.com/api/v2/scenarios",
		"https://hooks.zapier.com/hooks/catch/1/a",
		"https://zapier.com/api/v4/zaps",
		"https://open.feishu.cn/open-apis/im/v1/messages",
		"https://open.larksuite.com/open-apis/docx/v1/documents",
		"https://acme.thoughtspot.cloud/api/rest/2.0/searchdata",
		"https://api.contentful.com/spaces/s/environments/master/entries",
		"https://p1.api.sanity.io/v2025-02-19/data/mutate/production",
		"https://public-api.wordpress.com/wpcom/v2/sites/1/posts",
		"https://api.catalyst.zoho.com/baas/v1/project/p1/table/t1/row",
		"https://dashboard-03.braze.com/engagement/campaigns",
		"https://rest.fra-01.braze.eu/users/track",
		"https://www.klaviyo.com/api/profiles",
		"https://a.klaviyo.com/api/events/",
		"https://us21.admin.mailchimp.com/campaigns/edit",
		"https://hootsuite.com/dashboard",
		"https://platform.hootsuite.com/v1/messages",
		"https://publish.buffer.com/channels/1",
		"https://graph.buffer.com/",
		"https://www.semrush.com/analytics/overview/",
		"https://api.smartling.com/files-api/v2/projects/p1/file",
		"https://cloud.memsource.com/web/api2/v1/projects",
		"https://api.freepik.com/v1/resources",
		"https://www.freepik.com/search",
		"https://www.canva.com/design/x/edit",
		"https://www.canva.com/_ajax/documents/x",
		"https://www.veed.io/workspaces",
		"https://www.fotor.com/photo-editor-app/editor/basic",
		"https://www.bing.com/search?q=weather",
		"https://www.bing.com/images/search?q=weather",
		"https://edge.microsoft.com/extensionwebstorebase/v1/crx",
		"https://openapi.naver.com/v1/search/blog.json",
		"https://dict.youdao.com/suggest",
		"https://app.notion.com/api/v3/getUploadFileUrl",
		"https://s3.eu-central-1.amazonaws.com/acme/export.csv",
		"https://dynamodb.eu-central-1.amazonaws.com/",
	} {
		for _, method := range []string{"GET", "POST"} {
			if m, ok := c.Match(query(t, method, raw, nil)); ok {
				t.Errorf("%s %s matches %s", method, raw, m.Service.ID)
			}
		}
	}
}

func TestAIOperationOfASaaSToolIsFoundOnItsHost(t *testing.T) {
	c := embedded(t)
	for raw, want := range map[string]string{
		"https://acme.my.salesforce.com/services/data/v63.0/einstein/llm/prompt/generations":    "salesforce-ai prompt",
		"https://acme--uat.sandbox.my.salesforce.com/services/data/v63.0/einstein/llm/feedback": "salesforce-ai other",
		"https://app-na2.hubspot.com/breeze-studio/1/manage-agents/inbox":                       "hubspot-breeze other",
		"https://api.eu.intercom.io/fin/reply":                                                  "intercom-fin prompt",
		"https://acme.atlassian.net/gateway/api/assist/rovo/v1/chat/conversation/1/message":     "atlassian-rovo prompt",
		"https://api.box.com/2.0/ai/extract_structured":                                         "box-ai prompt",
		"https://us2.make.com/mcp/api/v1/u/e5adf952/sse":                                        "make-ai prompt",
		"https://www.semrush.com/contentshake/ai-article-writer/":                               "semrush-contentshake other",
		"https://open.larksuite.com/open-apis/aily/v1/sessions/s1/messages":                     "feishu-ai prompt",
		"https://www.bing.com/images/create?q=a+cat&rt=4&FORM=GENCRE":                           "bing-image-creator prompt",
		"https://api.smartling.com/mt-router-api/v2/accounts/a1/smartling-mt":                   "smartling-mt prompt",
		"https://public-api.wordpress.com/wpcom/v2/ai-api-proxy/v1/chat/completions":            "jetpack-ai prompt",
		"https://api.contentful.com/spaces/s/environments/master/ai/actions/a/invoke":           "contentful-ai prompt",
		"https://api.catalyst.zoho.in/quickml/v2/project/31294000000018673/llm/chat":            "zoho-zia prompt",
		"https://general-runtime.voiceflow.com/state/user/u1/interact":                          "voiceflow prompt",
		"https://acme.thoughtspot.cloud/api/rest/2.0/ai/agent/conversation/create":              "thoughtspot-spotter prompt",
		"https://p1.api.sanity.io/v2025-02-19/agent/action/translate/production":                "sanity-ai prompt",
	} {
		m, ok := c.Match(query(t, "POST", raw, nil))
		if got := m.Kind(); !ok || m.Service.ID+" "+got != want {
			t.Errorf("%s: %v %q", raw, ok, got)
		}
	}
}
