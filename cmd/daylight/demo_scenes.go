package main

import (
	"daylight.internal/rules"
)

// scene is one exchange of the demo and how it must end.
type scene struct {
	title    string
	user     string
	language string // that the person reads, as in Accept-Language; "" for none
	says     string // what the request says, in short
	message  message
	send     sender // nil for one request
	expect   ending
}

// ending is what must come of a scene. Everything is compared.
type ending struct {
	service string
	status  rules.Status
	action  rules.Action
	rule    string // "" for the implicit last rule
	people  int
	streams bool   // the answer must arrive bit by bit
	file    string // the name of an upload to another host; "" for none
	unread  string // why it could not be read; "" when it could
}

const (
	ana = "ana@marketing.corp.example"
	li  = "li.wei@marketing.corp.example"
	tom = "tom@it.corp.example"
)

// scenes are in the order in which they are played.
func scenes() []scene {
	return append(requestScenes(), protocolScenes()...)
}

// requestScenes are those in which one request says it all.
func requestScenes() []scene {
	list := customerList()
	aws, openAI := fakeKeys()
	return []scene{
		{
			title: "A clean prompt goes through", user: ana,
			says:    `"Write three slogans for our new coffee, Sunrise Blend."`,
			message: chatGPT("Write three slogans for our new coffee, Sunrise Blend. Warm, short, no puns."),
			expect:  ending{service: "chatgpt", status: rules.Tolerated, action: rules.Log},
		},
		{
			title: "A customer list to a copywriting tool that nobody has reviewed", user: ana,
			says: `"Write a personal mail to each of them", with a CRM export pasted in`,
			message: jsonMessage("https://api.copy.ai/api/workflow/WCFG-51f0/run", map[string]any{
				"startVariables": map[string]string{"instructions": "Write a personal mail to each of them.", "audience": list},
			}),
			expect: ending{service: "copy-ai", status: rules.Unreviewed, action: rules.Block, rule: "customer-lists-stay-home", people: customers},
		},
		{
			title: "The same list to the service that is approved for it", user: ana,
			says:    "crm.csv as a file upload",
			message: uploadMessage("https://api.openai.com/v1/files", "purpose", "user_data", "crm.csv", "text/csv", list),
			expect:  ending{service: "openai-api", status: rules.Sanctioned, action: rules.Log, people: customers},
		},
		{
			title: "A Chinese prompt with a resident ID", user: li, language: "zh-CN",
			says: "“请为客户王小明写一封生日贺信，身份证号 ******************”",
			message: jsonMessage("https://chat.deepseek.com/api/v0/chat/completion", map[string]any{
				"chat_session_id": "5b3f7c1e-8f7a-4a53-9d0e-2f4a8c6b1d22", "prompt": "请为客户王小明写一封生日贺信，身份证号11010519491231002X，语气要热情。",
			}),
			expect: ending{service: "deepseek", status: rules.Prohibited, action: rules.Block, rule: "no-resident-ids", people: 1},
		},
		{
			title: "An answer that streams is never held up", user: ana,
			says:    `"A line for the launch, please." (stream: true)`,
			message: openAIChat("https://api.openai.com/v1/chat/completions", "A line for the launch, please.", true),
			expect:  ending{service: "openai-api", status: rules.Sanctioned, action: rules.Log, streams: true},
		},
		{
			title: "Keys pasted while looking for a bug", user: tom,
			says: `"Why does this upload script fail?", with two keys in it`,
			message: jsonMessage("https://claude.ai/api/organizations/0a4c2b1e-6f1d-4b7c-9a57-1f2e3d4c5b6a/chat_conversations/7d9e8f10-2b3c-4d5e-8f90-a1b2c3d4e5f6/completion", map[string]any{
				"prompt": "Why does this upload script fail?\nexport AWS_ACCESS_KEY_ID=" + aws + "\nexport OPENAI_API_KEY=" + openAI + "\npython upload.py",
			}),
			expect: ending{service: "claude", status: rules.Unreviewed, action: rules.Block, rule: "credentials-stay-home"},
		},
		{
			title: "Campaign numbers to a service of another kind: noted, not stopped", user: ana,
			says: `"Which channel should get more budget?", with results of a campaign`,
			message: jsonMessage("https://generativelanguage.googleapis.com/v1beta/models/gemini-3-pro:generateContent", map[string]any{
				"contents": []any{map[string]any{"role": "user", "parts": []any{map[string]string{
					"text": "Which channel should get more budget?\nSearch: impressions 48,200, clicks 1,930, CTR 4.0 %, CPA 12.40 EUR, ROAS 3.1\nSocial: impressions 91,500, clicks 1,100, CTR 1.2 %, CPA 31.90 EUR, ROAS 1.4",
				}}}},
			}),
			expect: ending{service: "gemini-api", status: rules.Unreviewed, action: rules.Log},
		},
		{
			title: "A tool that is on no list, known by the shape of its traffic", user: tom,
			says:    `"Make this friendlier: we close at six."`,
			message: openAIChat("https://api.sloganforge.example/v1/chat/completions", "Make this friendlier: we close at six.", false),
			expect:  ending{service: rules.Suspected, status: rules.Unreviewed, action: rules.Log},
		},
		{
			title: "Everything that is not AI is left alone", user: tom,
			says:    "a form of the company's own shop",
			message: message{"POST", "https://shop.corp.example" + shopPath, "application/x-www-form-urlencoded", []byte("text=Lovely+coffee&stars=5")},
			expect:  ending{action: rules.Allow},
		},
	}
}
