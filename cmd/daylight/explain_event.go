package main

func (p *explainPrinter) event() {}

type explainedEvent struct{}

func (x *explainRun) explainEvent() error { return nil }
