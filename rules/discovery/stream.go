package discovery

const maxPieces = 64

type stream struct{}

func (x *Exchange) settled() Words { return x.words }
