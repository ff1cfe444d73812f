package policyfile

import (
	"net/netip"
	"net/url"
	"time"

	"daylight.internal/rules"
	"daylight.internal/rules/strictyaml"
)

// Test is one expectation of a policy author: a request and what must become of
// it. A test with cases is one Test for each of them.
type Test struct {
	At      strictyaml.Position // of the test, or of the case
	Name    string              // `test`, or `test/case`
	Request TestRequest
	Expect  TestExpectation
}

// Place is a word of a test and where it stands.
type Place = strictyaml.Value[string]

// TestRequest describes a request in one of five forms: URL, Service, HAR, HTTP or
// WebSocket is set, and with it what belongs to that form. Names of files are
// relative to the file of the test.
type TestRequest struct {
	User    string
	Group   string         // a representative member is the client; User and Address are then empty
	Address netip.Addr     // the zero value: none
	Time    time.Time      // zero: now, or when the recording was made
	Account *rules.Account // nil: what the request tells
	Headers map[string]string
	Fail    bool // judging it fails

	URL      *url.URL
	Method   string // POST when there is a body, else GET
	Body     string
	HasBody  bool // Body counts, also when it is empty
	BodyFile Place

	Service    Place // a prompt to it, or an upload, is made up as the catalogue says
	Prompt     Place
	PromptFile Place
	Upload     Place // a file

	HAR       Place // a file
	Entry     int   // of the HAR file, from 1; 0: a case for each
	HTTP      Place // a file with a raw request
	WebSocket Place // a file with a transcript
}

// TestExpectation holds what must come out; what is not set is not compared.
type TestExpectation struct {
	Action, Rule, Status, Service, Operation, Account, Coverage, Response Place

	Enforced strictyaml.Value[bool]
	People   strictyaml.Value[rules.Comparison]
	Findings []ExpectedFindings
	// Classes must be among those found; of NoClasses, a value by itself, none is.
	Classes   []Place
	NoClasses strictyaml.Value[bool]
	Without   []Place // classes that must not be found
	// Messages are of the first messages of a WebSocket in turn.
	Messages []TestExpectation
}

// ExpectedFindings is how many values a detector must find.
type ExpectedFindings struct {
	Detector Place
	Count    strictyaml.Value[rules.Comparison]
}

type testEntry struct {
	At      strictyaml.Position
	Name    text         `yaml:"name,required" doc:"what the test shows; unique over all files" example:"a CRM export to ChatGPT is blocked"`
	Request requestEntry `yaml:"request" doc:"the request; that of each case goes over it"`
	Expect  expectEntry  `yaml:"expect" doc:"what must become of it; what is not given is not compared"`
	Cases   []caseEntry  `yaml:"cases" doc:"variations of the test, each a test of its own"`
	Columns []text       `yaml:"columns" doc:"keys of request and expect, one for each value of a row; 'name' is that of the case, and 'expect.service' one that both have" example:"[user, prompt, action]"`
	Rows    rowsIn       `yaml:"rows" doc:"a list of values for each case; '~' leaves a key as the test has it" example:"[[ana@corp.example, hello, log]]"`
}

// caseEntry is a variation of a test: its keys go over those of the test.
type caseEntry struct {
	At      strictyaml.Position
	Name    text         `yaml:"name" doc:"of the case; left out: made of what it changes" example:"from the agency"`
	Request requestEntry `yaml:"request" doc:"keys that differ from those of the test"`
	Expect  expectEntry  `yaml:"expect" doc:"keys that differ from those of the test"`
}

type requestEntry struct {
	User       text         `yaml:"user" doc:"who is signed in" example:"ana@marketing.corp.example"`
	Group      text         `yaml:"group" doc:"instead: somebody of this group" values:"group" example:"marketing"`
	Address    text         `yaml:"address" doc:"address of the client" values:"address" example:"10.20.0.7"`
	Time       text         `yaml:"time" doc:"when it is made, a time or a day; left out: now" values:"time" example:"2027-03-31T12:00:00Z"`
	Account    accountIn    `yaml:"account" doc:"whose account of the service is used; left out: what the request tells" values:"account" example:"private"`
	Fail       boolIn       `yaml:"fail" doc:"'true': Daylight fails to judge it, and on_error decides" default:"false" example:"true"`
	Method     text         `yaml:"method" doc:"method of the request; left out: POST with a body, else GET" values:"method" example:"PUT"`
	URL        text         `yaml:"url" doc:"the whole URL" values:"url" example:"https://chatgpt.com/backend-api/f/conversation"`
	Headers    named[text]  `yaml:"headers" doc:"headers by name" example:"{Content-Type: text/plain}"`
	Body       text         `yaml:"body" doc:"the body as text" example:"Write to ana.kovac@customer.example"`
	BodyFile   text         `yaml:"body_file" doc:"a file with the body, relative to the file of the test" example:"crm.csv"`
	Service    text         `yaml:"service" doc:"instead of a URL: a request to this service, made as the catalogue says" values:"service" example:"chatgpt"`
	Prompt     text         `yaml:"prompt" doc:"what is asked of the service" example:"Write a slogan for a bakery"`
	PromptFile text         `yaml:"prompt_file" doc:"a file with the prompt" example:"prompt.txt"`
	Upload     text         `yaml:"upload" doc:"a file that is uploaded to the service" example:"crm.csv"`
	HAR        text         `yaml:"har" doc:"instead of a URL: a recording of a browser" example:"chat.har"`
	Entry      wholeOrUnset `yaml:"entry" doc:"the entry of the HAR file, from 1; left out: a case for each" example:"3"`
	HTTP       text         `yaml:"http" doc:"instead of a URL: a file with a raw HTTP request" example:"request.http"`
	WebSocket  text         `yaml:"websocket" doc:"instead of a URL: a file with a transcript of a WebSocket" example:"chat.ws"`
}

type boolIn = strictyaml.Value[bool]

type wholeOrUnset = strictyaml.Value[int]

type expectEntry struct {
	At        strictyaml.Position
	Action    text                   `yaml:"action" doc:"the action of the verdict" values:"action" example:"block"`
	Enforced  strictyaml.Value[bool] `yaml:"enforced" doc:"'false': it is only what would be done" example:"false"`
	Rule      text                   `yaml:"rule" doc:"name of the rule that decides; '' for none" values:"rule" example:"customer lists stay home"`
	Status    text                   `yaml:"status" doc:"status of the service; '' for what is not AI" values:"status_or_none" example:"unreviewed"`
	Service   text                   `yaml:"service" doc:"the service that the request belongs to; '' for none" values:"service_or_suspected" example:"chatgpt"`
	Operation text                   `yaml:"operation" doc:"what the request does" values:"operation" example:"prompt"`
	Account   text                   `yaml:"account" doc:"whose account of the service is used" values:"account" example:"private"`
	Classes   classesIn              `yaml:"classes" doc:"data classes that are found, perhaps among others; '[]' for none at all" values:"class" example:"[personal]"`
	Without   words                  `yaml:"without" doc:"data classes that are not found" values:"class" example:"[payment]"`
	Findings  named[amountIn]        `yaml:"findings" doc:"values found, by detector: a number or a comparison" values:"detector" example:"{email: 250}"`
	People    amountIn               `yaml:"people" doc:"distinct individuals that the body names: a number or a comparison" values:"amount" example:"'>=10'"`
	Coverage  text                   `yaml:"coverage" doc:"how much of the body was read" values:"coverage" example:"complete"`
	Response  text                   `yaml:"response" doc:"what the client gets: 'server' for the server's own answer, else the shape of the refusal" values:"refusal" example:"openai"`
	Messages  messagesIn             `yaml:"messages" doc:"of a WebSocket: what is expected of its first messages in turn"`
}
