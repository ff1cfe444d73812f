package proxy

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"daylight.internal/proxy/proxytest"
)

// ways are the ways by which a request can reach a stand-in server; each has a
// client and the server's URL.
func ways(t *testing.T, handler http.HandlerFunc) map[string]func(*testing.T) (*testProxy, *http.Client, string) {
	t.Helper()
	secure := func(http2 bool) func(*testing.T) (*testProxy, *http.Client, string) {
		return func(t *testing.T) (*testProxy, *http.Client, string) {
			p := startProxy(t, nil, proxytest.NewServer(t, handler, "ai.example"))
			c := p.client()
			c.Transport.(*http.Transport).ForceAttemptHTTP2 = http2
			return p, c, "https://ai.example/"
		}
	}
	return map[string]func(*testing.T) (*testProxy, *http.Client, string){
		"plain": func(t *testing.T) (*testProxy, *http.Client, string) {
			server := httptest.NewServer(handler)
			t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
			p := startProxy(t, func(c *Config, _ *Dependencies) {
				c.Upstream.Hosts["ai.example:80"] = server.Listener.Addr().String()
			})
			return p, p.client(), "http://ai.example/"
		},
		"intercepted h1": secure(false),
		"intercepted h2": secure(true),
	}
}

// The head comes at once, then each event as it is sent: the next is sent only
// when the last was seen.
func TestEventsAreNotHeld(t *testing.T) {
	for _, media := range []string{"text/event-stream", "application/x-ndjson", "application/json"} {
		next := make(chan struct{})
		handler := func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", media)
			w.WriteHeader(200)
			w.(http.Flusher).Flush()
			for range 5 {
				select {
				case <-next:
				case <-r.Context().Done():
					return
				}
				fmt.Fprintf(w, "data: %d\n\n", time.Now().UnixNano())
				w.(http.Flusher).Flush()
			}
		}
		for name, way := range ways(t, handler) {
			t.Run(media+" "+name, func(t *testing.T) {
				_, client, url := way(t)
				resp, err := client.Get(url)
				if err != nil {
					t.Fatal(err)
				}
				defer resp.Body.Close()
				lines := bufio.NewReader(resp.Body)
				quickest := time.Hour // of several: the machine may stall
				for range 5 {
					next <- struct{}{}
					line, err := lines.ReadString('\n')
					if err != nil {
						t.Fatal(err)
					}
					lines.ReadString('\n')
					var sent int64
					fmt.Sscanf(line, "data: %d", &sent)
					quickest = min(quickest, time.Since(time.Unix(0, sent)))
				}
				if quickest > 200*time.Millisecond {
					t.Errorf("the quickest event took %s", quickest)
				}
			})
		}
	}
}

// A body goes up while it is made: the server answers each line before the client
// sends the next one.
func TestBothBodiesStreamAtTheSameTime(t *testing.T) {
	handler := func(w http.ResponseWriter, r *http.Request) {
		http.NewResponseController(w).EnableFullDuplex()
		w.WriteHeader(200)
		w.(http.Flusher).Flush()
		lines := bufio.NewScanner(r.Body)
		for lines.Scan() {
			fmt.Fprintf(w, "got %s\n", lines.Text())
			w.(http.Flusher).Flush()
		}
	}
	for name, way := range ways(t, handler) {
		t.Run(name, func(t *testing.T) {
			_, client, url := way(t)
			out, in := io.Pipe()
			go in.Write([]byte("0\n"))
			resp, err := client.Post(url, "text/plain", out)
			if err != nil {
				t.Fatal(err)
			}
			answers := bufio.NewReader(resp.Body)
			for i := range 3 {
				line, err := answers.ReadString('\n')
				if err != nil || line != fmt.Sprintf("got %d\n", i) {
					t.Fatalf("answer %q, %v", line, err)
				}
				fmt.Fprintf(in, "%d\n", i+1)
			}
			in.Close()
			io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		})
	}
}

func TestTrailersPass(t *testing.T) {
	handler := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Trailer", "X-Announced")
		body, _ := io.ReadAll(r.Body)
		w.Write(body)
		w.Header().Set("X-Announced", r.Trailer.Get("X-Request"))
		w.Header().Set(http.TrailerPrefix+"X-Sudden", "yes")
	}
	for name, way := range ways(t, handler) {
		t.Run(name, func(t *testing.T) {
			_, client, url := way(t)
			r, _ := http.NewRequest("POST", url, io.MultiReader(strings.NewReader("body")))
			r.Trailer = http.Header{"X-Request": {"of the request"}}
			resp, err := client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			io.Copy(io.Discard, resp.Body)
			if resp.Trailer.Get("X-Announced") != "of the request" || resp.Trailer.Get("X-Sudden") != "yes" {
				t.Errorf("trailers: %v", resp.Trailer)
			}
		})
	}
}

func TestInformationalResponsesPass(t *testing.T) {
	handler := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", "</style.css>; rel=preload")
		w.WriteHeader(http.StatusEarlyHints)
		w.Header().Del("Link")
		io.WriteString(w, "later")
	}
	for name, way := range ways(t, handler) {
		t.Run(name, func(t *testing.T) {
			_, client, url := way(t)
			var hint string
			trace := &httptrace.ClientTrace{Got1xxResponse: func(code int, h textproto.MIMEHeader) error {
				hint = fmt.Sprint(code, " ", h.Get("Link"))
				return nil
			}}
			r, _ := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), "GET", url, nil)
			resp, err := client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if hint != "103 </style.css>; rel=preload" || resp.Header.Get("Link") != "" {
				t.Errorf("hint %q, then %v", hint, resp.Header)
			}
		})
	}
}

// The client waits for a 100 for a minute: the answer must not take that long.
func TestExpectContinue(t *testing.T) {
	handler := func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/no" {
			w.WriteHeader(http.StatusExpectationFailed)
			return
		}
		body, _ := io.ReadAll(r.Body)
		w.Write(body)
	}
	for name, way := range ways(t, handler) {
		for _, held := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, held %v", name, held), func(t *testing.T) {
				p, client, url := way(t)
				if held {
					p.onRequest = func(r *http.Request) *http.Response {
						body, _ := io.ReadAll(r.Body)
						r.Body = io.NopCloser(bytes.NewReader(body))
						return nil
					}
				}
				client.Transport.(*http.Transport).ExpectContinueTimeout = time.Hour
				for path, want := range map[string]string{"": "200 body", "no": "417 "} {
					r, _ := http.NewRequest("POST", url+path, strings.NewReader("body"))
					r.Header.Set("Expect", "100-continue")
					resp, err := client.Do(r)
					if err != nil {
						t.Fatal(err)
					}
					body, _ := io.ReadAll(resp.Body)
					resp.Body.Close()
					if got := fmt.Sprintf("%d %s", resp.StatusCode, body); got != want {
						t.Errorf("got %q", got)
					}
				}
			})
		}
	}
}

func TestALeavingClientCancelsAtTheServer(t *testing.T) {
	arrived, cancelled := make(chan struct{}, 1), make(chan struct{}, 1)
	handler := func(w http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		<-r.Context().Done()
		cancelled <- struct{}{}
	}
	for name, way := range ways(t, handler) {
		t.Run(name, func(t *testing.T) {
			p, client, url := way(t)
			ctx, cancel := context.WithCancel(t.Context())
			r, _ := http.NewRequestWithContext(ctx, "GET", url, nil)
			go client.Do(r)
			<-arrived
			cancel()
			select {
			case <-cancelled:
			case <-time.After(patience):
				t.Fatal("the server still works for a client that has left")
			}
			if x := p.last(t, 1); asCarryError(x.Err).reason != "client_gone" {
				t.Errorf("exchange: %+v", x)
			}
		})
	}
}

// A response that breaks off must not look whole.
func TestABrokenResponseIsSeenAsBroken(t *testing.T) {
	handler := func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(200)
		io.WriteString(w, "half")
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
	for name, way := range ways(t, handler) {
		t.Run(name, func(t *testing.T) {
			_, client, url := way(t)
			resp, err := client.Get(url)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			if body, err := io.ReadAll(resp.Body); err == nil || string(body) != "half" {
				t.Errorf("read %q, error %v", body, err)
			}
		})
	}
}

// A length that the server declared stays, also when the body was wrapped.
func TestTheLengthOfAResponseStays(t *testing.T) {
	handler := func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/304" {
			w.Header().Set("Etag", `"x"`)
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Content-Length", "5")
		io.WriteString(w, "whole")
	}
	for name, way := range ways(t, handler) {
		t.Run(name, func(t *testing.T) {
			p, client, url := way(t)
			p.onResponse = func(resp *http.Response) { resp.Body = struct{ io.ReadCloser }{resp.Body} }
			for path, want := range map[string]int64{"": 5, "304": 0} {
				resp, err := client.Get(url + path)
				if err != nil {
					t.Fatal(err)
				}
				io.Copy(io.Discard, resp.Body)
				if resp.ContentLength != want || len(resp.TransferEncoding) > 0 {
					t.Errorf("%s: length %d, %v", path, resp.ContentLength, resp.TransferEncoding)
				}
			}
			resp, err := client.Head(url)
			if err != nil || resp.ContentLength != 5 {
				t.Errorf("HEAD: %v %v", resp, err)
			}
		})
	}
}
