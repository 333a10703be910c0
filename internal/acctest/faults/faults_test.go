package faults_test

import (
	"net/http"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// untilDate is the transient fault that names a date.
const untilDate = "503 until a date"

// transientFaults returns every way in which a request fails for a while. The date
// is four minutes after now.
func transientFaults(now time.Time) map[string]emulator.Fault {
	return map[string]emulator.Fault{
		"cut before the work":        {Kind: "cut_before"},
		"cut after the work":         {Kind: "cut_after"},
		"500 before the work":        {Kind: "status", HTTPStatus: 500},
		"500 after the work":         {Kind: "status_after", HTTPStatus: 500},
		"502 in HTML":                {Kind: "html"},
		"502 in HTML after the work": {Kind: "html_after"},
		"503 for seconds":            {Kind: "status", HTTPStatus: 503, RetryAfter: "20"},
		untilDate:                    {Kind: "status", HTTPStatus: 503, RetryAfter: now.Add(4 * time.Minute).UTC().Format(http.TimeFormat)},
		"429":                        {Kind: "status", HTTPStatus: 429, Code: clarifai.CodeThrottled},
		"hourly limit":               {Kind: "status", Code: clarifai.CodeHourlyLimit},
		"try again":                  {Kind: "status", Code: clarifai.CodeTryAgain},
		"truncated":                  {Kind: "truncate"},
		"broken JSON":                {Kind: "invalid_json"},
	}
}

// inject injects a fault for several methods.
func inject(w *acctest.World, f emulator.Fault, methods ...string) {
	for _, m := range methods {
		f.Method = m
		w.Inject(f)
	}
}
