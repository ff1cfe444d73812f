package main

import (
	"io"
	"log"
	"strings"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// logOptions are the flags of the operators' log.
type logOptions struct {
	level, format string
}

// newLogger makes the operators' log. It tells of the process, never of what
// people send: that is in the events.
func (o logOptions) newLogger(w io.Writer) (*zap.Logger, error) {
	level, err := zapcore.ParseLevel(o.level)
	if err != nil {
		return nil, unknown("log level", o.level, []string{"debug", "info", "warn", "error"}, "write debug, info, warn or error")
	}
	encoding := zap.NewProductionEncoderConfig()
	encoding.EncodeTime = zapcore.RFC3339TimeEncoder
	encoding.TimeKey = "time"
	encoding.EncodeDuration = zapcore.StringDurationEncoder
	var encoder zapcore.Encoder
	switch o.format {
	case "json":
		encoder = zapcore.NewJSONEncoder(encoding)
	case "console":
		encoding.EncodeTime = zapcore.TimeEncoderOfLayout("15:04:05")
		encoding.EncodeLevel = func(l zapcore.Level, e zapcore.PrimitiveArrayEncoder) {
			e.AppendString(strings.ToUpper(l.String()))
		}
		encoding.ConsoleSeparator = "  "
		encoder = zapcore.NewConsoleEncoder(encoding)
	default:
		return nil, unknownFormat(o.format, "console", "json")
	}
	return zap.New(zapcore.NewCore(encoder, zapcore.Lock(zapcore.AddSync(w)), level)), nil
}

// discardLog takes the lines that net/http writes about clients, which can quote
// what they sent.
func discardLog() *log.Logger { return log.New(io.Discard, "", 0) }
