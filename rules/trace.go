package rules

// Trace collects the steps of an evaluation, for whoever asks why.
type Trace struct {
	Steps []Step
}

// Step is one condition of one rule that was looked at. A rule without any
// condition leaves one step with an empty Condition.
type Step struct {
	Rule, At  string // name and file:line:col
	Condition string // key of the condition, such as "status"
	Wanted    string // what the rule asks for, in the words of the policy, such as "personal, people >=10"
	Outcome   string // "yes", "no" or "unknown"
	Saw       string // what the exchange had there; never a matched value
}
