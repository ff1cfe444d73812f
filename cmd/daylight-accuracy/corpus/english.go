package corpus

import "strings"

func english() *lexicon {
	return &lexicon{
		language: English, space: " ", stop: ".", question: "?",
		nouns: strings.Fields(`agenda agreement analysis answer approach archive argument article assistant audience author autumn balance banner basket
			battery belief benefit bicycle board bottle boundary box branch breakfast bridge browser budget building calendar camera canvas capital carpet
			catalogue ceiling challenge chapter chart choice circle city climate coat coffee collection colleague colour column comment committee community
			concept concert conference container contract conversation corner corridor cotton course creature culture curtain cycle decade decision deadline
			delay delivery department design detail device diagram difference dinner direction discount discussion display distance district document door
			draft drawing edition editor effect effort engine episode equipment essay estimate evening event example exhibition experience experiment export
			factory failure fashion feature feedback festival figure filter flavour forecast forest form framework frame freight function furniture future gallery
			garden garment glass goal graph guest guide habit handbook harbour headline highlight holiday horizon hour idea illustration image impact improvement
			industry insight instruction interest interview introduction invitation island journal journey judgement kitchen knowledge label landscape language
			launch layout leader leaflet lecture lesson letter level library licence lighting limit linen logo machine magazine mailing manager manual margin
			market material meaning measure meeting memory menu message method mirror mission mistake mixture model moment month morning mountain museum music
			narrative negotiation neighbour network newsletter notebook notice novel object objective offer office opinion option orchestra outline outcome oven
			package page painting palette panel paper paragraph parcel partner passage pattern payment pencil performance period phase photo phrase picture piece
			pipeline pitch planning platform playlist poem policy portfolio position poster practice preference presentation pressure prototype product programme
			project promise proposal prototype publisher purpose quality quarter question queue railway rain range reader reason recipe reference region relation
			release reminder report request research resource response restaurant result retailer review rhythm river road roadmap role room routine sample scale
			scene schedule school science script season section segment seminar sentence series service session shelf shipment shop signal sketch slide slogan
			snow society soil solution source space speaker spring sprint staff stage station statement storage store storm story strategy stream street structure
			studio style subject success suggestion summary summer supplier supply support surface survey symbol system target task taste teacher team technique
			template tension territory theatre theme theory thread ticket timeline title tone tool topic tour town track tradition traffic training translation
			transport travel treatment trend trial trust tutorial update user valley value variety vehicle venue version video view village vision visit voice
			volume wall warehouse water weather website week weekend winter witness word workflow workshop writer year`),
		heads: strings.Fields(`re over under pre post inter multi sub super micro macro cross counter semi auto bio geo photo tele trans ultra video web work book
			brand book break cloud data design field fire foot frame glass hand head heart home house key land light line market mind moon news note paper place
			plan play price press print road sea shop side sky snow sound star stock store storm stream sun team time town trade water wave wood word`),
		tails: strings.Fields(`ability age ance board book case craft cycle dom er fall fold form front ful ground hold hood ing ism ist ity keeper land less line
			ling lock maker man mark master ment mill ness off out pack path piece plan point port proof room scape set shelf ship shop side sight space stand step
			stone thing time type wall ward ware way wise work works writer yard`),
		adjectives: strings.Fields(`able abstract accurate active additional ambitious ancient available basic bold brief bright broad calm careful central cheap
			clean clear clever cold common complete complex concrete consistent convincing cool correct creative critical curious daily dark deep delicate detailed
			different difficult digital direct dry early easy effective efficient elegant empty endless enormous entire essential exact excellent exciting existing
			external fair familiar famous fast favourite final fine firm flat flexible foreign formal fragile free frequent fresh friendly full funny general gentle
			good great green happy hard harmless healthy heavy helpful honest huge human important impressive independent initial inner innovative instant
			interesting internal joint key large late light likely limited linear local lonely long loose loud lovely low lucky main major manual massive mature
			mild minor missing mixed modern modest narrow natural neat necessary new nice noisy normal obvious odd old open optional ordinary original outer overall
			pale partial patient perfect plain playful pleasant polite poor popular positive possible powerful practical precise predictable preliminary present
			previous proper proud pure quick quiet random rare raw ready real realistic reasonable recent regional regular relevant reliable remote responsible rich
			right rough round safe scarce seasonal secondary sensible separate serious sharp short shy silent similar simple single slight slow small smart smooth
			social soft solid special specific spectacular stable standard steady steep sticky straight strange strategic strict strong successful sudden suitable
			sustainable sweet technical temporary tender thick thin tidy tiny tired tough traditional transparent typical ugly unusual urban urgent useful usual
			valuable vague various vast vivid warm weak wide wild wise wonderful wooden wrong yearly young`),
		verbs: strings.Fields(`accepts adapts adds adjusts allows announces answers appears applies approves arranges assumes attracts avoids balances becomes begins
			believes belongs brings builds buys carries catches causes celebrates changes checks chooses clarifies closes collects combines comes compares completes
			confirms connects considers contains continues controls converts copies corrects covers creates crosses decides defines delays delivers demands depends
			describes deserves develops discusses divides doubles draws drives drops earns edits employs encourages ends enjoys ensures enters establishes evaluates
			examines exceeds expects explains explores expresses extends fails feels fills finds finishes fits fixes follows forces forgets forms gains gathers gets
			gives grows guides happens helps hides highlights holds hopes ignores illustrates imagines improves includes increases indicates influences informs
			inspires introduces invests invites involves joins judges jumps keeps knows lacks lasts launches leads learns leaves lets limits links listens loses
			loves makes manages marks matches matters means measures meets mentions mixes moves needs notices observes offers opens orders organises owns paints
			passes pays performs picks places plans plays points prefers prepares presents preserves prevents prints produces promises protects proves provides
			publishes pulls pushes questions raises reaches reads realises receives recognises recommends records reduces reflects refuses relates releases relies
			remains remembers removes renews repairs repeats replaces reports represents requires resists resolves respects returns reveals reviews rewards rises
			runs saves says searches seems selects sells sends separates serves sets shapes shares shifts shows signals simplifies sounds speaks spends splits
			spreads starts states stays stops strengthens studies succeeds suffers suggests suits supports surprises takes talks teaches tells tends tests thinks
			touches tracks trains translates treats tries trusts turns understands unites updates uses varies visits waits walks wants warns watches welcomes wins
			wonders works worries writes`),
		adverbs: strings.Fields(`again ahead almost already also always apart away barely briefly broadly carefully certainly clearly closely commonly constantly
			currently directly early easily eagerly elsewhere enough especially even eventually exactly finally firmly forward frankly freely frequently fully
			gently gladly gradually happily hardly heavily highly honestly however indeed instead jointly largely later lately less lightly locally loosely mainly
			maybe merely mostly naturally nearly never nicely normally now obviously often once openly otherwise partly perhaps possibly precisely probably promptly
			properly quickly quietly quite rarely rather readily really recently roughly sadly safely seldom seriously sharply shortly silently similarly simply
			slightly slowly smoothly softly somehow sometimes soon still strictly strongly suddenly surely then therefore thus together truly twice typically
			usually vaguely very virtually well widely wisely yet`),
		places: strings.Fields(`London Manchester Dublin Boston Chicago Toronto Sydney Melbourne Auckland Edinburgh Glasgow Cardiff Leeds Bristol Seattle Denver
			Austin Portland Atlanta Houston Singapore Berlin Paris Madrid Lisbon Milan Vienna Zurich Oslo Stockholm Helsinki Warsaw Prague Athens Dubai Mumbai Tokyo`),
		times: strings.Split("today|tomorrow|next week|last month|in the spring|this quarter|by the end of the year|on Monday|on Friday|before noon|after the holidays|every Tuesday|over the weekend|at the moment|in two weeks|last night|by then|in the second half of March|at the beginning of June|all day", "|"),
		sentences: strings.Split(`The {a} {n} {v} the {n} {t}|{c} {v} a {a} {n} in {p}|We think that every {n} {d} {v} the {a} {n}|After the {n}, the {n} {v} {q} of the {n}
			|It is {a} that the {n} of {c} {d} {v} our {n}|In {p} the {n} costs {m}, which is {q} more than {t}|{i} {a} readers wrote that the {n} {v} {d}
			|The {w} {v} when the {n} {v}, and the {n} becomes {a}|Between {y} and {y} the {n} {v} by {q}|If the {n} {v} {d}, the {n} of the {n} remains {a}
			|Nobody in the {n} {v} the {a} {a} {n}|A {n} without a {n} {d} {v} a {n}|The {n} that {c} {v} {t} was {a}, {a} and {a}|There are {i} reasons why a {n} {v} the {n}
			|{c} moved its {n} from {p} to {p} {t}|For the {n} we need {i} {a} copies, about {m} each|The {n} ({i} pages) {v} the {w} and the {w}
			|Please read the {n} about {w} again, since it {v} the {n}|"The {n} {v} {d}," says the team, "and the {n} {v} too"|Our {a} {n}: a {n}, a {n} and {i} {a} {n} pieces
			|Since {y} the {n} in {p} {d} {v} {i} visitors a day|The passport of good {n} is a {a} {n}|I shall call when the {n} {v}, or mail you the {a} {n} {t}
			|Version {i}.{i} of the {n} {v} the {n}|Every order above {m} {v} a {n}|The phone rang {i} times while the {n} {d} {v} the {n}|The key to the {n} is a {a} {n}
			|Most of the {n} ({q}) {v} {t}; the rest {v} {d}|Number {i} on the list, the {n}, {v} {d}|On page {i} the {n} {v} a {n} of {m}`, "|"),
		questions: strings.Split(`Could you rewrite the {n} so that it {v} {d}|Why does the {a} {n} matter {t}|How can a {n} help the {n} in {p}|What would {c} do with a {a} {n}
			|Is the {n} of the {n} really {a}|Can you make the {n} {i} words shorter|Which {n} {v} the {n}`, "|"),
		greetings: strings.Split("Hi all|Dear team|Hello everyone|Good morning|Hey|Dear colleagues|Hi there", "|"),
		closings:  strings.Split("Best regards|Kind regards|Thanks|Cheers|All the best|Many thanks in advance|Talk soon", "|"),
		headings:  strings.Split("Summary|Next steps|Background|What we learned|Open questions|Plan for {t}|Notes on the {n}|The {a} {n}|Why {n} matters|{c} and the {n}", "|"),
		currency:  []string{"$", "£", "EUR", "USD", "euros"},
		months:    strings.Fields("January February March April May June July August September October November December"),
		date:      []string{"{d} {N} {Y}", "{N} {d}, {Y}", "{Y}-{M}-{D}", "{M}/{D}/{Y}", "{D}/{M}/{Y}"},
	}
}
