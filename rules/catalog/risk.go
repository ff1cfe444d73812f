package catalog

import (
	"net/url"

	"daylight.internal/rules/strictyaml"
)

// Answers to whether a vendor trains its models on what its customers enter.
const (
	NeverTrains  = "never"
	OptInTrains  = "opt_in"  // only for who agrees
	OptOutTrains = "opt_out" // unless one objects
	AlwaysTrains = "always"
)

// TrainingAnswers are the values of TrainsOnInput.
func TrainingAnswers() []string {
	return []string{NeverTrains, OptInTrains, OptOutTrains, AlwaysTrains}
}

// Risk is what a vendor documents of its handling of what people enter. Each
// fact may be unknown; Source and VerifiedOn never are.
type Risk struct {
	TrainsOnInput string   // NeverTrains, OptInTrains, OptOutTrains, AlwaysTrains; "" when unknown
	RetentionDays *int     // how long it is kept; 0: not at all, nil: unknown
	Regions       []string // where it is processed: ISO 3166-1 alpha-2, or EU; nil when unknown
	Source        string   // the URL of the vendor's page
	VerifiedOn    string   // the date of the last look at it, YYYY-MM-DD
}

// maxRetentionDays is a hundred years: more is a slip.
const maxRetentionDays = 36500

type riskNode struct {
	At            strictyaml.Position
	TrainsOnInput text                  `yaml:"trains_on_input" doc:"whether the vendor trains its models on what people enter" values:"training" example:"opt_out"`
	RetentionDays strictyaml.Value[int] `yaml:"retention_days" doc:"for how many days it is kept; 0: not at all" example:"30"`
	Regions       strictyaml.Strings    `yaml:"regions" doc:"where it is processed: ISO 3166-1 or EU" values:"country" example:"[DE, EU]"`
	Source        text                  `yaml:"source,required" doc:"the page of the vendor that says so" values:"https_url" example:"https://acme.example/privacy"`
	VerifiedOn    text                  `yaml:"verified_on,required" doc:"when that page was last read" values:"date" example:"2026-11-22"`
}

func (r *riskNode) risk(d *strictyaml.Decoder) *Risk {
	oneOf(d, r.TrainsOnInput, "answer", TrainingAnswers())
	if days := r.RetentionDays; days.V < 0 || days.V > maxRetentionDays {
		d.ErrorAt(days.At, days.Length, "write 0 when nothing is kept, and leave it out when it is not known", "%d is not a number of days from 0 to %d", days.V, maxRetentionDays)
	}
	for _, region := range r.Regions {
		if !countryCode.MatchString(region.V) || region.V == "UK" {
			d.ErrorAt(region.At, region.Length, "write two capital letters, such as US or EU", "%q is neither a country code of ISO 3166-1 nor EU", region.V)
		}
	}
	if u, err := url.Parse(r.Source.V); r.Source.Set && (err != nil || u.Scheme != "https" || u.Host == "") {
		d.ErrorAt(r.Source.At, r.Source.Length, "name the vendor's page that says so", "%q is not an https URL", r.Source.V)
	}
	date(d, r.VerifiedOn)
	if !r.TrainsOnInput.Set && !r.RetentionDays.Set && len(r.Regions) == 0 {
		d.ErrorAt(r.At, 1, "give trains_on_input, retention_days or regions, or leave risk out", "the risk says nothing")
	}
	out := &Risk{TrainsOnInput: r.TrainsOnInput.V, Regions: r.Regions.Values(), Source: r.Source.V, VerifiedOn: r.VerifiedOn.V}
	if r.RetentionDays.Set {
		out.RetentionDays = new(r.RetentionDays.V)
	}
	return out
}
