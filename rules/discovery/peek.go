package discovery

// PeekBytes of the beginning of a body are enough to judge it by.
const PeekBytes = maxPeek

// Prompted tells whether the request has a text for people, so that its answer may
// be that of a model.
func (x *Exchange) Prompted() bool { return x.prompted }
