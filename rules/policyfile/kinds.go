package policyfile

// Kind is a kind of fault or doubt. Its id is what programs and suppressions
// refer to: it never changes.
type Kind struct{ ID, Meaning string }

// OtherFault is the kind of what has none of its own.
const OtherFault = "fault"

// Kinds returns all kinds of faults of policy files, and then of warnings.
func Kinds() []Kind { return append(faults(), doubts()...) }

func faults() []Kind {
	return []Kind{
		{"yaml-syntax", "the file is not YAML"},
		{"not-utf8", "the file is not UTF-8"},
		{"file-size", "the file is larger than can be read"},
		{"second-document", "one file holds two documents"},
		{"too-many-aliases", "aliases make the file unfold to too much"},
		{"version", "the version is missing or not known"},
		{"unknown-key", "a key that does not exist"},
		{"missing-key", "a key that is needed is not there"},
		{"missing-value", "a key without a value"},
		{"duplicate-key", "a key is given twice"},
		{"merge-key", "merge keys are not supported"},
		{"wrong-type", "a list, a mapping, a number or a text stands where something else belongs"},
		{"empty-value", "an empty text or list"},
		{"invalid-name", "a name that cannot be one"},
		{"duplicate-name", "two things have one name"},
		{"unknown-mode", "a mode that does not exist"},
		{"invalid-mode", "a mode where it cannot stand"},
		{"useless-mode", "a mode that another file overrules"},
		{"unknown-on-error", "an on_error that does not exist"},
		{"invalid-on-error", "an on_error of a rule that stops nothing"},
		{"invalid-share", "a share of people that cannot be enforced"},
		{"invalid-service", "a fault in an own service"},
		{"unknown-service", "a service that neither the catalogue nor the policy has"},
		{"unknown-group", "a group that is not defined"},
		{"empty-group", "a group has neither networks nor users"},
		{"invalid-network", "a network that is none"},
		{"unknown-data-class", "a data class that is not defined"},
		{"empty-data-class", "a data class is made of nothing"},
		{"unknown-detector", "a detector that is not defined"},
		{"detector-not-of-class", "a condition asks for a class and a detector of another one"},
		{"invalid-detector", "a detector that cannot work"},
		{"invalid-expression", "a regular expression that cannot be compiled"},
		{"unknown-validator", "a validator that does not exist"},
		{"unknown-language", "a message in a language that does not exist"},
		{"invalid-status", "an approval cannot set this status"},
		{"conflicting-approvals", "two approvals give one service different statuses"},
		{"invalid-date", "a date that is none"},
		{"empty-account", "an account by which nothing is known"},
		{"unknown-kind-of-account", "an account can be named corporate or private"},
		{"invalid-domain", "a domain that is none"},
		{"unknown-action", "an action that does not exist"},
		{"unsupported", "this version cannot do that"},
		{"unknown-traffic", "a kind of traffic that does not exist"},
		{"other-traffic", "a condition on AI services in a rule for other traffic"},
		{"unknown-category", "no service has this category"},
		{"unknown-vendor", "no service has this vendor"},
		{"unknown-country", "a code that is not of ISO 3166-1"},
		{"unknown-status", "a status that does not exist"},
		{"unknown-account", "a kind of account that does not exist"},
		{"unknown-plan", "a plan that does not exist"},
		{"unknown-operation", "an operation that does not exist"},
		{"unknown-method", "a method of HTTP that does not exist"},
		{"unknown-coverage", "a coverage that does not exist"},
		{"invalid-host", "a host that is none"},
		{"invalid-comparison", "a comparison that is none"},
		{"impossible-comparison", "a comparison that can never be true"},
		{"empty-condition", "a condition on data that asks for nothing"},
		{"invalid-test", "a test that cannot be run"},
		{"unknown-column", "a column of a table of tests that does not exist"},
		{"unknown-response", "a test expects a response of a shape that does not exist"},
		{"unknown-rule", "a test expects a rule that does not exist"},
		{OtherFault, "any other fault"},
	}
}

func doubts() []Kind {
	return []Kind{
		{"empty-file", "a file with nothing in it"},
		{"useless-on-error", "an on_error of a file that no rule takes"},
		{"repeated-value", "a list holds a value twice"},
		{"expired-approval", "an approval holds no more"},
		{"expiring-approval", "an approval ends within 30 days"},
		{"shadowed-approval", "an approval never decides, because another one holds whenever it does"},
		{"slow-expression", "a regular expression that nothing is found by, and what it costs"},
		{"shared-word", "two lists of words hold the same word"},
		{"class-without-detector", "a condition on a data class that nothing finds"},
		{"untold-account", "the requests of a service do not tell one account from another"},
		{"no-corporate-account", "a rule for corporate accounts, of which none is named"},
		{"impossible-rule", "a rule whose conditions contradict each other, the catalogue or the approvals"},
		{"impossible-word", "a service in a rule that its other conditions leave out"},
		{"shadowed-rule", "a rule never decides, because rules before it take all that it matches"},
		{"shadowed-word", "a word in a rule never counts, because a rule before takes all of it"},
		{"overlapping-networks", "clients are in two groups, and the wider one stands first"},
		{"redundant-member", "a group takes a client by another network or pattern already"},
		{"same-group", "two groups have the same members"},
		{"unknown-user", "nobody who can sign in has this name"},
		{"unused-group", "no rule and no approval speaks of a group"},
		{"unused-detector", "no rule and no approval speaks of what a detector finds"},
		{"unused-data-class", "no rule and no approval speaks of a data class"},
	}
}
