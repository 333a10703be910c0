package emulator

import "time"

// Messages about keys, with the names of Clarifai's swagger.

type keyIn struct {
	ID          string     `json:"id"`
	Type        string     `json:"type"`
	Description *string    `json:"description"`
	Scopes      []string   `json:"scopes"`
	Endpoints   []string   `json:"endpoints"`
	Apps        []appIn    `json:"apps"`
	CreatedAt   *time.Time `json:"created_at"`
	ExpiresAt   *time.Time `json:"expires_at"`
}

type wireKey struct {
	ID          string    `json:"id,omitempty"`
	Type        string    `json:"type,omitempty"`
	Description string    `json:"description,omitempty"`
	Scopes      []string  `json:"scopes,omitempty"`
	Endpoints   []string  `json:"endpoints,omitempty"`
	Apps        []wireApp `json:"apps,omitempty"`
	CreatedAt   string    `json:"created_at,omitempty"`
	ExpiresAt   string    `json:"expires_at,omitempty"`
}

func (s Switches) key(k *Key) wireKey {
	w := wireKey{ID: k.ID, Type: k.Type, Description: k.Description,
		Scopes: scopesInAnswer(k.Scopes, s), Endpoints: inOrder(k.Endpoints, s),
		CreatedAt: s.stamp(k.CreatedAt), ExpiresAt: s.stamp(k.ExpiresAt)}
	if s.KeyEndpoints == "hidden" {
		w.Endpoints = nil
	}
	if !k.isPAT() {
		for _, id := range append([]string{k.AppID}, k.AlsoIn...) {
			w.Apps = append(w.Apps, wireApp{ID: id, UserID: k.UserID})
		}
		w.Type = s.EchoType
		if s.EchoType == "none" {
			w.Type = ""
		}
	}
	return w
}

// writtenKey returns a key for the answer to the request that created or changed it.
func (s Switches) writtenKey(k *Key) wireKey {
	if s.WriteAnswers == "bare" {
		return wireKey{ID: k.ID, Apps: s.key(k).Apps}
	}
	return s.key(k)
}
