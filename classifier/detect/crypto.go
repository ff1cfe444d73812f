package detect

import (
	"bytes"
	"slices"
	"strings"

	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

// coin describes the addresses of one currency in base 58 with a checksum.
type coin struct {
	id, name          string
	first             string // the characters that an address may begin with
	shortest, longest int
	alphabet          *checksum.Base58
	versions          []byte // the first byte of the payload
	sizes             []int  // bytes of the payload
	segwit            string // prefix of newer addresses; "" for none
	class             string
	source            string
	examples          []string
	not               []string
}

func (a coin) detector() classifier.Detector {
	d := classifier.Detector{
		ID: a.id, Name: a.name, Class: a.class, Confidence: 0.99, Source: a.source, Validator: "base58check, version",
		Confirm: a.confirm, Mask: func(string) string { return "***" }, Examples: slices.Clone(a.examples),
		NearMisses: append(a.not, "x"+a.examples[0], a.examples[0]+"1"),
	}
	for _, value := range a.examples {
		d.Examples = append(d.Examples, "send it to "+value+".", `{"to":"`+value+`"}`)
		d.NearMisses = append(d.NearMisses, wrongAt(value, len(value)-3), strings.ToUpper(value[:len(value)-1])+"l")
	}
	for _, first := range a.first {
		for n := a.shortest; n <= a.longest; n++ {
			d.Layouts = append(d.Layouts, string(first)+strings.Repeat("X", n-1))
		}
	}
	if a.segwit != "" {
		d.Validator += "; or bech32, witness program"
		d.Literals, d.Match = []string{a.segwit}, matchSegWit
	}
	return d
}

// wrongAt changes one character.
func wrongAt(value string, i int) string {
	b := []byte(value)
	if b[i]++; !word(b[i]) {
		b[i] = '2'
	}
	return string(b)
}

// confirm checks the address; the layout gives it in capitals, so it is read again.
func (a coin) confirm(c *classifier.Candidate) bool {
	value := c.Text[c.Start:c.End]
	if a.segwit != "" && bytes.EqualFold(value[:len(a.segwit)], []byte(a.segwit)) {
		return checksum.SegWit(value)
	}
	c.Steps += base58Steps
	var out [96]byte
	payload, ok := a.alphabet.Check(value, &out)
	c.Value = append(c.Value[:0], value...)
	return ok && slices.Contains(a.sizes, len(payload)) && slices.Contains(a.versions, payload[0])
}

// base58Steps is what it costs to decode an address and to hash it twice.
const base58Steps = 40

var alnumBytes = classOf("")

// matchSegWit reads a token as long as an address of a witness program may be.
func matchSegWit(c *classifier.Candidate) bool {
	end := alnumBytes.run(c.Text, c.At, 92)
	if n := end - c.At; n < 42 || n > 90 || at(c.Text, end) == '_' || keyBytes[at(c.Text, c.At-1)] {
		return false
	}
	return take(c, c.At, end)
}

func cryptoAddresses() []classifier.Detector {
	bitcoin := checksum.BitcoinBase58
	coins := []coin{
		{id: "bitcoin_address", name: "Bitcoin address", class: payment, first: "13", shortest: 26, longest: 35, alphabet: bitcoin, versions: []byte{0, 5}, sizes: []int{21}, segwit: "bc1",
			source:   "Bitcoin wiki, address; BIP 173, BIP 350",
			examples: []string{"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"}},
		{id: "litecoin_address", name: "Litecoin address", class: payment, first: "LM", shortest: 33, longest: 34, alphabet: bitcoin, versions: []byte{0x30, 0x32}, sizes: []int{21}, segwit: "ltc1",
			source:   "Litecoin Core, chain parameters; BIP 173",
			examples: []string{"LM2WMpR1Rp6j3Sa59cMXMs1SPzj9eXpGc1", "MQMcJhpWHYVeQArcZR3sBgyPZxxRtnH441", "ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9"}},
		{id: "dogecoin_address", name: "Dogecoin address", class: payment, first: "D", shortest: 34, longest: 34, alphabet: bitcoin, versions: []byte{0x1E}, sizes: []int{21},
			source: "Dogecoin Core, chain parameters", examples: []string{"DH5yaieqoZN36fDVciNyRueRGvGLR3mr7L"}},
		{id: "tron_address", name: "Tron address", class: payment, first: "T", shortest: 34, longest: 34, alphabet: bitcoin, versions: []byte{0x41}, sizes: []int{21},
			source: "developers.tron.network, account address format", examples: []string{"TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"}},
		{id: "xrp_address", name: "XRP Ledger address", class: payment, first: "r", shortest: 25, longest: 35, alphabet: checksum.RippleBase58, versions: []byte{0}, sizes: []int{21},
			source: "xrpl.org, base58 encodings", examples: []string{"rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh"}},
		{id: "bitcoin_private_key", name: "Bitcoin private key (WIF)", class: credentials, first: "5KL", shortest: 51, longest: 52, alphabet: bitcoin, versions: []byte{0x80}, sizes: []int{33, 34},
			source: "Bitcoin wiki, wallet import format", examples: []string{"5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ", "KwdMAjGmerYanjeui5SHS7JkmpZvVipYvB2LJGU1ZxJwYvP98617"}},
	}
	list := []classifier.Detector{ethereum(), solana(), monero(), stellar(), extendedKey()}
	for _, a := range coins {
		list = append(list, a.detector())
	}
	return list
}

var walletWords = []string{"wallet", "crypto", "кошелек", "кошелька", "钱包", "錢包", "محفظة", "billetera", "portefeuille", "cüzdan"}

func ethereum() classifier.Detector {
	return classifier.Detector{
		ID: "ethereum_address", Name: "Ethereum address", Class: payment, Confidence: 0.97,
		Source: "Ethereum yellow paper; Ethereum improvement proposal 55", Validator: "EIP-55; of one case only with context", Anchor: classifier.AnchorWord, Opening: "dA", Match: matchEthereum,
		Context: append([]string{"ethereum", "eth", "ether", "erc20", "erc-20", "usdt", "usdc", "metamask", "polygon", "bsc", "bep20", "以太坊"}, walletWords...),
		Mask:    func(string) string { return "***" },
		Examples: []string{
			"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "pay 0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359.", "ETH: 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "我的钱包0xdbf03b407c01e7cd3cbea99509d93f8dddc8c6fb",
		},
		NearMisses: []string{
			"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "ETH 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe", "ETH 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed1", "wallet 0x0000000000000000000000000000000000000000",
		},
	}
}

// matchEthereum reads 0x and forty hexadecimal digits. In small letters alone, or
// capitals, they may be any hash, and need context.
func matchEthereum(c *classifier.Candidate) bool {
	const length = len("0x") + 40
	text, i := c.Text, c.At
	if text[i] != '0' || at(text, i+1)|0x20 != 'x' || i+length > len(text) || word(at(text, i+length)) || keyBytes[at(text, i-1)] {
		return false
	}
	digits := text[i+2 : i+length]
	t := textureOf(digits)
	if alphabetBytes['H'].run(digits, 0, 40) != 40 || t.different < 8 {
		return false
	}
	if c.NeedsContext = !t.small || !t.capital; c.NeedsContext {
		c.Confidence = 0.85
	} else if !checksum.EIP55(digits) {
		return false
	}
	return take(c, i, i+length)
}

func solana() classifier.Detector {
	d := classifier.Detector{
		ID: "solana_address", Name: "Solana address", Class: payment, Use: classifier.Context,
		Source: "solana.com/docs, accounts: 32 bytes in base 58", Validator: "32 bytes in base58", Context: append([]string{"solana", "sol", "phantom", "spl"}, walletWords...),
		Layouts: []string{strings.Repeat("X", 43), strings.Repeat("X", 44)}, Check: anyDigit,
		Confirm: func(c *classifier.Candidate) bool {
			var out [96]byte
			key, ok := checksum.BitcoinBase58.Decode(c.Text[c.Start:c.End], &out)
			c.Value = append(c.Value[:0], c.Text[c.Start:c.End]...)
			return ok && len(key) == 32
		},
		Mask:     func(string) string { return "***" },
		Examples: []string{"Solana: EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v", "my wallet 7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV", "кошелек EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"},
		NearMisses: []string{
			"EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v", "solana EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1vv", "solana EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt0v", "solana zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz9zz",
		},
	}
	return d
}

// monero finds standard addresses by their length and checksum.
func monero() classifier.Detector {
	const address = "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A"
	return classifier.Detector{
		ID: "monero_address", Name: "Monero address", Class: payment, Confidence: 0.99,
		Source: "Monero documentation, standard address", Validator: "base58 with Keccak-256", Anchor: classifier.AnchorWord, Opening: "d" + strings.Repeat("X", 63), Mask: func(string) string { return "***" },
		Match: func(c *classifier.Candidate) bool {
			text, i := c.Text, c.At
			if b := text[i]; b != '4' && b != '8' || !word(at(text, i+len(address)-1)) || word(at(text, i+len(address))) {
				return false
			}
			return checksum.Monero(text[i:i+len(address)]) && take(c, i, i+len(address))
		},
		Examples: []string{address, "donate: " + address, "XMR " + address + "."},
		NearMisses: []string{
			wrongAt(address, 40), address + "1", "x" + address, address[:94],
		},
	}
}

func stellar() classifier.Detector {
	const account = "GAAZI4TCR3TY5OJHCTJC2A4QSY6CJWJH5IAJTGKIN2ER7LBNVKOCCWN7"
	return classifier.Detector{
		ID: "stellar_address", Name: "Stellar address", Class: payment, Confidence: 0.98,
		Source: "Stellar ecosystem proposal 23", Validator: "base32 with CRC-16", Layouts: []string{"G" + strings.Repeat("X", 55)}, Mask: func(string) string { return "***" },
		Confirm: func(c *classifier.Candidate) bool {
			return checksum.StrKey(c.Text[c.Start:c.End])
		},
		Examples:   []string{account, "XLM " + account, account + "?memo=1"},
		NearMisses: []string{wrongAt(account, 20), account + "A", "A" + account, strings.ToLower(account)},
	}
}

func extendedKey() classifier.Detector {
	const specimen = "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi"
	return classifier.Detector{
		ID: "bip32_private_key", Name: "Extended private key of a wallet", Class: credentials, Confidence: 0.99,
		Source: "BIP 32, serialization format; SLIP 132", Validator: "base58check, 78 bytes", Literals: []string{"xprv", "yprv", "zprv"}, Mask: classifier.MaskKey("xprv"),
		Match: func(c *classifier.Candidate) bool {
			end := alnumBytes.run(c.Text, c.At, 120)
			var out [96]byte
			payload, ok := checksum.BitcoinBase58.Check(c.Text[c.At:end], &out)
			return ok && len(payload) == 78 && take(c, c.At, end)
		},
		Examples:   []string{specimen, "key: " + specimen, `"` + specimen + `"`},
		NearMisses: []string{wrongAt(specimen, 50), specimen + "1", "xprv", specimen[:100]},
	}
}
