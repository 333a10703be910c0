// Package inventory is what one run knows of Clarifai accounts: it batches
// reads, verifies accounts, creates exactly once and remembers what it wrote.
package inventory

import (
	"context"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Inventory is what one run knows of the accounts that one client reaches.
type Inventory struct{ c *clarifai.Client }

// New returns an empty inventory.
func New(c *clarifai.Client) *Inventory { return &Inventory{c: c} }

type (
	NewKey                 = clarifai.NewKey
	CreatedKey             = clarifai.MadeKey
	UnverifiedAccountError = clarifai.UntrustedError
	OwnerError             = clarifai.OwnerError
	AmbiguousError         = clarifai.AmbiguousError
	LostError              = clarifai.LostError
)

var (
	ErrGone      = clarifai.ErrGone
	ErrAppExists = clarifai.ErrAppExists
	ErrNoCounts  = clarifai.ErrNoCounts
)

func Detached(ctx context.Context) (context.Context, context.CancelFunc) { return clarifai.Calm(ctx) }

func (i *Inventory) UserID(ctx context.Context) (string, error)    { return i.c.UserID(ctx) }
func (i *Inventory) Me(ctx context.Context) (clarifai.User, error) { return i.c.Me(ctx) }
func (i *Inventory) VerifyAccount(ctx context.Context, userID string) error {
	return i.c.Trust(ctx, userID)
}
func (i *Inventory) FindApp(ctx context.Context, userID, appID string) (clarifai.App, error) {
	return i.c.FindApp(ctx, userID, appID)
}
func (i *Inventory) FindAppDirect(ctx context.Context, userID, appID string) (clarifai.App, error) {
	return i.c.FreshApp(ctx, userID, appID)
}
func (i *Inventory) AppExisted(ctx context.Context, userID, appID string) (bool, error) {
	return i.c.AppExisted(ctx, userID, appID)
}
func (i *Inventory) FindKey(ctx context.Context, userID, appID, fingerprint string) (clarifai.Key, error) {
	return i.c.FindKey(ctx, userID, appID, fingerprint)
}
func (i *Inventory) FindKeyDirect(ctx context.Context, userID, appID, fingerprint string) (clarifai.Key, error) {
	return i.c.FindMovedKey(ctx, userID, appID, fingerprint)
}
func (i *Inventory) ListedAppKeys(ctx context.Context, userID, appID string) ([]clarifai.Key, error) {
	return i.c.AppKeys(ctx, userID, appID)
}
func (i *Inventory) AppKeysDirect(ctx context.Context, userID, appID string) ([]clarifai.Key, error) {
	return i.c.OwnAppKeys(ctx, userID, appID)
}
func (i *Inventory) AccountKeys(ctx context.Context, userID string) ([]clarifai.Key, error) {
	return i.c.ListKeys(ctx, userID)
}
func (i *Inventory) CreateApp(ctx context.Context, userID string, app clarifai.App) (clarifai.App, error) {
	return i.c.CreateApp(ctx, userID, app)
}
func (i *Inventory) PatchApp(ctx context.Context, userID, appID string, p clarifai.AppPatch) (clarifai.App, error) {
	return i.c.PatchApp(ctx, userID, appID, p)
}
func (i *Inventory) RereadApp(ctx context.Context, userID, appID string) (clarifai.App, error) {
	return i.c.RereadApp(ctx, userID, appID)
}
func (i *Inventory) RenameApp(ctx context.Context, userID, appID, newID string) (clarifai.App, error) {
	return i.c.RenameApp(ctx, userID, appID, newID)
}
func (i *Inventory) DeleteApp(ctx context.Context, userID, appID string) error {
	return i.c.DeleteApp(ctx, userID, appID)
}
func (i *Inventory) CountResources(ctx context.Context, userID, appID string) (clarifai.Counts, error) {
	return i.c.CountResources(ctx, userID, appID)
}
func (i *Inventory) CreateKey(ctx context.Context, n NewKey) (CreatedKey, error) {
	return i.c.CreateKey(ctx, n)
}
func (i *Inventory) PatchKey(ctx context.Context, k clarifai.Key) (clarifai.Key, error) {
	return i.c.PatchKey(ctx, k)
}
func (i *Inventory) DeleteKey(ctx context.Context, userID string, value clarifai.Secret) error {
	return i.c.DeleteKey(ctx, userID, value)
}

func (i *Inventory) Now() time.Time { return i.c.Now() }

// Redact replaces known secrets and what looks like a key. It serves a nil inventory.
func (i *Inventory) Redact(s string) string {
	if i == nil {
		return (*clarifai.Client)(nil).RedactForeign(s)
	}
	return i.c.RedactForeign(s)
}
