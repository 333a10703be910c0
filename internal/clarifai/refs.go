package clarifai

// AppRef names an app: an owner's app IDs are unique, those of two owners are not.
type AppRef struct{ UserID, AppID string }

// String returns the form user_id/app_id.
func (r AppRef) String() string { return r.UserID + "/" + r.AppID }

// Key names a key of the app.
func (r AppRef) Key(fingerprint string) KeyRef {
	return KeyRef{UserID: r.UserID, AppID: r.AppID, Fingerprint: fingerprint}
}

// KeyRef names a key without its secret.
type KeyRef struct {
	UserID      string `json:"user_id"`
	AppID       string `json:"app_id"`
	Fingerprint string `json:"fingerprint"`
}

// ID returns the key's ID, user_id/app_id/fingerprint.
func (r KeyRef) ID() string { return r.UserID + "/" + r.AppID + "/" + r.Fingerprint }

// App returns the key's app with its owner, as messages name it.
func (r KeyRef) App() string { return r.AppRef().String() }

// AppRef names the key's app.
func (r KeyRef) AppRef() AppRef { return AppRef{UserID: r.UserID, AppID: r.AppID} }

// Ref names the key.
func (k Key) Ref() KeyRef {
	return KeyRef{UserID: k.UserID, AppID: k.AppID, Fingerprint: k.Fingerprint}
}
