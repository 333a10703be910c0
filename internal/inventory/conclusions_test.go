package inventory

import (
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Answers of Clarifai, as conclusions get them.
var (
	errNotFound = error(clarifai.NotFound("GetApp", "not found"))
	errNoScope  = error(&clarifai.Error{Code: clarifai.CodeInsufficientScopes})
	errNoKey    = error(&clarifai.Error{Code: clarifai.CodeKeyNotFound})
	lost        = error(&clarifai.Error{HTTPStatus: 504})
)

func TestIsRightAccount(t *testing.T) {
	t.Parallel()
	ok, none := answer{asked: true}, answer{}
	facts := func(scopes, listing, private answer) accountFacts {
		return accountFacts{answers: [...]answer{scopes, listing, private}}
	}
	for name, c := range map[string]struct {
		facts accountFacts
		want  conclusion
	}{
		"nothing asked":               {accountFacts{}, unknown},
		"public answers only":         {facts(ok, ok, none), unknown},
		"no scopes asked":             {facts(none, ok, ok), unknown},
		"no listing asked":            {facts(ok, none, ok), unknown},
		"all answer":                  {facts(ok, ok, ok), yes},
		"keys refused for a scope":    {facts(ok, ok, answer{true, errNoScope}), yes},
		"keys not found":              {facts(ok, ok, answer{true, errNotFound}), no},
		"keys not found, before more": {facts(none, none, answer{true, errNotFound}), no},
		"scopes refused for a scope":  {facts(answer{true, errNoScope}, ok, ok), no},
		"scopes not found":            {facts(answer{true, errNotFound}, ok, ok), no},
		"apps not found":              {facts(ok, answer{true, errNotFound}, none), no},
		"apps lost":                   {facts(ok, answer{true, lost}, ok), no},
	} {
		got, err := isRightAccount(c.facts)
		if got != c.want || (err != nil) != (got == no) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestIsAppGone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		app     appRecord
		account conclusion
		want    conclusion
	}{
		"deleted by this run":              {appRecord{removed: true}, unknown, yes},
		"deleted by this run, but listed":  {appRecord{removed: true, shown: true, missing: true}, no, yes},
		"it answers":                       {appRecord{shown: true}, yes, no},
		"never asked":                      {appRecord{}, yes, no},
		"not found, but listed":            {appRecord{missing: true, shown: true}, yes, contradicted},
		"not found, listed, wrong account": {appRecord{missing: true, shown: true}, no, contradicted},
		"not found":                        {appRecord{missing: true}, yes, yes},
		"not found, account not asked":     {appRecord{missing: true}, unknown, unknown},
		"not found, wrong account":         {appRecord{missing: true}, no, no},
	} {
		apitest.Equal(t, isAppGone(&c.app, c.account), c.want, name)
	}
}

func TestWasRenamed(t *testing.T) {
	t.Parallel()
	at := func(ns int64) clarifai.Time { return clarifai.Time{Time: time.Unix(1e9, ns)} }
	was := clarifai.App{ID: "old", UserID: "acme", CreatedAt: at(1000)}
	for name, c := range map[string]struct {
		is                clarifai.App
		renamed, probably bool
	}{
		"the same":                      {clarifai.App{ID: "new", UserID: "acme", CreatedAt: at(1000)}, true, true},
		"another fraction":              {clarifai.App{ID: "new", UserID: "acme", CreatedAt: at(1999)}, true, true},
		"a rounded fraction":            {clarifai.App{ID: "new", UserID: "acme", CreatedAt: at(501)}, true, true},
		"another time":                  {clarifai.App{ID: "new", UserID: "acme", CreatedAt: at(2000)}, false, false},
		"another owner":                 {clarifai.App{ID: "new", UserID: "globex", CreatedAt: at(1000)}, false, false},
		"an owner that is not told":     {clarifai.App{ID: "new", CreatedAt: at(1000)}, true, true},
		"a time that is not told":       {clarifai.App{ID: "new", UserID: "acme"}, true, false},
		"another owner, no time":        {clarifai.App{ID: "new", UserID: "globex"}, false, false},
		"the same app under its own ID": {was, true, false},
	} {
		apitest.Equal(t, wasRenamed(was, c.is), c.renamed, "renamed", name)
		apitest.Equal(t, wasProbablyRenamed(was, c.is), c.probably, "probably", name)
	}
	if !wasRenamed(clarifai.App{ID: "old"}, clarifai.App{ID: "new", UserID: "acme", CreatedAt: at(1)}) {
		t.Error("an import knows neither owner nor time")
	}
	if wasProbablyRenamed(clarifai.App{ID: "old", UserID: "acme"}, clarifai.App{ID: "new", UserID: "acme", CreatedAt: at(1)}) {
		t.Error("without a time, any app would do")
	}
}

func TestIsKeyGone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		facts keyFacts
		want  conclusion
	}{
		"its app lacks it, others not asked":   {keyFacts{lacking: true, from: []string{"a"}}, unknown},
		"its app lacks it":                     {keyFacts{lacking: true, searched: true, from: []string{"a"}}, yes},
		"another app has it":                   {keyFacts{lacking: true, elsewhere: "b", from: []string{"a"}}, no},
		"its app under its new ID lacks it":    {keyFacts{lacking: true, searched: true, elsewhere: "a", lagging: true, settled: true, from: []string{"a"}}, yes},
		"its app lacks it since a rename":      {keyFacts{lacking: true, lagging: true, from: []string{"a"}}, contradicted},
		"and another app has it":               {keyFacts{lacking: true, lagging: true, searched: true, elsewhere: "c", from: []string{"a"}}, no},
		"and the old one still shows it":       {keyFacts{lacking: true, lagging: true, searched: true, elsewhere: "a", from: []string{"a"}}, contradicted},
		"the state knows the rename":           {keyFacts{lacking: true, searched: true, lagging: true, settled: true, from: []string{"a"}}, yes},
		"its app's listing is not found":       {keyFacts{app: no, from: []string{"a"}}, no},
		"its app is doubtful":                  {keyFacts{app: contradicted, from: []string{"a"}}, contradicted},
		"its app is not asked for":             {keyFacts{app: unknown, from: []string{"a"}}, unknown},
		"no app, account not searched":         {keyFacts{app: yes, from: []string{"a"}}, unknown},
		"no app, and nowhere":                  {keyFacts{app: yes, searched: true, from: []string{"a"}}, yes},
		"no app, and nowhere since a rename":   {keyFacts{app: yes, searched: true, lagging: true, from: []string{"a"}}, yes},
		"no app, but in another":               {keyFacts{app: yes, searched: true, elsewhere: "b", from: []string{"a"}}, no},
		"no app, still listed there":           {keyFacts{app: yes, searched: true, elsewhere: "a", from: []string{"a"}}, yes},
		"no app, still listed since a rename":  {keyFacts{app: yes, searched: true, elsewhere: "a", lagging: true, from: []string{"a"}}, contradicted},
		"no app, looked for in that before":    {keyFacts{app: yes, searched: true, elsewhere: "b", lagging: true, from: []string{"b", "a"}}, contradicted},
		"no app, in another, since the rename": {keyFacts{app: yes, searched: true, elsewhere: "b", lagging: true, from: []string{"a"}}, no},
	} {
		apitest.Equal(t, isKeyGone(c.facts), c.want, name)
	}
}

func TestIsKeyRevoked(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err        error
		gone, want conclusion
	}{
		"confirmed":                 {nil, no, yes},
		"not found, and gone":       {errNotFound, yes, yes},
		"not found by its own code": {errNoKey, yes, yes},
		"not found, but it lives":   {errNotFound, no, contradicted},
		"not found, its own code":   {errNoKey, no, contradicted},
		"not found, not asked":      {errNotFound, unknown, unknown},
		"not found, listings lag":   {errNotFound, contradicted, contradicted},
		"refused, and gone":         {errNoScope, yes, no},
		"lost":                      {lost, yes, no},
	} {
		apitest.Equal(t, isKeyRevoked(c.err, c.gone), c.want, name)
	}
}

func TestIsAppDeleted(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err        error
		gone, want conclusion
	}{
		"confirmed":               {nil, no, yes},
		"not found, and gone":     {errNotFound, yes, yes},
		"not found, but it lives": {errNotFound, no, contradicted},
		"not found, not asked":    {errNotFound, unknown, unknown},
		"an unknown key":          {errNoKey, yes, no}, // of the PAT, for an app
		"lost":                    {lost, yes, no},
	} {
		apitest.Equal(t, isAppDeleted(c.err, c.gone), c.want, name)
	}
}

func TestMayStillBeDeleted(t *testing.T) {
	t.Parallel()
	now := time.Unix(1e9, 0)
	for left, want := range map[time.Duration]time.Duration{0: 0, time.Second: time.Second, -time.Second: 0} {
		apitest.Equal(t, mayStillBeDeleted(&appRecord{lateUntil: now.Add(left)}, now), want, left)
	}
	apitest.Equal(t, mayStillBeDeleted(&appRecord{}, now), 0, "never")
}

func TestMayDelete(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		counts clarifai.Counts
		err    error
		gone   conclusion
		want   conclusion
	}{
		"empty":                       {want: yes},
		"workflows are no content":    {counts: clarifai.Counts{Workflows: 3}, want: yes},
		"inputs":                      {counts: clarifai.Counts{Inputs: 5}, want: no},
		"datasets":                    {counts: clarifai.Counts{Datasets: 1}, want: no},
		"models":                      {counts: clarifai.Counts{Models: 1}, want: no},
		"pipelines":                   {counts: clarifai.Counts{Pipelines: 1}, want: no},
		"counts not found, app there": {err: errNotFound, gone: no, want: no},
		"counts not found, app gone":  {err: errNotFound, gone: yes, want: yes},
		"counts refused, app gone":    {err: errNoScope, gone: yes, want: no},
		"counts lost":                 {err: lost, gone: yes, want: no},
	} {
		apitest.Equal(t, mayDeleteApp(c.counts, c.err, c.gone), c.want, name)
	}
}

func TestIsCreatedMissing(t *testing.T) {
	t.Parallel()
	created := time.Unix(1e9, 0)
	for age, want := range map[time.Duration]conclusion{0: contradicted, 9999 * time.Millisecond: contradicted, 10 * time.Second: yes, time.Hour: yes} {
		apitest.Equal(t, isCreatedMissing(created, created.Add(age), 10*time.Second), want, "after", age)
	}
	apitest.Equal(t, isCreatedMissing(time.Time{}, created, 10*time.Second), no, "not created by this run")
}
