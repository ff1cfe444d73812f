// Package dashboards holds what operators watch Daylight with: Grafana
// dashboards, which the command in generate writes, and Prometheus rules. Its
// tests run every expression of them against a real Prometheus that scrapes a
// real Daylight.
package dashboards
