package faults_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/inventory"
)

// TestLives lets apps and keys live at random: they are created, renamed, replaced,
// rotated, moved and destroyed, with faults in between. After each step that went
// through, the state and the account are equal: nothing is there twice, and nothing
// that no state holds. LIVES=200 runs as many lives, LIVES_SEED=n the one of that seed.
func TestLives(t *testing.T) {
	t.Parallel()
	seeds := make([]uint64, cmp.Or(number("LIVES"), 6))
	for i := range seeds {
		seeds[i] = rand.Uint64() >> 1 // an int takes it as LIVES_SEED
	}
	if seed := number("LIVES_SEED"); seed != 0 {
		seeds = []uint64{uint64(seed)}
	}
	for _, seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			newLife(t, seed).run(8)
		})
	}
}

func number(variable string) int {
	n, _ := strconv.Atoi(os.Getenv(variable)) // 0: not set
	return n
}

// life is one random life.
type life struct {
	t     *testing.T
	w     *acctest.World
	clock *fastClock // of the emulator as well
	rand  *rand.Rand
	tf    *acctest.Estate
	want  acctest.Resources
	had   acctest.Resources // wanted by the step before
	next  int               // number of the next name
	said  string            // in this step
	log   []string
}

func newLife(t *testing.T, seed uint64) *life {
	l := &life{t: t, rand: rand.New(rand.NewPCG(seed, 0)), want: acctest.Resources{}, clock: &fastClock{speed: 1, started: time.Now()}}
	s := l.mixed()
	if variants := emulator.Variants(); l.rand.IntN(2) == 0 {
		// These have keys that nobody asked for, none, or none with a date.
		for _, name := range []string{"all-odd", "default_key=true", "scopes=refused", "expires_at=ignored", "expires_at=refused"} {
			delete(variants, name)
		}
		s = variants[pick(l, slices.Sorted(maps.Keys(variants))...)]
	}
	l.w = acctest.Start(t, emulator.Options{Switches: s, Now: l.clock.Now, Sleep: func(ctx context.Context, d time.Duration) { _ = l.clock.Sleep(ctx, d) }})
	l.w.Tune(func(cfg *clarifai.Config) { cfg.Clock, cfg.MaxRetries = l.clock, 3 })
	l.w.TuneInventory(func(cfg *inventory.Config) { // longer than the setting, as the waits of a real run
		cfg.CreatedWait, cfg.LateWait = max(cfg.CreatedWait, 4*s.CreateLag), max(cfg.LateWait, 4*s.CreateLag)
	})
	l.tf = l.w.NewEstate(t)
	l.tf.Parallelism = pick(l, 1, 10) // 1: the same seed is the same life
	l.note("%+v", s)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("LIVES_SEED=%d\n%s", seed, strings.Join(l.log, "\n"))
		}
	})
	return l
}

// mixed returns a mixture of settings that make answers late, wrong or hard to read.
func (l *life) mixed() emulator.Switches {
	s := emulator.Switches{
		RenameOld:    pick(l, "moved", "not_found"),
		RenameLag:    pick(l, 0, 100*time.Millisecond),
		WriteAnswers: pick(l, "full", "bare"),
		KeyNotFound:  pick(l, 11101, 11009),
		DeleteLag:    pick(l, 0, 2),
		DeleteMisses: pick(l, 0, 1),
		CreateLag:    pick(l, 0, 100*time.Millisecond),
		PageCap:      pick(l, 0, 2),
		ListingOrder: pick(l, "created", "shuffle"),
		ExpiredKeys:  pick(l, "refused", "served", "unlisted"),
	}
	if s.ExpiredKeys == "unlisted" {
		s.DeleteMisses = 0 // nothing would show what a DELETE has missed
	}
	return s
}

func pick[T any](l *life, from ...T) T { return from[l.rand.IntN(len(from))] }

func (l *life) note(format string, args ...any) { l.log = append(l.log, fmt.Sprintf(format, args...)) }

func (l *life) name(prefix string) string {
	l.next++
	return fmt.Sprint(prefix, l.next)
}

// all returns the addresses of the wanted resources of a kind.
func (l *life) all(prefix string) (addresses []string) {
	for address := range l.want {
		if strings.HasPrefix(address, prefix) {
			addresses = append(addresses, address)
		}
	}
	slices.Sort(addresses)
	return addresses
}

func (l *life) apps() []string { return l.all("clarifai_app.") }
func (l *life) keys() []string {
	return append(l.all("clarifai_app_key."), l.all("clarifai_rotating")...)
}

// run lives as many steps, and ends.
func (l *life) run(steps int) {
	for range steps {
		for range 1 + l.rand.IntN(3) {
			l.change()
		}
		l.step()
		if l.t.Failed() {
			return
		}
		pause := pick(l, 0, 25*time.Hour, 100*24*time.Hour) // an overlap passes, or a period
		l.note("pause %s", pause)
		l.clock.pass(pause)
	}
	l.want = acctest.Resources{}
	l.step()
	if apps, keys := l.w.LiveApps(), l.w.LiveKeys(); apps+keys > 0 {
		l.t.Errorf("%d apps and %d keys are left", apps, keys)
	}
}

// change changes what is wanted.
func (l *life) change() {
	apps, keys := l.apps(), l.keys()
	if len(apps) == 0 {
		l.addApp()
		return
	}
	app := pick(l, apps...)
	id := l.want[app]["id"].(string)
	if l.rand.IntN(2) == 0 || len(keys) == 0 {
		switch l.rand.IntN(5) {
		case 0:
			l.addApp()
		case 1:
			to := l.name("app-")
			l.note("rename %s to %s", id, to)
			l.want[app]["id"] = to
			for _, k := range keys {
				if l.want[k]["app_id"] == id {
					l.want[k] = changed(l.want[k], "app_id", to)
				}
			}
		case 2:
			l.note("destroy %s", id)
			delete(l.want, app)
			maps.DeleteFunc(l.want, func(_ string, r map[string]any) bool { return r["app_id"] == id })
		default:
			l.addKey(id)
		}
		return
	}
	key := pick(l, keys...)
	switch l.rand.IntN(6) {
	case 0:
		l.note("destroy %s", key)
		delete(l.want, key)
	case 1:
		l.note("move %s to %s", key, id)
		l.want[key] = changed(l.want[key], "app_id", id)
	case 2:
		l.note("describe %s", key)
		l.want[key] = changed(l.want[key], "description", l.name("text "))
	case 3:
		if l.want[key]["rotation_period"] == nil {
			l.date(key)
		}
	case 4:
		l.note("rotate or replace %s", key)
		l.want[key] = changed(l.want[key], "keepers", map[string]string{"n": l.name("")})
	default:
		l.note("limit %s", key)
		l.want[key] = changed(l.want[key], "scopes", pick(l, []string{"Apps:Get"}, []string{"Apps:Get", "Inputs:Get"}))
	}
}

func changed(r map[string]any, attribute string, value any) map[string]any {
	r = maps.Clone(r)
	r[attribute] = value
	return r
}

// date lets a key expire some day.
func (l *life) date(key string) {
	at := l.clock.Now().Add(time.Duration(pick(l, 10, 99, 500)) * 24 * time.Hour).UTC().Format(time.RFC3339)
	l.note("date %s %s", key, at)
	l.want[key] = changed(l.want[key], "expires_at", at)
}

// postpone gives keys that have expired another date if they are to change: such a key is
// neither created again nor moved.
func (l *life) postpone() {
	for _, key := range l.all("clarifai_app_key.") {
		text, _ := l.want[key]["expires_at"].(string)
		at, err := time.Parse(time.RFC3339, text)
		if err == nil && at.Before(l.clock.Now().Add(time.Hour)) && !reflect.DeepEqual(l.want[key], l.had[key]) {
			l.date(key)
		}
	}
}

func (l *life) addApp() {
	id := l.name("app-")
	l.note("create %s", id)
	l.want["clarifai_app."+l.name("a")] = appOf(id)
}

func (l *life) addKey(app string) {
	k := keyOf(app, pick(l, "same", l.name("k")), "Apps:Get")
	address := "clarifai_app_key." + l.name("k")
	switch l.rand.IntN(3) {
	case 0:
		address = "clarifai_rotating_app_key." + l.name("k")
		k["rotation_period"] = "90d"
	case 1:
		defer l.date(address)
	}
	l.note("create %s in %s", address, app)
	l.want[address] = k
}

// step applies with faults, and without if that fails, until the plan is empty.
func (l *life) step() {
	l.postpone()
	for range l.rand.IntN(4) {
		f := emulator.Fault{
			Method: pick(l, "PostApps", "PostKeys", "PatchAppsIds", "PatchKeys", "DeleteKey", "DeleteApp", "GetApp", "ListAppKeys", "ListKeys", "ListApps", "MyScopesUser"),
			Kind:   pick(l, "cut_before", "cut_after", "cut_then_work", "html", "html_after", "truncate", "invalid_json", "status", "status_after", "status_then_work"),
			Skip:   l.rand.IntN(2), Times: 1 + l.rand.IntN(2),
		}
		if f.Kind == "status" && (f.Method == "GetApp" || f.Method == "ListAppKeys") {
			f.HTTPStatus, f.Code, f.Times = 404, clarifai.CodeDoesNotExist, 1
		}
		if strings.HasSuffix(f.Kind, "then_work") {
			f.Latency = 50 * time.Millisecond
			if f.Method == "PostKeys" {
				f.Latency = pick(l, f.Latency, 600*time.Millisecond) // or later than anybody waits
			}
		}
		l.note("fault %+v", f)
		l.w.Inject(f)
	}
	rotatesLater := l.movesRotating()
	for n := 0; ; n++ {
		err := l.tf.Apply(l.want)
		l.said += l.tf.Said()
		l.w.ClearFaults()
		l.w.WaitForLateWork()
		l.clock.pass(time.Second) // what lags does no longer
		switch {
		case err == nil && !rotatesLater:
			l.check()
			return
		case err == nil:
			rotatesLater = false
			continue
		}
		l.note("%v", err)
		if n == 4 {
			l.t.Fatalf("applying fails again and again: %v", err)
		}
	}
}

// movesRotating reports whether a rotating key moves, which a plan never combines with
// its rotation: the next one rotates.
func (l *life) movesRotating() bool {
	for address, r := range l.had {
		if now := l.want[address]; now != nil && r["rotation_period"] != nil && r["app_id"] != now["app_id"] {
			return true
		}
	}
	return false
}

// check checks that nothing is left to do, and that the state has what lives and
// nothing else.
func (l *life) check() {
	l.t.Helper()
	l.had = maps.Clone(l.want)
	apitest.Equal(l.t, l.tf.Changes(l.want), "", "the next plan")
	var apps []string
	for _, a := range l.w.Apps(l.w.UserID()) {
		apps = append(apps, a.ID)
	}
	slices.Sort(apps)
	apitest.Equal(l.t, l.tf.Each("clarifai_app", "id"), apps, "apps in the state")
	// What is left by an answer that was lost is named, or said to appear.
	named := fmt.Sprint(regexp.MustCompile(`fingerprints? [0-9a-f, ]+`).FindAllString(l.said, -1))
	mayAppear := 0
	for _, found := range regexp.MustCompile(`(A|\d+) duplicate app keys? may appear`).FindAllStringSubmatch(l.said, -1) {
		many, _ := strconv.Atoi(found[1])
		mayAppear += max(1, many)
	}
	l.said = ""
	held, p := map[string]bool{}, l.w.Process(l.t)
	for _, address := range l.keys() {
		s := l.tf.Stored(address)
		for _, id := range append(p.Strings(s, "key_ids"), p.Texts(s)["id"]) {
			held[id] = true
		}
	}
	for _, k := range l.w.Keys(l.w.UserID(), "") {
		id := k.UserID + "/" + k.AppID + "/" + clarifai.Secret(k.ID).Fingerprint()
		if !held[id] && !strings.Contains(named, clarifai.Secret(k.ID).Fingerprint()) {
			mayAppear--
		}
		if !held[id] {
			_ = l.w.DeleteKey(k.ID) // as the message says
		}
		if mayAppear < 0 {
			l.t.Errorf("no state has the key %s", id)
		}
		delete(held, id)
	}
	if len(held) > 0 {
		l.t.Errorf("the account lacks %v", held)
	}
}
