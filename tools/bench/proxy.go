package main

import (
	"context"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
	"time"
)

// observer is a proxy between provider and emulator that records when requests
// start and end.
type observer struct {
	url    string
	server *http.Server

	mu    sync.Mutex
	spans []span
}

// observe starts an observer in front of a URL.
func observe(ctx context.Context, target string) (*observer, error) {
	base, err := url.Parse(target)
	if err != nil {
		return nil, err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	o := &observer{url: "http://" + listener.Addr().String()}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(base) }}
	o.server = &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status := &statusWriter{ResponseWriter: w}
		s := span{start: time.Now()}
		proxy.ServeHTTP(status, r)
		s.end, s.refused = time.Now(), status.code == http.StatusTooManyRequests
		o.mu.Lock()
		defer o.mu.Unlock()
		o.spans = append(o.spans, s)
	})}
	go o.server.Serve(listener) //nolint:errcheck // ends with Close
	return o, nil
}

// close stops the observer and returns the requests that it saw.
func (o *observer) close() ([]span, error) {
	err := o.server.Close()
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.spans, err
}

// statusWriter remembers the status of the answer.
type statusWriter struct {
	http.ResponseWriter
	code int
}

func (w *statusWriter) WriteHeader(code int) {
	w.code = code
	w.ResponseWriter.WriteHeader(code)
}
