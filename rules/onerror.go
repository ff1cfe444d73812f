package rules

import "strconv"

// OnError says what becomes of an exchange that could not be judged. The zero value
// leaves it to others.
type OnError string

// The values of OnError.
const (
	NoOnError    OnError = ""
	OnErrorAllow OnError = "allow"
	OnErrorBlock OnError = "block"
)

// ByCertainty is the value of Verdict.OnErrorBy where no on_error was asked: whatever
// the body held, the outcome is the same. ByRule, ByPolicy, ByConfiguration and
// ByLateness are the others.
const ByCertainty = "certain"

// Unjudged is the verdict on an exchange that could not be judged. What its head told
// is known, the rest is in doubt; alternatives are the facts that it may have, one of
// them at least. They come without content.
//
// Each rule that may have decided and would have stopped the exchange answers for
// itself, and one that blocks on error is enough: a rule that protects must not depend
// on which others stand before it. A rule that is monitored for the client, or lets
// pass, stops nothing and has no say. Where all that may have decided agree, nobody is asked.
func (p *Policy) Unjudged(d Doubt, alternatives ...Facts) Verdict {
	var all Possible
	for _, f := range alternatives {
		possible := p.Possible(f, d)
		all.Verdicts, all.Rules = append(all.Verdicts, possible.Verdicts...), append(all.Rules, possible.Rules...)
	}
	const failed = "the exchange could not be judged"
	if len(all.Verdicts) == 1 { // nothing that is not known matters
		v := all.Verdicts[0]
		v.OnErrorBy, v.Reason = ByCertainty, failed+"; "+v.Reason
		return v
	}
	stopping, certain := p.stopping(&all)
	v := Verdict{Action: Log, Groups: all.Verdicts[0].Groups, OnErrorBy: ByCertainty}
	if alternatives[0].Service.IsAI() {
		v.Status, v.Approval = all.Verdicts[0].Status, all.Verdicts[0].Approval
	}
	switch {
	case stopping == nil:
		v.Reason = failed + "; no rule that may have matched stops it"
		return v
	case certain:
		v.Action, v.Reason = Block, failed+"; each rule that may have matched blocks"
	default:
		v.askOnError(p, stopping, failed)
	}
	v.Rule, v.At = stopping.Name, stopping.At
	return v
}

// stopping returns the rule that answers for those that may have decided: the first
// that stops the exchange and blocks on error, else the first that stops it; nil when
// none does. certain tells that all stop it.
func (p *Policy) stopping(all *Possible) (r *Rule, certain bool) {
	certain = true
	for i, v := range all.Verdicts {
		switch {
		case !v.Stops():
			certain = false
		case r == nil, !p.blocksOnError(r) && p.blocksOnError(all.Rules[i]):
			r = all.Rules[i]
		}
	}
	return r, certain
}

// blocksOnError tells whether the rule, its file or the configuration refuses what
// could not be judged.
func (p *Policy) blocksOnError(r *Rule) bool {
	if r.OnError == NoOnError {
		return !p.OnErrorAllow
	}
	return r.OnError == OnErrorBlock
}

// askOnError makes the verdict that of the rule's on_error, and says whose word it is.
func (v *Verdict) askOnError(p *Policy, r *Rule, failed string) {
	v.Action = Log
	does := "lets it through"
	if p.blocksOnError(r) {
		v.Action, does = Block, "blocks it"
	}
	whose := "its on_error"
	switch {
	case r.OnError == NoOnError:
		v.OnErrorBy, whose = ByConfiguration, "on_error of the configuration"
	case r.OnErrorOfFile:
		v.OnErrorBy, whose = ByPolicy, "on_error of its policy file"
	default:
		v.OnErrorBy = ByRule
	}
	v.Reason = failed + "; the rule " + strconv.Quote(r.Name) + " may have matched, and " + whose + " " + does
}

// Unread is the verdict on an exchange of whose body Daylight lacked the means to read
// more than the content tells, and which goes on for what was read. It is refused when a
// rule that the rest may fulfil says so itself, or its file: ok is false when none does.
// The configuration has no say: it speaks of faults, and the policy of coverage.
func (p *Policy) Unread(f Facts) (v Verdict, ok bool) {
	possible := p.Possible(f, Doubt{Rest: true})
	for i, r := range possible.Rules {
		if v := possible.Verdicts[i]; v.Stops() && r.OnError == OnErrorBlock {
			v.Message = nil
			v.askOnError(p, r, "the body could not be read to its end")
			return v, true
		}
	}
	return Verdict{}, false
}
