package main

import "strings"

// Selectors. Every series is narrowed by job and instance; those that carry a
// service or a group by these too. The service "other" is traffic that is not AI.
const (
	where     = `job=~"$job",instance=~"$instance"`
	ofService = where + `,service=~"$service"`
	ofGroup   = ofService + `,group=~"$group"`
	isAI      = `,service!="other"`
)

// total is the growth of a counter over the time range of the dashboard. A
// series that was born within the range is taken whole: increase() does not see
// the first value, which for a rare event, such as the one customer list of the
// day, is all there is.
func total(by, series string) string {
	grown := "((" + series + " unless " + series + " offset $__range) or increase(" + series + "[$__range]))"
	if by == "" {
		return "sum" + grown
	}
	return "sum by (" + by + ") " + grown
}

// perMinute is the pace of a counter. Growth for each step of a graph would count
// twice: $__rate_interval is longer than a step.
func perMinute(by, series string) string {
	rate := "(rate(" + series + "[$__rate_interval])) * 60"
	if by == "" {
		return "sum" + rate
	}
	return "sum by (" + by + ") " + rate
}

func perSecond(by, series string) string {
	return "sum by (" + by + ") (rate(" + series + "[$__rate_interval]))"
}

// exposed counts the people named in what did leave. The metric counts a person
// once for each data class of a request, so classes must not be added up: the
// largest one stands for all.
func exposed(by string) string {
	gone := series("people_exposed_total", ofService+`,action!="block"`)
	if by == "" {
		return "max(" + total("class", gone) + ")"
	}
	return "max by (" + by + ") (" + total("class, "+by, gone) + ")"
}

func series(metric, selector string) string { return "daylight_" + metric + "{" + selector + "}" }

func overview() dashboard {
	return dashboard{
		Title:         "Daylight / Overview",
		Description:   "What goes to AI services, what was stopped, what would have been, and what Daylight could not see.",
		UID:           "daylight-overview",
		Tags:          []string{"daylight", "security"},
		SchemaVersion: 39, Version: 1, GraphTooltip: 1, Refresh: "30s", Timezone: "browser",
		Time:        timeRange{From: "now-6h", To: "now"},
		Annotations: annotations{List: []annotation{reloads()}},
		Links:       overviewLinks(),
		Templating:  templating{List: variables()},
		Panels: arrange([]section{
			{"", tiles()},
			{"What goes to AI services", traffic()},
			{"What is in it", content()},
			{"What Daylight could not read", blindness()},
			{"Policy", policy()},
			{"Health of the proxies", health()},
		}),
	}
}

func reloads() annotation {
	return annotation{
		Name: "Policy reloaded", Datasource: prometheus(), Enable: true, IconColor: blue, Step: "30s",
		Expr:        "changes(" + series("policy_last_reload_timestamp_seconds", where) + "[$__rate_interval]) > 0",
		TitleFormat: "Policy reloaded on {{instance}}",
	}
}

func overviewLinks() []link {
	return []link{{
		Title: "Daylight dashboards", Type: "dashboards", Tags: []string{"daylight"}, AsDropdown: true,
		IncludeVars: true, KeepTime: true, Icon: "external link",
	}}
}

func variables() []variable {
	all := map[string]any{"selected": true, "text": []string{"All"}, "value": []string{"$__all"}}
	labels := func(name, label, of, help string, hide int) variable {
		definition := "label_values(" + of + ", " + name + ")"
		return variable{
			Name: name, Label: help, Type: "query", Datasource: ptr(prometheus()), Definition: definition,
			Query:      map[string]any{"query": definition, "refId": "variable-" + label},
			IncludeAll: true, AllValue: ".*", Multi: true, Refresh: 2, Sort: 1, Current: all, Hide: hide,
		}
	}
	return []variable{
		{Name: "datasource", Label: "Prometheus", Type: "datasource", Query: "prometheus", Current: map[string]any{}, Refresh: 1},
		labels("job", "job", "daylight_build_info", "Job", 0),
		labels("instance", "instance", `daylight_build_info{job=~"$job"}`, "Proxy", 0),
		labels("service", "service", `daylight_exchanges_total{job=~"$job",service!="other"}`, "AI service", 0),
		labels("group", "group", `daylight_exchanges_total{job=~"$job"}`, "Group", 0),
	}
}

func tiles() []panel {
	uploads := series("upload_bytes_total", ofGroup+isAI)
	unread := strings.ReplaceAll(uploads, isAI, isAI+`,coverage!="complete"`)
	return []panel{
		stat("AI exchanges", "Requests to AI services, listed or suspected, in the time range.", "locale",
			query{total("", series("exchanges_total", ofGroup+isAI)), ""}).base(blue).decimals(0),
		stat("Blocked", "Requests that a rule stopped; none of their content left.", "locale",
			query{total("", series("exchanges_total", ofGroup+`,action="block"`)), ""}).base(green).over(1, orange).over(100, red).decimals(0),
		stat("Would be blocked", "Requests that went through because the rule, or the whole policy, only monitors. Enforcing it would have stopped them.", "locale",
			query{total("", series("would_block_total", ofGroup)), ""}).base(green).over(1, amber).decimals(0),
		stat("People exposed", "Individuals named in what did reach an AI service, added up per request: a person sent twice counts twice.", "locale",
			query{exposed(""), ""}).base(green).over(1, amber).over(1000, red).decimals(0),
		stat("Sent to AI", "Bytes of request bodies for AI services, those of blocked requests included.", "decbytes",
			query{total("", uploads), ""}).base(blue).decimals(1),
		stat("Not fully read", "Share of the bytes for AI services that Daylight could not read to the end: truncated, undecodable or not inspected.", "percentunit",
			query{total("", unread) + " / (" + total("", uploads) + " > 0)", ""}).base(green).over(0.05, amber).over(0.2, red).decimals(1),
		stat("Verdict, p95", "95 of 100 held requests wait at most this long between their last byte and the verdict.", "s",
			query{`histogram_quantile(0.95, sum by (le) (rate(` + series("verdict_seconds_bucket", where+`,mode="hold"`) + `[$__range])))`, ""}).over(0.1, amber).over(0.5, red),
		stat("Policy", "Whether the last reload was accepted by every proxy. A refused policy leaves the former one in force.", "none",
			query{"min(" + series("policy_last_reload_successful", where) + ")", ""}).base(red).over(1, green).says("1", "current", green).says("0", "refused", red),
	}
}

func traffic() []panel {
	exchanges := series("exchanges_total", ofGroup+isAI)
	bytes := series("upload_bytes_total", ofGroup+isAI)
	const byService = "service, status"
	services := table("AI services", "Every AI service that was used in the time range. Unreviewed services are shadow AI: decide about the ones at the top.",
		[]key{{"service", "Service"}, {"status", "Status"}},
		column{"Exchanges", "locale", total(byService, exchanges) + " > 0"},
		column{"Blocked", "locale", total(byService, series("exchanges_total", ofGroup+isAI+`,action="block"`)) + " > 0"},
		column{"Sent", "decbytes", total(byService, bytes) + " > 0"},
		column{"Not fully read", "decbytes", total(byService, series("upload_bytes_total", ofGroup+isAI+`,coverage!="complete"`)) + " > 0"},
	)
	services.FieldConfig.Overrides = append(services.FieldConfig.Overrides, statusCell(), serviceLink())
	return []panel{
		lines("Exchanges by action", "What was done with requests to AI services.", "cpm",
			query{perMinute("action", exchanges), "{{action}}"}).stacked().verdictColors().sized(8, 8),
		lines("Exchanges by status", "Requests by what the company decided about the service. Unreviewed is shadow AI.", "cpm",
			query{perMinute("status", exchanges), "{{status}}"}).stacked().statusColors().sized(8, 8),
		lines("Sent to AI by status", "Bytes per second of request bodies by the status of the service.", "Bps",
			query{perSecond("status", bytes), "{{status}}"}).statusColors().sized(8, 8),
		services,
		bars("Bytes by service", "The ten services that were sent most.", "decbytes",
			query{"topk(10, " + total("service", bytes) + " > 0)", "{{service}}"}),
		bars("Exchanges by group", "Who uses AI services, by group of the policy.", "locale",
			query{"topk(10, " + total("group", exchanges) + " > 0)", "{{group}}"}).decimals(0),
		lines("Suspected AI", "Requests to hosts on no list whose shape is that of an AI service, by how sure that is. Look them up in the events and add them to the catalogue.", "cpm",
			query{perMinute("confidence", series("suspected_ai_total", where)), "{{confidence}}"}).stacked().colored("high", red).colored("medium", amber).sized(8, 8),
	}
}

// statusCell colours the status of a service in a table.
func statusCell() override {
	options := map[string]any{}
	for status, color := range map[string]string{"prohibited": red, "unreviewed": orange, "tolerated": amber, "sanctioned": green, "none": grey} {
		options[status] = map[string]any{"color": color, "text": status}
	}
	return override{
		Matcher: map[string]any{"id": "byName", "options": "Status"},
		Properties: []property{
			{"mappings", []map[string]any{{"type": "value", "options": options}}},
			{"custom.cellOptions", map[string]any{"type": "color-text"}},
		},
	}
}

// serviceLink makes a service in a table narrow the whole dashboard to it.
func serviceLink() override {
	return override{
		Matcher: map[string]any{"id": "byName", "options": "Service"},
		Properties: []property{{"links", []map[string]any{{
			"title": "Show only ${__value.text}", "targetBlank": false,
			"url": "/d/daylight-overview?var-service=${__value.text}&${datasource:queryparam}&${job:queryparam}&${group:queryparam}&${__url_time_range}",
		}}}},
	}
}

func content() []panel {
	findings := series("findings_total", ofService)
	people := series("people_exposed_total", ofService)
	return []panel{
		lines("Findings by class", "Values that the detectors found in requests, by data class.", "cpm",
			query{perMinute("class", findings), "{{class}}"}).stacked().sized(12, 8),
		lines("People named, by action", "Individuals named in requests, by what was done with the request. Red never left.", "cpm",
			query{"max by (action) (" + perMinute("action, class", people) + ")", "{{action}}"}).stacked().verdictColors().sized(12, 8),
		bars("Findings by class, in total", "Values found in the time range, blocked requests included.", "locale",
			query{"sort_desc(" + total("class", findings) + " > 0)", "{{class}}"}).decimals(0),
		bars("People exposed by service", "Individuals named in what did reach the service.", "locale",
			query{"topk(10, " + exposed("service") + " > 0)", "{{service}}"}).decimals(0),
		bars("People exposed by country", "Individuals named in what did leave, by the country of the AI vendor: the starting point of a cross-border assessment.", "locale",
			query{"topk(10, " + exposed("country") + " > 0)", "{{country}}"}).decimals(0),
	}
}

func blindness() []panel {
	unread := series("ai_not_inspected_bytes_total", ofService)
	share := total("", series("ai_inspected_bytes_total", ofService)) + " / (" + total("", series("upload_bytes_total", ofService+isAI)) + " > 0)"
	return []panel{
		stat("Inspected share", "Share of the bytes for AI services that Daylight has read; the rest stands beside, by reason.", "percentunit",
			query{share, ""}).base(red).over(0.8, amber).over(0.95, green).decimals(1).sized(4, 8),
		lines("Not read of what went to AI, by reason", "Bytes per second for AI services that nobody read. The documentation of the metrics says what to do about each reason.", "Bps",
			query{perSecond("reason", unread), "{{reason}}"}).stacked().colored("pinned", red).sized(8, 8),
		bars("Services by unread bytes", "The ten services of whose bytes the most were not read.", "decbytes",
			query{"topk(10, " + total("service", unread) + " > 0)", "{{service}}"}).sized(6, 8),
		bars("Apps that pin", "Bytes of AI apps that accept only their own certificate: no proxy can read them. Block the app, or offer the service in the browser.", "decbytes",
			query{"topk(10, " + total("service", series("ai_not_inspected_bytes_total", ofService+`,reason="pinned"`)) + " > 0)", "{{service}}"}).sized(6, 8),
		lines("Certificates refused, by AI service", "Clients that would not take Daylight's certificate for an AI service: an app that pins and is on no list, or a machine that lacks the CA.", "cpm",
			query{perMinute("service", series("ai_intercept_failures_total", ofService+`,reason="client_rejected_certificate"`)), "{{service}}"}).stacked(),
		lines("Not inspected, by reason", "Bytes per second of all traffic that passed without being read. The reasons policy and bypass are decisions; the others are gaps.", "Bps",
			query{perSecond("reason", series("not_inspected_bytes_total", where)), "{{reason}}"}),
		lines("Sent to AI by coverage", "How much of what was sent to AI services was read.", "Bps",
			query{perSecond("coverage", series("upload_bytes_total", ofGroup+isAI)), "{{coverage}}"}).
			colored("complete", green).colored("truncated", amber).colored("undecodable", orange).colored("not_inspected", red),
		lines("Interception failures", "Clients that refused Daylight's certificate, and servers that could not be verified. Many from one app: it pins, and needs a bypass or an uninstall.", "cpm",
			query{perMinute("reason", series("intercept_failures_total", where)), "{{reason}}"}).stacked(),
		lines("Hosts left closed by themselves", "Hosts, by client network, that are relayed unread because clients rejected Daylight's certificate again and again. daylight catalog bypass names them.", "locale",
			query{"sum(" + series("learned_bypasses", where) + ")", "left closed"}),
		lines("Apps found to pin, by what came of it", "Hosts for which clients rejected the certificate once too often: learned (left closed for a day), or why not: an AI service, a rule of the policy, a client that lacks the CA, a network that has too many.", "cpm",
			query{perMinute("result", series("pinned_clients_total", where)), "{{result}}"}).stacked(),
		lines("Limits hit", "How often a limit of Daylight's configuration was reached. See the list of limits in the documentation.", "cpm",
			query{perMinute("limit", series("limit_hits_total", where)), "{{limit}}"}).stacked(),
	}
}

func policy() []panel {
	quantile := func(q string) string {
		return "histogram_quantile(" + q + ", " + perSecond("le, mode", series("verdict_seconds_bucket", where)) + ")"
	}
	return []panel{
		lines("Blocked and would be blocked", "Enforced and monitored block verdicts. Enforce a rule when what it would block is what you want blocked.", "cpm",
			query{perMinute("", series("exchanges_total", ofGroup+`,action="block"`)), "blocked"},
			query{perMinute("", series("would_block_total", ofGroup)), "would be blocked"}).
			stacked().colored("blocked", red).colored("would be blocked", amber),
		lines("Time to a verdict", "From the last byte of a body to its verdict. Only held requests wait for it; observed ones are judged beside their stream.", "s",
			query{quantile("0.50"), "p50 {{mode}}"}, query{quantile("0.95"), "p95 {{mode}}"}, query{quantile("0.99"), "p99 {{mode}}"}),
		bars("Would be blocked by service", "What enforcing the monitored rules would stop.", "locale",
			query{"topk(10, " + total("service", series("would_block_total", ofGroup)) + " > 0)", "{{service}}"}).decimals(0).sized(8, 7),
		bars("Would be blocked, by rule", "The ten rules of which the most block verdicts were not enforced: what enforcing each of them would stop.", "locale",
			query{"topk(10, " + total("rule", series("rule_verdicts_total", where+`,action="block",enforced="false"`)) + " > 0)", "{{rule}}"}).decimals(0).sized(8, 7),
		bars("Reloads of the policy", "Reloads in the time range, by what asked for them and what came of them. A refused policy has faults, which the log names.", "locale",
			query{total("trigger, result", series("policy_reloads_total", where)) + " > 0", "{{trigger}}: {{result}}"}).decimals(0).sized(8, 7),
		lines("Policy reload", "1: the last reload was accepted; 0: it was refused, and the former policy is still in force.", "none",
			query{series("policy_last_reload_successful", where), "{{instance}}"}).max(1).sized(8, 7),
		bars("Policy revisions in use", "Number of proxies by policy revision. More than one for longer than a rollout takes is a fault.", "locale",
			query{"count by (revision) (" + series("policy_loaded", where) + " == 1)", "{{revision}}"}).decimals(0).sized(8, 7),
		bars("Approvals that expire", "Approvals that end soon. After its expiry a service is unreviewed again.", "locale",
			query{"max by (within) (" + series("approvals_expiring", where) + ")", "within {{within}}"}).decimals(0).sized(8, 7),
	}
}

func health() []panel {
	return []panel{
		lines("CPU", "Processor cores in use.", "short",
			query{"rate(process_cpu_seconds_total{" + where + "}[$__rate_interval])", "{{instance}}"}).sized(8, 7),
		lines("Memory", "Resident memory of the process.", "bytes",
			query{"process_resident_memory_bytes{" + where + "}", "{{instance}}"}).sized(8, 7),
		lines("Events dropped", "Events that a sink could not take, by reason. Anything above zero is a gap in the record.", "cpm",
			query{perMinute("sink, reason", series("events_dropped_total", where)), "{{sink}}: {{reason}}"}).stacked().sized(8, 7),
		lines("Connections and tunnels", "Open connections of clients, and tunnels that are relayed unread.", "short",
			query{"sum(" + series("connections", where) + ")", "connections"},
			query{"sum(" + series("tunnels", where) + ")", "tunnels"}).sized(8, 7),
		lines("Exchanges that failed", "Exchanges that did not end well, by what went wrong, and those that could not be judged.", "cpm",
			query{perMinute("reason", series("exchange_errors_total", where)), "{{reason}}"},
			query{perMinute("action", series("evaluation_failures_total", where)), "not judged, {{action}}"}).stacked().sized(8, 7),
		lines("Scan speed", "Bytes of text read per second of scanning.", "Bps",
			query{perSecond("instance", series("scan_bytes_total", where)) + " / (" + perSecond("instance", series("scan_seconds_total", where)) + " > 0)", "{{instance}}"}).sized(8, 7),
	}
}
